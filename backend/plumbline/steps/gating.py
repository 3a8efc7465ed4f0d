"""The use gate of a step: lots that lack what their material asks for before use are refused or flagged."""

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.gathering import find
from plumbline.acts.transaction import Act, Tx
from plumbline.definitions import catalogue
from plumbline.definitions.gate import OPEN, Gate, Known, asks_for, judge
from plumbline.evidence import service as evidence
from plumbline.materials import service as materials
from plumbline.materials.models import Lot
from plumbline.materials.rows import status_of
from plumbline.steps import clock, lots
from plumbline.steps.errors import LotUnproven
from plumbline.steps.schemas import StepBody

UNSEEN = "gate-unseen"
MOST_OTHERS = 50  # Lots looked at to name one that can be used instead.


def check(tx: Tx, act: Act, body: StepBody) -> None:
    """Judge every lot of the step on the day of the step.

    A lot that lacks a proof is refused when the device had seen the lot, else flagged `gate-unseen`. An act drawn
    again keeps what was said then: papers may have been told of in another order, and the gate was not always there.
    Raises LotUnproven.
    """
    if tx.recorded is not None:
        if UNSEEN in tx.recorded:
            tx.flag(UNSEEN)
        return
    day = clock.day_on_site(act)
    for use in body.lots:
        lot = find(tx.session, Lot, use.lot)
        assert lot is not None  # Its quantity was taken out just before.
        gate = of_lot(tx.session, lot, day)
        if not gate.missing:
            continue
        if materials.knew(tx, act, lot.act_id):
            raise LotUnproven(
                lot=lot.id, code=lot.code, lacks=_words(gate.missing), kinds=list(gate.missing),
                other=_another(tx.session, lot, day),
            )  # fmt: skip
        tx.flag(UNSEEN)


def of_lot(session: Session, lot: Lot, day: date) -> Gate:
    """What the gate says of a lot as it is known now; a material nobody shipped is not held."""
    material = catalogue.material(lot.material)
    wanted = _asked(lot.material)
    if lot.status == "released":
        wanted &= {"in_date"}
    if lot.produced_on is None:
        wanted -= {"in_date"}
    if material is None or not wanted:
        return OPEN  # A load that is judged while it is used: nothing is read for it.
    return judge(material.body, _known(session, lot, wanted), day)


@cache
def _asked(material: str) -> frozenset[str]:
    """What the gate looks for in a shipped material, which does not change while the process lives."""
    found = catalogue.material(material)
    return frozenset(asks_for(found.body)) if found else frozenset()


def due_on(session: Session, lot: Lot, used_on: date) -> str | None:
    """ISO day on which the late result of a lot used on this day is due; None when nothing is open."""
    material = catalogue.material(lot.material)
    if material is None:
        return None
    return judge(material.body, _known(session, lot, frozenset({"retest"})), used_on).due_on


def _known(session: Session, lot: Lot, wanted: frozenset[str]) -> Known:
    papers = lots.count_certificates(session, lot.project_id, [lot.id]) if "certificate" in wanted else 0
    if "certificate" in wanted and not papers:
        papers = _photographed(session, lot)
    said: list[dict[str, Any]] = [
        {
            "kind": test.kind,
            "result": test.result,
            "tested_on": test.tested_on.isoformat() if test.tested_on else None,
            "due_on": test.due_on.isoformat() if test.due_on else None,
        }
        for test in lots.tests_of(session, lot)
    ]
    produced = lot.produced_on.isoformat() if lot.produced_on else None
    return Known(lot.status, produced, papers, said)


def _photographed(session: Session, lot: Lot) -> int:
    """Papers that were photographed at the receipt and have no number of their own yet."""
    root = find(session, Lot, lot.root_id)
    acts = {lot.act_id} | ({root.act_id} if root else set())
    files = evidence.file_rows(session, lot.project_id, sorted(acts))
    return sum(file["role"].partition(":")[0] == "certificate" for rows in files.values() for file in rows)


def _another(session: Session, lot: Lot, day: date) -> dict[str, str]:
    """How to go on: a lot of the same material, grade and size that can be used, if there is one."""
    same = (
        select(Lot)
        .where(Lot.project_id == lot.project_id, Lot.material == lot.material, Lot.id != lot.id)
        .where(col(Lot.status).in_(("received", "released")), col(Lot.on_hand) > 0)
        .where(Lot.grade == lot.grade, Lot.size == lot.size)
        .order_by(col(Lot.code))
        .limit(MOST_OTHERS)
    )
    for other in session.exec(same):
        if not of_lot(session, other, day).missing and status_of(other) != "exhausted":
            return {"zh": f"或改用批次 {other.code}", "en": f"or use lot {other.code}"}
    return {"zh": "目前没有其他可用批次", "en": "no other lot can be used now"}


def _words(kinds: tuple[str, ...]) -> dict[str, str]:
    names = catalogue.data("materials.json")["proof_kinds"]
    return {
        "zh": "、".join(names[kind]["zh"] for kind in kinds),
        "en": "; ".join(names[kind]["en"] for kind in kinds),
    }


def open_results(session: Session, project_id: UUID, used: list[tuple[UUID, date]]) -> list[tuple[UUID, str]]:
    """Lots whose late result is still open, with the ISO day on which it is due, in the order given."""
    found: list[tuple[UUID, str]] = []
    for lot_id, day in used:
        lot = find(session, Lot, lot_id)
        due = due_on(session, lot, day) if lot is not None and lot.project_id == project_id else None
        if due is not None:
            found.append((lot_id, due))
    return found
