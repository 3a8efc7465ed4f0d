"""Orphans: what was sent and belongs to nothing. Files that no act names, uploads given up half-way, objects left over.

They are listed from the first moment and kept for a while (settings.orphan_days), since an act that names them may
still lie on a phone without signal.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from sqlmodel import Session, col, exists, select

from plumbline import db
from plumbline.acts.models import ActRow, KeptAct
from plumbline.evidence.models import ActFileRow, EvidenceFile, Upload
from plumbline.storage.interface import Store

LIVE = ("open", "checking")
AREAS = ("incoming", "checking", "parts")
Kind = Literal["file", "upload", "object", "parts"]


@dataclass(frozen=True)
class Orphan:
    """Something that belongs to nothing. `name`: a file's hash, an upload's id, an object's key, a multipart's id."""

    kind: Kind
    name: str
    since: datetime
    project_id: UUID | None = None
    bytes: int | None = None
    upload_id: UUID | None = None


def sent_at(upload_id: UUID) -> datetime:
    """When an upload was begun, as its UUIDv7 says: objects outlive their rows."""
    return datetime.fromtimestamp((upload_id.int >> 80) / 1000, UTC)


def of_project(session: Session, project_id: UUID) -> list[Orphan]:
    """Files and uploads of one project that belong to nothing, oldest first."""
    return sorted([*_files(session, project_id), *_uploads(session, project_id)], key=lambda one: one.since)


def everywhere(session: Session, store: Store) -> list[Orphan]:
    """All of the server, oldest first: of every project, and what lies in the store without an upload to it."""
    found = [*_files(session), *_uploads(session), *_objects(session, store), *_parts(session, store)]
    return sorted(found, key=lambda one: one.since)


def is_named(session: Session, project_id: UUID, sha256: str) -> bool:
    """Whether any act names the file: an applied one, one that waits, a refused one, or bytes that became none."""
    listed = select(ActFileRow.act_id).where(ActFileRow.project_id == project_id, ActFileRow.sha256 == sha256)
    if session.exec(listed.limit(1)).first() is not None:
        return True
    # These left no row for their files, and are few: what waits or was refused is looked after by people.
    waiting = select(ActRow.payload).where(
        ActRow.project_id == project_id, col(ActRow.verdict).in_(("claimed", "deferred", "refused"))
    )
    unread = select(KeptAct.payload).where(KeptAct.project_id == project_id)
    needle = sha256.encode()
    return any(needle in payload for wanted in (waiting, unread) for payload in session.exec(wanted))


def _files(session: Session, project_id: UUID | None = None) -> list[Orphan]:
    listed = exists().where(
        col(ActFileRow.project_id) == EvidenceFile.project_id, col(ActFileRow.sha256) == EvidenceFile.sha256
    )
    wanted = (
        select(EvidenceFile, ActRow.received_at)
        .where(EvidenceFile.verified_act_id == ActRow.id, EvidenceFile.status == "verified", ~listed)
        .order_by(col(ActRow.received_at))
    )
    if project_id is not None:
        wanted = wanted.where(EvidenceFile.project_id == project_id)
    return [
        Orphan("file", file.sha256, since, file.project_id, file.bytes)
        for file, since in session.exec(wanted)
        if not is_named(session, file.project_id, file.sha256)
    ]


def _uploads(session: Session, project_id: UUID | None = None) -> list[Orphan]:
    """Those whose address has ended and whose file never was complete."""
    wanted = select(Upload).where(col(Upload.state).in_(LIVE), Upload.expires_at < db.now())
    if project_id is not None:
        wanted = wanted.where(Upload.project_id == project_id)
    return [
        Orphan("upload", str(one.id), one.expires_at, one.project_id, one.received_bytes, one.id)
        for one in session.exec(wanted)
    ]


def _objects(session: Session, store: Store) -> list[Orphan]:
    found = {key: UUID(key.split("/")[1]) for area in AREAS for key in store.list(area)}
    live = _live(session, set(found.values()))
    return [Orphan("object", key, sent_at(id), upload_id=id) for key, id in found.items() if id not in live]


def _parts(session: Session, store: Store) -> list[Orphan]:
    found = store.unjoined()
    live = _live(session, {id for id, _ in found})
    return [Orphan("parts", name, sent_at(id), upload_id=id) for id, name in found if id not in live]


def _live(session: Session, ids: set[UUID]) -> set[UUID]:
    """Those of the uploads that may still become files."""
    asked, live = sorted(ids), set()
    for at in range(0, len(asked), 500):
        some = asked[at : at + 500]
        live |= set(session.exec(select(Upload.id).where(col(Upload.id).in_(some), col(Upload.state).in_(LIVE))))
    return live
