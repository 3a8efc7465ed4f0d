"""Repeats: earlier defects of the same kind at the place, by the crew, or of the supplier."""

from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.defects.models import Defect, DefectLot
from plumbline.defects.schemas import DefectBody
from plumbline.materials.models import Lot
from plumbline.projects.models import TaskNode
from plumbline.steps.models import StepRecord

MOST = 20


def earlier(session: Session, project_id: UUID, body: DefectBody, task: TaskNode) -> list[str]:
    """Ids of up to 20 earlier defects of the same kind that share place, crew or supplier, newest first.

    The same place is the same element, or one beside it under the same parent.
    """
    if body.kind is None:
        return []
    same = select(Defect).where(Defect.project_id == project_id, Defect.kind == body.kind, Defect.status != "rejected")
    before = session.exec(same.order_by(col(Defect.received_at).desc(), col(Defect.id).desc()).limit(500)).all()
    if not before:
        return []
    near = _near(session, project_id, task)
    crews = _crews(session, [d.step_id for d in before if d.step_id] + ([body.step] if body.step else []))
    mine = crews.get(body.step) if body.step else None
    suppliers = _suppliers(session, project_id, [d.id for d in before])
    named = select(Lot.supplier_id).where(Lot.project_id == project_id, col(Lot.id).in_(body.lots))
    ours = set(session.exec(named)) - {None}
    return [
        str(d.id)
        for d in before
        if d.task_id in near
        or (mine is not None and d.step_id is not None and crews.get(d.step_id) == mine)
        or ours & suppliers.get(d.id, set())
    ][:MOST]


def _near(session: Session, project_id: UUID, task: TaskNode) -> set[UUID]:
    if task.parent_id is None:
        return {task.id}
    beside = select(TaskNode.id).where(TaskNode.project_id == project_id, TaskNode.parent_id == task.parent_id)
    return {task.id, *session.exec(beside)}


def _crews(session: Session, step_ids: list[UUID]) -> dict[UUID, UUID | None]:
    return dict(session.exec(select(StepRecord.id, StepRecord.crew_id).where(col(StepRecord.id).in_(step_ids))).all())


def _suppliers(session: Session, project_id: UUID, defect_ids: list[UUID]) -> dict[UUID, set[UUID | None]]:
    pairs = (
        select(DefectLot.defect_id, Lot.supplier_id)
        .join(Lot, col(Lot.id) == col(DefectLot.lot_id))
        .where(DefectLot.project_id == project_id, col(DefectLot.defect_id).in_(defect_ids))
    )
    found: dict[UUID, set[UUID | None]] = {}
    for defect, supplier in session.exec(pairs):
        if supplier is not None:
            found.setdefault(defect, set()).add(supplier)
    return found
