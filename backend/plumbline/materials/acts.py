"""Acts on lots: receive, move, split, issue, return, scrap, hold, release, stop."""

from collections.abc import Iterator

from plumbline.acts.gathering import Need, find, named
from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.definitions import catalogue
from plumbline.identity.models import Crew, Organization
from plumbline.materials import service
from plumbline.materials.codes import prefix
from plumbline.materials.errors import LotOfOtherMaterial, LotThere, MaterialUnknown, NotIssued
from plumbline.materials.models import OUTFLOWS, Lot
from plumbline.materials.schemas import (
    IssueBody,
    MoveBody,
    ReasonBody,
    ReceiptBody,
    ReleaseBody,
    ReturnBody,
    ScrapBody,
    SplitBody,
)
from plumbline.projects.models import Code, Place
from plumbline.projects.service import bind_code, next_code
from plumbline.suppliers import service as suppliers
from plumbline.suppliers.models import Supplier


def _receipt_reads(act: Act, body: ReceiptBody) -> Iterator[Need]:
    yield Need(Lot, act.object_id)
    yield from named(Organization, body.supplier)
    if body.supplier is not None:
        yield Need(Supplier, (act.project_id, body.supplier))
    yield from named(Place, body.place)
    yield from named(Code, body.qr, lock=True)


@applies("lot:announce", ReceiptBody, reads=_receipt_reads)
def announce(tx: Tx, act: Act, body: ReceiptBody) -> None:
    """A supplier announces a delivery: the lot exists with nothing on hand. Raises LotThere, MaterialUnknown."""
    lot = _new_lot(tx, act, body, "announced")
    lot.expected = body.quantity
    tx.touch("lot", lot.id)


@applies("lot:receive", ReceiptBody, reads=_receipt_reads)
def receive(tx: Tx, act: Act, body: ReceiptBody) -> None:
    """Receive a delivery into a new or announced lot, or add to one that nothing left yet.

    All inputs of a lot precede its first output. Raises LotThere, LotOfOtherMaterial, MaterialUnknown,
    SupplierSuspended; flags `supplier-suspended-unseen`.
    """
    lot = find(tx.session, Lot, act.object_id)
    is_suspended = suppliers.check_receipt(tx, act, body.supplier or (lot.supplier_id if lot else None))
    if lot is None:
        lot = _new_lot(tx, act, body, "received")
    else:
        lot = service.lock_lot(tx.session, act.project_id, act.object_id)
        _check_open(lot, body)
        bind_code(tx, act.project_id, body.qr, "lot", lot.id)
        lot.qr = lot.qr or body.qr
        lot.place_id = body.place or lot.place_id
    lot.status = "received" if lot.status == "announced" else lot.status
    lot.received_at = lot.received_at or act.received_at
    if is_suspended:
        service.flag_lot(lot, suppliers.UNSEEN)
    service.post(tx, act, lot, "received", service.in_base_unit(lot, body.quantity, body.unit), note=body.delivery_note)


def _check_open(lot: Lot, body: ReceiptBody) -> None:
    if lot.parent_id is not None or any(getattr(lot, column) for column in OUTFLOWS):
        raise LotThere(code=lot.code)
    same = (lot.material, lot.grade, lot.size, lot.heat_no, lot.batch_no)
    if same != (body.material, body.grade, body.size, body.heat_no, body.batch_no):
        raise LotOfOtherMaterial(code=lot.code)


def _new_lot(tx: Tx, act: Act, body: ReceiptBody, status: str) -> Lot:
    if find(tx.session, Lot, act.object_id) is not None:
        raise LotThere(code=str(act.object_id))
    material = catalogue.material(body.material)
    if material is None:
        raise MaterialUnknown(material=body.material)
    service.need(tx.session, Organization, act.project_id, body.supplier, "供应商", "supplier")
    service.need(tx.session, Place, act.project_id, body.place, "地点", "place")
    bind_code(tx, act.project_id, body.qr, "lot", act.object_id)
    lot = Lot(
        id=act.object_id,
        root_id=act.object_id,
        project_id=act.project_id,
        code=next_code(tx, act.project_id, prefix(material.body["category"])),
        status=status,
        supplier_id=body.supplier,
        place_id=body.place,
        act_id=act.id,
        flags=[],
        **body.model_dump(exclude={"quantity", "supplier", "place"}),
    )
    tx.session.add(lot)
    tx.node(lot.id, "lot")
    return lot


