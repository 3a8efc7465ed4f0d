"""The feed: what changed in a project after a position, newest state of each object once, in order.

Rows are drawn when they are read, so a row may be newer than its number, never older. Nothing beyond the head that
was read first is told: what is committed while a page is drawn comes with the next one, and no number comes twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from sqlalchemy import exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from plumbline.acts.errors import CursorExpired
from plumbline.acts.models import Change, FeedHorizon
from plumbline.acts.registry import FEED
from plumbline.projects.models import Project

FIRST = UUID(int=0)


@dataclass(frozen=True)
class Position:
    """Right behind one changed object; behind all objects of the number when `kind` is empty."""

    number: int
    kind: str = ""
    object_id: UUID = FIRST

    @classmethod
    def read(cls, text: str) -> Self:
        """What `str` has written. Raises ValueError."""
        number, kind, object_id = text.split("~")
        return cls(int(number), kind, UUID(object_id))

    def __str__(self) -> str:
        return f"{self.number}~{self.kind}~{self.object_id}"


@dataclass(frozen=True)
class Entry:
    """One object's newest change up to a head; `row` is None when the object has left the project's view."""

    number: int
    kind: str
    object_id: UUID
    row: dict[str, Any] | None

    @property
    def behind(self) -> Position:
        """The position right behind this change."""
        return Position(self.number, self.kind, self.object_id)


def head_of(session: Session, project_id: UUID) -> int:
    """The newest number of the project."""
    return session.exec(select(Project.feed_seq).where(Project.id == project_id)).one()


def floor_of(session: Session, project_id: UUID) -> int:
    """Positions below it, other than 0, may have missed deletions that the feed has forgotten."""
    found = session.get(FeedHorizon, project_id)
    return found.floor if found else 0


def snapshot_path(project_id: UUID) -> str:
    """Where the snapshot of a project is."""
    return f"/api/projects/{project_id}/snapshot"


def changes(
    session: Session, project_id: UUID, cursor: int, limit: int, after: Position | None = None, base: int = 0
) -> dict[str, Any]:
    """Changes after `cursor`, at most `limit` objects: {changes, cursor, after, head, more}. Raises CursorExpired.

    A page ends where a number ends. One act may change more objects than a page holds (an import): then `cursor`
    stays before its number, and `after` says how far the page came. `base` is the head that the first page of a load
    from 0 told: deletions before it were never held as rows, so that the load's own positions cannot expire by them.
    """
    head = head_of(session, project_id)
    start = after if after and after.number > cursor else Position(cursor)
    held = max(cursor, base)
    if max(start.number, held) > head or 0 < held < floor_of(session, project_id):
        raise CursorExpired(cursor=cursor, head=head, snapshot=snapshot_path(project_id))
    page = entries(session, project_id, start, head, limit + 1)
    more = len(page) > limit
    told = _whole_numbers(page[:limit], page[limit].number) if more else page
    is_cut = more and told[-1].number == page[limit].number
    return {
        "changes": [{"number": e.number, "kind": e.kind, "id": e.object_id, "row": e.row} for e in told],
        "cursor": (max(cursor, told[-1].number - 1) if is_cut else told[-1].number) if more else head,
        "after": str(told[-1].behind) if is_cut else None,
        "head": head,
        "more": more,
    }


def _whole_numbers(page: list[Entry], next_number: int) -> list[Entry]:
    """The page without a number that goes on behind it, unless nothing else is in it."""
    return [e for e in page if e.number < next_number] or page


def entries(session: Session, project_id: UUID, start: Position, head: int, limit: int) -> list[Entry]:
    """Up to `limit` objects behind `start` whose newest change up to `head` lies there, in the feed's order."""
    newer = aliased(Change)
    is_old = exists().where(
        col(newer.project_id) == project_id,
        col(newer.kind) == Change.kind,
        col(newer.object_id) == Change.object_id,
        col(newer.number) > Change.number,
        col(newer.number) <= head,
    )
    found = session.exec(
        select(Change.number, Change.kind, Change.object_id)
        .where(Change.project_id == project_id, Change.number <= head, ~is_old, *_behind(start))
        .order_by(col(Change.number), col(Change.kind), col(Change.object_id))
        .limit(limit)
    ).all()
    rows = _rows(session, project_id, found)
    return [Entry(n, kind, id, rows[kind].get(id)) for n, kind, id in found]


def _behind(start: Position) -> list[Any]:
    if not start.kind:
        return [Change.number > start.number]
    number, kind, id = col(Change.number), col(Change.kind), col(Change.object_id)
    # The first condition is implied by the second; it lets the primary key find the place.
    further = or_(number > start.number, kind > start.kind, (kind == start.kind) & (id > start.object_id))
    return [number >= start.number, further]


def _rows(
    session: Session, project_id: UUID, page: Sequence[tuple[int, str, UUID]]
) -> dict[str, dict[UUID, dict[str, Any]]]:
    wanted: dict[str, list[UUID]] = {}
    for _, kind, id in page:
        wanted.setdefault(kind, []).append(id)
    return {kind: FEED[kind](session, project_id, ids) for kind, ids in wanted.items()}
