"""Acts on rolls of blank labels, on labels of things that are there, and on marks."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, insert, select

from plumbline.acts.registry import applies, feed_row
from plumbline.acts.transaction import Act, Tx
from plumbline.marks import service
from plumbline.marks.errors import MarkTaken, MarkUnknown, MarkUnreadable, RollThere, RollUnknown
from plumbline.marks.models import Mark, Roll
from plumbline.marks.reading import read
from plumbline.marks.schemas import LabelBody, MarkBody, PrintBody, ReleaseMarkBody, RollBody
from plumbline.projects.models import Code
from plumbline.projects.service import BLANK, bind_code, next_code, words_for


@applies("roll:reserve", RollBody)
def reserve(tx: Tx, act: Act, body: RollBody) -> None:
    """Reserve the codes of a roll in the project before they are printed. Raises RollThere."""
    made = service.codes_of_roll(body.seed, 1, body.count)
    taken = select(Code.code).where(col(Code.code).in_(made)).limit(1)
    if tx.session.get(Roll, act.object_id) is not None or tx.session.exec(taken).first():
        raise RollThere(roll=act.object_id)
    code = next_code(tx, act.project_id, "LR")
    tx.session.add(Roll(id=act.object_id, project_id=act.project_id, code=code, act_id=act.id, **body.model_dump()))
    common = {"project_id": act.project_id, "kind": BLANK, "object_id": act.object_id, "roll_id": act.object_id}
    tx.session.execute(insert(Code), [{"code": c, "roll_no": n, **common} for n, c in enumerate(made, 1)])
    tx.touch("roll", act.object_id)


@applies("roll:print", PrintBody)
def printed(tx: Tx, act: Act, body: PrintBody) -> None:
    """Note which labels of a roll were printed. Raises RollUnknown."""
    roll = service.find_roll(tx.session, act.project_id, act.object_id)
    if roll is None or not body.first <= body.last <= roll.count:
        raise RollUnknown(roll=act.object_id)
    roll.printed_to = max(roll.printed_to, body.last)
    tx.session.add(roll)
    tx.touch("roll", roll.id)


@applies("label:bind", LabelBody)
def bind_label(tx: Tx, act: Act, body: LabelBody) -> None:
    """Put a label on a thing that is there; an older label of it stays readable. Raises ThingUnknown, CodeTaken."""
    thing = service.get_thing(tx.session, act.project_id, body.kind, act.object_id)
    bind_code(tx, act.project_id, body.code, body.kind, act.object_id)
    thing.qr = body.code
    tx.session.add(thing)
    tx.touch(body.kind, act.object_id)


@applies("mark:bind", MarkBody)
def bind_mark(tx: Tx, act: Act, body: MarkBody) -> None:
    """Know a thing by a mark it has already. Raises ThingUnknown, MarkUnreadable, MarkTaken.

    What was read decides, in the server's reading; where the phone read it otherwise, the act is flagged.
    """
    service.get_thing(tx.session, act.project_id, body.thing_kind, body.thing)
    reading = read(body.kind, body.text)
    if reading is None:
        raise MarkUnreadable(text=body.text[:60])
    if reading.value != body.value:
        tx.flag("mark-read-otherwise")
    there = service.standing(tx.session, act.project_id, reading.value)
    if any(mark.thing_id == body.thing for mark in there):
        return  # Bound twice to the same thing, perhaps by two phones: nothing is new.
    if there and reading.is_single:
        other = there[0]
        what = words_for(tx.session, act.project_id, other.thing_kind, other.thing_id)
        raise MarkTaken(value=reading.value, **what)
    tx.session.add(
        Mark(
            id=act.object_id,
            project_id=act.project_id,
            kind=body.kind,
            text=body.text,
            value=reading.value,
            thing_kind=body.thing_kind,
            thing_id=body.thing,
            act_id=act.id,
        )
    )
    tx.touch("mark", act.object_id)


@applies("mark:release", ReleaseMarkBody)
def release_mark(tx: Tx, act: Act, body: ReleaseMarkBody) -> None:
    """The mark is no longer on the thing; its row stays, out of every look-up. Raises MarkUnknown."""
    mark = tx.session.get(Mark, act.object_id)
    if mark is None or mark.project_id != act.project_id or mark.released_act_id is not None:
        raise MarkUnknown(mark=act.object_id)
    mark.released_act_id = act.id
    tx.session.add(mark)
    tx.touch("mark", mark.id)


@feed_row("roll")
def roll_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Rolls with their seeds, from which phones know their codes, and how many labels are printed and bound."""
    bound = service.bound_counts(session, project_id, ids)
    found = session.exec(select(Roll).where(Roll.project_id == project_id, col(Roll.id).in_(ids)))
    keys = {"code", "count", "seed", "printed_to", "note"}
    return {
        r.id: {"id": str(r.id), **r.model_dump(include=keys), "bound": bound.get(r.id, 0), "act_id": str(r.act_id)}
        for r in found
    }


@feed_row("mark")
def mark_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Marks that stand on something; a released one is a tombstone."""
    found = session.exec(
        select(Mark).where(Mark.project_id == project_id, col(Mark.id).in_(ids), col(Mark.released_act_id).is_(None))
    )
    return {
        m.id: {
            "id": str(m.id),
            **m.model_dump(include={"kind", "text", "value", "thing_kind"}),
            "thing_id": str(m.thing_id),
            "act_id": str(m.act_id),
        }
        for m in found
    }
