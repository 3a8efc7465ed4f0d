"""Acts that wait: noting for what, waking them when it arrives, and never missing each other.

On PostgreSQL two transactions may cross: one defers an act because a file is not verified yet, the other verifies
the file and finds nobody waiting. Both hold the project's row at their end, so the later one sees the earlier one's
commit; it looks once more and, when they crossed, runs again.
"""

from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from plumbline.acts.intake import insert_new
from plumbline.acts.models import ActRow, ActWait
from plumbline.acts.transaction import Outcome
from plumbline.evidence import service as evidence
from plumbline.projects.models import Project


class Crossed(Exception):
    """What this transaction waits for, or who waits for it, was committed meanwhile: run it again."""


def note(session: Session, outcomes: list[Outcome]) -> None:
    """Store what deferred acts wait for."""
    rows = [{"act_id": o.act.id, "key": k, "project_id": o.act.project_id} for o in outcomes for k in o.waits_for]
    insert_new(session, ActWait, rows, ["act_id", "key"])


def arrived(outcomes: list[Outcome]) -> list[str]:
    """The keys that these outcomes bring: acts that are settled, and what they say arrived.

    A refused act counts: whatever builds on it must learn that it never comes.
    """
    settled = [f"act:{o.act.id}" for o in outcomes if o.verdict != "deferred"]
    return settled + [key for o in outcomes if o.tx for key in o.tx.arrived]


def woken(session: Session, project_id: UUID | None, keys: list[str]) -> list[ActRow]:
    """Take these keys off the waiting; returns the acts that wait for nothing any more, in the order they came."""
    if not keys:
        return []
    t = ActWait.__table__  # type: ignore[attr-defined]  # SQLModel does not type it.
    ended = (t.c.project_id == project_id) & t.c.key.in_(keys)
    # On the connection: what is gathered need not be written for it, and mostly nobody waits.
    candidates = set(session.connection().execute(select(t.c.act_id).where(ended)).scalars())
    if not candidates:
        return []
    session.execute(delete(t).where(ended))
    still = set(session.exec(select(ActWait.act_id).where(col(ActWait.act_id).in_(candidates))))
    ready = select(ActRow).where(col(ActRow.id).in_(candidates - still))
    return in_order(list(session.exec(ready.order_by(col(ActRow.received_at), col(ActRow.seq)))))


def in_order(rows: list[ActRow]) -> list[ActRow]:
    """Acts by the time they came; those of one device by its own count, whatever the server's clock did meanwhile."""
    of_device: dict[UUID, list[ActRow]] = {}
    for row in sorted(rows, key=lambda r: r.seq or 0):
        of_device.setdefault(row.device_id, []).append(row)
    return [row if row.seq is None else of_device[row.device_id].pop(0) for row in rows]


def check_nothing_missed(session: Session, outcomes: list[Outcome]) -> None:
    """Look again under the lock on the project's row. Raises Crossed."""
    if session.get_bind().dialect.name == "sqlite":
        return  # One writer at a time: nobody can cross.
    project_id = outcomes[0].act.project_id
    keys = arrived(outcomes)
    if (
        keys
        and session.exec(
            select(ActWait.act_id).where(ActWait.project_id == project_id, col(ActWait.key).in_(keys)).limit(1)
        ).first()
    ):
        raise Crossed
    wanted = {k for o in outcomes for k in o.waits_for} - set(keys)
    if wanted:
        session.exec(select(Project.id).where(Project.id == project_id).with_for_update()).first()
        if _is_any_here(session, project_id, wanted):
            raise Crossed


def _is_any_here(session: Session, project_id: UUID, keys: set[str]) -> bool:
    acts = [UUID(k.removeprefix("act:")) for k in keys if k.startswith("act:")]
    done = select(ActRow.id).where(col(ActRow.id).in_(acts), col(ActRow.verdict).in_(("applied", "refused"))).limit(1)
    if acts and session.exec(done).first():
        return True
    files = [k.removeprefix("file:") for k in keys if k.startswith("file:")]
    return len(evidence.unverified(session, project_id, files)) < len(files)
