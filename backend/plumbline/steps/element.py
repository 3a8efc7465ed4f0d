"""The page of an element: everything about one task node under the six headings 人机料法环测."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.registry import rows_of
from plumbline.acts.transaction import At
from plumbline.defects.models import Defect
from plumbline.definitions import catalogue
from plumbline.projects import service as projects
from plumbline.steps import clock, feed, gating, lots, naming
from plumbline.steps.models import StepRecord
from plumbline.steps.schemas import Entry, HeadingsOut, MachineOut, OpenResultOut, TaskRecordOut

Row = dict[str, Any]


def task_record(session: Session, project_id: UUID, task_id: UUID) -> TaskRecordOut:
    """All records of one task node. Raises TaskUnknown."""
    task = projects.get_task(session, project_id, task_id)
    steps = _in_time(session, project_id, task_id)
    standing = [step for step in steps if step.status != "superseded"]
    rows = feed.step_rows(session, project_id, [step.id for step in steps])
    defects = _defects(session, project_id, task_id)
    used = lots.used_in(session, project_id, [step.id for step in standing])
    certificate_ids, test_ids = lots.proofs_of(session, project_id, [lot.lot_id for lot in used])
    return TaskRecordOut(
        task=naming.task(task),
        path=naming.path(session, task),
        row=rows_of(session, project_id, "task", [task_id])[0],
        steps=[rows[step.id] for step in steps],
        headings=_headings(session, project_id, standing, rows),
        defects=defects,
        lots=used,
        open_results=_open_results(session, project_id, standing, rows),
        certificates=rows_of(session, project_id, "certificate", certificate_ids),
        tests=rows_of(session, project_id, "test", test_ids),
        people=naming.people(session, _everybody(rows.values(), defects)),
    )


def worked_at(step: StepRecord) -> datetime:
    """When the work was done: its start as stated, else the phone's clock, else (clock off) the receipt."""
    at = At(step.at_wall, step.at_offset_min, None, step.at_skew_ms)
    wall = None if clock.is_off(at, step.received_at) else clock.claimed(at)
    return step.started_at or wall or step.received_at


def _open_results(
    session: Session, project_id: UUID, steps: Sequence[StepRecord], rows: dict[UUID, Row]
) -> list[OpenResultOut]:
    first: dict[UUID, date] = {}
    for step in steps:
        for use in rows[step.id]["lots"]:
            first.setdefault(UUID(use["lot_id"]), worked_at(step).date())
    found = gating.open_results(session, project_id, list(first.items()))
    return [OpenResultOut(lot_id=lot, due_on=date.fromisoformat(due)) for lot, due in found]


def _in_time(session: Session, project_id: UUID, task_id: UUID) -> list[StepRecord]:
    mine = select(StepRecord).where(StepRecord.project_id == project_id, StepRecord.task_id == task_id)
    return sorted(session.exec(mine), key=lambda step: (worked_at(step), step.id))


def _headings(session: Session, project_id: UUID, steps: Sequence[StepRecord], rows: dict[UUID, Row]) -> HeadingsOut:
    machines = naming.machines(session, project_id, [step.id for step in steps])
    found: dict[str, list[Entry]] = {heading: [] for heading in HeadingsOut.model_fields}
    for step in steps:
        for heading, what in _under(step, rows[step.id], machines.get(step.id, [])):
            found[heading].append(Entry(step_id=step.id, kind=step.kind, at=worked_at(step), what=what))
    return HeadingsOut(**found)


def _under(step: StepRecord, row: Row, machines: Sequence[MachineOut]) -> Iterable[tuple[str, Row]]:
    """What one step says under each heading; a heading of which it says nothing gets no entry."""
    yield "people", {"recorded_by": row["recorded_by"], "crew_id": row["crew_id"], "people": row["people"]}
    for machine in machines:
        yield "machine", machine.model_dump(mode="json")
    for use in row["lots"]:
        yield "material", use
    if step.method:
        yield "method", {"method": step.method}
    if step.environment:
        yield "environment", step.environment
    if step.answers:
        yield "measurement", _measured(step)


def _measured(step: StepRecord) -> Row:
    """Answers beside their judgements, with the names and units of the form they were made under."""
    kind = catalogue.step_kind(step.kind)
    fields = {field["id"]: field for field in kind.body["fields"]} if kind else {}
    shown = {
        key: {"names": fields[key]["names"], "unit": fields[key].get("unit")} for key in step.answers if key in fields
    }
    return {"answers": step.answers, "fields": shown, "judgements": step.judgements}


def _defects(session: Session, project_id: UUID, task_id: UUID) -> list[Row]:
    mine = select(Defect.id).where(Defect.project_id == project_id, Defect.task_id == task_id)
    ids = list(session.exec(mine.order_by(col(Defect.code))))
    return rows_of(session, project_id, "defect", ids)


def _everybody(steps: Iterable[Row], defects: Iterable[Row]) -> set[UUID]:
    ids = {d["raised_by"] for d in defects}
    for row in steps:
        ids |= {row["recorded_by"], *row["people"], *(d["by"] for d in row["decisions"])}
    return {UUID(id) for id in ids}
