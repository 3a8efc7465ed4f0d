"""Freezing a scope: each quantity becomes an item with its reason, and the items add up to what was received.

A scope of up to AT_ONCE nodes is frozen by recall:open itself. A larger one by acts of the house, PART lots each, that
a durable job posts: its lots are stopped at once all the same. Both numbers are part of how rows are drawn from acts.
They may not change, or old recalls would be drawn otherwise.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import CTE, Select, exists, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from plumbline.acts.transaction import Act, Tx
from plumbline.materials.models import OUTFLOWS, ZERO, Lot, LotMovement
from plumbline.recalls import scope
from plumbline.recalls.models import Recall, RecallItem, RecallStart, RecallTotal
from plumbline.steps.models import StepRecord
from plumbline.trace.models import TraceEdge
from plumbline.trace.walk import reached

AT_ONCE = 2_000
PART = 5_000
PIECE = 1_000  # Ids in one IN (…).
PLACES = "places"  # The unit of steps that are in scope themselves: each is one place to look at.
INSIDE = ("split_out", "returned")  # What these took out of a lot is on hand in another lot of the scope.
Flow = tuple[str, UUID | None, Decimal]


def item_id(recall_id: UUID, kind: str, lot_id: UUID | None, step_id: UUID | None = None, column: str = "") -> UUID:
    """The id that an item has whenever it is drawn."""
    return uuid5(recall_id, f"{kind}/{lot_id}/{step_id}/{column}")


def freeze(tx: Tx, act: Act, recall: Recall, most: int) -> int:
    """Draw the items of the next `most` lots and steps that have none; returns how many there were."""
    seeds = scope.frozen(recall.id)
    tree = reached(recall.project_id, seeds)
    lots = _next_lots(tx, recall, tree, most)
    steps = _next_steps(tx, recall, most - len(lots))
    if lots:
        _freeze_lots(tx, act, recall, lots)
    for step in steps:
        tx.row(RecallItem, **_of(recall, act), id=item_id(recall.id, "work", None, step.id), kind="work",
               step_id=step.id, material="", unit=PLACES, quantity=Decimal(1), via_kind=recall.basis)  # fmt: skip
        tx.touch("recall_item", item_id(recall.id, "work", None, step.id))
    if steps:
        add_total(tx, recall, "", PLACES, Decimal(len(steps)))
    if len(lots) + len(steps) < most:
        recall.is_whole = True
        tx.session.add(recall)
    tx.touch("recall", recall.id)
    return len(lots) + len(steps)


def _of(recall: Recall, act: Act) -> dict[str, Any]:
    return {"project_id": recall.project_id, "recall_id": recall.id, "act_id": act.id}


def _next_lots(tx: Tx, recall: Recall, tree: CTE, most: int) -> Sequence[Lot]:
    has = exists().where(
        col(RecallItem.project_id) == recall.project_id,
        col(RecallItem.recall_id) == recall.id,
        col(RecallItem.kind) == "stock",
        col(RecallItem.lot_id) == Lot.id,
    )
    wanted = (
        select(Lot)
        .where(Lot.project_id == recall.project_id)
        .where(or_(col(Lot.id).in_(sa_select(tree.c.id)), col(Lot.recall_id) == recall.id), ~has)
        .order_by(col(Lot.id))
        .limit(most)
    )
    return tx.session.exec(wanted).all()


def _next_steps(tx: Tx, recall: Recall, most: int) -> Sequence[StepRecord]:
    """Steps that the recall was opened on and that have no item yet."""
    if recall.basis not in scope.OF_STEPS or most <= 0:
        return []
    has = exists().where(
        col(RecallItem.project_id) == recall.project_id,
        col(RecallItem.recall_id) == recall.id,
        col(RecallItem.kind) == "work",
        col(RecallItem.lot_id).is_(None),
        col(RecallItem.step_id) == StepRecord.id,
    )
    of_steps = sa_select(col(RecallStart.node_id)).where(col(RecallStart.recall_id) == recall.id)
    wanted = select(StepRecord).where(
        StepRecord.project_id == recall.project_id, col(StepRecord.id).in_(of_steps), ~has
    )
    return tx.session.exec(wanted.order_by(col(StepRecord.id)).limit(most)).all()


def _freeze_lots(tx: Tx, act: Act, recall: Recall, lots: Sequence[Lot]) -> None:
    seeds = scope.frozen(recall.id)
    ids = [lot.id for lot in lots]
    certain = _reached_of(tx, reached(recall.project_id, seeds, certain_only=True), ids)
    begun = set(tx.session.execute(seeds).scalars())
    why = _reasons(tx, recall, ids)
    inside = _inside(tx, recall, {lot.parent_id for lot in lots if lot.parent_id is not None})
    flows = _flows(tx, recall.project_id, [lot.id for lot in lots])
    totals: dict[tuple[str, str], Decimal] = {}
    for lot in lots:
        via_id, via_kind = (None, recall.basis) if lot.id in begun else why.get(lot.id, (lot.parent_id, "split"))
        reason = {"via_id": via_id, "via_kind": via_kind, "is_certain": lot.id in certain or via_kind == "split"}
        for row in _items(recall, act, lot, flows.get(lot.id, [])):
            tx.row(RecallItem, **{**row, **reason})
            tx.touch("recall_item", row["id"])
        if lot.parent_id not in inside:
            key = (lot.material, lot.unit)
            totals[key] = totals.get(key, ZERO) + lot.received + lot.produced + lot.counted_in
    for (material, unit), received in sorted(totals.items()):
        add_total(tx, recall, material, unit, received)


def _reached_of(tx: Tx, tree: CTE, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these a walk reaches: a part asks for its own, not for all 100,000."""
    return set(tx.session.execute(sa_select(tree.c.id).where(tree.c.id.in_(ids))).scalars())


