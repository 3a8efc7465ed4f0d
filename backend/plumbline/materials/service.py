"""Rules of lots: finding, crediting, debiting, sublots, use by steps. The balance closes in every transaction."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlmodel import Session, SQLModel, col, select

from plumbline.acts.gathering import find
from plumbline.acts.models import ActRow
from plumbline.acts.transaction import Act, Tx
from plumbline.materials import words
from plumbline.materials.errors import (
    BalanceTooSmall,
    LotStopped,
    LotThere,
    LotUnderRecall,
    LotUnknown,
    PlaceUnknown,
    UnitDoesNotFit,
)
from plumbline.materials.models import INFLOWS, CertificateLot, Lot, LotInput, LotMovement, TestResult
from plumbline.materials.units import convert
from plumbline.projects.service import bind_code

STOPPED = ("stopped", "quarantined")
# Told of each entry of a lot under recall: (tx, act, lot, column, quantity, step). Recalls know of lots, not the other
# way round, so they register here.
ON_RECALLED: list[Callable[[Tx, Act, Lot, str, Decimal, UUID | None], None]] = []


def lock_lot(session: Session, project_id: UUID, lot_id: UUID) -> Lot:
    """The lot, its row locked on PostgreSQL: two debits cannot cross. Raises LotUnknown."""
    lot = find(session, Lot, lot_id, lock=True)
    if lot is None or lot.project_id != project_id:
        raise LotUnknown(lot=lot_id)
    return lot


def need(
    session: Session, model: type[SQLModel], project_id: UUID, id: UUID | None, what_zh: str, what_en: str
) -> None:
    """Refuse an id that is not of this project. Raises PlaceUnknown."""
    if id is None:
        return
    row = find(session, model, id)
    if row is None or row.project_id != project_id:  # type: ignore[attr-defined]  # Every table of a project has it.
        raise PlaceUnknown(what={"zh": what_zh, "en": what_en})


def post(
    tx: Tx, act: Act, lot: Lot, column: str, quantity: Decimal, step_id: UUID | None = None, note: str | None = None
) -> None:
    """Enter a quantity (base unit, signed) in a column of the balance; `on_hand` follows."""
    setattr(lot, column, getattr(lot, column) + quantity)
    lot.on_hand += quantity if column in INFLOWS else -quantity
    if lot not in tx.session:
        tx.session.add(lot)
    tx.row(
        LotMovement,
        # Written plainly: a quantity read from a row has more zeros than the one that an act wrote.
        id=uuid5(act.id, f"{lot.id}:{column}:{step_id}:{plain(quantity)}:{len(tx.touched)}"),
        project_id=lot.project_id,
        lot_id=lot.id,
        act_id=act.id,
        device_id=act.device_id,
        column=column,
        quantity=quantity,
        step_id=step_id,
        note=note,
    )
    tx.touch("lot", lot.id)
    if lot.recall_id is not None:
        for follow in ON_RECALLED:
            follow(tx, act, lot, column, quantity, step_id)


def take_out(
    tx: Tx, act: Act, lot: Lot, column: str, quantity: Decimal, step_id: UUID | None = None, note: str | None = None
) -> None:
    """Debit a lot. Refused when the device knew that so much is not there; else accepted and flagged.

    Raises BalanceTooSmall.
    """
    if quantity > lot.on_hand:
        there = known(tx, act, lot)
        if quantity > there:
            raise BalanceTooSmall(
                lot=lot.id, code=lot.code, on_hand=plain(there), wanted=plain(quantity), unit=lot.unit
            )
        tx.flag("overdrawn")
        flag_lot(lot, "overdrawn")
    post(tx, act, lot, column, quantity, step_id, note)


def known(tx: Tx, act: Act, lot: Lot) -> Decimal:
    """What is on hand by all that the device of the act had seen, in the base unit."""
    return lot.on_hand - _unseen(tx, act, lot)


def _unseen(tx: Tx, act: Act, lot: Lot) -> Decimal:
    """What entries that the device had not seen changed on hand (base unit, signed)."""
    signed = func.sum(LotMovement.quantity)
    rows = tx.session.exec(
        select(LotMovement.column, signed)
        .join(ActRow, col(ActRow.id) == LotMovement.act_id)
        .where(
            LotMovement.project_id == lot.project_id,
            LotMovement.lot_id == lot.id,
            LotMovement.device_id != act.device_id,
            (col(ActRow.number).is_(None)) | (col(ActRow.number) > act.seen_cursor),
        )
        .group_by(LotMovement.column)
    ).all()
    return sum((q if c in INFLOWS else -q for c, q in rows), Decimal(0))


def flag_lot(lot: Lot, flag: str) -> None:
    """Say on the lot itself what is odd about it."""
    if flag not in lot.flags:
        lot.flags = [*lot.flags, flag]


def check_usable(tx: Tx, act: Act, lot: Lot) -> None:
    """A stopped lot is refused when the device had seen the stop, else flagged. Raises LotStopped."""
    if lot.status not in STOPPED:
        return
    if knew(tx, act, lot.status_act_id):
        why = words.reasons(tx.session, [lot]).get(lot.id, {"zh": "原因未填", "en": "no reason given"})
        raise LotStopped(lot=lot.id, code=lot.code, reason=why)
    tx.flag("lot-stopped-unseen")


def knew(tx: Tx, act: Act, act_id: UUID | None) -> bool:
    """Whether the device of `act` had seen another act, or did it itself."""
    row = tx.session.get(ActRow, act_id) if act_id else None
    if row is None:
        return False
    return row.device_id == act.device_id or tx.had_seen(row.number)


def in_base_unit(lot: Lot, quantity: Decimal, unit: str) -> Decimal:
    """A quantity in the lot's base unit. Raises UnitDoesNotFit."""
    try:
        return convert(quantity, unit, lot.unit)
    except ValueError as bad:
        raise UnitDoesNotFit(unit=unit, code=lot.code, base=lot.unit) from bad


