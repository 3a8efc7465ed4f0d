"""Acts of moves through a chain: dispatch, arrive, count, transfer out."""

from collections.abc import Iterator
from decimal import Decimal

from plumbline.acts.gathering import Need, named
from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.materials import service
from plumbline.materials.models import Lot
from plumbline.moves.errors import LotNotUnderWay, LotUnderWay
from plumbline.moves.schemas import ArriveBody, CountBody, DispatchBody, TransferOutBody
from plumbline.projects.models import Code, Place


def _reads(act: Act, body: DispatchBody) -> Iterator[Need]:
    yield Need(Lot, act.object_id, lock=True)
    yield from named(Lot, body.lot)
    yield from named(Place, body.to)
    yield from named(Place, body.via)
    yield from named(Code, body.qr, lock=True)


@applies("lot:dispatch", DispatchBody, reads=_reads)
def dispatch(tx: Tx, act: Act, body: DispatchBody) -> None:
    """Send a lot, or a part of it as a new lot, to a place. Raises LotUnderWay, BalanceTooSmall, LotThere."""
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    for place in (body.to, body.via):
        service.need(tx.session, Place, act.project_id, place, "地点", "place")
    if lot.to_place_id is not None:
        raise LotUnderWay(code=lot.code)
    going = lot
    if body.lot is not None and body.quantity is not None:
        service.take_out(tx, act, lot, "split_out", body.quantity)
        going = service.sublot(tx, act, lot, body.lot, body.quantity, "split", body.qr)
    going.to_place_id = body.to
    going.place_id = body.via or going.place_id
    going.vehicle = body.vehicle or going.vehicle
    going.delivery_note = body.delivery_note or going.delivery_note
    tx.session.add(going)
    tx.touch("lot", going.id)


@applies("lot:arrive", ArriveBody)
def arrive(tx: Tx, act: Act, body: ArriveBody) -> None:
    """Receive what was under way, as much as was counted; the difference stands in the account and is flagged.

    Flags `short-on-arrival`, `over-on-arrival`, `arrived-elsewhere`. Raises LotNotUnderWay.
    """
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    service.need(tx.session, Place, act.project_id, body.place, "地点", "place")
    if lot.to_place_id is None:
        raise LotNotUnderWay(code=lot.code)
    difference = _counted(tx, act, lot, body.quantity, body.note)
    if difference:
        tx.flag("short-on-arrival" if difference < 0 else "over-on-arrival")
        service.flag_lot(lot, "short-on-arrival" if difference < 0 else "over-on-arrival")
    if body.place not in (None, lot.to_place_id):
        tx.flag("arrived-elsewhere")
    lot.place_id, lot.to_place_id = body.place or lot.to_place_id, None
    tx.session.add(lot)
    tx.touch("lot", lot.id)


@applies("lot:count", CountBody)
def count(tx: Tx, act: Act, body: CountBody) -> None:
    """Enter a stock count. What the device had not seen moved is not part of the difference. Flags `count-differs`."""
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    if _counted(tx, act, lot, body.quantity, body.note):
        tx.flag("count-differs")
    tx.touch("lot", lot.id)


def _counted(tx: Tx, act: Act, lot: Lot, quantity: Decimal, note: str | None) -> Decimal:
    """Post the difference between what was counted and what the device knew to be there; returns it, signed."""
    difference = quantity - service.known(tx, act, lot)
    if difference > 0:
        service.post(tx, act, lot, "counted_in", difference, note=note)
    elif difference < 0:
        service.post(tx, act, lot, "counted_out", -difference, note=note)
        if lot.on_hand < 0:  # Some of what the count missed was meanwhile used by somebody the device had not seen.
            tx.flag("overdrawn")
            service.flag_lot(lot, "overdrawn")
    return difference


@applies("lot:transfer_out", TransferOutBody)
def transfer_out(tx: Tx, act: Act, body: TransferOutBody) -> None:
    """Part of a lot leaves the project. What is stopped goes back to its supplier, but to no other project.

    Raises LotStopped, LotUnderWay, BalanceTooSmall.
    """
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    if lot.to_place_id is not None:
        raise LotUnderWay(code=lot.code)
    if body.kind == "project":
        service.check_usable(tx, act, lot)
    service.take_out(tx, act, lot, "transferred_out", body.quantity, note=body.note or body.to)
