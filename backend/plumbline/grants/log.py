"""The log of views. An answer to a link leaves only after its line is committed."""

from datetime import datetime
from uuid import UUID

from litestar.concurrency import sync_to_thread
from litestar.types import Message, Scope
from sqlalchemy import Engine, case, func
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.db import now, writing
from plumbline.grants.models import GrantView
from plumbline.grants.visiting import Visitor
from plumbline.serve import lanes

# Openings, lines, and the instant of the newest.
Counts = tuple[int, int, datetime | None]


async def note_view(message: Message, scope: Scope) -> None:
    """Litestar's before_send: one line for each answer that shows something to a visitor."""
    visitor = scope["state"].get("visitor")
    if message["type"] != "http.response.start" or visitor is None or message["status"] >= 400:
        return
    with lanes.writing():
        await sync_to_thread(_commit, scope["litestar_app"].state.engine, visitor)


def _commit(engine: Engine, visitor: Visitor) -> None:
    with writing(engine) as session:
        what, object_id = visitor.seen[-1] if visitor.seen else ("other", None)
        add(session, visitor, what, object_id)


def add(session: Session, visitor: Visitor, what: str, object_id: UUID | None) -> None:
    """Add one line to the session."""
    session.add(
        GrantView(
            id=uuid7(),
            project_id=visitor.project_id,
            grant_id=visitor.grant_id,
            at=now(),
            what=what,
            object_id=object_id,
            path=visitor.path,
            address=visitor.address,
            agent=visitor.agent,
        )
    )


def of_grant(session: Session, project_id: UUID, grant_id: UUID, before: UUID | None, limit: int) -> list[GrantView]:
    """Lines of a grant's log, newest first, older than the line `before`."""
    wanted = select(GrantView).where(GrantView.project_id == project_id, GrantView.grant_id == grant_id)
    if before is not None:
        wanted = wanted.where(col(GrantView.id) < before)
    return list(session.exec(wanted.order_by(col(GrantView.id).desc()).limit(limit)))


def counts(session: Session, project_id: UUID) -> dict[UUID, Counts]:
    """By grant: openings, lines, and the instant of the newest."""
    opened = func.sum(case((col(GrantView.what) == "open", 1), else_=0))
    rows = session.exec(
        select(GrantView.grant_id, opened, func.count(), func.max(GrantView.at))
        .where(GrantView.project_id == project_id)
        .group_by(col(GrantView.grant_id))
    )
    return {grant: (int(opens), views, last) for grant, opens, views, last in rows}
