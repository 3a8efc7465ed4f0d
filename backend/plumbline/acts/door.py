"""The door: takes signed acts in, applies each, answers each. Only the door commits.

Order of one batch: verify signatures (no lock yet); claim all ids sorted, in one statement; apply the whole
batch under one savepoint, and only when that fails the same batch with a savepoint per act; take the project's
numbers last; commit. A deadlock (SQLSTATE 40P01), or two
transactions that wait for each other's news, runs the transaction again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from plumbline import db, metrics, telemetry
from plumbline.acts import applying, intake, recording
from plumbline.acts.envelope import Signed
from plumbline.acts.intake import Incoming, Result, Terms
from plumbline.acts.waiting import Crossed
from plumbline.identity.access import Caller
from plumbline.settings import Settings

DEADLOCK = "40P01"
TRIES = 6


@dataclass(frozen=True)
class Door:
    """Where every write comes in."""

    engine: Engine
    settings: Settings

    def take(
        self,
        batch: Sequence[Signed | Result],
        received_at: datetime | None = None,
        by_house: bool = False,
        any_time: bool = False,
        sender: Caller | None = None,
    ) -> list[Result]:
        """Apply a batch of one project; one result each, in order.

        Entries that are already results (envelopes that failed) pass through. `received_at` is honoured in
        projects marked sample only. With `any_time` an act of the house is a repeat of one that says another time:
        the server composed both from the same wish. `sender`: whose session brings the batch; it is written beside
        acts that another device signed. Raises BatchOfManyProjects.
        """
        incoming = intake.read(batch)
        for attempt in range(TRIES):
            try:
                with telemetry.span("door", acts=len(incoming)):
                    return self._attempt(incoming, Terms(received_at, by_house, any_time, sender))
            except (DBAPIError, Crossed) as bad:
                is_passing = isinstance(bad, Crossed) or getattr(bad.orig, "sqlstate", None) == DEADLOCK
                if not is_passing or attempt == TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def _attempt(self, incoming: list[Incoming], terms: Terms) -> list[Result]:
        with db.writing(self.engine) as session:
            results = self._in_one_transaction(session, incoming, terms)
        types = (i.payload.type if i.payload else "" for i in incoming)
        metrics.note_acts((type, result.verdict) for type, result in zip(types, results, strict=True))
        return results

    def _in_one_transaction(self, session: Session, incoming: list[Incoming], terms: Terms) -> list[Result]:
        batch = intake.admit(session, incoming, terms)
        fresh = intake.claim(session, batch)
        applied = applying.apply_all(session, self.settings, batch, fresh)
        numbers = recording.record(session, self.settings, batch, applied)
        return intake.results(session, batch, applied, numbers)
