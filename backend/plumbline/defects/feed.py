"""Feed rows of defects."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.registry import feed_row
from plumbline.defects.models import Defect, DefectLot
from plumbline.evidence import service as evidence


@feed_row("defect")
def defect_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Defects as phones and lists keep them."""
    lots: dict[UUID, list[str]] = {}
    suspected = select(DefectLot).where(DefectLot.project_id == project_id, col(DefectLot.defect_id).in_(ids))
    for link in session.exec(suspected):
        lots.setdefault(link.defect_id, []).append(str(link.lot_id))
    mine = select(Defect).where(Defect.project_id == project_id, col(Defect.id).in_(ids))
    defects = session.exec(mine).all()
    files = evidence.file_rows(session, project_id, [defect.act_id for defect in defects])
    return {d.id: _row(d, sorted(lots.get(d.id, [])), files.get(d.act_id, [])) for d in defects}


def _row(defect: Defect, lot_ids: list[str], files: list[Any]) -> dict[str, Any]:
    return {
        "id": str(defect.id),
        "code": defect.code,
        "task_id": str(defect.task_id),
        "step_id": str(defect.step_id) if defect.step_id else None,
        "lot_ids": lot_ids,
        "title": defect.title,
        "description": defect.description,
        "severity": defect.severity,
        "status": defect.status,
        "raised_by": str(defect.raised_by),
        "at": {"wall": defect.at_wall, "offset_min": defect.at_offset_min, "skew_ms": defect.at_skew_ms},
        "files": files,
        "act_id": str(defect.act_id),
    }
