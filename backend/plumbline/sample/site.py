"""A sample site being written: names for ids, times before today, acts through the door, photos through evidence.

Times are told as (days before today, "hh:mm" on site). Acts are posted in the order in which the server received
them, each with that time, which the door honours in projects marked sample only.
"""

import hashlib
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from plumbline import db
from plumbline.acts.door import Door
from plumbline.acts.envelope import Signed
from plumbline.acts.intake import Result
from plumbline.evidence import checking, uploads
from plumbline.evidence.schemas import UploadAsked
from plumbline.identity.access import Caller
from plumbline.jobs import Context
from plumbline.sample.phone import Phone, id_at
from plumbline.storage.interface import incoming_key

Doc = Mapping[str, Any]
BATCH = 100


class SampleRefused(Exception):
    """The door did not apply an act of the sample: the sample and the rules disagree, and one of them is wrong."""


@dataclass(frozen=True)
class Photo:
    """A file ready to be sent, with its role in an act."""

    content: bytes
    role: str
    capture: str = "camera"
    mime: str = "image/jpeg"

    @property
    def sha256(self) -> str:
        """64 lower-case hex."""
        return hashlib.sha256(self.content).hexdigest()

    def claim(self) -> dict[str, Any]:
        """The file as an act lists it."""
        return {
            "sha256": self.sha256,
            "bytes": len(self.content),
            "mime": self.mime,
            "role": self.role,
            "capture": self.capture,
        }


@dataclass
class Site:
    """One project while it is told. `phones` are keyed by the short names of people, ids by short names of things."""

    context: Context
    door: Door
    project_id: UUID
    zone: ZoneInfo
    now: datetime
    phones: dict[str, Phone]
    rng: random.Random
    ids: dict[str, UUID] = field(default_factory=dict)
    head: int = 0
    _plans: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day on site."""
        return self.now.astimezone(self.zone).date()

    def day(self, days_ago: int) -> date:
        """A day on site before today; negative for days to come."""
        return self.today - timedelta(days=days_ago)

    def at(self, days_ago: int, clock: str) -> datetime:
        """A moment on site in UTC. What would lie in the future today is moved before now, in the same order."""
        hour, minute = map(int, clock.split(":"))
        moment = datetime.combine(self.day(days_ago), time(hour, minute), self.zone).astimezone(self.now.tzinfo)
        moment += timedelta(milliseconds=self.rng.randrange(60_000))
        if days_ago > 0:
            return moment
        midnight = datetime.combine(self.today, time(0), self.zone)
        passed = (moment - midnight) / timedelta(days=1)
        return midnight.astimezone(self.now.tzinfo) + (self.now - midnight) * min(passed, 0.98)

    def id(self, name: str) -> UUID:
        """The id of a thing by its short name in the sample's tables. Raises KeyError before it is made."""
        return self.ids[name]

    def new(self, name: str, at: datetime) -> UUID:
        """A new id under a short name. Raises ValueError when the name is taken."""
        if name in self.ids:
            raise ValueError(f"named twice in the sample: {name}")
        self.ids[name] = id_at(at)
        return self.ids[name]

    def person(self, name: str) -> UUID:
        """The id of a person by short name."""
        return self.phones[name].person_id

    def plan(self, received_at: datetime, act: Callable[[datetime], None]) -> None:
        """Note something that happens; `play` does everything in the order of receipt."""
        self._plans.append((received_at, len(self._plans), act))

    def play(self) -> None:
        """Do what was planned; each does its acts with the time of its receipt."""
        for received_at, _, act in sorted(self._plans, key=lambda p: p[:2]):
            act(received_at)
        self._plans.clear()

    def sign(self, who: str, type: str, object_id: UUID, body: Doc, *, at: datetime, **more: Any) -> Signed | Result:
        """An act of somebody's phone at a moment, which has seen everything that happened before."""
        offset = at.astimezone(self.zone).utcoffset() or timedelta()
        return self.phones[who].sign(
            self.project_id,
            type,
            object_id,
            body,
            at=at,
            offset_min=int(offset.total_seconds() // 60),
            seen=self.head,
            **more,
        )

    def post(self, acts: Iterable[Signed | Result], received_at: datetime) -> list[Result]:
        """Send acts through the door in batches. Raises SampleRefused unless all are applied."""
        waiting, results = list(acts), []
        while waiting:
            batch, waiting = waiting[:BATCH], waiting[BATCH:]
            results += self.door.take(batch, received_at=received_at)
        for result in results:
            if result.verdict != "applied" or result.number is None:
                raise SampleRefused(f"{result.verdict}: {result.problem} {result.waits_for}")
            self.head = max(self.head, result.number)
        return results

    def do(
        self,
        who: str,
        type: str,
        object_id: UUID,
        body: Doc,
        received_at: datetime,
        at: datetime | None = None,
        **more: Any,
    ) -> UUID:
        """Sign one act, done at `at` (default: seconds before it came), and send it; returns the act's id."""
        moment = at or received_at - timedelta(seconds=self.rng.randrange(2, 20))
        result = self.post([self.sign(who, type, object_id, body, at=moment, **more)], received_at)[0]
        assert result.id is not None
        return result.id

    def upload(self, who: str, photos: Sequence[Photo], received_at: datetime) -> None:
        """Send files as a phone does: intent, bytes into `incoming/`, then the server reads back and hashes them."""
        phone = self.phones[who]
        caller = Caller(person_id=phone.person_id, device_id=phone.id, lang="zh")
        asked = [UploadAsked(sha256=p.sha256, bytes=len(p.content), mime=p.mime) for p in photos]
        with db.writing(self.context.engine) as session:
            answers = uploads.intend(session, self.context.settings, self.context.store, self.project_id, caller, asked)
        for photo, answer in zip(photos, answers, strict=True):
            if answer.upload_id is None:
                continue
            self.context.store.put(incoming_key(answer.upload_id), [photo.content])
            checking.complete(self.context, self.project_id, answer.upload_id, received_at)
