"""Completing an upload: the server reads the bytes back, hashes them, and only then says verified.

One checker at a time holds an upload. The bytes are first moved to where no URL reaches, so nobody can swap them
between the hash and the copy: stores do not enforce If-None-Match or checksum headers (seen with rclone).
"""

import hashlib
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from plumbline import db
from plumbline.acts import house
from plumbline.acts.intake import insert_new
from plumbline.evidence import acts, chunks, errors, holding, pictures, sniff
from plumbline.evidence.models import PhotoClaim, Upload
from plumbline.jobs import Context
from plumbline.storage.errors import ObjectMissing, StoreUnavailable
from plumbline.storage.interface import checking_key, evidence_key, incoming_key, quarantine_key

MAX_PICTURE_BYTES = 200_000_000


@dataclass
class Finding:
    """What reading the bytes back has shown."""

    sha256: str
    bytes: int
    mime: str
    decodable: bool | None
    note: str | None = None
    width: int | None = None
    height: int | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def complete(context: Context, project_id: UUID, upload_id: UUID, received_at: datetime | None = None) -> str:
    """Verify an upload and say so by an act of the house; returns the hash. Repeats get the same answer.

    `received_at` is for projects marked sample, as in the door.

    Raises NotFound, FileNotArrived, FileBeingChecked, FileDigestMismatch, StoreUnavailable, StoreFull.
    """
    upload, is_known = holding.claimed(context.engine, project_id, upload_id)
    if upload.state == "verified":
        return upload.sha256
    if upload.state == "refused":
        raise _mismatch(upload)
    with holding.held(context.engine, upload):
        if is_known:
            context.store.delete(incoming_key(upload.id))
        else:
            finding = _check(context, upload)
            announce(context, project_id, finding, received_at)
        holding.settle(context.engine, upload, "verified")
    chunks.forget(context, upload)
    return upload.sha256


def announce(context: Context, project_id: UUID, finding: Finding, received_at: datetime | None = None) -> None:
    """Say `verified` through the door, for bytes that already lie under their own key."""
    body = {
        "sha256": finding.sha256,
        "bytes": finding.bytes,
        "mime": finding.mime,
        "decodable": finding.decodable,
        "width": finding.width,
        "height": finding.height,
        "note": finding.note,
    }
    claim = {"project_id": project_id, "sha256": finding.sha256, "claims": finding.claims, "notes": finding.notes}
    if finding.mime in sniff.PICTURES:
        with db.writing(context.engine) as session:
            insert_new(session, PhotoClaim, [claim], ["project_id", "sha256"])
    object_id = acts.object_id(project_id, finding.sha256)
    result = house.post(
        context.engine,
        context.settings,
        project_id,
        "evidence:verified",
        object_id,
        body,
        received_at=received_at,
        at=received_at.isoformat() if received_at else None,
    )
    if result.verdict != "applied":
        raise RuntimeError(f"the house's own act was {result.verdict}: {result.problem}")


def announce_again(context: Context, project_id: UUID, sha256: str) -> None:
    """Say `verified` of bytes that still lie under their own key, after reading them again. Raises FileNotArrived."""
    key = evidence_key(project_id, sha256)
    size_bytes = context.store.size(key)
    with tempfile.TemporaryDirectory(prefix="plumbline-") as folder:
        copy = Path(folder) / "original"
        if size_bytes is None:
            raise errors.FileNotArrived()
        found, head = _hash(context, key, copy)
        if found != sha256:
            raise errors.FileNotArrived()
        declared = sniff.sniff(head) or "application/octet-stream"
        announce(context, project_id, judge(sha256, size_bytes, declared, head, copy))


def _mismatch(upload: Upload, size_bytes: int | None = None, sha256: str | None = None) -> errors.FileDigestMismatch:
    return errors.FileDigestMismatch(
        expected_sha256=upload.sha256,
        expected_bytes=upload.bytes,
        received_sha256=sha256 or upload.received_sha256,
        received_bytes=size_bytes if size_bytes is not None else upload.received_bytes,
    )


def _check(context: Context, upload: Upload) -> Finding:
    store, final = context.store, evidence_key(upload.project_id, upload.sha256)
    key, size_bytes = _found(context, upload)
    sha256 = None
    if size_bytes == upload.bytes:
        with tempfile.TemporaryDirectory(prefix="plumbline-") as folder:
            copy = Path(folder) / "original"
            sha256, head = _hash(context, key, copy)
            if sha256 == upload.sha256:
                finding = judge(upload.sha256, upload.bytes, upload.mime, head, copy)
                if key != final and store.move(key, final, size_bytes) != size_bytes:
                    raise StoreUnavailable()  # It gave more or less than it had just let us read.
                return finding
    store.move(key, quarantine_key(upload.project_id, upload.id), size_bytes)
    holding.settle(context.engine, upload, "refused", received_bytes=size_bytes, received_sha256=sha256)
    chunks.forget(context, upload)
    raise _mismatch(upload, size_bytes, sha256)


def _found(context: Context, upload: Upload) -> tuple[str, int]:
    """Key and length of the bytes, out of everybody's reach: as sent just now, or as an earlier checker left them."""
    incoming, checking = incoming_key(upload.id), checking_key(upload.id)
    final = evidence_key(upload.project_id, upload.sha256)
    chunks.join(context.store, upload)
    with suppress(ObjectMissing):
        return checking, context.store.move(incoming, checking, upload.bytes)
    if (gathered := chunks.gathered(context, upload)) is not None:
        return gathered
    for key in (checking, final):
        if (size_bytes := context.store.size(key)) is not None:
            return key, size_bytes
    raise errors.FileNotArrived()


def _hash(context: Context, key: str, copy: Path) -> tuple[str, bytes]:
    """(SHA-256, first bytes) of every byte read back; a picture is copied aside for the child process."""
    digest, head, out = hashlib.sha256(), b"", None
    try:
        for chunk in context.store.read(key):
            if not head:
                head = chunk[: sniff.HEAD_BYTES]
                out = copy.open("wb") if sniff.sniff(head) in sniff.PICTURES else None
            digest.update(chunk)
            if out is not None:
                out.write(chunk)
    finally:
        if out is not None:
            out.close()
    return digest.hexdigest(), head


def judge(sha256: str, size_bytes: int, declared: str, head: bytes, copy: Path) -> Finding:
    """What a file with a right hash is, and whether its picture decodes. Never raises for what it holds."""
    mime, decodable = sniff.judged(declared, head)
    finding = Finding(sha256, size_bytes, mime, decodable)
    if decodable is False:
        finding.note = "not-what-it-says"
    elif mime.startswith(("video/", "audio/")):
        finding.note = "played-not-drawn"
    elif mime == "image/heic" and not pictures.has_heic():
        finding.decodable, finding.note, finding.notes = False, "needs-heic-decoder", ["not-decoded"]
    elif mime in sniff.PICTURES and size_bytes > MAX_PICTURE_BYTES:
        finding.decodable, finding.note, finding.notes = False, "too-large-to-decode", ["not-decoded"]
    elif mime in sniff.PICTURES:
        seen = pictures.probe(copy)
        finding.decodable, finding.note = seen["decodable"], seen["note"]
        finding.width, finding.height = seen["width"], seen["height"]
        finding.claims, finding.notes = seen["claims"], seen["notes"]
    return finding
