"""Originals leave as attachments in a sandbox, to members by their session and to anybody by an address that ends."""

import hmac
import logging
import time
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter
from litestar.response import Stream

from plumbline import db
from plumbline.evidence import errors, showing
from plumbline.evidence.models import EvidenceFile
from plumbline.evidence.schemas import SHA256_PATTERN, LinkOut
from plumbline.identity.access import Reader, member_of
from plumbline.settings import Settings
from plumbline.storage.errors import StoreUnavailable
from plumbline.storage.interface import Store, evidence_key
from plumbline.storage.service import open_store

log = logging.getLogger(__name__)
AnyRequest = Request[Any, Any, State]
Sha256 = FromPath[Annotated[str, Parameter(pattern=SHA256_PATTERN)]]
SECRET = "original"


def original(store: Store, file: EvidenceFile, range_header: str | None) -> Response[Any]:
    """The bytes, whole or one part of them. Raises RangeNotSatisfiable, StoreUnavailable."""
    key, size_bytes = evidence_key(file.project_id, file.sha256), file.bytes or 0
    if store.size(key) != size_bytes:
        log.error("Verified evidence is not as it was stored: %s", key)
        raise StoreUnavailable()
    headers = showing.original_headers(file)
    part = showing.part_of(range_header, size_bytes)
    if part is None:
        headers["Content-Length"] = str(size_bytes)
        return Stream(store.read(key), headers=headers, media_type=headers["Content-Type"])
    headers["Content-Length"] = str(part.length)
    headers["Content-Range"] = f"bytes {part.start}-{part.start + part.length - 1}/{size_bytes}"
    content = store.read(key, part.start, part.length)
    return Stream(content, headers=headers, media_type=headers["Content-Type"], status_code=206)


def token(settings: Settings, project_id: UUID, sha256: str, until: int) -> str:
    """The token of an address that ends at `until` (seconds since 1970)."""
    message = f"{project_id}/{sha256}.{until}".encode()
    return f"{until}.{hmac.digest(settings.secret(SECRET), message, 'sha256').hex()}"


@post("/api/projects/{project_id:uuid}/files/{sha256:str}/link", sync_to_thread=True, status_code=200)
def link_original(project_id: FromPath[UUID], sha256: Sha256, state: State, reader: Reader) -> LinkOut:
    """An address of the original for a download outside the app; at an S3 store it leads to the store itself.

    Problems: not-found (also for strangers).
    """
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
        file = showing.original(session, project_id, sha256)
    seconds = state.settings.upload_minutes * 60
    until = int(time.time()) + seconds
    name, mime = showing.download_name(file), showing.served_type(file)
    signed = open_store(state.settings).presign_get(evidence_key(project_id, sha256), name, mime, seconds)
    ours = f"/api/originals/{project_id}/{sha256}?token={token(state.settings, project_id, sha256, until)}"
    return LinkOut(url=signed or ours, expires_at=datetime.fromtimestamp(until, UTC))


@get("/api/originals/{project_id:uuid}/{sha256:str}", sync_to_thread=True, media_type="application/octet-stream")
def get_linked_original(
    project_id: FromPath[UUID],
    sha256: Sha256,
    token: FromQuery[Annotated[str, Parameter(max_length=100)]],
    state: State,
    request: AnyRequest,
) -> Response[Any]:
    """The original by an address that was given out; the token is the right.

    Problems: download-token-wrong, not-found, range-not-satisfiable, store-unavailable.
    """
    _check(state.settings, project_id, sha256, token)
    with db.reading(state.engine) as session:
        file = showing.original(session, project_id, sha256)
    return original(open_store(state.settings), file, request.headers.get("range"))


def _check(settings: Settings, project_id: UUID, sha256: str, given: str) -> None:
    until = given.partition(".")[0]
    if not (until.isascii() and until.isdigit() and len(until) <= 12):
        raise errors.DownloadTokenWrong()
    if not hmac.compare_digest(token(settings, project_id, sha256, int(until)).encode(), given.encode()):
        raise errors.DownloadTokenWrong()
    if int(until) < time.time():
        raise errors.DownloadTokenWrong()


handlers = [link_original, get_linked_original]