def consume(tx: Tx, act: Act, lot_id: UUID, quantity: Decimal, unit: str, step_id: UUID) -> None:
    """Use part of a lot in a step: debit and edge. Raises LotUnknown, LotStopped, BalanceTooSmall, UnitDoesNotFit."""
    lot = lock_lot(tx.session, act.project_id, lot_id)
    check_usable(tx, act, lot)
    amount = in_base_unit(lot, quantity, unit)
    take_out(tx, act, lot, "used", amount, step_id)
    tx.node(lot.id, "lot")
    tx.node(step_id, "step")
    tx.edge(
        lot.id,
        step_id,
        "consume",
        source_quantity=amount,
        source_unit=lot.unit,
        target_quantity=quantity,
        target_unit=unit,
    )


def unconsume(tx: Tx, act: Act, step_id: UUID) -> None:
    """Give back what a superseded step had used; its edges stay and are marked void."""
    used = tx.session.exec(
        select(LotMovement)
        .where(LotMovement.project_id == act.project_id, LotMovement.step_id == step_id, LotMovement.column == "used")
        # The ids of the new entries count what came before them: drawn again, they must come in the same order.
        .order_by(col(LotMovement.id))
    ).all()
    for entry in used:
        lot = lock_lot(tx.session, act.project_id, entry.lot_id)
        post(tx, act, lot, "used", -entry.quantity, step_id)
    tx.void(step_id)


