"""Scorecards from facts: each number with what it was counted from, its interval, and how it went by month."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from plumbline.identity.models import Crew, Organization
from plumbline.quality import facts
from plumbline.quality.control import p_chart, u_chart
from plumbline.quality.exact import poisson_interval, wilson
from plumbline.quality.facts import Counted, Fact, Of
from plumbline.quality.schemas import CardOut, FactOut, FactsOut, MetricOut, MonthOut
from plumbline.suppliers.service import merged

# Metric → whether more is better. Those with `_per_` are rates: events over an amount, not a share of cases.
METRICS: dict[str, bool] = {
    "first_pass": True,
    "certificates": True,
    "evidence": True,
    "failed_per_1000_t": False,
    "failed_per_1000_m3": False,
    "defects_per_100_steps": False,
    "recall_response": True,
    "late": False,
}
MOST_FACTS = 500


def cards(session: Session, project_id: UUID, of: Of) -> list[CardOut]:
    """The scorecards of all suppliers or crews that did anything, by name."""
    table: Any = Organization if of == "supplier" else Crew
    things = {row.id: row for row in session.exec(select(table).where(table.project_id == project_id))}
    found = [
        CardOut(
            id=id,
            name=things[id].name,
            name_en=things[id].name_en,
            metrics=[_metric(key, counted.facts[key]) for key in METRICS if key in counted.facts],
        )
        for id, counted in _counted(session, project_id, of).items()
        if id in things
    ]
    return sorted(found, key=lambda card: (card.name, card.id))


def _counted(session: Session, project_id: UUID, of: Of) -> dict[UUID, Counted]:
    if of == "crew":
        return facts.of_crews(session, project_id)
    return facts.of_suppliers(session, project_id, merged(session, project_id))


def _metric(key: str, counted: Sequence[Fact]) -> MetricOut:
    hits, of = _sums(counted)
    is_rate = "_per_" in key
    low, high = _interval(is_rate, hits, of)
    months = _by_month(counted)
    return MetricOut(
        key=key,  # type: ignore[arg-type]  # One of METRICS.
        is_rate=is_rate,
        more_is_better=METRICS[key],
        hits=hits,
        of=f"{of.normalize():f}",
        value=float(hits / of) if of else None,
        low=low,
        high=high,
        months=[
            MonthOut(month=month, hits=k, of=f"{n.normalize():f}", value=float(k / n) if n else None)
            for month, k, n in months
        ],
        signals=sorted(_signals(is_rate, [(k, n) for _, k, n in months])),
    )


def _sums(counted: Iterable[Fact]) -> tuple[int, Decimal]:
    hits, of = 0, Decimal(0)
    for fact in counted:
        hits, of = hits + fact.is_hit, of + fact.weight
    return hits, of


def _interval(is_rate: bool, hits: int, of: Decimal) -> tuple[float | None, float | None]:
    if not of:
        return None, None
    if not is_rate:
        return wilson(hits, int(of))
    low, high = poisson_interval(hits)
    return low / float(of), high / float(of)


def _by_month(counted: Iterable[Fact]) -> list[tuple[str, int, Decimal]]:
    months: dict[str, list[Fact]] = {}
    for fact in counted:
        months.setdefault(f"{fact.on:%Y-%m}", []).append(fact)
    return [(month, *_sums(months[month])) for month in sorted(months)]


def _signals(is_rate: bool, months: Sequence[tuple[int, Decimal]]) -> set[int]:
    """Nelson's tests that some month fails, by number; months without anything to count are left out."""
    told = [(k, n) for k, n in months if n]
    if len(told) < 2:
        return set()
    hits, of = [k for k, _ in told], [n for _, n in told]
    chart = u_chart(hits, [float(n) for n in of]) if is_rate else p_chart(hits, [int(n) for n in of])
    return {signal.rule for signal in chart.signals}


def records(session: Session, project_id: UUID, of: Of, id: UUID, metric: str, month: str | None) -> FactsOut:
    """The facts behind one number, newest first: those that count against it before the others."""
    counted = _counted(session, project_id, of).get(id, Counted()).facts.get(metric, [])
    told = [fact for fact in counted if month is None or f"{fact.on:%Y-%m}" == month]
    bad = not METRICS[metric]
    told.sort(key=lambda fact: (fact.is_hit != bad, -fact.on.toordinal(), fact.title, fact.id))
    shown = [
        FactOut(
            kind=fact.kind,
            id=fact.id,
            opens=fact.opens or fact.id,
            title=fact.title,
            on=fact.on,
            is_against=fact.is_hit == bad,
        )
        for fact in told[:MOST_FACTS]
    ]
    return FactsOut(facts=shown, count=len(told))
