"""Drawing: each applied act again, in the order of its number, by the function that applied it first.

Nothing is decided again. Refused acts draw nothing, deferred ones not yet; what was applied must apply. Acts that
were applied in one transaction did not see each other's numbers, so they get them together at its end here too.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, Row, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from plumbline import db
from plumbline.acts import gathering, recording
from plumbline.acts.applying import as_act, carry_out
from plumbline.acts.envelope import pae_sha256, read_payload
from plumbline.acts.registry import ACTS, Waits
from plumbline.acts.transaction import Outcome, Tx
from plumbline.identity.roles import Role
from plumbline.problems import Problem, render
from plumbline.rebuild.tables import KEPT
from plumbline.settings import Settings

# Acts drawn in one transaction of the second database, and rows held in memory at once.
PAGE = 200
ROLES = [str(role) for role in Role]  # Whether somebody might do it was decided when it was done.
# Limits that an operator may have lowered since; what was in force then let the act through.
LIMITS = {"grant_days": 1100}
Tell = Callable[[int], None]


class Stopped(Exception):
    """The acts cannot be drawn to their end; the message names the act and says why, in one sentence."""


def table(name: str) -> Table:
    """One of our tables by name."""
    return SQLModel.metadata.tables[name]


ACT = "act"


def count(stored: Connection) -> int:
    """How many acts will be drawn."""
    t = table(ACT).c
    return int(stored.execute(select(func.count()).where(t.verdict == "applied")).scalar_one())


def draw(stored: Connection, target: Engine, settings: Settings, tell: Tell) -> None:
    """Draw every projected table of `target` from the acts of `stored`. Raises Stopped.

    `tell` is called after each transaction with the number of acts drawn in it.
    """
    settings = settings.model_copy(update=LIMITS)
    t = table(ACT)
    for kept in SQLModel.metadata.sorted_tables:  # In the order that foreign keys ask for.
        if kept is not t and kept.name in KEPT and KEPT[kept.name].is_read:
            copy(stored, target, kept)
    copy(stored, target, t, t.c.verdict != "applied")
    for project_id in stored.execute(select(t.c.project_id).distinct().order_by(t.c.project_id)).scalars().all():
        _draw_project(stored, target, settings, project_id, tell)


def copy(stored: Connection, target: Engine, what: Table, *where: Any) -> None:
    """Copy rows as they are, a page at a time."""
    rows = stored.execute(select(what).where(*where), execution_options={"yield_per": PAGE})
    with closing(rows):
        for page in rows.mappings().partitions(PAGE):
            with target.begin() as connection:
                connection.execute(insert(what), [dict(row) for row in page])


def _draw_project(stored: Connection, target: Engine, settings: Settings, project_id: UUID, tell: Tell) -> None:
    together = itertools.groupby(_applied(stored, project_id), key=lambda row: row.applied_at)
    groups = (list(rows) for _, rows in together)
    while first := next(groups, None):
        drawn = 0
        with db.writing(target) as session:
            for rows in itertools.chain([first], groups):
                _draw_together(session, settings, rows)
                drawn += len(rows)
                if drawn >= PAGE:
                    break
            last = rows[-1].number
            session.execute(update(table("project")).where(table("project").c.id == project_id).values(feed_seq=last))
        tell(drawn)


def _applied(stored: Connection, project_id: UUID) -> Iterator[Row[Any]]:
    """Applied acts in the order of their numbers. Raises Stopped when one is not there."""
    t = table(ACT)
    last = 0
    while True:
        wanted = select(t).where(t.c.project_id == project_id, t.c.number > last, t.c.verdict == "applied")
        page = stored.execute(wanted.order_by(t.c.number).limit(PAGE)).all()
        for row in page:
            if row.number != last + 1:
                raise Stopped(f"Project {project_id} has no act with number {last + 1}; the next one is {row.number}.")
            last = row.number
            yield row
        if not page:
            return


def _draw_together(session: Session, settings: Settings, rows: Sequence[Row[Any]]) -> None:
    """Acts of one transaction: rows first, then edges and changes, and the numbers last, as the door does."""
    t = table(ACT)
    session.execute(insert(t), [{**row._mapping, "number": None, "verdict": "claimed"} for row in rows])
    outcomes = [_draw_one(session, settings, row) for row in rows]
    numbers = {row.id: row.number for row in rows}
    recording.draw_edges(session, outcomes)
    recording.draw_changes(session, outcomes, numbers)
    for id, number in numbers.items():
        session.execute(update(t).where(t.c.id == id).values(number=number, verdict="applied"))
    # What was noted for these acts holds for one transaction of the door, and this one goes on.
    gathering.of(session).ended()


def _draw_one(session: Session, settings: Settings, row: Row[Any]) -> Outcome:
    if pae_sha256(row.payload) != row.pae_sha256:
        raise Stopped(f"{_named(row)} does not have the bytes that its hash stands for.")
    if row.type not in ACTS:
        raise Stopped(f"{_named(row)} is of a type that this version does not know.")
    try:
        payload = read_payload(row.payload)
        act = as_act(payload, row.received_at)
        tx = Tx(session, settings, ROLES, act=act, recorded=row.flags)
        carry_out(tx, act, payload)
        gathering.of(session).mark(act.id)
        session.flush()
    except Problem as problem:
        said = render(problem.stored(), "en")["detail"]
        raise Stopped(f"{_named(row)} was applied and is refused now ({problem.slug}): {said}") from problem
    except Waits as waits:
        raise Stopped(f"{_named(row)} was applied and waits now for {', '.join(waits.keys)}.") from waits
    except (ValidationError, IntegrityError) as bad:
        raise Stopped(f"{_named(row)} was applied and cannot be drawn now: {str(bad).splitlines()[0][:200]}") from bad
    return Outcome(act, "applied", tx)


def _named(row: Row[Any]) -> str:
    return f"Act {row.number} of project {row.project_id} ({row.type}, {row.id})"
