"""A recalled heat for tests: received, partly issued, partly built in, and everybody's items."""

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from tests.support.cast import Actor, Cast
from tests.support.works import add_task, receive_lot, recorded


def spread(cast: Cast, quantity: str = "10", **more: Any) -> tuple[UUID, UUID, UUID]:
    """A lot of `quantity` m3: 4 issued to the crew, of which 2.5 are in a wall. Returns (lot, issued part, wall)."""
    task = add_task(cast, code=f"W-{uuid7().hex[-6:]}")
    lot = receive_lot(cast.storekeeper, quantity, supplier=str(cast.supplier), **{"heat_no": "H-1", **more})
    part = uuid7()
    cast.storekeeper.did("lot:issue", lot, {"lot": str(part), "quantity": "4", "crew": str(cast.crew)})
    recorded(cast.foreman, task, (part, "2.5"))
    return lot, part, task


def opened(by: Actor, *lots: UUID, **more: Any) -> UUID:
    """An open recall on lots."""
    recall = uuid7()
    body = {"kind": "lot", "things": [str(lot) for lot in lots], "reason": "28 d 强度不合格", **more}
    by.did("recall:open", recall, body)
    return recall


def items_of(actor: Actor, recall: UUID) -> list[dict[str, Any]]:
    """The items of a recall that hold something, as the feed has them, in a steady order."""
    changes = actor.feed(limit=5000)["changes"]
    rows = [c["row"] for c in changes if c["kind"] == "recall_item" and c["row"]["recall_id"] == str(recall)]
    return sorted(
        (r for r in rows if r["quantity"] != "0"), key=lambda r: (r["kind"], r["lot_id"] or "", r["quantity"])
    )


def settle(actor: Actor, item: dict[str, Any], disposition: str, **more: Any) -> dict[str, Any]:
    """Say what became of an item; returns the result, whatever the verdict."""
    files = more.pop("files", ())
    body = {"item": item["id"], "disposition": disposition, **more}
    return actor.do("recall:dispose", uuid7(), body, files=files)
