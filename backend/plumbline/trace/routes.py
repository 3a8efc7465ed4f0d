"""The trace, both ways: as one answer, and as a stream."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter
from litestar.response import Stream

from plumbline import db
from plumbline.grants.sight import Sight, sight_of
from plumbline.grants.visiting import VIEWER, Viewer
from plumbline.problems import NotFound
from plumbline.trace import service, stream
from plumbline.trace.errors import TraceStartIncomplete
from plumbline.trace.graph import Filters
from plumbline.trace.schemas import TraceOut
from plumbline.trace.starts import WITHOUT_ID, Start, StartKind
from plumbline.trace.walk import Way

# What a link learns of people: who they are and for whom they work, as records name them.
PERSON_BEHIND_A_LINK = ("id", "display_name", "organization_id")
NDJSON = "application/x-ndjson"

Limit = Annotated[int, Parameter(ge=1, le=20_000)]
StreamLimit = Annotated[int, Parameter(ge=1, le=1_000_000)]
Depth = Annotated[int, Parameter(ge=1, le=30)]
Short = Annotated[str, Parameter(max_length=120)]


def _start(
    sight: Sight, kind: StartKind, node: UUID | None, note: str | None, since: datetime | None, until: datetime | None
) -> Start:
    """What is asked about. Raises TraceStartIncomplete, and NotFound for what a link does not open."""
    lacks_days = kind == "period" and (since is None or until is None)
    if lacks_days or (kind == "delivery" and not note) or (kind not in WITHOUT_ID and node is None):
        raise TraceStartIncomplete(kind=kind)
    if any(day is not None and day.tzinfo is None for day in (since, until)):
        raise TraceStartIncomplete(kind=kind)
    if node is not None and kind not in WITHOUT_ID:
        sight.thing(kind, node)
    elif sight.scope is not None:
        raise NotFound  # A link to an element or a lot opens neither paper nor days.
    return Start(kind, node, note, since, until)


@get("/api/projects/{project_id:uuid}/trace", sync_to_thread=True, dependencies=VIEWER)
def get_trace(
    project_id: FromPath[UUID],
    state: State,
    viewer: Viewer,
    kind: FromQuery[StartKind],
    node: FromQuery[UUID | None] = None,
    note: FromQuery[Short | None] = None,
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    direction: FromQuery[Way] = "both",
    limit: FromQuery[Limit] = 2000,
    depth: FromQuery[Depth | None] = None,
    material: FromQuery[Short | None] = None,
    certain: FromQuery[bool] = False,
    shares: FromQuery[bool] = False,
) -> TraceOut:
    """What is behind a node, and what it touched; open to links.

    `node` is an id, but for `delivery` (the number of a delivery note, `note`) and `period` (`since` to `until`,
    instants with offset, the end not included). `material`, `since` and `until` leave the ways that lead through such
    lots and days; `certain` walks certain edges alone; `shares` tells how much is in what.
    Problems: not-found (also for strangers), trace-start-incomplete, link-expired, link-revoked.
    """
    with db.reading(state.engine) as session:
        sight = sight_of(session, viewer, project_id)
        start = _start(sight, kind, node, note, since, until)
        filters = _filters(kind, depth, certain, material, since, until)
        found = service.trace(session, project_id, start, direction, limit, filters, sight.scope, shares)
        if sight.visitor is not None:
            found.context.people = [{key: p[key] for key in PERSON_BEHIND_A_LINK} for p in found.context.people]
        return found


def _filters(
    kind: StartKind,
    depth: int | None,
    certain: bool,
    material: str | None,
    since: datetime | None,
    until: datetime | None,
) -> Filters:
    """Days filter, unless they are what is asked about."""
    if kind == "period":
        since = until = None
    return Filters(depth, certain, material, since, until)


@get(
    "/api/projects/{project_id:uuid}/trace/stream",
    sync_to_thread=True,
    dependencies=VIEWER,
    media_type=NDJSON,
)
def stream_trace(
    project_id: FromPath[UUID],
    state: State,
    viewer: Viewer,
    kind: FromQuery[StartKind],
    node: FromQuery[UUID | None] = None,
    note: FromQuery[Short | None] = None,
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    direction: FromQuery[Way] = "both",
    limit: FromQuery[StreamLimit] = 200_000,
    depth: FromQuery[Depth | None] = None,
    material: FromQuery[Short | None] = None,
    certain: FromQuery[bool] = False,
) -> Stream:
    """The same as a stream of lines (NDJSON), for traces of any size; trace/README.md has the form of each line.

    Refusals come before the first line; a failure later ends the stream without its line `end`.
    Problems: not-found (also for strangers), trace-start-incomplete, link-expired, link-revoked.
    """
    with db.reading(state.engine) as session:
        sight = sight_of(session, viewer, project_id)
        start = _start(sight, kind, node, note, since, until)
        scope, is_visitor = sight.scope, sight.visitor is not None
    filters = _filters(kind, depth, certain, material, since, until)
    asked = stream.Asked(
        project_id, start, direction, limit, filters, scope, PERSON_BEHIND_A_LINK if is_visitor else ()
    )
    return Stream(stream.lines(state.engine, asked), media_type=NDJSON)


handlers = [get_trace, stream_trace]
