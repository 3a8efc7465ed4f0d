"""Rules of rolls and marks: codes of a roll, finding a thing, finding what a mark stands on."""

import hashlib
import hmac
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from plumbline import codes
from plumbline.identity.models import Equipment
from plumbline.marks.errors import ThingUnknown
from plumbline.marks.models import Mark, Roll
from plumbline.materials.models import Lot
from plumbline.projects.models import Code, Place, TaskNode
from plumbline.projects.service import BLANK

THINGS: dict[str, type[SQLModel]] = {"lot": Lot, "task": TaskNode, "place": Place, "equipment": Equipment}


def codes_of_roll(seed: str, first: int, last: int) -> list[str]:
    """Codes of the running numbers `first` to `last`: 128 bits of HMAC-SHA-256 under the seed, as any code is written.

    The PWA makes the same ones (pwa/src/marks/roll.ts).
    """
    key = bytes.fromhex(seed)
    return [
        codes.written(int.from_bytes(hmac.digest(key, b"plumbline roll %d" % n, hashlib.sha256)[:16], "big"))
        for n in range(first, last + 1)
    ]


def get_thing(session: Session, project_id: UUID, kind: str, id: UUID) -> Any:
    """The row of a lot, task, place or piece of equipment of the project. Raises ThingUnknown."""
    found: Any = session.get(THINGS[kind], id)
    if found is None or found.project_id != project_id:
        raise ThingUnknown(kind=kind, thing=id)
    return found


def standing(session: Session, project_id: UUID, value: str) -> list[Mark]:
    """Marks of this normal form that stand on something, oldest first."""
    found = select(Mark).where(Mark.project_id == project_id, Mark.value == value, col(Mark.released_act_id).is_(None))
    return list(session.exec(found.order_by(col(Mark.id))))


def bound_counts(session: Session, project_id: UUID, roll_ids: list[UUID]) -> dict[UUID, int]:
    """How many labels of each roll are on something."""
    rows = session.exec(
        select(Code.roll_id, func.count())
        .where(Code.project_id == project_id, col(Code.roll_id).in_(roll_ids), Code.kind != BLANK)
        .group_by(col(Code.roll_id))
    )
    return {roll: int(count) for roll, count in rows if roll is not None}


def find_roll(session: Session, project_id: UUID, roll_id: UUID) -> Roll | None:
    """A roll of the project, or None."""
    found = session.get(Roll, roll_id)
    return found if found is not None and found.project_id == project_id else None
