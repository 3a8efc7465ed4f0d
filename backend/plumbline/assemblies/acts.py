"""Acts that make lots of lots: merge, mix, make, take apart; units and stations."""

from collections.abc import Iterator
from decimal import Decimal

from plumbline.acts.gathering import Need, find, named
from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.assemblies import service
from plumbline.assemblies.errors import NotAMix, NotBuiltIn, NotCountable
from plumbline.assemblies.schemas import (
    Inputs,
    MakeBody,
    MergeBody,
    MixBody,
    NumberBody,
    StationBody,
    TakeApartBody,
)
from plumbline.definitions import catalogue
from plumbline.materials import service as materials
from plumbline.materials.codes import prefix
from plumbline.materials.errors import LotThere, MaterialUnknown, UnitDoesNotFit
from plumbline.materials.models import Lot, LotInput
from plumbline.materials.units import UNITS
from plumbline.projects.models import Code, Place
from plumbline.projects.service import bind_code, next_code


def _reads(act: Act, body: Inputs) -> Iterator[Need]:
    yield Need(Lot, act.object_id)
    yield from (Need(Lot, one.lot, lock=True) for one in body.inputs)
    yield from named(Place, getattr(body, "place", None))
    yield from named(Code, getattr(body, "qr", None), lock=True)


@applies("lot:merge", MergeBody, reads=_reads)
def merge(tx: Tx, act: Act, body: MergeBody) -> None:
    """Lots of one material become a new lot, one edge for each contributor.

    The edges are `certain` where all are one heat or batch, else `possible`: nobody can tell which part of the new
    lot is whose. Raises LotsDiffer, LotThere, LotStopped, BalanceTooSmall, UnitDoesNotFit.
    """
    lots = service.locked(tx, act, body.inputs)
    service.alike(lots)
    lot = _new(tx, act, body, "lot", **service.inherited(lots), **service.standing(lots, made=False))
    _gather(tx, act, lot, lots, body, "certain" if service.is_one_batch(lots) else "possible")


@applies("lot:mix", MixBody, reads=_reads)
def mix(tx: Tx, act: Act, body: MixBody) -> None:
    """Material goes into a silo, stockpile or bundle, where it mixes: each contributor is `possible` in each part.

    A mix takes more until something leaves it. After that, the rest and what comes go into a new mix together. Raises
    NotAMix, and what lot:merge raises.
    """
    lots = service.locked(tx, act, body.inputs)
    there = find(tx.session, Lot, act.object_id)
    if there is None:
        service.alike(lots)
        lot = _new(tx, act, body, "mix", **service.inherited(lots), **service.standing(lots, made=False))
    else:
        lot = _more(tx, act, lots)
    _gather(tx, act, lot, lots, body, "possible")


def _more(tx: Tx, act: Act, lots: list[Lot]) -> Lot:
    lot = materials.lock_lot(tx.session, act.project_id, act.object_id)
    if lot.kind != "mix":
        raise NotAMix(code=lot.code)
    service.alike([lot, *lots])
    if lot in lots:
        raise LotThere(code=lot.code)
    service.check_open(tx, act, lot)
    was = service.inherited([lot, *lots])
    for name in service.AGREED:
        if name != "root_id":
            setattr(lot, name, was[name])
    lot.root_id = was["root_id"] or lot.id
    for name, value in service.standing([lot, *lots], made=False).items():
        setattr(lot, name, value)
    return lot


def _gather(tx: Tx, act: Act, lot: Lot, lots: list[Lot], body: Inputs, certainty: str) -> None:
    total = Decimal(0)
    for source, one in zip(lots, body.inputs, strict=True):
        total += service.put_in(tx, act, lot, source, one, "merge", certainty, None)
    materials.post(tx, act, lot, "produced", total)


def _new(tx: Tx, act: Act, body: MergeBody | MixBody | MakeBody, kind: str, **facts: object) -> Lot:
    if find(tx.session, Lot, act.object_id) is not None:
        raise LotThere(code=str(act.object_id))
    material = catalogue.material(str(facts["material"]))
    if material is None:
        raise MaterialUnknown(material=str(facts["material"]))
    materials.need(tx.session, Place, act.project_id, body.place, "地点", "place")
    bind_code(tx, act.project_id, body.qr, "lot", act.object_id)
    lot = Lot.model_validate(
        {
            **facts,
            "id": act.object_id,
            "root_id": facts.get("root_id") or act.object_id,
            "project_id": act.project_id,
            "code": next_code(tx, act.project_id, prefix(material.body["category"])),
            "qr": body.qr,
            "kind": kind,
            "place_id": body.place,
            "received_at": act.received_at,
            "note": body.note,
            "flags": [],
            "act_id": act.id,
        }
    )
    tx.session.add(lot)
    tx.node(lot.id, "lot")
    return lot


