"""Snapshots: a project's whole feed as one immutable, compressed file that a phone can fetch in pieces.

Lines of JSON (NDJSON) in gzip: first {"v", "project", "cursor"}, then one line for each object as the feed tells it,
last {"rows"}, their number. The feed goes on from the cursor. Rows are drawn page by page and written through to a
file, so that memory does not grow with the project; a row may be newer than the cursor: the feed brings it again.
"""

import gzip
import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from plumbline import db, jobs
from plumbline.acts import feed
from plumbline.acts.intake import insert_new
from plumbline.acts.models import FeedSnapshot
from plumbline.storage.interface import CHUNK_BYTES, Store, snapshot_key

VERSION = 1
PAGE = 1_000
# Numbers that a snapshot may lie behind the head before a new one is made: a few pages of the feed bring them.
BEHIND = 2_000
# A file that somebody may be fetching in pieces stays this long after a newer one was made.
KEPT = timedelta(hours=24)
# One at a time in a process: twenty phones that start together want the same file, and memory stays small.
_building = threading.Lock()


def current(context: jobs.Context, project_id: UUID, held_sha256: str | None = None) -> FeedSnapshot:
    """The snapshot to serve: the one of which the caller holds a part, else the newest, else one that is made now.

    One that has fallen behind is served all the same, and a job makes the next: the feed brings the rest.
    """
    found = _ready(context, project_id, held_sha256)
    if found is None:
        with _building:
            found = _ready(context, project_id, None) or build(context, project_id)
    with db.reading(context.engine) as session:
        is_behind = feed.head_of(session, project_id) - found.cursor > BEHIND
    if is_behind:
        with db.writing(context.engine) as session:
            jobs.enqueue(session, "feed:snapshot", f"{project_id}:{found.sha256}", str(project_id))
    return found


def _ready(context: jobs.Context, project_id: UUID, held_sha256: str | None) -> FeedSnapshot | None:
    """The held or newest snapshot that is still in the store and from whose cursor the feed goes on."""
    with db.reading(context.engine) as session:
        floor = feed.floor_of(session, project_id)
        held = session.get(FeedSnapshot, (project_id, held_sha256)) if held_sha256 else None
        newest = session.exec(_newest_first(project_id).limit(1)).first()
    for one in (held, newest):
        if one and (one.cursor >= floor) and context.store.size(_key(one)) == one.bytes:
            return one
    return None


def _newest_first(project_id: UUID) -> Any:
    mine = select(FeedSnapshot).where(FeedSnapshot.project_id == project_id)
    return mine.order_by(col(FeedSnapshot.cursor).desc(), col(FeedSnapshot.built_at).desc())


def read(store: Store, snapshot: FeedSnapshot, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """The file's bytes, or a part of them, in chunks. Raises ObjectMissing at the first chunk."""
    return store.read(_key(snapshot), start, length)


def _key(snapshot: FeedSnapshot) -> str:
    return snapshot_key(snapshot.project_id, snapshot.sha256)


@jobs.job("feed:snapshot")
def build_later(context: jobs.Context, project_id: str) -> None:
    """Make a new snapshot of one project unless its newest one is fresh."""
    found = _ready(context, UUID(project_id), None)
    with db.reading(context.engine) as session:
        head = feed.head_of(session, UUID(project_id))
    if found is None or head - found.cursor > BEHIND:
        build(context, UUID(project_id))


def build(context: jobs.Context, project_id: UUID) -> FeedSnapshot:
    """Make a snapshot, store it, and forget those that nobody needs any more."""
    context.settings.data_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=context.settings.data_dir) as file:
        cursor, rows = _write(context.engine, project_id, file)
        size_bytes = file.tell()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        context.store.put(snapshot_key(project_id, digest), iter(lambda: file.read(CHUNK_BYTES), b""))
    made = FeedSnapshot(
        project_id=project_id, sha256=digest, cursor=cursor, bytes=size_bytes, rows=rows, built_at=db.now()
    )
    with db.writing(context.engine) as session:
        insert_new(session, FeedSnapshot, [made.model_dump()], ["project_id", "sha256"])
    sweep(context, project_id)
    return made


def _write(engine: Engine, project_id: UUID, file: IO[bytes]) -> tuple[int, int]:
    """Write the lines; returns the cursor and how many rows there are."""
    rows = 0
    _look_at_changes(engine)
    with db.reading(engine) as session:
        head = feed.head_of(session, project_id)
    # No name and no time of day in the header: the same rows are the same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as packed:
        packed.write(to_json({"v": VERSION, "project": project_id, "cursor": head}) + b"\n")
        for page in _pages(engine, project_id, head):
            present = [e for e in page if e.row is not None]
            packed.write(b"".join(_line(e) for e in present))
            rows += len(present)
        packed.write(to_json({"rows": rows}) + b"\n")
    return head, rows


def _look_at_changes(engine: Engine) -> None:
    """Let PostgreSQL count what there is: of a project that has just come it knows nothing yet, or what was before.

    It then compares every change with every other one, a minute long for 40,000 things. SQLite is told (planner.py).
    """
    if engine.dialect.name == "postgresql":
        with db.writing(engine) as session:
            session.execute(text("ANALYZE change"))


def _line(entry: feed.Entry) -> bytes:
    return to_json({"number": entry.number, "kind": entry.kind, "id": entry.object_id, "row": entry.row}) + b"\n"


def _pages(engine: Engine, project_id: UUID, head: int) -> Iterator[list[feed.Entry]]:
    """Pages up to `head`, each in a session of its own: a reader of minutes would keep old row versions alive."""
    at: feed.Position | None = feed.Position(0)
    while at is not None:
        with db.reading(engine) as session:
            page = feed.entries(session, project_id, at, head, PAGE)
        at = page[-1].behind if len(page) == PAGE else None
        yield page


def sweep(context: jobs.Context, project_id: UUID) -> None:
    """Forget old snapshots, but neither the newest nor those of the last day."""
    with db.reading(context.engine) as session:
        all_of_them = session.exec(_newest_first(project_id)).all()
    for old in all_of_them[1:]:
        if old.built_at > db.now() - KEPT:
            continue
        # The file first: a row without file is made good by the next reader, a file without row would stay for ever.
        context.store.delete(_key(old))
        with db.writing(context.engine) as session:
            _forget(session, old)


def _forget(session: Session, old: FeedSnapshot) -> None:
    found = session.get(FeedSnapshot, (old.project_id, old.sha256))
    if found is not None:
        session.delete(found)
