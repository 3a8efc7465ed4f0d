"""Feed rows of recalls and of their items."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.registry import feed_row
from plumbline.definitions.catalogue import material_names
from plumbline.evidence import service as evidence
from plumbline.materials.service import plain
from plumbline.recalls import balance
from plumbline.recalls.models import Recall, RecallAck, RecallDisposition, RecallItem
from plumbline.steps.models import StepRecord

Row = dict[str, Any]
PIECE = 1_000
COUNTS = {"nodes", "lots_stopped", "lots_without", "elements", "elements_without"}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _instant(value: Any) -> str | None:
    return None if value is None else value.isoformat().replace("+00:00", "Z")


@feed_row("recall")
def recall_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, Row]:
    """Recalls with their balance, and who has acknowledged."""
    found = session.exec(select(Recall).where(Recall.project_id == project_id, col(Recall.id).in_(ids))).all()
    balances = balance.sums(session, [r.id for r in found])
    acks: dict[UUID, list[Row]] = {}
    known = select(RecallAck).where(RecallAck.project_id == project_id, col(RecallAck.recall_id).in_(ids))
    for ack in session.exec(known.order_by(col(RecallAck.at), col(RecallAck.person_id), col(RecallAck.device_id))):
        facts = {"person_id": str(ack.person_id), "device_id": str(ack.device_id), "at": _instant(ack.at)}
        acks.setdefault(ack.recall_id, []).append(facts)
    return {r.id: _row(r, balances[r.id], acks.get(r.id, [])) for r in found}


def _row(r: Recall, sums: list[balance.Sum], acks: list[Row]) -> Row:
    same = {"code", "is_drill", "basis", "about", "reason", "status", "is_whole", "close_note", "difference"}
    return {
        "id": str(r.id),
        **r.model_dump(include=same | COUNTS),
        "test_id": _text(r.test_id),
        "opened_by": str(r.opened_by),
        "opened_at": _instant(r.opened_at),
        "closed_by": _text(r.closed_by),
        "closed_at": _instant(r.closed_at),
        "balance": [
            {
                "material": s.material,
                "material_names": material_names(s.material) if s.material else None,
                "unit": s.unit,
                "received": plain(s.received),
                "accounted": plain(s.accounted),
                "open": plain(s.open),
                "items": s.items,
                "open_items": s.open_items,
            }
            for s in sums
        ],
        "acknowledged": acks,
        "act_id": str(r.act_id),
    }


@feed_row("recall_item")
def item_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, Row]:
    """Items with the reason why they are in scope and what was decided of them."""
    found: dict[UUID, Row] = {}
    for at in range(0, len(ids), PIECE):
        found |= _items(session, project_id, ids[at : at + PIECE])
    return found


def _items(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, Row]:
    items = session.exec(select(RecallItem).where(RecallItem.project_id == project_id, col(RecallItem.id).in_(ids)))
    rows = list(items)
    said: dict[UUID, list[Row]] = {}
    live = select(RecallDisposition).where(
        RecallDisposition.project_id == project_id,
        col(RecallDisposition.item_id).in_(ids),
        col(RecallDisposition.void_act_id).is_(None),
    )
    decided = session.exec(live.order_by(col(RecallDisposition.at), col(RecallDisposition.id))).all()
    files = evidence.file_rows(session, project_id, [d.act_id for d in decided]) if decided else {}
    for d in decided:
        said.setdefault(d.item_id, []).append(_decided(d, files.get(d.act_id, [])))
    steps = [i.step_id for i in rows if i.step_id]
    tasks = dict(session.exec(select(StepRecord.id, StepRecord.task_id).where(col(StepRecord.id).in_(steps))).all())
    return {i.id: _item(i, tasks.get(i.step_id) if i.step_id else None, said.get(i.id, [])) for i in rows}


def _decided(d: RecallDisposition, files: list[Row]) -> Row:
    return {
        "id": str(d.id),
        "disposition": d.disposition,
        "quantity": plain(d.quantity),
        "note": d.note,
        "by": str(d.by),
        "at": _instant(d.at),
        "act_id": str(d.act_id),
        "files": files,
    }


def _item(i: RecallItem, task_id: UUID | None, decided: list[Row]) -> Row:
    ids = ("recall_id", "lot_id", "step_id", "place_id", "crew_id", "via_id")
    return {
        "id": str(i.id),
        **{name: _text(getattr(i, name)) for name in ids},
        **i.model_dump(include={"kind", "material", "unit", "column", "via_kind", "is_certain", "is_late"}),
        "task_id": _text(task_id),
        "quantity": plain(i.quantity),
        "disposed": plain(i.disposed),
        "dispositions": decided,
    }