def sublot(tx: Tx, act: Act, parent: Lot, id: UUID, quantity: Decimal, kind: str, qr: str | None) -> Lot:
    """A new lot made from part of another, with one edge of `kind` (split, issue, return). Raises LotThere."""
    if find(tx.session, Lot, id) is not None:
        raise LotThere(code=str(id))
    parent.children += 1
    bind_code(tx, act.project_id, qr, "lot", id)
    inherited = parent.model_dump(
        include={
            "material",
            "grade",
            "size",
            "unit",
            "status",
            "status_reason",
            "status_act_id",
            "supplier_id",
            "manufacturer",
            "heat_no",
            "batch_no",
            "delivery_note",
            "vehicle",
            "produced_on",
            "delivered_at",
            "received_at",
            "place_id",
            "crew_id",
            "root_id",
            "recall_id",
            "recall_before",
            "recall_before_act_id",
            "recall_before_reason",
        }
    )
    child = Lot(
        id=id,
        project_id=act.project_id,
        code=f"{parent.code}.{parent.children}",
        qr=qr,
        parent_id=parent.id,
        act_id=act.id,
        flags=[],
        **inherited,
    )
    tx.session.add(child)
    post(tx, act, child, "produced", quantity)
    tx.node(parent.id, "lot")
    tx.node(id, "lot")
    tx.edge(
        parent.id, id, kind,
        source_quantity=quantity, source_unit=parent.unit, target_quantity=quantity, target_unit=child.unit,
    )  # fmt: skip
    return child


def set_status(tx: Tx, act: Act, lot: Lot, status: str, reason: str | None) -> None:
    """Change a lot's status; what descends from it or was made of it follows, except what is under recall.

    Nothing is released by one of its inputs while another one is stopped.
    """
    changed: set[UUID] = set()
    for one in [lot, *_descendants(tx.session, lot)]:
        if one.recall_id is not None or (status == "released" and _has_stopped_input(tx.session, one, changed)):
            continue
        changed.add(one.id)
        one.status, one.status_reason, one.status_act_id = status, reason, act.id
        tx.session.add(one)
        tx.touch("lot", one.id)


def _has_stopped_input(session: Session, lot: Lot, released: set[UUID]) -> bool:
    made_of = select(LotInput.input_id).where(LotInput.project_id == lot.project_id, LotInput.lot_id == lot.id)
    stopped = select(Lot.id).where(col(Lot.id).in_(made_of), col(Lot.status).in_(STOPPED))
    return bool(set(session.exec(stopped)) - released)


def refuse_recalled(session: Session, lot: Lot) -> None:
    """Only closing the recall changes the status of its lots. Raises LotUnderRecall."""
    if lot.recall_id is not None:
        raise LotUnderRecall(lot=lot.id, code=lot.code, recall=recall_code(session, lot.recall_id))


def recall_code(session: Session, recall_id: UUID) -> str:
    """What people call a recall (RC-0001)."""
    table = SQLModel.metadata.tables["recall"]  # By name: recalls import materials, not the other way round.
    return str(session.execute(sa_select(table.c.code).where(table.c.id == recall_id)).scalar_one())


def _descendants(session: Session, lot: Lot) -> list[Lot]:
    found: list[Lot] = []
    level, seen = [lot.id], {lot.id}
    while level:
        below = list(session.exec(select(Lot).where(Lot.project_id == lot.project_id, col(Lot.parent_id).in_(level))))
        made = session.exec(
            select(Lot)
            .join(LotInput, (col(LotInput.lot_id) == Lot.id) & (col(LotInput.project_id) == Lot.project_id))
            .where(LotInput.project_id == lot.project_id, col(LotInput.input_id).in_(level))
        )
        fresh = {b.id: b for b in (*below, *made) if b.id not in seen}
        seen |= fresh.keys()
        level = sorted(fresh)
        found += fresh.values()
    return found


def proofs_of(session: Session, project_id: UUID, lot_ids: list[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Ids of the certificates and tests of lots; what proves a received lot proves its parts too."""
    lots = session.exec(select(Lot).where(Lot.project_id == project_id, col(Lot.id).in_(lot_ids))).all()
    proven = {lot.id for lot in lots} | {lot.root_id for lot in lots}
    certificates = session.exec(select(CertificateLot.certificate_id).where(col(CertificateLot.lot_id).in_(proven)))
    tests = session.exec(select(TestResult.id).where(col(TestResult.lot_id).in_(proven)))
    return sorted(set(certificates)), sorted(set(tests))


def count_certificates(session: Session, project_id: UUID, lot_ids: list[UUID]) -> int:
    """How many certificates cover these lots."""
    return len(proofs_of(session, project_id, lot_ids)[0])


def plain(quantity: Decimal) -> str:
    """A quantity as decimal string without exponent and trailing zeros."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
