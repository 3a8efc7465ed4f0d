"""Opening a sample site: the project, its organizations, people, crews, places, equipment and tasks, by acts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from plumbline.codes import make_code
from plumbline.sample.ground import Ground, Machine, Place, Task
from plumbline.sample.people import ADMINISTRATOR, Crew, Member, Organization
from plumbline.sample.site import Site

Row = tuple[str, UUID, dict[str, Any]]
OPENED = (40, "07:00")  # Days before today and clock: before anything else happens.


def open_site(
    site: Site,
    ground: Ground,
    organizations: Sequence[Organization],
    crews: Sequence[Crew],
    people: Sequence[Member],
    places: Sequence[Place],
    machines: Sequence[Machine],
    tasks: Sequence[Task],
) -> None:
    """Post everything that a site is made of, as acts of its administrator."""
    at = site.at(*OPENED)
    project = {
        "name": ground.name,
        "name_en": ground.name_en,
        "code": ground.code,
        "time_zone": ground.time_zone,
        "site": [list(corner) for corner in ground.site],
        "sample": True,
    }
    site.do("admin", "project:create", site.project_id, project, at)
    rows = [
        *_organizations(site, at, organizations),
        *_crews(site, at, crews),
        *_members(site, [ADMINISTRATOR, *people]),
        *_places(site, at, places),
        *_machines(site, at, machines),
        *_tasks(site, at, tasks),
    ]
    site.post((site.sign("admin", type, id, body, at=at) for type, id, body in rows), at)


def _organizations(site: Site, at: datetime, rows: Sequence[Organization]) -> Iterator[Row]:
    for row in rows:
        body = {"name": row.name, "name_en": row.name_en, "kind": row.kind}
        yield "organization:add", site.new(f"organization {row.key}", at), body


def _crews(site: Site, at: datetime, rows: Sequence[Crew]) -> Iterator[Row]:
    for row in rows:
        organization = site.id(f"organization {row.organization}")
        body = {"name": row.name, "name_en": row.name_en, "organization": organization, "trade": row.trade}
        yield "crew:add", site.new(f"crew {row.key}", at), body


def _members(site: Site, rows: Sequence[Member]) -> Iterator[Row]:
    for row in rows:
        person = site.person(row.key)
        yield (
            "member:admit",
            person,
            {
                "person": person,
                "organization": site.id(f"organization {row.organization}"),
                "roles": list(row.roles),
                "crew": site.id(f"crew {row.crew}") if row.crew else None,
            },
        )


def _places(site: Site, at: datetime, rows: Sequence[Place]) -> Iterator[Row]:
    for row in rows:
        body = {"name": row.name, "name_en": row.name_en, "kind": row.kind, "lat": row.lat, "lon": row.lon}
        yield "place:add", site.new(f"place {row.key}", at), {**body, "qr": make_code()}


def _machines(site: Site, at: datetime, rows: Sequence[Machine]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        yield (
            "equipment:add",
            site.new(f"machine {row.key}", at),
            {
                "code": f"EQ-{number:02d}",
                "name": row.name,
                "name_en": row.name_en,
                "kind": row.kind,
                "serial_no": row.serial_no,
                "calibrated_on": None if row.calibrated is None else site.day(row.calibrated).isoformat(),
                "calibration_due_on": None if row.due is None else site.day(row.due).isoformat(),
                "qr": make_code(),
            },
        )


def _tasks(site: Site, at: datetime, rows: Sequence[Task]) -> Iterator[Row]:
    for position, row in enumerate(rows):
        yield (
            "task:add",
            site.new(f"task {row.code}", at),
            {
                "parent": site.id(f"task {row.parent}") if row.parent else None,
                "code": row.code,
                "name": row.name,
                "name_en": row.name_en,
                "level": row.level,
                "plan": row.plan,
                "lat": row.lat,
                "lon": row.lon,
                "planned_on": None if row.planned is None else site.day(row.planned).isoformat(),
                "position": position,
                "qr": make_code(),
            },
        )
