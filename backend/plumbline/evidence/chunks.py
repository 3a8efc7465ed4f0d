"""Files that come in pieces: chunks over a line that never carries one whole, and parts of a large file.

A chunk becomes an object of its own as soon as it is here, and one row; the row's transaction decides which of two
racers goes on. Nothing is held in a process between two requests, so any process may take the next chunk.
"""

import math
import secrets
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from plumbline import db
from plumbline.evidence import errors, uploads
from plumbline.evidence.models import Upload, UploadPart
from plumbline.evidence.uploads import PART_BYTES
from plumbline.jobs import Context
from plumbline.storage.errors import ObjectMissing
from plumbline.storage.interface import PartDone, Store, checking_key, incoming_key, part_key


def reached(store: Store, upload: Upload) -> int:
    """How many bytes from the file's beginning are here: by chunks, or all of them by one PUT."""
    if upload.state == "verified":
        return upload.bytes
    if not upload.received_bytes and store.size(incoming_key(upload.id)) == upload.bytes:
        return upload.bytes
    return upload.received_bytes or 0


def check_start(upload: Upload, start: int) -> None:
    """Raises UploadOffsetWrong when the next chunk does not begin at `start`, or nothing more is taken."""
    here = upload.bytes if upload.state == "verified" else upload.received_bytes or 0
    if upload.state != "open" or here != start:
        raise errors.UploadOffsetWrong(offset=here)


def keep(context: Context, upload: Upload, start: int, content: bytes) -> int:
    """Keep a chunk durably; returns the new offset. Of two that begin alike one is kept.

    Raises UploadLengthWrong, UploadOffsetWrong, StoreFull, StoreUnavailable.
    """
    if start + len(content) > upload.bytes:
        raise errors.UploadLengthWrong(expected=upload.bytes)
    name = f"{start:012}-{secrets.token_hex(8)}"
    context.store.put(part_key(upload.id, name), [content])
    try:
        with db.writing(context.engine) as session:
            row = uploads.locked(session, upload.project_id, upload.id)
            check_start(row, start)
            row.received_bytes = start + len(content)
            session.add(row)
            session.add(
                UploadPart(
                    project_id=upload.project_id, upload_id=upload.id, start=start, bytes=len(content), name=name
                )
            )
    except errors.UploadOffsetWrong:
        context.store.delete(part_key(upload.id, name))
        raise
    return start + len(content)


def gathered(context: Context, upload: Upload) -> tuple[str, int] | None:
    """Key and length of the whole file, out of everybody's reach, made of its chunks; None when not all are here."""
    with db.reading(context.engine) as session:
        rows = _rows(session, upload)
    if sum(row.bytes for row in rows) != upload.bytes:
        return None
    try:
        return checking_key(upload.id), context.store.put(checking_key(upload.id), _read(context.store, upload, rows))
    except ObjectMissing:
        return None


def forget(context: Context, upload: Upload) -> None:
    """Delete what the file travelled in; what is left here by a crash is swept later."""
    if upload.multipart_id:
        context.store.drop_parts(upload.id, upload.multipart_id)
    if not upload.received_bytes:
        return  # No chunk of it was ever kept.
    with db.writing(context.engine) as session:
        rows = _rows(session, upload)
        session.execute(
            delete(UploadPart).where(
                col(UploadPart.project_id) == upload.project_id, col(UploadPart.upload_id) == upload.id
            )
        )
    for row in rows:
        context.store.delete(part_key(upload.id, row.name))


def _rows(session: Session, upload: Upload) -> list[UploadPart]:
    mine = select(UploadPart).where(UploadPart.project_id == upload.project_id, UploadPart.upload_id == upload.id)
    return list(session.exec(mine.order_by(col(UploadPart.start))))


def _read(store: Store, upload: Upload, rows: list[UploadPart]) -> Iterator[bytes]:
    for row in rows:
        yield from store.read(part_key(upload.id, row.name))


# Parts of a large file.


def count(upload: Upload) -> int:
    """How many parts the file has, one at least."""
    return max(1, math.ceil(upload.bytes / PART_BYTES))


def length(upload: Upload, number: int) -> int:
    """The length of one part in bytes. Raises UploadPartUnknown."""
    if not 1 <= number <= count(upload):
        raise errors.UploadPartUnknown(number=number, count=count(upload))
    return min(PART_BYTES, upload.bytes - (number - 1) * PART_BYTES)


def begun(context: Context, project_id: UUID, upload_id: UUID) -> Upload:
    """The upload, begun in parts; of two that begin at once one is kept. Raises NotFound, UploadOffsetWrong."""
    with db.reading(context.engine) as session:
        upload = uploads.get(session, project_id, upload_id)
    if upload.multipart_id or upload.state != "open":
        return upload
    mine = context.store.begin_parts(upload_id)
    with db.writing(context.engine) as session:
        upload = uploads.locked(session, project_id, upload_id)
        upload.multipart_id = upload.multipart_id or mine
        session.add(upload)
    if upload.multipart_id != mine:
        context.store.drop_parts(upload_id, mine)
    return upload


def done(store: Store, upload: Upload) -> list[PartDone]:
    """The parts that are here whole, by number; all of them once they were joined."""
    if upload.multipart_id is None:
        return []
    try:
        found = store.parts_done(upload.id, upload.multipart_id)
    except ObjectMissing:
        here = upload.state != "open" or store.size(incoming_key(upload.id)) is not None
        return [PartDone(n, length(upload, n), "") for n in range(1, count(upload) + 1)] if here else []
    return [p for p in found if p.number <= count(upload) and p.size_bytes == length(upload, p.number)]


def join(store: Store, upload: Upload) -> None:
    """Make one object of the parts when they are all here. Nothing happens when they were joined before."""
    if upload.multipart_id is None or store.size(incoming_key(upload.id)) is not None:
        return
    try:
        parts = [p for p in store.parts_done(upload.id, upload.multipart_id) if p.number <= count(upload)]
    except ObjectMissing:
        return
    if [p.size_bytes for p in parts] == [length(upload, n) for n in range(1, count(upload) + 1)]:
        store.join_parts(upload.id, upload.multipart_id, parts)


def drop(context: Context, project_id: UUID, upload_id: UUID, person_id: UUID) -> None:
    """Give up an open upload of this person and delete what came of it. Raises FileBeingChecked."""
    with db.writing(context.engine) as session:
        mine = select(Upload).where(
            Upload.id == upload_id, Upload.project_id == project_id, Upload.person_id == person_id
        )
        upload = session.exec(mine.with_for_update()).first()
        if upload is None or upload.state in ("verified", "refused"):
            return
        if upload.state == "checking":
            raise errors.FileBeingChecked()
        session.delete(upload)
    forget(context, upload)
    context.store.delete(incoming_key(upload.id))
