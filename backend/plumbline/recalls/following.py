"""What leaves a recalled lot after the scope was frozen: its quantity moves from one item to another.

So the items add up to what was received, also when a phone that was offline built in more of it.
"""

from decimal import Decimal
from uuid import UUID

from plumbline.acts.gathering import find
from plumbline.acts.transaction import Act, Tx
from plumbline.materials import service as materials
from plumbline.materials.models import INFLOWS, Lot
from plumbline.recalls.freezing import INSIDE, add_total, item_id, outflow, settled
from plumbline.recalls.models import Recall, RecallItem


def follow(tx: Tx, act: Act, lot: Lot, column: str, quantity: Decimal, step_id: UUID | None) -> None:
    """Told of each entry in the account of a lot that is under recall."""
    recall = find(tx.session, Recall, lot.recall_id)
    if recall is None:
        return
    stock = find(tx.session, RecallItem, item_id(recall.id, "stock", lot.id), lock=True)
    if stock is None:
        _begin(tx, act, recall, lot, column, quantity)
        return
    if column in INFLOWS:
        stock.quantity += quantity
        add_total(tx, recall, lot.material, lot.unit, quantity)
    else:
        stock.quantity -= quantity
        if column not in INSIDE:
            _take(tx, act, recall, lot, (column, step_id, quantity))
    tx.session.add(stock)
    tx.touch("recall_item", stock.id)
    tx.touch("recall", recall.id)


def _begin(tx: Tx, act: Act, recall: Recall, lot: Lot, column: str, quantity: Decimal) -> None:
    """A part of a frozen lot gets its own item; what is not frozen yet will be, as it then is."""
    parent = lot.parent_id and find(tx.session, RecallItem, item_id(recall.id, "stock", lot.parent_id))
    if not parent or column != "produced":
        return
    item = RecallItem(
        id=item_id(recall.id, "stock", lot.id), project_id=recall.project_id, recall_id=recall.id, kind="stock",
        lot_id=lot.id, material=lot.material, unit=lot.unit, quantity=quantity, place_id=lot.place_id,
        crew_id=lot.crew_id, via_id=lot.parent_id, via_kind="split", is_certain=parent.is_certain,
        is_late=True, act_id=act.id,
    )  # fmt: skip
    tx.session.add(item)
    tx.touch("recall_item", item.id)
    tx.touch("recall", recall.id)


def _take(tx: Tx, act: Act, recall: Recall, lot: Lot, flow: tuple[str, UUID | None, Decimal]) -> None:
    column, step_id, quantity = flow
    facts = outflow(recall.id, lot.id, column, step_id)
    item = find(tx.session, RecallItem, facts["id"], lock=True)
    if item is None:
        item = RecallItem(
            **facts, project_id=recall.project_id, recall_id=recall.id, lot_id=lot.id, material=lot.material,
            unit=lot.unit, quantity=Decimal(0), place_id=lot.place_id, crew_id=lot.crew_id, via_id=lot.id,
            via_kind="consume" if column == "used" else column, is_late=True, act_id=act.id,
        )  # fmt: skip
    item.quantity += quantity
    item.disposed += settled(column, step_id, quantity).get("disposed", Decimal(0))
    tx.session.add(item)
    tx.touch("recall_item", item.id)


materials.ON_RECALLED.append(follow)
