"""Feed rows of steps."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.registry import feed_row
from plumbline.approvals import service as approvals
from plumbline.evidence import service as evidence
from plumbline.steps.models import StepEquipment, StepLot, StepPerson, StepRecord

Row = dict[str, Any]
Part = TypeVar("Part", StepPerson, StepEquipment, StepLot)


@feed_row("step")
def step_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, Row]:
    """Steps as phones and lists keep them: decisions joined from approvals, files from evidence."""
    mine = select(StepRecord).where(StepRecord.project_id == project_id, col(StepRecord.id).in_(ids))
    steps = session.exec(mine).all()
    people = _grouped(session, project_id, ids, StepPerson, [StepPerson.person_id], str)
    machines = _grouped(session, project_id, ids, StepEquipment, [StepEquipment.equipment_id], str)
    lots = _grouped(session, project_id, ids, StepLot, [StepLot.lot_id, StepLot.quantity, StepLot.unit], lot_use)
    decisions = approvals.decision_rows(session, project_id, "step", ids)
    files = evidence.file_rows(session, project_id, [step.act_id for step in steps])
    return {
        step.id: {
            **own_fields(step),
            "people": sorted(people[step.id]),
            "equipment_ids": sorted(machines[step.id]),
            "lots": sorted(lots[step.id], key=lambda use: str(use["lot_id"])),
            "decisions": decisions.get(step.id, []),
            "files": files.get(step.act_id, []),
        }
        for step in steps
    }


def own_fields(step: StepRecord) -> Row:
    """What the step's own row says."""
    return {
        "id": str(step.id),
        "task_id": str(step.task_id),
        "kind": step.kind,
        "definition": {"key": step.definition_key, "version": step.definition_version},
        "status": step.status,
        "recorded_by": str(step.recorded_by),
        "crew_id": text(step.crew_id),
        "method": step.method,
        "environment": step.environment,
        "answers": step.answers,
        "judgements": step.judgements,
        "missing": step.missing,
        "flags": step.flags,
        "note": step.note,
        "started_at": instant(step.started_at),
        "ended_at": instant(step.ended_at),
        "where": where(step),
        "at": {"wall": step.at_wall, "offset_min": step.at_offset_min, "skew_ms": step.at_skew_ms},
        "received_at": instant(step.received_at),
        "distance_m": step.distance_m,
        "is_inside_site": step.is_inside_site,
        "act_id": str(step.act_id),
        "supersedes": text(step.supersedes_id),
    }


def where(step: StepRecord) -> Row | None:
    """The claimed fix: decimal strings in degrees and metres; None when the phone had none."""
    if step.lat is None:
        return None
    return {"lat": step.lat, "lon": step.lon, "accuracy_m": step.accuracy_m, "fix_age_ms": step.fix_age_ms}


def text(id: UUID | None) -> str | None:
    """An id on the wire."""
    return str(id) if id else None


def instant(moment: datetime | None) -> str | None:
    """An instant on the wire: UTC to the millisecond, with Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


def lot_use(lot_id: UUID, quantity: Decimal, unit: str) -> Row:
    """How much of a lot the step used."""
    return {"lot_id": str(lot_id), "quantity": decimal_text(quantity), "unit": unit}


def decimal_text(quantity: Decimal) -> str:
    """A quantity on the wire, without needless zeros."""
    return f"{quantity.normalize():f}"


def _grouped(
    session: Session, project_id: UUID, ids: list[UUID], table: type[Part], columns: list[Any], told: Callable[..., Any]
) -> dict[UUID, list[Any]]:
    """What `told` makes of these columns of the parts of steps, by step."""
    mine = select(table.step_id, *columns).where(col(table.project_id) == project_id, col(table.step_id).in_(ids))
    found: dict[UUID, list[Any]] = defaultdict(list)
    for step_id, *values in session.execute(mine):
        found[step_id].append(told(*values))
    return found
