"""Feed rows of defects."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.registry import feed_row
from plumbline.defects.models import Defect, DefectLot, NcrAction, NcrEntry
from plumbline.evidence import service as evidence


@feed_row("defect")
def defect_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Defects as phones and lists keep them, with everything that was said and done; never with costs."""
    lots: dict[UUID, list[str]] = {}
    suspected = select(DefectLot).where(DefectLot.project_id == project_id, col(DefectLot.defect_id).in_(ids))
    for link in session.exec(suspected):
        lots.setdefault(link.defect_id, []).append(str(link.lot_id))
    mine = select(Defect).where(Defect.project_id == project_id, col(Defect.id).in_(ids))
    defects = session.exec(mine).all()
    actions = _by_defect(session, NcrAction, project_id, ids)
    entries = _by_defect(session, NcrEntry, project_id, ids)
    acts = [d.act_id for d in defects] + [e.id for some in entries.values() for e in some]
    acts += [a.done_act_id for some in actions.values() for a in some if a.done_act_id]
    files = evidence.file_rows(session, project_id, acts)
    return {
        d.id: _row(d, sorted(lots.get(d.id, [])), files.get(d.act_id, []))
        | {
            "actions": [_action(a, files) for a in actions.get(d.id, [])],
            "entries": [_entry(e, files) for e in entries.get(d.id, [])],
        }
        for d in defects
    }


def _by_defect(session: Session, table: Any, project_id: UUID, ids: list[UUID]) -> dict[UUID, list[Any]]:
    """Rows by their defect, in the order of their ids, which is that of time."""
    wanted = select(table).where(table.project_id == project_id, col(table.defect_id).in_(ids))
    found: dict[UUID, list[Any]] = {}
    for row in session.exec(wanted.order_by(col(table.id))):
        found.setdefault(row.defect_id, []).append(row)
    return found


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _instant(value: Any) -> str | None:
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def _entry(e: NcrEntry, files: dict[UUID, list[Any]]) -> dict[str, Any]:
    return {
        "id": str(e.id),
        "kind": e.kind,
        "said": e.said,
        "by": str(e.by),
        "at": _instant(e.at),
        "files": files.get(e.id, []),
    }


def _action(a: NcrAction, files: dict[UUID, list[Any]]) -> dict[str, Any]:
    return {
        "id": str(a.id),
        **a.model_dump(include={"kind", "what", "status", "done_note", "check_note"}),
        "owner_id": str(a.owner_id),
        "due_on": a.due_on.isoformat(),
        "done_by": _text(a.done_by),
        "done_at": _instant(a.done_at),
        "checked_by": _text(a.checked_by),
        "checked_at": _instant(a.checked_at),
        "proof": files.get(a.done_act_id, []) if a.done_act_id else [],
        "act_id": str(a.act_id),
    }


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
        **defect.model_dump(
            include={"kind", "pin", "repeats", "ncr_code", "requirement", "party_kind", "reinspection", "is_public"}
        ),
        "party_id": _text(defect.party_id),
        "party_act_id": _text(defect.party_act_id),
        "closed_by": _text(defect.closed_by),
        "closed_at": _instant(defect.closed_at),
        "lat": defect.lat,
        "lon": defect.lon,
        "raised_by": str(defect.raised_by),
        "at": {"wall": defect.at_wall, "offset_min": defect.at_offset_min, "skew_ms": defect.at_skew_ms},
        "files": files,
        "act_id": str(defect.act_id),
    }
