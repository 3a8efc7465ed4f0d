"""Telling the work of a sample site: step records with photos, the project manager's decisions, defects."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from plumbline.definitions import catalogue
from plumbline.sample import forms
from plumbline.sample.album import METRES_PER_DEGREE, Album
from plumbline.sample.phone import instant
from plumbline.sample.rows import Delivery, Found, Story, Work
from plumbline.sample.site import Photo, Site
from plumbline.sample.telling import send

MEMBERS = {"W": "wall", "C": "column", "S": "slab"}


class Working:
    """Plans the steps, decisions and defects of one site."""

    def __init__(self, site: Site, album: Album, story: Story) -> None:
        self._site, self._album, self._story = site, album, story
        self._deliveries: dict[str, Delivery] = {row.key: row for row in story.deliveries}
        self._newest: dict[tuple[str, str], UUID] = {}  # Act of the newest record of a kind at a task.
        self._lots_at: dict[str, list[str]] = {}  # Lots that went in at a task last: what an acceptance names.

    def tell(self) -> None:
        """Plan everything; `site.play` posts it in the order of receipt."""
        for number, work in enumerate(self._story.work):
            self._plan(work, number)
        for found in self._story.defects:
            self._site.plan(self._site.at(found.day, found.clock), partial(self._raise, found))

    def _plan(self, work: Work, number: int) -> None:
        site, name = self._site, f"step {number}"
        ended = site.at(work.day, _later(work.clock, work.minutes))
        received = ended + timedelta(seconds=site.rng.randrange(5, 60), minutes=work.late_min)
        site.plan(min(received, site.now), lambda at: self._record(work, name, min(ended, at), at))
        if work.decision is None:
            return
        decided = site.at(work.day, f"17:{20 + number % 40}")
        if decided < received + timedelta(minutes=30):
            decided = site.at(work.day - 1, f"08:{10 + number % 40}")
        site.plan(decided, lambda at: self._decide(work, name, at))

    def _record(self, work: Work, name: str, ended: datetime, received_at: datetime) -> None:
        site = self._site
        started = site.at(work.day, work.clock)
        key = (work.task, work.kind)
        photos = self._photos(work, started, ended)
        act = site.do(
            work.who,
            "step:record",
            site.new(name, ended),
            self._body(work, started, ended),
            received_at,
            ended,
            where=self._where(work.task, work.away_m),
            files=[photo.claim() for photo in photos],
            supersedes=self._newest[key] if work.corrects else None,
        )
        self._newest[key] = act
        send(site, work.who, photos[:-1] if work.unsent else photos, received_at)

    def _body(self, work: Work, started: datetime, ended: datetime) -> dict[str, Any]:
        site, plan = self._site, work.kind.partition(".")[0]
        kind = catalogue.step_kind(work.kind)
        assert kind is not None, work.kind
        lots = [{"lot": site.id(f"lot {lot}"), "quantity": quantity} for lot, quantity in work.lots]
        units = ["m3" if lot[0] in "kc" and lot[1].isdigit() else "t" for lot, _ in work.lots]
        if plan == "rebar_splice":
            units = ["pcs"] * len(lots)
        used = [str(lot["lot"]) for lot in lots]
        self._lots_at[work.task] = used or self._lots_at.get(work.task, [])
        facts = self._facts(work, started, ended, self._lots_at[work.task])
        return {
            "task": site.id(f"task {work.task}"),
            "kind": work.kind,
            "definition": {"key": plan, "version": kind.plan.version},
            "crew": site.id(f"crew {work.crew}") if work.crew else None,
            "people": [site.person(who) for who in dict.fromkeys((work.who, *work.people))],
            "equipment": [site.id(f"machine {machine}") for machine in work.equipment],
            "method": work.method,
            "lots": [{**lot, "unit": unit} for lot, unit in zip(lots, units, strict=True)],
            "environment": forms.environment(kind.body.get("environment", []), work.day, site.rng),
            "answers": {**forms.FORMS[work.kind](site.rng, facts), **work.answers},
            "started_at": instant(started),
            "ended_at": instant(ended),
            "note": work.note,
        }

    def _facts(self, work: Work, started: datetime, ended: datetime, lots: list[str]) -> dict[str, Any]:
        truck = self._deliveries[work.of_lot] if work.of_lot else None
        return {
            "name": self._album.tasks[work.task].name,
            "member_type": MEMBERS.get(work.task.rpartition("-")[2][0], "raft"),
            "lots": lots,
            "volume": truck.quantity if truck else str(sum(Decimal(quantity) for _, quantity in work.lots)),
            "vehicle": truck.vehicle if truck else None,
            "delivery_note": truck.delivery_note if truck else None,
            "batched_at": instant(started - timedelta(minutes=42)),
            "started_at": instant(started),
            "ended_at": instant(ended),
        }

    def _photos(self, work: Work, started: datetime, ended: datetime) -> list[Photo]:
        photos = []
        for n, said in enumerate(work.photos):
            scene, _, subject = said.partition(":")
            if scene in self._album.lots:
                photos.append(Photo(self._album.lots[scene].content, f"photo:{subject}"))
                continue
            at = started + (ended - started) * (n + 1) / (len(work.photos) + 1)
            photos.append(self._album.of_work(scene, f"photo:{subject}", work.task, work.kind, at))
        return photos

    def _where(self, task: str, away_m: int) -> dict[str, Any] | None:
        """A fix near the task; tasks without a place, and every so many indoors, have none."""
        node, rng = self._album.tasks[task], self._site.rng
        if node.lat is None or node.lon is None or rng.random() < 0.06:
            return None
        lat = float(node.lat) + (away_m + rng.uniform(-3, 3)) / METRES_PER_DEGREE
        lon = float(node.lon) + rng.uniform(-4, 4) / METRES_PER_DEGREE
        accuracy = f"{rng.uniform(4, 14):.1f}"
        return {
            "lat": f"{lat:.6f}",
            "lon": f"{lon:.6f}",
            "accuracy_m": accuracy,
            "fix_age_ms": rng.randrange(400, 9000),
        }

    def _decide(self, work: Work, name: str, at: datetime) -> None:
        assert work.decision is not None
        decision, reason = work.decision
        body = {"step": self._site.id(name), "stage": "project_manager", "decision": decision, "reason": reason}
        self._site.do("pm", "approval:decide", self._site.new(f"decision on {name}", at), body, at)

    def _raise(self, row: Found, at: datetime) -> None:
        site, photos = self._site, []
        for n, said in enumerate(row.photos):
            scene, _, subject = said.partition(":")
            taken = at - timedelta(minutes=len(row.photos) - n)
            photos.append(self._album.of_work(scene, f"photo:{subject}", row.task, row.title, taken))
        body = {
            "task": site.id(f"task {row.task}"),
            "lots": [site.id(f"lot {lot}") for lot in row.lots],
            "title": row.title,
            "description": row.description,
            "severity": row.severity,
        }
        claims = [photo.claim() for photo in photos]
        id = site.new(f"defect {row.title}", at)
        site.do(row.who, "defect:raise", id, body, at, where=self._where(row.task, 3), files=claims)
        send(site, row.who, photos, at)


def _later(clock: str, minutes: int) -> str:
    hour, minute = map(int, clock.split(":"))
    total = hour * 60 + minute + minutes
    return f"{total // 60:02d}:{total % 60:02d}"
