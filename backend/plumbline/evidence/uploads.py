"""Upload intents: what may be sent where, the token of our own upload route, and taking bytes in."""

import hmac
import time
from datetime import timedelta
from uuid import UUID

import uuid_utils
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from plumbline import db
from plumbline.evidence import errors, service
from plumbline.evidence.models import Upload
from plumbline.evidence.schemas import ChunksOut, UploadAsked, UploadOut
from plumbline.evidence.sniff import sanitized
from plumbline.identity.access import Reader
from plumbline.problems import NotFound
from plumbline.settings import Settings
from plumbline.storage.interface import Store, Writer

MEGABYTE = 1_000_000
MAX_FILES = 200
CHUNK_BYTES = 256 * 1024
PART_BYTES = 8 * 1024 * 1024  # S3 takes parts of 5 MiB at least; files up to this size go in one.
SECRET = "upload"


def check_sizes(settings: Settings, asked: list[UploadAsked]) -> None:
    """Raises FileEmpty, FileTooLarge, each naming the file by its hash."""
    limit = settings.max_file_mb * MEGABYTE
    for file in asked:
        if file.bytes == 0:
            raise errors.FileEmpty(sha256=file.sha256)
        if file.bytes > limit:
            raise errors.FileTooLarge(sha256=file.sha256, bytes=file.bytes, limit=limit)


def intend(
    session: Session, settings: Settings, store: Store, project_id: UUID, reader: Reader, asked: list[UploadAsked]
) -> list[UploadOut]:
    """One answer for each file, in order: verified already, or where to send it. Asking again renews the address."""
    names = [file.sha256 for file in asked]
    service.lock(session, project_id, names)  # Against a sweep that is deleting one of them just now.
    missing = set(service.unverified(session, project_id, names))
    opened: dict[tuple[str, int, str], UploadOut] = {}
    answers = []
    for file in asked:
        if file.sha256 not in missing:
            answers.append(UploadOut(sha256=file.sha256, state="verified"))
            continue
        key = (file.sha256, file.bytes, sanitized(file.mime))
        if key not in opened:
            opened[key] = _address(settings, store, _renewed(session, settings, project_id, reader, *key))
        answers.append(opened[key])
    return answers


def _renewed(
    session: Session, settings: Settings, project_id: UUID, reader: Reader, sha256: str, size_bytes: int, mime: str
) -> Upload:
    """The person's own open intent for this file with a fresh end, or a new one."""
    mine = select(Upload).where(
        Upload.project_id == project_id,
        Upload.sha256 == sha256,
        Upload.bytes == size_bytes,
        Upload.mime == mime,
        Upload.person_id == reader.person_id,
        Upload.state == "open",
    )
    moment = db.now()
    upload = session.exec(mine.order_by(col(Upload.created_at))).first() or Upload(
        id=UUID(str(uuid_utils.uuid7())),
        project_id=project_id,
        sha256=sha256,
        bytes=size_bytes,
        mime=mime,
        person_id=reader.person_id,
        device_id=reader.device_id,
        created_at=moment,
        expires_at=moment,
        state="open",
    )
    upload.expires_at = moment + timedelta(minutes=settings.upload_minutes)
    session.add(upload)
    return upload


def _address(settings: Settings, store: Store, upload: Upload) -> UploadOut:
    signed = store.presign_put(upload.id, upload.bytes, upload.mime, settings.upload_minutes * 60)
    ours = own_url(settings, upload, "content")
    url, headers = (signed.url, signed.headers) if signed else (ours, {"Content-Type": upload.mime})
    parts_url = f"/api/projects/{upload.project_id}/uploads/{upload.id}/parts"
    return UploadOut(
        sha256=upload.sha256,
        state="upload",
        upload_id=upload.id,
        method="PUT",
        url=url,
        headers=headers,
        expires_at=upload.expires_at,
        chunks=ChunksOut(url=ours, chunk_bytes=CHUNK_BYTES, offset=upload.received_bytes or 0),
        parts_url=parts_url if upload.bytes > PART_BYTES else None,
    )


def own_url(settings: Settings, upload: Upload, what: str) -> str:
    """An address at this server that is itself the right to send to it, as long as the upload's own lasts."""
    until = int(upload.expires_at.timestamp())
    return f"/api/uploads/{upload.id}/{what}?token={token(settings, upload.id, until)}"


def token(settings: Settings, upload_id: UUID, until: int) -> str:
    """The token of an upload address that ends at `until` (seconds since 1970): the address itself is the right."""
    return f"{until}.{hmac.digest(settings.secret(SECRET), f'{upload_id}.{until}'.encode(), 'sha256').hex()}"


def opened(engine: Engine, settings: Settings, upload_id: UUID, given: str) -> Upload:
    """The upload that an address opens. Raises UploadTokenWrong, UploadExpired."""
    until = given.partition(".")[0]
    if not (until.isascii() and until.isdigit() and len(until) <= 12):
        raise errors.UploadTokenWrong()
    if not hmac.compare_digest(token(settings, upload_id, int(until)).encode(), given.encode()):
        raise errors.UploadTokenWrong()
    with db.reading(engine) as session:
        upload = session.get(Upload, upload_id)
    if upload is None:
        raise errors.UploadTokenWrong()
    if int(until) < time.time() or upload.state == "refused":
        raise errors.UploadExpired()
    return upload


class Reception:
    """Bytes of one upload, or of a part of it, on their way in; never more than were announced."""

    def __init__(self, writer: Writer, expected_bytes: int) -> None:
        self._expected = expected_bytes
        self._total = 0
        self._writer = writer

    def write(self, chunk: bytes) -> None:
        """Take the next bytes. Raises UploadLengthWrong, StoreFull."""
        self._total += len(chunk)
        if self._total > self._expected:
            raise errors.UploadLengthWrong(expected=self._expected)
        self._writer.write(chunk)

    def finish(self) -> None:
        """Keep the bytes. Raises UploadLengthWrong, StoreFull."""
        if self._total != self._expected:
            raise errors.UploadLengthWrong(expected=self._expected)
        self._writer.commit()

    def close(self) -> None:
        """Forget what was not finished."""
        self._writer.__exit__(None, None, None)


def renewed(session: Session, settings: Settings, project_id: UUID, upload_id: UUID) -> Upload:
    """The upload with a fresh end. Raises NotFound."""
    upload = locked(session, project_id, upload_id)
    upload.expires_at = db.now() + timedelta(minutes=settings.upload_minutes)
    session.add(upload)
    return upload


def get(session: Session, project_id: UUID, upload_id: UUID) -> Upload:
    """The upload of this project. Raises NotFound."""
    return _found(session, _of(project_id, upload_id))


def locked(session: Session, project_id: UUID, upload_id: UUID) -> Upload:
    """The upload, locked on PostgreSQL for whoever is going to change it. Raises NotFound."""
    return _found(session, _of(project_id, upload_id).with_for_update())


def _of(project_id: UUID, upload_id: UUID) -> SelectOfScalar[Upload]:
    return select(Upload).where(Upload.id == upload_id, Upload.project_id == project_id)


def _found(session: Session, wanted: SelectOfScalar[Upload]) -> Upload:
    upload = session.exec(wanted).first()
    if upload is None:
        raise NotFound
    return upload
