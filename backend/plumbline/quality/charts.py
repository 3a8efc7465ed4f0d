"""Control charts of measurements, rejections and defects for one crew, machine or supplier."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.defects.models import Defect
from plumbline.definitions import catalogue
from plumbline.definitions.judge import split_answer
from plumbline.materials.models import Lot
from plumbline.quality.control import Chart, mean_charts, p_chart, u_chart
from plumbline.quality.facts import Site, _first_decisions
from plumbline.quality.schemas import ChartOut, ChartsOut, ChoiceOut, PointOut
from plumbline.steps.models import StepEquipment, StepLot, StepRecord
from plumbline.suppliers.service import merged

By = Literal["crew", "equipment", "supplier"]
MOST_POINTS = 200
NAMES = {
    "rejections": {"zh": "首次审批未通过的比例（按周）", "en": "Share of steps not approved at first, by week"},
    "defects": {"zh": "每道工序的缺陷数（按周）", "en": "Defects per step, by week"},
}
Sample = tuple[date, list[UUID], list[float]]


def steps_of(session: Session, project_id: UUID, by: By, id: UUID) -> list[StepRecord]:
    """Standing steps of a crew, by a machine, or with material of a supplier, in the order of receipt."""
    wanted = select(StepRecord).where(StepRecord.project_id == project_id, StepRecord.status != "superseded")
    if by == "crew":
        wanted = wanted.where(StepRecord.crew_id == id)
    elif by == "equipment":
        used = select(StepEquipment.step_id).where(
            StepEquipment.project_id == project_id, StepEquipment.equipment_id == id
        )
        wanted = wanted.where(col(StepRecord.id).in_(used))
    else:
        # What came under a duplicate counts for the supplier that it was merged into.
        twins = [id, *(one for one, into in merged(session, project_id).items() if into == id)]
        lots = select(Lot.id).where(Lot.project_id == project_id, col(Lot.supplier_id).in_(twins))
        with_lots = select(StepLot.step_id).where(StepLot.project_id == project_id, col(StepLot.lot_id).in_(lots))
        wanted = wanted.where(col(StepRecord.id).in_(with_lots))
    return list(session.exec(wanted.order_by(col(StepRecord.received_at), col(StepRecord.id))))


def choices(session: Session, project_id: UUID, by: By, id: UUID) -> list[ChoiceOut]:
    """What can be charted, the most recorded first."""
    steps = steps_of(session, project_id, by, id)
    if not steps:
        return []
    counts: dict[str, int] = {}
    for step in steps:
        for key, answer in step.answers.items():
            if _readings(answer)[0]:
                counts[f"{step.kind}.{key}"] = counts.get(f"{step.kind}.{key}", 0) + 1
    found = [ChoiceOut(what=what, names=names, unit=None, count=len(steps)) for what, names in NAMES.items()]
    for what, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        field = _field(what)
        if field is not None and count > 1:
            found.append(ChoiceOut(what=what, names=_names(what, field), unit=field.get("unit"), count=count))
    return found


def chart(session: Session, project_id: UUID, by: By, id: UUID, what: str) -> ChartsOut:
    """The charts of one choice; empty for what was never recorded."""
    steps = steps_of(session, project_id, by, id)
    site = Site(session, project_id)
    if what == "rejections":
        first = _first_decisions(session, project_id)
        decided = [step for step in steps if step.id in first]
        return _weekly(what, site, decided, lambda step: int(first[step.id] != "approve"), p_chart)
    if what == "defects":
        found: dict[UUID, int] = {}
        mine = select(Defect.step_id).where(Defect.project_id == project_id, Defect.status != "rejected")
        for step_id in session.exec(mine):
            if step_id is not None:
                found[step_id] = found.get(step_id, 0) + 1
        return _weekly(what, site, steps, lambda step: found.get(step.id, 0), u_chart)
    return _measured(what, site, steps)


def _weekly(
    what: str,
    site: Site,
    steps: Sequence[StepRecord],
    count: Callable[[StepRecord], int],
    draw: Callable[[list[int], list[int]], Chart],
) -> ChartsOut:
    weeks: dict[date, list[StepRecord]] = {}
    for step in steps:
        on = site.day(step.received_at)
        weeks.setdefault(on - timedelta(days=on.weekday()), []).append(step)
    ordered = sorted(weeks)[-MOST_POINTS:]
    charts: list[ChartOut] = []
    if len(ordered) > 1:
        hits = [sum(count(step) for step in weeks[week]) for week in ordered]
        drawn = draw(hits, [len(weeks[week]) for week in ordered])
        charts = [_out(drawn, [(week, [step.id for step in weeks[week]], []) for week in ordered])]
    return ChartsOut(names=NAMES[what], unit=None, is_deviation=False, charts=charts, count=len(steps))


def _measured(what: str, site: Site, steps: Sequence[StepRecord]) -> ChartsOut:
    kind, _, key = what.rpartition(".")
    field = _field(what) or {"names": {"zh": what, "en": what}}
    read = [(step, *_readings(step.answers.get(key))) for step in steps if step.kind == kind]
    told = [(step, values, design) for step, values, design in read if values][-MOST_POINTS:]
    # Against a design value only where every value has one: else both kinds would stand on one line.
    is_deviation = bool(told) and all(design is not None for _, _, design in told)
    samples: list[Sample] = [
        (
            site.day(step.received_at),
            [step.id],
            [v - (design or 0) if is_deviation else v for v in values],
        )
        for step, values, design in told
    ]
    charts = mean_charts([values for _, _, values in samples]) if len(samples) > 1 else []
    return ChartsOut(
        names=_names(what, field),
        unit=field.get("unit"),
        is_deviation=is_deviation,
        # A moving range begins at the second value.
        charts=[_out(drawn, samples[len(samples) - len(drawn.points) :]) for drawn in charts],
        count=len(told),
    )


def _out(drawn: Chart, samples: Sequence[Sample]) -> ChartOut:
    rules: dict[int, list[int]] = {}
    for signal in drawn.signals:
        rules.setdefault(signal.at, []).append(signal.rule)
    points = [
        PointOut(
            label=on.isoformat(),
            value=p.value,
            of=p.of,
            lower=p.lower,
            upper=p.upper,
            rules=rules.get(n, []),
            steps=steps,
        )
        for n, (p, (on, steps, _)) in enumerate(zip(drawn.points, samples, strict=True))
    ]
    return ChartOut(kind=drawn.kind, centre=drawn.centre, points=points)  # type: ignore[arg-type]  # One of the kinds.


def _field(what: str) -> dict[str, Any] | None:
    kind_name, _, key = what.rpartition(".")
    kind = catalogue.step_kind(kind_name)
    found = next((f for f in kind.body["fields"] if f["id"] == key), None) if kind else None
    return found if found and found["type"] in ("number", "integer", "series") else None


def _names(what: str, field: dict[str, Any]) -> dict[str, str]:
    kind = catalogue.step_kind(what.rpartition(".")[0])
    if kind is None:
        return dict(field["names"])
    step, own = kind.body["names"], field["names"]
    return {"zh": f"{step['zh']}：{own['zh']}", "en": f"{step['en']}: {own['en']}"}


def _readings(answer: Any) -> tuple[list[float], float | None]:
    """Numbers of an answer, and the design value they are held against, if there is one."""
    value, design = split_answer(answer)
    values = value if isinstance(value, list) else [value]
    numbers = [_number(one) for one in values]
    told = [one for one in numbers if one is not None]
    return (told if len(told) == len(numbers) else []), _number(design)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return float(number) if number.is_finite() else None
