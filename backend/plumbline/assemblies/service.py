"""Rules of making lots of lots: debits, edges, inherited facts, the closed-lot rule."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.gathering import find
from plumbline.acts.models import ActRow
from plumbline.acts.transaction import Act, Tx
from plumbline.assemblies.errors import LotsDiffer, SerialTaken
from plumbline.assemblies.models import StationEvent
from plumbline.assemblies.schemas import Input, Work
from plumbline.materials import service
from plumbline.materials.errors import LotThere
from plumbline.materials.models import OUTFLOWS, Lot, LotInput, LotMovement
from plumbline.steps import checks

COUNTABLE = ("pcs", "sets", "rolls", "bags")
IDENTITY = ("material", "grade", "size", "unit")
# A new lot has these of its contributors where they all agree.
AGREED = ("heat_no", "batch_no", "manufacturer", "supplier_id", "produced_on", "delivery_note", "root_id")
# What the worst of the contributors hands on.
STANDING = ("status", "status_reason", "status_act_id", "recall_id", "recall_before", "recall_before_act_id",
            "recall_before_reason")  # fmt: skip


def locked(tx: Tx, act: Act, inputs: Sequence[Input]) -> list[Lot]:
    """The contributors, locked in the order of their ids, in the order they are named; usable. Raises as lots do."""
    found = {id: service.lock_lot(tx.session, act.project_id, id) for id in sorted(one.lot for one in inputs)}
    for one in inputs:
        service.check_usable(tx, act, found[one.lot])
    return [found[one.lot] for one in inputs]


def alike(lots: Sequence[Lot]) -> None:
    """Raises LotsDiffer unless all are one material, grade, size and unit."""
    first = lots[0]
    for other in lots[1:]:
        if any(getattr(first, name) != getattr(other, name) for name in IDENTITY):
            raise LotsDiffer(code=first.code, other=other.code)


def is_one_batch(lots: Sequence[Lot]) -> bool:
    """Whether all are parts of one delivery, or of one heat or batch of one maker: for quality they are one thing."""
    if len({lot.root_id for lot in lots}) == 1:
        return True
    names = {(lot.manufacturer, lot.heat_no, lot.batch_no) for lot in lots}
    return len(names) == 1 and bool(lots[0].manufacturer) and bool(lots[0].heat_no or lots[0].batch_no)


def inherited(lots: Sequence[Lot]) -> dict[str, Any]:
    """What a merged lot has of its contributors. Its root is theirs only where they have one."""
    first = lots[0]
    agreed = {name: getattr(first, name) if len({getattr(lot, name) for lot in lots}) == 1 else None for name in AGREED}
    return {**{name: getattr(first, name) for name in IDENTITY}, **agreed}


def standing(lots: Iterable[Lot], made: bool) -> dict[str, Any]:
    """The status that a new lot begins with: stopped or held as its worst contributor, which it then shares."""
    order = [*service.STOPPED, "announced", "received", "released"]
    worst = min(lots, key=lambda lot: order.index(lot.status) if lot.status in order else 0)
    if worst.status in service.STOPPED or worst.recall_id is not None:
        return {name: getattr(worst, name) for name in STANDING}
    return {"status": "received" if made else worst.status}


def put_in(
    tx: Tx, act: Act, target: Lot, source: Lot, one: Input, kind: str, certainty: str, arrives: Decimal | None
) -> Decimal:
    """Debit a contributor and tie it to the lot it goes into; the quantity in its base unit. Raises as lots do.

    `arrives` is the quantity on the target's end of the edge; None: as much as leaves, in the same unit.
    """
    amount = service.in_base_unit(source, one.quantity, one.unit)
    service.take_out(tx, act, source, "used", amount)
    before = find(tx.session, LotInput, (act.project_id, target.id, source.id))
    if before is None:
        before = LotInput(
            project_id=act.project_id, lot_id=target.id, input_id=source.id, quantity=Decimal(0), act_id=act.id
        )
    before.quantity += amount
    tx.session.add(before)
    tx.node(source.id, "lot")
    tx.node(target.id, "lot")
    tx.edge(
        source.id, target.id, kind, certainty=certainty, source_quantity=amount, source_unit=source.unit,
        target_quantity=amount if arrives is None else arrives, target_unit=target.unit,
    )  # fmt: skip
    return amount


def check_open(tx: Tx, act: Act, lot: Lot) -> None:
    """All inputs of a lot precede its first output. Accepted and flagged when the device could not know of that.

    Raises LotThere.
    """
    if not any(getattr(lot, column) for column in OUTFLOWS):
        return
    outputs = tx.session.exec(
        select(LotMovement.device_id, ActRow.number)
        .join(ActRow, col(ActRow.id) == LotMovement.act_id)
        .where(LotMovement.project_id == lot.project_id, LotMovement.lot_id == lot.id)
        .where(col(LotMovement.column).in_(OUTFLOWS))
    ).all()
    if any(device == act.device_id or tx.had_seen(number) for device, number in outputs):
        raise LotThere(code=lot.code)
    tx.flag("fed-after-use")
    service.flag_lot(lot, "fed-after-use")


def check_serial(session: Session, project_id: UUID, material: str, serial_no: str) -> None:
    """Raises SerialTaken: within a project and a material a serial number is one piece's."""
    code = session.exec(
        select(Lot.code).where(Lot.project_id == project_id, Lot.serial_no == serial_no, Lot.material == material)
    ).first()
    if code is not None:
        raise SerialTaken(serial_no=serial_no, code=code)


def work_at(tx: Tx, act: Act, lot: Lot, station: str, work: Work, note: str | None = None) -> None:
    """Record who worked on a lot, on what and how. Raises CrewUnknown, PersonNotMember, EquipmentUnknown."""
    checks.crew(tx.session, act.project_id, work.crew)
    for former in checks.people(tx.session, act.project_id, [work.operator] if work.operator else []):
        tx.touch("member", former)
    expired = any(checks.machines(tx.session, act, [work.equipment] if work.equipment else []).values())
    if expired:
        tx.flag("calibration-expired")
    tx.row(
        StationEvent,
        id=act.id,
        project_id=act.project_id,
        lot_id=lot.id,
        station=station,
        equipment_id=work.equipment,
        is_calibration_expired=expired,
        operator_id=work.operator,
        crew_id=work.crew,
        parameters=[one.model_dump() for one in work.parameters],
        method=work.method,
        note=note,
        at_wall=act.at.wall,
        at_offset_min=act.at.offset_min,
        received_at=act.received_at,
        act_id=act.id,
    )
    tx.touch("lot", lot.id)


def station_rows(session: Session, project_id: UUID, lot_id: UUID) -> list[dict[str, Any]]:
    """What was done to a lot at stations, in the order of receipt."""
    events = session.exec(
        select(StationEvent)
        .where(StationEvent.project_id == project_id, StationEvent.lot_id == lot_id)
        .order_by(col(StationEvent.received_at), col(StationEvent.id))
    )
    return [event.model_dump(mode="json", exclude={"project_id", "lot_id"}) for event in events]
