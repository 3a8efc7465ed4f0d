"""The feed: what changed in a project after a position, newest state of each object once, in order.

Rows are drawn when they are read, so a row may be newer than its number, never older.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from plumbline.acts.errors import CursorExpired
from plumbline.acts.models import Change
from plumbline.acts.registry import FEED
from plumbline.projects.models import Project


def changes(session: Session, project_id: UUID, cursor: int, limit: int) -> dict[str, Any]:
    """Changes after `cursor`, at most `limit` objects: {changes, cursor, head, more}. Raises CursorExpired."""
    head = session.exec(select(Project.feed_seq).where(Project.id == project_id)).one()
    if cursor > head:
        raise CursorExpired(cursor=cursor, head=head)
    newest = func.max(Change.number)
    found = session.exec(
        select(newest, Change.kind, Change.object_id)
        .where(Change.project_id == project_id, Change.number > cursor)
        .group_by(Change.kind, col(Change.object_id))
        .order_by(newest, Change.kind, col(Change.object_id))
        .limit(limit + 1)
    ).all()
    page, more = _whole_numbers(found, limit)
    rows = _rows(session, project_id, page)
    return {
        "changes": [{"number": n, "kind": k, "id": id, "row": rows[k].get(id)} for n, k, id in page],
        "cursor": page[-1][0] if more else head,
        "head": head,
        "more": more,
    }


def _whole_numbers(found: Any, limit: int) -> tuple[list[tuple[int, str, UUID]], bool]:
    """Cut the page where a number ends: a position must not fall between two objects of one act."""
    page = [(n, k, id) for n, k, id in found]
    if len(page) <= limit:
        return page, False
    last = page[limit][0]
    whole = [p for p in page if p[0] < last]
    return (whole, True) if whole else (page, False)


def _rows(
    session: Session, project_id: UUID, page: list[tuple[int, str, UUID]]
) -> dict[str, dict[UUID, dict[str, Any]]]:
    wanted: dict[str, list[UUID]] = {}
    for _, kind, id in page:
        wanted.setdefault(kind, []).append(id)
    return {kind: FEED[kind](session, project_id, ids) for kind, ids in wanted.items()}
