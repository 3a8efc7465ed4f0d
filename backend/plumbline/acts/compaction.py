"""Keeping the feed small: a daily job takes away superseded changes, and deletions that nobody waits for any more.

A superseded change can go at any time: the object's newest change has a higher number, and whoever stands before the
old one gets the new one. A deletion (a row that is null) must stay as long as somebody may hold the row: after
`feed_days` it goes, and positions before it get 410, which sends them to the snapshot.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, delete, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from plumbline import db, jobs
from plumbline.acts import feed
from plumbline.acts.models import ActRow, Change, FeedHorizon
from plumbline.projects.models import Project

# Numbers whose changes are looked at in one transaction: writers wait for tens of milliseconds, not for seconds.
STRETCH = 5_000
PAGE = 500
DAY = timedelta(days=1)


@jobs.daily("feed:compact", hour=5)
def compact_all(context: jobs.Context, *_: str) -> None:
    """Compact the feed of every project."""
    with db.reading(context.engine) as session:
        projects = list(session.exec(select(Project.id)))
    for project_id in projects:
        compact(context.engine, project_id, context.settings.feed_days)


def compact(engine: Engine, project_id: UUID, feed_days: int) -> None:
    """Compact one project's feed; safe to run beside writers and readers, and again."""
    with db.reading(engine) as session:
        head = feed.head_of(session, project_id)
        horizon = _newest_before(session, project_id, feed_days)
    for first in range(0, head, STRETCH):
        with db.writing(engine) as session:
            _drop_superseded(session, project_id, first, first + STRETCH)
    _drop_deletions(engine, project_id, horizon)


def _drop_superseded(session: Session, project_id: UUID, above: int, up_to: int) -> None:
    newer = aliased(Change)
    is_old = exists().where(
        col(newer.project_id) == project_id,
        col(newer.kind) == Change.kind,
        col(newer.object_id) == Change.object_id,
        col(newer.number) > Change.number,
    )
    in_stretch = (col(Change.number) > above, col(Change.number) <= up_to)
    session.execute(delete(Change).where(col(Change.project_id) == project_id, *in_stretch, is_old))


def _newest_before(session: Session, project_id: UUID, feed_days: int) -> int:
    """The newest number that is older than `feed_days`; 0 when there is none."""
    # Walked from the newest number down, so that the few of the last days are read and not all of them.
    old = select(ActRow.number).where(
        ActRow.project_id == project_id,
        col(ActRow.number).is_not(None),
        col(ActRow.applied_at) < db.now() - feed_days * DAY,
    )
    return session.exec(old.order_by(col(ActRow.number).desc()).limit(1)).first() or 0


def _drop_deletions(engine: Engine, project_id: UUID, horizon: int) -> None:
    with db.reading(engine) as session:
        known = session.get(FeedHorizon, project_id)
        at = feed.Position(known.looked_up_to if known else 0)
    while at.number < horizon:
        with db.reading(engine) as session:
            page = feed.entries(session, project_id, at, horizon, PAGE)
        at = page[-1].behind if len(page) == PAGE else feed.Position(horizon)
        # A number that goes on in the next page is not done with yet.
        done = at.number - 1 if at.kind else at.number
        with db.writing(engine) as session:
            _forget(session, project_id, [e for e in page if e.row is None], done)


def _forget(session: Session, project_id: UUID, gone: list[feed.Entry], done: int) -> None:
    known = session.get(FeedHorizon, project_id) or FeedHorizon(project_id=project_id)
    for entry in gone:
        gone_row = session.get(Change, (project_id, entry.number, entry.kind, entry.object_id))
        if gone_row is not None:
            session.delete(gone_row)
    known.floor = max([known.floor, *(entry.number for entry in gone)])
    known.looked_up_to = max(known.looked_up_to, done)
    session.add(known)