@applies("lot:move", MoveBody)
def move(tx: Tx, act: Act, body: MoveBody) -> None:
    """Move a whole lot to another place. Custody does not change, so there is no edge."""
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    service.need(tx.session, Place, act.project_id, body.place, "地点", "place")
    lot.place_id = body.place
    tx.session.add(lot)
    tx.touch("lot", lot.id)


@applies("lot:split", SplitBody)
def split(tx: Tx, act: Act, body: SplitBody) -> None:
    """Make new lots from parts of a lot; what is not split stays in it. Raises BalanceTooSmall, LotThere."""
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    for part in body.parts:
        service.take_out(tx, act, lot, "split_out", part.quantity)
        service.sublot(tx, act, lot, part.lot, part.quantity, "split", part.qr)


def _issue_reads(act: Act, body: IssueBody) -> Iterator[Need]:
    yield Need(Lot, act.object_id, lock=True)
    yield Need(Lot, body.lot)
    yield from named(Crew, body.crew)
    yield from named(Code, body.qr, lock=True)


@applies("lot:issue", IssueBody, reads=_issue_reads)
def issue(tx: Tx, act: Act, body: IssueBody) -> None:
    """Issue part of a lot to a crew, as a sublot in the crew's hands. Raises LotStopped, BalanceTooSmall."""
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    service.need(tx.session, Crew, act.project_id, body.crew, "班组", "crew")
    service.check_usable(tx, act, lot)
    service.take_out(tx, act, lot, "split_out", body.quantity)
    child = service.sublot(tx, act, lot, body.lot, body.quantity, "issue", body.qr)
    child.crew_id = body.crew


@applies("lot:return", ReturnBody)
def take_back(tx: Tx, act: Act, body: ReturnBody) -> None:
    """Take part of an issued sublot back to a place, as a new lot. Raises NotIssued, BalanceTooSmall."""
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    if lot.crew_id is None:
        raise NotIssued(code=lot.code)
    service.need(tx.session, Place, act.project_id, body.place, "地点", "place")
    service.take_out(tx, act, lot, "returned", body.quantity)
    child = service.sublot(tx, act, lot, body.lot, body.quantity, "return", body.qr)
    child.crew_id, child.place_id = None, body.place


@applies("lot:scrap", ScrapBody)
def scrap(tx: Tx, act: Act, body: ScrapBody) -> None:
    """Scrap part of a lot. Raises BalanceTooSmall."""
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    service.take_out(tx, act, lot, "scrapped", body.quantity, note=body.reason)


@applies("lot:hold", ReasonBody)
def hold(tx: Tx, act: Act, body: ReasonBody) -> None:
    """Quarantine a lot and what was made from it. Raises LotUnderRecall."""
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    service.refuse_recalled(tx.session, lot)
    service.set_status(tx, act, lot, "quarantined", body.reason)


@applies("lot:stop", ReasonBody)
def stop(tx: Tx, act: Act, body: ReasonBody) -> None:
    """Stop the use of a lot and of what was made from it. Raises LotUnderRecall."""
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    service.refuse_recalled(tx.session, lot)
    service.set_status(tx, act, lot, "stopped", body.reason)


@applies("lot:release", ReleaseBody)
def release(tx: Tx, act: Act, body: ReleaseBody) -> None:
    """Release a lot and what was made from it for use. Raises LotUnderRecall."""
    lot = service.lock_lot(tx.session, act.project_id, act.object_id)
    service.refuse_recalled(tx.session, lot)
    service.set_status(tx, act, lot, "released", body.reason)
