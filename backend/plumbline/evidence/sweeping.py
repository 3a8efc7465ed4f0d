"""Sweeping orphans once they are old enough. What an act names stays, also when the act comes in the same moment.

A file is forgotten by an act of the house, which looks again under the lock that naming it needs; only then its
bytes are deleted, under the same lock and after another look.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from plumbline import db
from plumbline.acts import house
from plumbline.evidence import acts, checking, chunks, orphans
from plumbline.evidence.models import Derivative, EvidenceFile, PhotoClaim, Upload
from plumbline.evidence.orphans import LIVE, Orphan
from plumbline.evidence.pictures import SIZES_PX
from plumbline.jobs import Context, daily
from plumbline.problems import Problem
from plumbline.storage.interface import checking_key, derived_key, evidence_key, incoming_key

log = logging.getLogger(__name__)


@daily("sweep-orphans", hour=19)  # In the night of China, and not at the full hour of any backup of ours.
def sweep_daily(context: Context) -> None:
    """Sweep what is old enough. Raises StoreUnavailable; running again is safe."""
    swept = sweep(context)
    if swept:
        log.info("Swept %d orphans older than %d days.", len(swept), context.settings.orphan_days)


def sweep(context: Context, days: int | None = None) -> list[Orphan]:
    """Sweep orphans older than `days` (default: as set); returns what is gone. Raises StoreUnavailable."""
    before = db.now() - timedelta(days=context.settings.orphan_days if days is None else days)
    with db.reading(context.engine) as session:
        found = orphans.everywhere(session, context.store)
    return swept(context, [one for one in found if one.since < before])


def swept(context: Context, found: Sequence[Orphan]) -> list[Orphan]:
    """Those of the orphans that were swept; one that belongs to something by now is left alone."""
    return [one for one in found if _sweep_one(context, one)]


def _sweep_one(context: Context, one: Orphan) -> bool:
    if one.kind == "file" and one.project_id is not None:
        return _forget_file(context, one.project_id, one.name)
    if one.kind == "upload" and one.project_id is not None and one.upload_id is not None:
        return _give_up(context, one.project_id, one.upload_id)
    if one.kind == "parts" and one.upload_id is not None:
        context.store.drop_parts(one.upload_id, one.name)
    else:
        context.store.delete(one.name)
    return True


def _give_up(context: Context, project_id: UUID, upload_id: UUID) -> bool:
    """Delete an upload whose file never was complete, unless its phone has come back."""
    with db.writing(context.engine) as session:
        mine = select(Upload).where(Upload.id == upload_id, Upload.project_id == project_id)
        upload = session.exec(mine.with_for_update()).first()
        if upload is None or upload.state not in LIVE or upload.expires_at >= db.now():
            return False
        if upload.checking_until is not None and upload.checking_until >= db.now():
            return False
        session.delete(upload)
    chunks.forget(context, upload)
    for key in (incoming_key(upload_id), checking_key(upload_id)):
        context.store.delete(key)
    return True


def _forget_file(context: Context, project_id: UUID, sha256: str) -> bool:
    with db.reading(context.engine) as session:
        if orphans.is_named(session, project_id, sha256):
            return False
    object_id = acts.object_id(project_id, sha256)
    result = house.post(context.engine, context.settings, project_id, "evidence:forget", object_id, {"sha256": sha256})
    return result.verdict == "applied" and delete_bytes(context, project_id, sha256)


def delete_bytes(context: Context, project_id: UUID, sha256: str) -> bool:
    """Delete the bytes of a forgotten file. One that an act has named since is verified again instead."""
    with db.writing(context.engine) as session:
        acts.locked(session, project_id, sha256)
        if not orphans.is_named(session, project_id, sha256) and not _is_sent_again(session, project_id, sha256):
            _delete(context, session, project_id, sha256)
            return True
    try:
        checking.announce_again(context, project_id, sha256)
    except Problem as problem:
        log.warning("A file that was named in the moment it was forgotten waits to be sent again: %s", problem)
    return False


def _is_sent_again(session: Session, project_id: UUID, sha256: str) -> bool:
    file = session.get(EvidenceFile, (project_id, sha256))
    if file is not None and file.status == "verified":
        return True
    sending = select(Upload.id).where(
        Upload.project_id == project_id, Upload.sha256 == sha256, col(Upload.state).in_(LIVE)
    )
    return session.exec(sending.limit(1)).first() is not None


def _delete(context: Context, session: Session, project_id: UUID, sha256: str) -> None:
    for table in (Derivative, PhotoClaim):
        mine = (col(table.project_id) == project_id, col(table.sha256) == sha256)
        session.execute(delete(table).where(*mine))
    for key in (*(derived_key(project_id, sha256, size) for size in SIZES_PX), evidence_key(project_id, sha256)):
        context.store.delete(key)
