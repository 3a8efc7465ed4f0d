"""Facts that scorecards count: read in few statements for all suppliers or all crews of a project."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow
from plumbline.approvals.models import Decision
from plumbline.defects.models import Defect
from plumbline.definitions import catalogue
from plumbline.identity.models import Membership
from plumbline.materials.models import CertificateLot, Lot, TestResult
from plumbline.materials.units import convert
from plumbline.projects.models import Project, TaskNode
from plumbline.recalls.models import Recall, RecallAck, RecallItem
from plumbline.steps.models import StepRecord

Of = Literal["supplier", "crew"]
# Who is told of a recall must say so within a working day and a night.
PROMPT = timedelta(hours=24)


@dataclass(frozen=True)
class Fact:
    """One thing counted: what it is, when it was, and whether it is a hit. `weight` is its share of the denominator."""

    kind: Literal["lot", "step", "defect", "test", "recall"]
    id: UUID
    title: str
    on: date
    is_hit: bool
    weight: Decimal = Decimal(1)
    opens: UUID | None = None


@dataclass
class Counted:
    """Facts by metric of one supplier or crew. For a rate, events weigh nothing and what they are per is no hit."""

    facts: dict[str, list[Fact]] = field(default_factory=dict)

    def add(self, metric: str, fact: Fact) -> None:
        """Count one fact for a metric."""
        self.facts.setdefault(metric, []).append(fact)


class Site:
    """The day on site of an instant."""

    def __init__(self, session: Session, project_id: UUID) -> None:
        self._zone = ZoneInfo(session.get_one(Project, project_id).time_zone)

    def day(self, moment: datetime) -> date:
        """The calendar day where the project is."""
        return moment.astimezone(self._zone).date()


Cards = dict[UUID, Counted]


def of_suppliers(session: Session, project_id: UUID, merged: dict[UUID, UUID]) -> Cards:
    """Facts by supplier; `merged` says under which other one a duplicate is counted."""
    site, cards = Site(session, project_id), Cards()
    lots = session.exec(
        select(Lot).where(Lot.project_id == project_id, Lot.root_id == Lot.id, Lot.status != "announced")
    ).all()
    supplied = {lot.id: lot for lot in lots if lot.supplier_id and lot.received_at}
    failed = _failed(session, project_id)
    stopped = _stopped(session, project_id) | {root for root, _ in failed}
    papers = set(session.exec(select(CertificateLot.lot_id).where(CertificateLot.project_id == project_id)))
    announced = set(
        session.exec(select(ActRow.id).where(ActRow.project_id == project_id, ActRow.type == "lot:announce"))
    )
    for lot in supplied.values():
        card = _card(cards, lot, merged)
        _of_lot(card, site, lot, lot.id in stopped, lot.id in papers, lot.act_id in announced)
    for root, test in failed:
        if lot_of := supplied.get(root):
            on = test.tested_on or site.day(lot_of.received_at)  # type: ignore[arg-type]  # Not None: `supplied`.
            metric = "failed_per_1000_t" if _mass(lot_of) is not None else "failed_per_1000_m3"
            title = f"{lot_of.code} {test.report_no or test.kind}"
            fact = Fact("test", test.id, title, on, True, Decimal(0), opens=lot_of.id)
            if metric == "failed_per_1000_t" or lot_of.unit == "m3":
                _card(cards, lot_of, merged).add(metric, fact)
    _recalls(session, project_id, site, cards, "supplier", merged)
    return cards


def _card(cards: Cards, lot: Lot, merged: dict[UUID, UUID]) -> Counted:
    assert lot.supplier_id is not None
    return cards.setdefault(merged.get(lot.supplier_id, lot.supplier_id), Counted())


def _of_lot(card: Counted, site: Site, lot: Lot, is_stopped: bool, has_paper: bool, was_announced: bool) -> None:
    assert lot.received_at is not None
    on = site.day(lot.received_at)
    card.add("first_pass", Fact("lot", lot.id, lot.code, on, not is_stopped))
    material = catalogue.material(lot.material)
    if material is not None and material.body.get("certificate"):
        card.add("certificates", Fact("lot", lot.id, lot.code, on, has_paper))
    if was_announced and lot.delivered_at is not None:
        card.add("late", Fact("lot", lot.id, lot.code, on, on > site.day(lot.delivered_at)))
    mass = _mass(lot)
    if mass is not None:
        card.add("failed_per_1000_t", Fact("lot", lot.id, lot.code, on, False, mass / 1000))
    elif lot.unit == "m3":
        card.add("failed_per_1000_m3", Fact("lot", lot.id, lot.code, on, False, lot.received / 1000))


def _mass(lot: Lot) -> Decimal | None:
    """Tonnes received; None for what is not counted by mass."""
    try:
        return convert(lot.received, lot.unit, "t")
    except ValueError:
        return None


def _failed(session: Session, project_id: UUID) -> list[tuple[UUID, TestResult]]:
    """Failed tests with the received lot that they speak of."""
    rows = session.exec(
        select(Lot.root_id, TestResult)
        .join(Lot, col(Lot.id) == col(TestResult.lot_id))
        .where(TestResult.project_id == project_id, TestResult.result == "fail")
        .order_by(col(TestResult.id))
    )
    return [(root, test) for root, test in rows]


def _stopped(session: Session, project_id: UUID) -> set[UUID]:
    """Received lots that were ever held or stopped by somebody, also those that were released again."""
    acts = select(Lot.root_id).join(ActRow, col(ActRow.object_id) == col(Lot.id))
    wanted = acts.where(
        Lot.project_id == project_id,
        ActRow.project_id == project_id,
        col(ActRow.type).in_(("lot:hold", "lot:stop")),
        ActRow.verdict == "applied",
    )
    return set(session.exec(wanted.distinct()))


def of_crews(session: Session, project_id: UUID) -> Cards:
    """Facts by crew."""
    site, cards = Site(session, project_id), Cards()
    steps = session.exec(
        select(StepRecord)
        .where(StepRecord.project_id == project_id, StepRecord.status != "superseded")
        .where(col(StepRecord.crew_id).is_not(None))
        .order_by(col(StepRecord.received_at), col(StepRecord.id))
    ).all()
    by_id = {step.id: step for step in steps}
    first = _first_decisions(session, project_id)
    planned = _planned(session, project_id)
    begun: set[tuple[UUID, UUID]] = set()
    for step in steps:
        assert step.crew_id is not None
        card = cards.setdefault(step.crew_id, Counted())
        on = site.day(step.received_at)
        if step.id in first:
            card.add("first_pass", Fact("step", step.id, step.kind, on, first[step.id] == "approve"))
        card.add("evidence", Fact("step", step.id, step.kind, on, not step.missing))
        card.add("defects_per_100_steps", Fact("step", step.id, step.kind, on, False, Decimal("0.01")))
        due = planned.get(step.task_id)
        if due is not None and (step.crew_id, step.task_id) not in begun:
            begun.add((step.crew_id, step.task_id))
            card.add("late", Fact("step", step.id, step.kind, on, on > due))
    for defect in _defects(session, project_id):
        crew = _blamed(defect, by_id)
        if crew is not None:
            title = f"{defect.code} {defect.title}"
            fact = Fact("defect", defect.id, title, site.day(defect.received_at), True, Decimal(0))
            cards.setdefault(crew, Counted()).add("defects_per_100_steps", fact)
    _recalls(session, project_id, site, cards, "crew", {})
    return cards


def _blamed(defect: Defect, steps: dict[UUID, StepRecord]) -> UUID | None:
    """The crew that a defect counts for: the one found responsible; until somebody is, that of the step it names."""
    if defect.party_id is not None:
        return defect.party_id if defect.party_kind == "crew" else None
    step = steps.get(defect.step_id) if defect.step_id else None
    return step.crew_id if step else None


def _defects(session: Session, project_id: UUID) -> Iterable[Defect]:
    mine = select(Defect).where(Defect.project_id == project_id, Defect.status != "rejected")
    return session.exec(mine.order_by(col(Defect.received_at), col(Defect.id)))


def _planned(session: Session, project_id: UUID) -> dict[UUID, date]:
    wanted = sa.select(col(TaskNode.id), col(TaskNode.planned_on)).where(
        col(TaskNode.project_id) == project_id, col(TaskNode.planned_on).is_not(None)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _first_decisions(session: Session, project_id: UUID) -> dict[UUID, str]:
    """Step → what was decided first."""
    rows = session.exec(
        select(Decision.subject_id, Decision.decision)
        .where(Decision.project_id == project_id, Decision.subject_kind == "step")
        .order_by(col(Decision.received_at).desc(), col(Decision.id).desc())
    )
    return dict(rows.all())


def _recalls(session: Session, project_id: UUID, site: Site, cards: Cards, of: Of, merged: dict[UUID, UUID]) -> None:
    """Whether each recall of their material, drills too, was acknowledged within PROMPT by somebody of them."""
    holder: Any = col(Lot.supplier_id) if of == "supplier" else col(RecallItem.crew_id)
    held = (
        select(RecallItem.recall_id, holder)
        .join(Lot, col(Lot.id) == col(RecallItem.lot_id))
        .where(RecallItem.project_id == project_id, holder.is_not(None))
        .distinct()
    )
    who: Any = col(Membership.organization_id) if of == "supplier" else col(Membership.crew_id)
    acks = (
        select(RecallAck.recall_id, who, RecallAck.at)
        .join(
            Membership,
            (col(Membership.person_id) == col(RecallAck.person_id)) & (Membership.project_id == project_id),
        )
        .where(RecallAck.project_id == project_id)
    )
    said: dict[tuple[UUID, UUID], datetime] = {}
    for recall, whose, at in session.exec(acks):
        if whose is not None:
            key = (recall, merged.get(whose, whose))
            said[key] = min(at, said.get(key, at))
    recalls = {r.id: r for r in session.exec(select(Recall).where(Recall.project_id == project_id))}
    pairs = {(recall, merged.get(whose, whose)) for recall, whose in session.exec(held)}
    for recall, whose in sorted(pairs):
        opened = recalls[recall]
        first = said.get((recall, whose))
        is_prompt = first is not None and first - opened.opened_at <= PROMPT
        fact = Fact("recall", recall, opened.code, site.day(opened.opened_at), is_prompt)
        cards.setdefault(whose, Counted()).add("recall_response", fact)
