"""Reading evidence: the original as it came, the derivative, and what is known of a file."""

import re
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.evidence import errors
from plumbline.evidence.models import ActFileRow, Derivative, EvidenceFile, PhotoClaim
from plumbline.evidence.notes import said
from plumbline.evidence.pictures import SIZES_PX
from plumbline.evidence.schemas import AttachedOut, DerivativeOut, FileMeta
from plumbline.evidence.sniff import PICTURES
from plumbline.problems import NotFound

# Types that are named to a browser; everything else leaves as bytes. All leave as attachments.
NAMED = (
    PICTURES
    | {"application/pdf", "video/mp4", "video/webm", "video/quicktime", "text/csv"}
    | {
        "audio/mp4",
        "audio/webm",
        "audio/ogg",
    }
)
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/tiff": "tif",
    "image/avif": "avif",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "audio/mp4": "m4a",
    "audio/webm": "weba",
    "audio/ogg": "ogg",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True)
class Part:
    """A part of a file: first byte, number of bytes."""

    start: int
    length: int


def file_of(session: Session, project_id: UUID, sha256: str) -> EvidenceFile:
    """A file of the project, expected or verified. Raises NotFound."""
    found = session.get(EvidenceFile, (project_id, sha256))
    if found is None:
        raise NotFound
    return found


def original(session: Session, project_id: UUID, sha256: str) -> EvidenceFile:
    """A verified file. Raises NotFound, also while it is expected: there is nothing to show."""
    found = file_of(session, project_id, sha256)
    if found.status != "verified":
        raise NotFound
    return found


def original_headers(file: EvidenceFile) -> dict[str, str]:
    """Headers under which hostile bytes stay bytes: an attachment, of no guessed type, in a sandbox."""
    return {
        "Content-Type": served_type(file),
        "Content-Disposition": f'attachment; filename="{download_name(file)}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=86400",
        "ETag": f'"{file.sha256}"',
        "Accept-Ranges": "bytes",
    }


def download_name(file: EvidenceFile) -> str:
    """The name of a download: by hash and type found, never what anybody called the file."""
    ending = "bin" if file.is_decodable is False else ENDINGS.get(file.mime or "", "bin")
    return f"{file.sha256[:16]}.{ending}"


def served_type(file: EvidenceFile) -> str:
    """The media type told to a browser; bytes when the file is not plainly what it says."""
    named = file.mime in NAMED and file.is_decodable is not False
    return str(file.mime) if named else "application/octet-stream"


def part_of(range_header: str | None, size_bytes: int) -> Part | None:
    """The one part that a Range header asks for; None: the whole. Raises RangeNotSatisfiable."""
    asked = _RANGE.fullmatch((range_header or "").strip())
    if asked is None or asked.group() == "bytes=-":
        return None  # Several parts, or another unit: RFC 9110 lets a server answer with the whole.
    first, last = asked[1], asked[2]
    if first:
        start = int(first)
        end = min(int(last), size_bytes - 1) if last else size_bytes - 1
    else:
        start, end = max(0, size_bytes - int(last)), size_bytes - 1
    if start >= size_bytes or end < start:
        raise errors.RangeNotSatisfiable(bytes=size_bytes)
    return Part(start, end - start + 1)


def ready_derivative(session: Session, project_id: UUID, sha256: str, size_px: int) -> Derivative:
    """A derivative that is there. Raises NotFound, PreviewNotReady, PreviewImpossible."""
    file = original(session, project_id, sha256)
    if not file.is_decodable:
        raise errors.PreviewImpossible(why=said(file.note or "not-what-it-says"))
    found = session.get(Derivative, (project_id, sha256, size_px))
    if found is None:
        raise errors.PreviewNotReady
    if found.state != "ready":
        raise errors.PreviewImpossible(why=said(found.note or "damaged"))
    return found


def meta(session: Session, project_id: UUID, sha256: str) -> FileMeta:
    """What is known of a file. Raises NotFound."""
    file = file_of(session, project_id, sha256)
    claim = session.get(PhotoClaim, (project_id, sha256))
    attached = select(ActFileRow).where(ActFileRow.project_id == project_id, ActFileRow.sha256 == sha256)
    rows = session.exec(attached.order_by(col(ActFileRow.act_id), col(ActFileRow.position))).all()
    return FileMeta(
        sha256=sha256,
        status="verified" if file.status == "verified" else "expected",
        bytes=file.bytes,
        mime=file.mime,
        decodable=file.is_decodable,
        width=file.width_px,
        height=file.height_px,
        note=said(file.note) if file.note else None,
        claims=claim.claims if claim else {},
        notes=[said(key) for key in (claim.notes if claim else [])],
        derivatives=[_derivative(session, file, size) for size in SIZES_PX] if file.is_decodable else [],
        attached=[
            AttachedOut(act_id=r.act_id, kind=r.object_kind, id=r.object_id, role=r.role, capture=r.capture)
            for r in rows
        ],
    )


def _derivative(session: Session, file: EvidenceFile, size_px: int) -> DerivativeOut:
    found = session.get(Derivative, (file.project_id, file.sha256, size_px))
    if found is None:
        return DerivativeOut(size=size_px, state="waiting")
    state: Literal["ready", "impossible"] = "ready" if found.state == "ready" else "impossible"
    return DerivativeOut(size=size_px, state=state, width=found.width_px, height=found.height_px)