def _marked(recall: Recall) -> Select[UUID]:
    return sa_select(col(Lot.id)).where(col(Lot.project_id) == recall.project_id, col(Lot.recall_id) == recall.id)


def _inside(tx: Tx, recall: Recall, ids: set[UUID]) -> set[UUID]:
    """Which of these lots are in the scope. A stopped one says so itself; for the others it is walked."""
    stopped = set(tx.session.execute(_marked(recall).where(col(Lot.id).in_(ids))).scalars())
    others = ids - stopped
    if not others:
        return stopped
    return stopped | _reached_of(tx, reached(recall.project_id, scope.frozen(recall.id)), others)


def _pieces(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[at : at + PIECE] for at in range(0, len(ids), PIECE))


def _reasons(tx: Tx, recall: Recall, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """By lot, the first tie that leads to it from inside the scope; a certain one before a possible one."""
    tree = reached(recall.project_id, scope.frozen(recall.id))
    ties = sa_select(col(TraceEdge.target), col(TraceEdge.source), col(TraceEdge.kind)).where(
        col(TraceEdge.project_id) == recall.project_id,
        col(TraceEdge.target).in_(ids),
        col(TraceEdge.void_act_id).is_(None),
        or_(col(TraceEdge.source).in_(sa_select(tree.c.id)), col(TraceEdge.source).in_(_marked(recall))),
    )
    found: dict[UUID, tuple[UUID, str]] = {}
    for target, source, kind in tx.session.execute(ties.order_by(col(TraceEdge.certainty), col(TraceEdge.id))):
        found.setdefault(target, (source, kind))
    return found


def _flows(tx: Tx, project_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[Flow]]:
    """By lot, what left its account and to which step: (column, step, quantity)."""
    found: dict[UUID, list[Flow]] = {}
    by = (col(LotMovement.lot_id), col(LotMovement.column), col(LotMovement.step_id))
    for some in _pieces(ids):
        taken = (
            sa_select(*by, func.sum(LotMovement.quantity))
            .where(col(LotMovement.project_id) == project_id, col(LotMovement.lot_id).in_(some))
            .where(col(LotMovement.column).in_([c for c in OUTFLOWS if c not in INSIDE]))
            .group_by(*by)
            .order_by(*by)
        )
        for lot_id, column, step_id, quantity in tx.session.execute(taken):
            found.setdefault(lot_id, []).append((column, step_id, quantity))
    return found


def _items(recall: Recall, act: Act, lot: Lot, flows: Sequence[Flow]) -> Iterable[dict[str, Any]]:
    """What is on hand (also nothing: it says that the lot is frozen), and each outflow that is more than nothing."""
    same = {**_of(recall, act), "lot_id": lot.id, "material": lot.material, "unit": lot.unit}
    same |= {"place_id": lot.place_id, "crew_id": lot.crew_id}
    yield {**same, "id": item_id(recall.id, "stock", lot.id), "kind": "stock", "quantity": lot.on_hand}
    for column, step_id, quantity in flows:
        if quantity:
            origin = outflow(recall.id, lot.id, column, step_id)
            yield {**same, **origin, "quantity": quantity, **settled(column, step_id, quantity)}


def outflow(recall_id: UUID, lot_id: UUID, column: str, step_id: UUID | None) -> dict[str, Any]:
    """Id, kind and origin of the item that an outflow of a lot belongs to."""
    if column == "used":
        kind = "made" if step_id is None else "used"
        return {"id": item_id(recall_id, kind, lot_id, step_id), "kind": kind, "step_id": step_id, "column": None}
    return {"id": item_id(recall_id, "gone", lot_id, None, column), "kind": "gone", "step_id": None, "column": column}


def settled(column: str, step_id: UUID | None, quantity: Decimal) -> dict[str, Decimal]:
    """What left the account by a record is accounted for by it; what was built in is not."""
    return {} if column == "used" and step_id is not None else {"disposed": quantity}


def add_total(tx: Tx, recall: Recall, material: str, unit: str, received: Decimal) -> None:
    """Add to what came into the scope."""
    total = tx.session.get(RecallTotal, (recall.id, material, unit))
    if total is None:
        total = RecallTotal(recall_id=recall.id, material=material, unit=unit, project_id=recall.project_id)
    total.received += received
    tx.session.add(total)
