"""Routes that bring a project down: the feed by position, and the snapshot as one file."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter
from litestar.response import Stream

from plumbline import db
from plumbline.acts import compaction, feed, snapshot
from plumbline.acts.models import FeedSnapshot
from plumbline.acts.schemas import FeedOut
from plumbline.evidence.showing import part_of
from plumbline.identity.access import Reader, member_of
from plumbline.jobs import Context
from plumbline.storage.service import open_store

__all__ = ["compaction", "handlers"]  # The job of compaction registers itself by being imported.

AFTER_PATTERN = r"^[0-9]{1,15}~[a-z_]{1,20}~[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
# No Content-Encoding: a browser would unpack a part on its own and fail; the app does it when it has all.
GZIP = "application/gzip"


@get("/api/feed", sync_to_thread=True)
def get_feed(
    state: State,
    reader: Reader,
    project: FromQuery[UUID],
    cursor: FromQuery[Annotated[int, Parameter(ge=0)]] = 0,
    base: FromQuery[Annotated[int, Parameter(ge=0)]] = 0,
    after: FromQuery[Annotated[str | None, Parameter(pattern=AFTER_PATTERN)]] = None,
    limit: FromQuery[Annotated[int, Parameter(ge=1, le=5000)]] = 1000,
) -> FeedOut:
    """Changes of a project after a position, the newest row of each object once; row null: it left the view.

    Send `after` back as it came. While loading from 0 in pages, send the first page's head as `base`.
    Problems: not-found (also for strangers), cursor-expired (410, with the snapshot's address).
    """
    with db.reading(state.engine) as session:
        member_of(session, reader, project)
        start = feed.Position.read(after) if after else None
        return FeedOut(**feed.changes(session, project, cursor, limit, start, base))


@get("/api/projects/{project_id:uuid}/snapshot", sync_to_thread=True, media_type=GZIP)
def get_snapshot(
    project_id: FromPath[UUID], state: State, reader: Reader, request: Request[Any, Any, State]
) -> Response[Any]:
    """The whole feed as one immutable gzip file of JSON lines; after its cursor the feed goes on.

    One Range is served, with If-Range also of an older file that somebody is still fetching.
    Problems: not-found (also for strangers), range-not-satisfiable, store-unavailable, store-full.
    """
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
    context = Context(state.engine, state.settings, open_store(state.settings))
    held = request.headers.get("if-range", "").strip().strip('"')
    found = snapshot.current(context, project_id, held or None)
    if request.headers.get("if-none-match") == f'"{found.sha256}"':
        return Response(b"", status_code=304, headers=_headers(found))
    is_same = held in ("", found.sha256)
    return _part(context, found, request.headers.get("range") if is_same else None)


def _headers(found: FeedSnapshot) -> dict[str, str]:
    return {
        "ETag": f'"{found.sha256}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": 'attachment; filename="snapshot.ndjson.gz"',
    }


def _part(context: Context, found: FeedSnapshot, asked: str | None) -> Response[Any]:
    headers = _headers(found)
    part = part_of(asked, found.bytes)
    if part is None:
        headers["Content-Length"] = str(found.bytes)
        return Stream(snapshot.read(context.store, found), headers=headers, media_type=GZIP)
    headers["Content-Length"] = str(part.length)
    headers["Content-Range"] = f"bytes {part.start}-{part.start + part.length - 1}/{found.bytes}"
    content = snapshot.read(context.store, found, part.start, part.length)
    return Stream(content, headers=headers, media_type=GZIP, status_code=206)


handlers = [get_feed, get_snapshot]
