"""Counting and listing what is open, late, stopped and unproven."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from plumbline.db import now
from plumbline.definitions import catalogue
from plumbline.overview.counting import KINDS, MATERIAL
from plumbline.overview.schemas import (
    Heading,
    OverviewOut,
    ProjectShare,
    RecordOut,
    RecordsOut,
    Share,
    Total,
    What,
)
from plumbline.projects.models import Place, Project, TaskNode
from plumbline.steps.feed import instant

NONE = "-"
MOST_RECORDS = 500
Node = tuple[UUID | None, str, str, str | None]  # Parent, code, name, name_en.


@dataclass
class Site:
    """What rows are placed by: the breakdown and the places of one project, read once."""

    tasks: dict[UUID, Node]
    places: dict[UUID, Place]
    parts: dict[UUID, UUID] = field(default_factory=dict)

    def part(self, task: UUID) -> UUID:
        """The part of the building that a task belongs to: the node right below the root; a root is its own part."""
        if task not in self.parts:
            way = [task]
            while (above := self.tasks[way[-1]][0]) is not None and above in self.tasks and above not in way:
                way.append(above)
            self.parts[task] = way[-2] if len(way) > 1 else way[-1]
        return self.parts[task]

    def place_of(self, row: Any) -> str:
        """Key of the place of a row."""
        task = getattr(row, "task_id", None)
        if task in self.tasks:
            return str(self.part(task))
        place = getattr(row, "place_id", None)
        return str(place) if place in self.places else NONE

    def trade_of(self, row: Any, of: str) -> str:
        """Key of the trade of a row: the plan it was worked by; material has its own."""
        return MATERIAL if of in ("lot", "test") else getattr(row, "plan", None) or NONE

    def place(self, key: str) -> Heading:
        """What a place is called."""
        if key == NONE:
            return Heading(key=key, name=NONE, name_en=None)
        id = UUID(key)
        if id in self.tasks:
            return Heading(key=key, name=self.tasks[id][2], name_en=self.tasks[id][3])
        return Heading(key=key, name=self.places[id].name, name_en=self.places[id].name_en)

    def trade(self, key: str) -> Heading:
        """What a trade is called."""
        plan = catalogue.plan(key)
        names: dict[str, str] = plan.body["names"] if plan else {"zh": key, "en": key}
        return Heading(key=key, name=names["zh"], name_en=names["en"])


def _site(session: Session, project_id: UUID) -> Site:
    t = TaskNode
    wanted = sa.select(col(t.id), col(t.parent_id), col(t.code), col(t.name), col(t.name_en))
    nodes = session.execute(wanted.where(col(t.project_id) == project_id))
    places = session.exec(select(Place).where(Place.project_id == project_id))
    return Site({row[0]: (row[1], row[2], row[3], row[4]) for row in nodes}, {place.id: place for place in places})


def today_on_site(project: Project) -> date:
    """The calendar day where the project is."""
    return now().astimezone(ZoneInfo(project.time_zone)).date()


def of_project(session: Session, project_id: UUID) -> OverviewOut:
    """The overview of one project."""
    site, today = _site(session, project_id), today_on_site(session.get_one(Project, project_id))
    totals: list[Total] = []
    places: dict[str, Counter[str]] = {}
    trades: dict[str, Counter[str]] = {}
    for what, kind in KINDS.items():
        rows = session.execute(kind.query(project_id, today)).all()
        totals.append(Total(what=what, group=kind.group, count=len(rows)))
        for row in rows:
            places.setdefault(site.place_of(row), Counter())[what] += 1
            trades.setdefault(site.trade_of(row, kind.of), Counter())[what] += 1
    return OverviewOut(
        today=today.isoformat(),
        totals=totals,
        places=_shares((site.place(key), counts) for key, counts in places.items()),
        trades=_shares((site.trade(key), counts) for key, counts in trades.items()),
    )


def _shares(found: Iterable[tuple[Heading, Counter[str]]]) -> list[Share]:
    """The heaviest first; what has no place or trade comes last."""
    shares = [Share(heading=heading, counts=dict(counts)) for heading, counts in found]
    return sorted(shares, key=lambda s: (s.heading.key == NONE, -sum(s.counts.values()), s.heading.name))


def of_projects(session: Session, project_ids: Iterable[UUID]) -> list[ProjectShare]:
    """Totals of several projects, by name."""
    projects = session.exec(select(Project).where(col(Project.id).in_(list(project_ids))).order_by(Project.name))
    return [
        ProjectShare(project_id=one.id, name=one.name, name_en=one.name_en, code=one.code, totals=_totals(session, one))
        for one in projects
    ]


def _totals(session: Session, project: Project) -> list[Total]:
    today = today_on_site(project)
    return [
        Total(what=what, group=kind.group, count=len(session.execute(kind.query(project.id, today)).all()))
        for what, kind in KINDS.items()
    ]


def records(session: Session, project_id: UUID, what: What, place: str | None, trade: str | None) -> RecordsOut:
    """The records behind a number, those that wait longest first, at most MOST_RECORDS."""
    site, today = _site(session, project_id), today_on_site(session.get_one(Project, project_id))
    kind = KINDS[what]
    rows = [
        row
        for row in session.execute(kind.query(project_id, today))
        if (place is None or site.place_of(row) == place) and (trade is None or site.trade_of(row, kind.of) == trade)
    ]
    rows.sort(key=lambda row: (row.at is None, str(row.at), row.id))
    return RecordsOut(records=[_record(site, kind.of, row) for row in rows[:MOST_RECORDS]], count=len(rows))


def _record(site: Site, of: Any, row: Any) -> RecordOut:
    title, title_en = _title(of, row)
    note, note_en = _note(site, of, row)
    return RecordOut(
        kind=of,
        id=row.id,
        opens=getattr(row, "opens", row.id),
        title=title,
        title_en=title_en,
        note=note,
        note_en=note_en,
        at=instant(row.at) if isinstance(row.at, datetime) else row.at and row.at.isoformat(),
    )


def _title(of: str, row: Any) -> tuple[str, str | None]:
    if of == "step":
        kind = catalogue.step_kind(row.name)
        names = kind.body["names"] if kind else {"zh": row.name, "en": row.name}
        return names["zh"], names["en"]
    more = getattr(row, "more", None) if of != "test" else None
    return (f"{row.name} {more}" if more else row.name), None


def _note(site: Site, of: str, row: Any) -> tuple[str | None, str | None]:
    """Where it is, for what is at a task; which material, for a lot."""
    node = site.tasks.get(getattr(row, "task_id", None))  # type: ignore[arg-type]  # None is no key of it.
    if node is not None:
        _, code, name, name_en = node
        return (name, name_en) if of == "task" else (f"{code} {name}", name_en and f"{code} {name_en}")
    if of == "lot":
        names = catalogue.material_names(row.material)
        return names["zh"], names["en"]
    return None, None