@applies("assembly:make", MakeBody, reads=_reads)
def make(tx: Tx, act: Act, body: MakeBody) -> None:
    """Make a lot of lots: a precast element, a cage, a weld with its consumables, mixed concrete.

    With a serial number it is a unit. Raises MaterialUnknown, UnitDoesNotFit, SerialTaken, LotThere, LotStopped,
    BalanceTooSmall, CrewUnknown, PersonNotMember, EquipmentUnknown.
    """
    lots = service.locked(tx, act, body.inputs)
    if catalogue.material(body.material) is None:
        raise MaterialUnknown(material=body.material)
    if body.unit not in UNITS:
        raise UnitDoesNotFit(unit=body.unit, code=body.material, base=catalogue.units(body.material)[0])
    if body.serial_no is not None:
        service.check_serial(tx.session, act.project_id, body.material, body.serial_no)
    facts = {
        "material": body.material,
        "grade": body.grade,
        "size": body.size,
        "unit": body.unit,
        "serial_no": body.serial_no,
        "produced_on": body.produced_on,
        "crew_id": None,
        **service.standing(lots, made=True),
    }
    lot = _new(tx, act, body, "unit" if body.serial_no else "assembly", **facts)
    for source, one in zip(lots, body.inputs, strict=True):
        service.put_in(tx, act, lot, source, one, "transform", "certain", body.quantity)
    materials.post(tx, act, lot, "produced", body.quantity)
    if body.crew or body.operator or body.equipment or body.parameters or body.method:
        service.work_at(tx, act, lot, "make", body)


@applies("assembly:take_apart", TakeApartBody)
def take_apart(tx: Tx, act: Act, body: TakeApartBody) -> None:
    """Take an assembly apart: it is debited, and what can be used again becomes lots of its contributors.

    Such a part runs from its contributor, as a return does: a cage out of a stair does not descend from the stair's
    concrete. Raises NotBuiltIn, BalanceTooSmall, LotThere.
    """
    lot = materials.lock_lot(tx.session, act.project_id, act.object_id)
    materials.need(tx.session, Place, act.project_id, body.place, "地点", "place")
    materials.take_out(tx, act, lot, "used", body.quantity, note=body.reason)
    for part in body.parts:
        built_in = find(tx.session, LotInput, (act.project_id, lot.id, part.of))
        source = materials.lock_lot(tx.session, act.project_id, part.of)
        left = built_in.quantity - built_in.recovered if built_in else Decimal(0)
        if built_in is None or part.quantity > left:
            raise NotBuiltIn(code=lot.code, input=source.code, left=materials.plain(left), unit=source.unit)
        built_in.recovered += part.quantity
        tx.session.add(built_in)
        child = materials.sublot(tx, act, source, part.lot, part.quantity, "return", part.qr)
        child.crew_id, child.place_id = None, body.place or lot.place_id
        if source.kind == "unit":
            child.kind, child.serial_no = source.kind, source.serial_no


@applies("unit:number", NumberBody)
def number(tx: Tx, act: Act, body: NumberBody) -> None:
    """Give pieces of a lot serial numbers. Raises NotCountable, SerialTaken, BalanceTooSmall, LotThere."""
    lot = materials.lock_lot(tx.session, act.project_id, act.object_id)
    if lot.unit not in service.COUNTABLE:
        raise NotCountable(code=lot.code, unit=lot.unit)
    for one in body.units:
        service.check_serial(tx.session, act.project_id, lot.material, one.serial_no)
        materials.take_out(tx, act, lot, "split_out", Decimal(1))
        unit = materials.sublot(tx, act, lot, one.lot, Decimal(1), "split", one.qr)
        unit.kind, unit.serial_no = "unit", one.serial_no


@applies("unit:work", StationBody)
def work(tx: Tx, act: Act, body: StationBody) -> None:
    """Record work on a unit, assembly or lot at a station. Raises CrewUnknown, PersonNotMember, EquipmentUnknown."""
    lot = materials.lock_lot(tx.session, act.project_id, act.object_id)
    service.work_at(tx, act, lot, body.station, body, body.note)
