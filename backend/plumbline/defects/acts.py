"""What applies to defects: defect:raise, defect:confirm, defect:dismiss."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.defects import life, ncr, repeating
from plumbline.defects.errors import DefectExists, DefectLotUnknown
from plumbline.defects.models import Defect, DefectLot
from plumbline.defects.schemas import ConfirmBody, DefectBody, DismissBody
from plumbline.materials.models import Lot
from plumbline.projects import service as projects
from plumbline.steps import service as steps

__all__ = ["ncr"]  # Imported for what it registers: the acts of nonconformances.


@applies("defect:raise", DefectBody)
def raise_defect(tx: Tx, act: Act, body: DefectBody) -> None:
    """Open a defect at a task node. Raises TaskUnknown, StepNotFound, DefectLotUnknown, DefectExists."""
    if tx.session.get(Defect, act.object_id) is not None:
        raise DefectExists(defect=act.object_id)
    task = projects.get_task(tx.session, act.project_id, body.task)
    if body.step is not None:
        steps.get(tx.session, act.project_id, body.step)
    _lots_are_ours(tx, act, body.lots)
    repeats = repeating.earlier(tx.session, act.project_id, body, task)
    tx.session.add(_row(act, body, projects.next_code(tx, act.project_id, "D"), repeats))
    for lot in body.lots:
        tx.session.add(DefectLot(project_id=act.project_id, defect_id=act.object_id, lot_id=lot))
    tx.touch("defect", act.object_id)
    tx.touch("task", task.id)


def _lots_are_ours(tx: Tx, act: Act, ids: Sequence[UUID]) -> None:
    if not ids:
        return
    mine = select(Lot.id).where(Lot.project_id == act.project_id, col(Lot.id).in_(ids))
    known: set[UUID] = set(tx.session.exec(mine))
    unknown = set(ids) - known
    if unknown:
        raise DefectLotUnknown(count=len(unknown), lots=sorted(str(id) for id in unknown))


def _row(act: Act, body: DefectBody, code: str, repeats: list[str]) -> Defect:
    where = act.where
    return Defect(
        id=act.object_id,
        project_id=act.project_id,
        code=code,
        task_id=body.task,
        step_id=body.step,
        title=body.title,
        description=body.description or None,
        severity=body.severity,
        status="open",
        kind=body.kind,
        pin=body.pin.model_dump(exclude_none=True) if body.pin else None,
        repeats=repeats,
        raised_by=act.actor_id,
        at_wall=act.at.wall,
        at_offset_min=act.at.offset_min,
        at_skew_ms=act.at.skew_ms,
        lat=f"{where.lat:f}" if where else None,
        lon=f"{where.lon:f}" if where else None,
        accuracy_m=f"{where.accuracy_m:f}" if where and where.accuracy_m is not None else None,
        received_at=act.received_at,
        act_id=act.id,
    )


@applies("defect:confirm", ConfirmBody)
def confirm(tx: Tx, act: Act, body: ConfirmBody) -> None:
    """Confirm a defect as a nonconformance, which gets a code of its own. Raises DefectUnknown, DefectDecided."""
    defect = life.open_defect(tx, act)
    defect.status, defect.decided_by = "confirmed", act.actor_id
    defect.severity, defect.requirement = body.severity or defect.severity, body.requirement or None
    defect.ncr_code = projects.next_code(tx, act.project_id, "NCR")
    life.say(tx, act, defect, "confirm", body)


@applies("defect:dismiss", DismissBody)
def dismiss(tx: Tx, act: Act, body: DismissBody) -> None:
    """Say why a defect is none. Raises DefectUnknown, DefectDecided."""
    defect = life.open_defect(tx, act)
    defect.status, defect.decided_by = "rejected", act.actor_id
    defect.closed_by, defect.closed_at = act.actor_id, act.received_at
    life.say(tx, act, defect, "dismiss", body)
