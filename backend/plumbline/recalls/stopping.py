"""Stopping the lots of a recall at once, and giving them back when it closes."""

from uuid import UUID

from sqlalchemy import CTE, ColumnElement, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from plumbline.acts.transaction import Act, Tx
from plumbline.materials import service as materials
from plumbline.materials.models import ZERO, Lot
from plumbline.recalls.errors import LotAlreadyRecalled
from plumbline.recalls.models import Recall, RecallDisposition, RecallItem
from plumbline.trace.walk import Ids

# What a disposition takes off the lot's account when the recall closes.
TAKES = {"returned": "transferred_out", "removed": "scrapped", "not_found": "counted_out"}

STOPPED = ("recall_id", "recall_before", "recall_before_act_id", "recall_before_reason", "status", "status_act_id",
           "status_reason")  # fmt: skip


def refuse_recalled(session: Session, project_id: UUID, seeds: Ids, basis: str) -> None:
    """A lot is in one open recall. Named lots are refused; of a supplier or heat only when nothing else is left.

    Raises LotAlreadyRecalled.
    """
    wanted = select(Lot.code, Lot.recall_id).where(Lot.project_id == project_id, col(Lot.id).in_(seeds))
    # Locked on PostgreSQL, so that of two who recall the same lot at once the second is told of the first.
    found = session.exec(wanted.order_by(col(Lot.id)).with_for_update()).all()
    held = sorted((code, recall) for code, recall in found if recall is not None)
    if held and (basis == "lot" or len(held) == len(found)):
        code, recall = held[0]
        raise LotAlreadyRecalled(code=code, recall=materials.recall_code(session, recall), recall_id=recall)


def stop_all(tx: Tx, act: Act, recall: Recall, tree: CTE) -> int:
    """Stop what the walk reached, in one statement, and what was split from it in this very batch.

    A lot that another recall holds stays with that one. Returns how many lots were stopped.
    """
    # In the order of their ids, in which rows and indexes lie: thousands of lots stop in half the time.
    reached = sa_select(tree.c.id).order_by(tree.c.id).subquery()
    mine = col(Lot.project_id) == act.project_id
    # IS TRUE: PostgreSQL must not look through the project for each of them, however small it thinks the project.
    found = _stop(tx, act, recall, mine.is_(True), col(Lot.id) == reached.c.id)
    count = 0
    while found:
        count += len(found)
        for lot_id in sorted(found):
            tx.touch("lot", lot_id)
        # Edges of acts in this batch are stored at its end; a part knows its lot before.
        parents = sa_select(col(Lot.id)).where(mine, col(Lot.recall_id) == recall.id)
        found = _stop(tx, act, recall, mine, col(Lot.parent_id).in_(parents))
    return count


def _stop(tx: Tx, act: Act, recall: Recall, *which: ColumnElement[bool]) -> set[UUID]:
    stopped = (
        update(Lot)
        .where(col(Lot.recall_id).is_(None), *which)
        .values(
            recall_id=recall.id,
            recall_before=Lot.status,
            recall_before_act_id=Lot.status_act_id,
            recall_before_reason=Lot.status_reason,
            status="stopped",
            status_act_id=act.id,
            status_reason=f"{recall.code}: {recall.reason}"[:2000],
        )
        .returning(col(Lot.id))
        # Objects that the session holds are told below: one by one for 30,000 lots takes longer than the update.
        .execution_options(synchronize_session=False)
    )
    found = set(tx.session.execute(stopped).scalars())
    for one in list(tx.session.identity_map.values()):
        if isinstance(one, Lot) and one.id in found:
            tx.session.expire(one, STOPPED)
    return found


def let_go(tx: Tx, act: Act, recall: Recall) -> None:
    """Move each lot to what was decided of it, and take off its account what is no longer there."""
    mine = select(Lot).where(Lot.project_id == recall.project_id, Lot.recall_id == recall.id)
    lots = tx.session.exec(mine.order_by(col(Lot.id)).with_for_update()).all()
    items = _stock_items(tx.session, recall)
    said = _said(tx.session, recall)
    for lot in lots:
        item = items.get(lot.id)
        found = said.get(item.id, []) if item is not None else []
        is_open = item is not None and item.quantity > item.disposed
        _restore(lot, act, recall, {one.disposition for one in found}, is_open)
        tx.session.add(lot)
        tx.touch("lot", lot.id)
        for one in found:
            quantity = min(one.quantity, lot.on_hand)
            if one.disposition in TAKES and quantity > ZERO:
                materials.post(tx, act, lot, TAKES[one.disposition], quantity, note=f"{recall.code}: {one.note or ''}")


def _restore(lot: Lot, act: Act, recall: Recall, decided: set[str], is_open: bool) -> None:
    """The strictest decision counts for what is left: unaccounted for, quarantined, accepted, else as it was."""
    if is_open:
        status, reason = "stopped", f"{recall.code}: {recall.difference or recall.reason}"[:2000]
    elif "quarantined" in decided:
        status, reason = "quarantined", f"{recall.code}: {recall.reason}"[:2000]
    elif "accepted" in decided:
        status, reason = "released", f"{recall.code}"
    else:
        lot.status, lot.status_reason = lot.recall_before or "stopped", lot.recall_before_reason
        lot.status_act_id = lot.recall_before_act_id
        lot.recall_id = lot.recall_before = lot.recall_before_act_id = lot.recall_before_reason = None
        return
    lot.status, lot.status_reason, lot.status_act_id = status, reason, act.id
    lot.recall_id = lot.recall_before = lot.recall_before_act_id = lot.recall_before_reason = None


def _stock_items(session: Session, recall: Recall) -> dict[UUID, RecallItem]:
    stock = select(RecallItem).where(
        RecallItem.project_id == recall.project_id, RecallItem.recall_id == recall.id, RecallItem.kind == "stock"
    )
    return {item.lot_id: item for item in session.exec(stock) if item.lot_id}


def _said(session: Session, recall: Recall) -> dict[UUID, list[RecallDisposition]]:
    live = select(RecallDisposition).where(
        RecallDisposition.project_id == recall.project_id,
        RecallDisposition.recall_id == recall.id,
        col(RecallDisposition.void_act_id).is_(None),
    )
    found: dict[UUID, list[RecallDisposition]] = {}
    for one in session.exec(live.order_by(col(RecallDisposition.id))):
        found.setdefault(one.item_id, []).append(one)
    return found
