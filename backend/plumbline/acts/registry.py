"""One registry maps an act's type to its body schema and the domain function that applies it.

Who may do it stands in identity/roles.py. A domain function adds rows and never flushes or commits; it raises
a Problem to refuse, or Waits to defer the act until what it names has arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

if TYPE_CHECKING:
    from plumbline.acts.gathering import Need
    from plumbline.acts.transaction import Act, Tx

Apply = Callable[["Tx", "Act", Any], None]
Reads = Callable[["Act", Any], "Iterable[Need]"]
Rows = Callable[[Session, UUID, list[UUID]], dict[UUID, dict[str, Any]]]


class Body(BaseModel):
    """Base of all act bodies: unknown keys are refused, values are not converted silently, text is not empty."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


@dataclass(frozen=True)
class Registered:
    """What the door knows of one act type."""

    name: str
    body: type[Body]
    apply: Apply
    by_house: bool = False
    reads: Reads | None = None


class Waits(Exception):
    """Defer the act: it applies by itself when all keys have arrived (`act:<id>` or `file:<sha256>`)."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys
        super().__init__(", ".join(keys))


ACTS: dict[str, Registered] = {}
FEED: dict[str, Rows] = {}


B = TypeVar("B", bound=Body)


def applies(
    type: str, body: type[B], by_house: bool = False, reads: Callable[[Act, B], Iterable[Need]] | None = None
) -> Callable[[Callable[[Tx, Act, B], None]], Callable[[Tx, Act, B], None]]:
    """Register the function that applies an act type. `by_house`: only the server itself may do it.

    `reads` names the rows that the function will ask `find` for, so that a batch reads them all at once. It is a
    matter of speed alone: rows that it leaves out are read when they are asked for.
    """

    def register(function: Callable[[Tx, Act, B], None]) -> Callable[[Tx, Act, B], None]:
        if type in ACTS:
            raise ValueError(f"act type registered twice: {type}")
        ACTS[type] = Registered(type, body, function, by_house, reads)
        return function

    return register


def feed_row(kind: str) -> Callable[[Rows], Rows]:
    """Register the function that draws feed rows of a kind; ids that it leaves out become tombstones."""

    def register(function: Rows) -> Rows:
        FEED[kind] = function
        return function

    return register


def rows_of(session: Session, project_id: UUID, kind: str, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The feed's rows of these, in their order, without those that have none; of none nothing is asked."""
    rows = FEED[kind](session, project_id, list(ids)) if ids else {}
    return [rows[id] for id in ids if id in rows]
