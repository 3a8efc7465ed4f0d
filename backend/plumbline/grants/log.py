"""The log of views. An answer to a link or on a public page leaves only after its line is committed."""

from datetime import datetime
from uuid import UUID

from litestar.concurrency import sync_to_thread
from litestar.types import Message, Scope
from sqlalchemy import Engine, case, func
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.db import now, writing
from plumbline.grants.models import GrantView
from plumbline.grants.schemas import ViewOut
from plumbline.grants.visiting import Visitor, sender_of
from plumbline.identity.address import AnyRequest
from plumbline.materials.models import Lot
from plumbline.projects.models import TaskNode
from plumbline.serve import lanes

PUBLIC = "/api/public"
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
    """Add one line of a link to the session."""
    sender = visitor.address, visitor.agent
    session.add(_view(visitor.project_id, what, object_id, sender, visitor.path, visitor.grant_id))


def add_page(session: Session, project_id: UUID, request: AnyRequest, what: str, object_id: UUID) -> None:
    """Add one line of a label's public page; the label's code, which is in the path, is left out."""
    session.add(_view(project_id, what, object_id, sender_of(request), PUBLIC))


def _view(
    project_id: UUID,
    what: str,
    object_id: UUID | None,
    sender: tuple[str, str],
    path: str,
    grant_id: UUID | None = None,
) -> GrantView:
    address, agent = sender
    return GrantView(
        id=uuid7(),
        project_id=project_id,
        grant_id=grant_id,
        at=now(),
        what=what,
        object_id=object_id,
        path=path,
        address=address,
        agent=agent,
    )


def lines(
    session: Session,
    project_id: UUID,
    grant_id: UUID | None,
    before: UUID | None,
    limit: int,
    object_id: UUID | None = None,
) -> list[ViewOut]:
    """Lines of a grant's log, or with None those of public pages; newest first, older than the line `before`."""
    wanted = select(GrantView).where(GrantView.project_id == project_id, GrantView.grant_id == grant_id)
    if before is not None:
        wanted = wanted.where(col(GrantView.id) < before)
    if object_id is not None:
        wanted = wanted.where(GrantView.object_id == object_id)
    found = session.exec(wanted.order_by(col(GrantView.id).desc()).limit(limit)).all()
    names = _codes(session, {line.object_id for line in found if line.object_id})
    kept = {"project_id", "grant_id"}
    return [
        ViewOut(**line.model_dump(exclude=kept), object_code=names.get(line.object_id) if line.object_id else None)
        for line in found
    ]


def _codes(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    """The codes of the elements and lots among the objects."""
    tasks = session.exec(select(TaskNode.id, TaskNode.code).where(col(TaskNode.id).in_(ids))).all()
    lots = session.exec(select(Lot.id, Lot.code).where(col(Lot.id).in_(ids))).all()
    return dict([*tasks, *lots])


def counts(session: Session, project_id: UUID) -> dict[UUID, Counts]:
    """By grant: openings, lines, and the instant of the newest."""
    opened = func.sum(case((col(GrantView.what) == "open", 1), else_=0))
    rows = session.exec(
        select(GrantView.grant_id, opened, func.count(), func.max(GrantView.at))
        .where(GrantView.project_id == project_id, col(GrantView.grant_id).is_not(None))
        .group_by(col(GrantView.grant_id))
    )
    return {grant: (int(opens), views, last) for grant, opens, views, last in rows if grant}
