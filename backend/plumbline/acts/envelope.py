"""Envelopes: exact bytes, DSSE pre-authentication encoding, ECDSA P-256, and the strict reading of payloads.

Verify first, parse after, refuse strictly. Source of the encoding: DSSE v1 (secure-systems-lab/dsse, protocol.md).
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from plumbline.acts.errors import PayloadTooLarge, PayloadUnreadable

PAYLOAD_TYPE = "application/vnd.plumbline.act+json"
MAX_PAYLOAD_BYTES = 16 * 1024
MAX_DEPTH = 8
MAX_INT = 2**53

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # NUL, and halves of surrogate pairs.

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Degrees = Annotated[str, StringConstraints(pattern=r"^-?\d{1,3}(\.\d{1,9})?$")]
Metres = Annotated[str, StringConstraints(pattern=r"^\d{1,7}(\.\d{1,3})?$")]


def pae(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """DSSE v1 pre-authentication encoding; lengths count bytes, not characters."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def pae_sha256(payload: bytes) -> str:
    """SHA-256 of the encoding, 64 lower-case hex: what the device's next act names as `prev`."""
    return hashlib.sha256(pae(payload)).hexdigest()


@lru_cache(maxsize=4096)
def load_key(point: bytes) -> ec.EllipticCurvePublicKey:
    """A public key from its uncompressed P-256 point (65 bytes). Raises ValueError."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def is_signed(point: bytes, payload: bytes, signature: bytes, payload_type: str = PAYLOAD_TYPE) -> bool:
    """Whether `signature` (raw r||s, 64 bytes) is by the key `point` over the payload's encoding."""
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        load_key(point).verify(encode_dss_signature(r, s), pae(payload, payload_type), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def from_base64(text: str) -> bytes:
    """Decode standard base64, strictly. Raises ValueError."""
    return base64.b64decode(text, validate=True)


def strict_json(raw: bytes) -> Any:
    """Parse JSON of the strict profile: UTF-8, no duplicate keys, no floats, ints within ±2^53, depth ≤ 8.

    Raises PayloadTooLarge, PayloadUnreadable.
    """
    if len(raw) > MAX_PAYLOAD_BYTES:
        raise PayloadTooLarge(limit=MAX_PAYLOAD_BYTES)
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_float=_refuse("a float"),
            parse_constant=_refuse("NaN or Infinity"),
            parse_int=_whole,
        )
    except PayloadUnreadable:
        raise
    except (ValueError, RecursionError) as bad:
        raise PayloadUnreadable(what=str(bad)[:120] or "deep nesting") from bad
    _walk(value)
    return value


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise PayloadUnreadable(what="duplicate key")
    return found


def _refuse(what: str) -> Callable[[str], Any]:
    def stop(text: str) -> Any:
        raise PayloadUnreadable(what=f"{what}: {text[:20]}")

    return stop


def _whole(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_INT:
        raise PayloadUnreadable(what=f"a number beyond 2^53: {text[:20]}")
    return int(text)


def _walk(value: Any) -> None:
    """Level by level; all texts are searched at once."""
    texts: list[str] = []
    level, depth = [value], 1
    while level:
        deeper: list[Any] = []
        for part in level:
            if isinstance(part, str):
                texts.append(part)
            elif isinstance(part, dict | list):
                if depth > MAX_DEPTH:
                    raise PayloadUnreadable(what="deep nesting")
                if isinstance(part, list):
                    deeper.extend(part)
                else:
                    texts.extend(part)
                    deeper.extend(part.values())
        level, depth = deeper, depth + 1
    if _NO_TEXT.search("\n".join(texts)):
        raise PayloadUnreadable(what="a character that is no text")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Seen(_Part):
    """The newest feed position and project head that the device held."""

    cursor: int = Field(ge=0)
    head: Sha256 | None = None


class AtClaim(_Part):
    """The device's clocks: wall time, offset from UTC in minutes, monotonic ms, skew against the server in ms."""

    wall: str = Field(min_length=10, max_length=40)
    offset_min: int = Field(ge=-1440, le=1440)
    mono_ms: int | None = None
    skew_ms: int | None = None


class WhereClaim(_Part):
    """The device's position, degrees WGS 84 as decimal strings, accuracy in metres, age of the fix in ms."""

    lat: Degrees
    lon: Degrees
    accuracy_m: Metres | None = None
    fix_age_ms: int | None = Field(None, ge=0)

    def is_on_earth(self) -> bool:
        """Whether latitude and longitude are within ±90 and ±180 degrees."""
        return abs(Decimal(self.lat)) <= 90 and abs(Decimal(self.lon)) <= 180


class FileClaim(_Part):
    """A file that belongs to the act."""

    sha256: Sha256
    bytes: int = Field(ge=1)
    mime: str = Field(min_length=3, max_length=100)
    role: str = Field(min_length=1, max_length=80)
    capture: str = Field(pattern="^(camera|file|gallery|generated|document|preview|microphone|markup)$")


class Payload(_Part):
    """The payload of an act, version 1 of the envelope."""

    type: str = Field(max_length=60)
    v: int = Field(ge=1)
    id: UUID
    project: UUID
    object: UUID
    actor: UUID
    device: UUID
    seq: int | None = Field(ge=1)
    prev: Sha256 | None
    seen: Seen
    at: AtClaim
    where: WhereClaim | None
    files: list[FileClaim] = Field(max_length=100)
    depends_on: list[UUID] = Field(max_length=50)
    supersedes: UUID | None
    body: dict[str, Any]


@dataclass(frozen=True)
class Signed:
    """One envelope whose signature holds, before its payload is read."""

    device_id: UUID
    payload: bytes
    signature: bytes

    @property
    def sha256(self) -> str:
        """The hash that chains and the ledger use."""
        return pae_sha256(self.payload)


def read_payload(raw: bytes) -> Payload:
    """The payload, read strictly. Raises PayloadTooLarge, PayloadUnreadable with the first field that is wrong."""
    strict_json(raw)
    try:
        payload = Payload.model_validate_json(raw, strict=True)
    except ValidationError as bad:
        raise PayloadUnreadable(what=first_error(bad)) from bad
    if payload.where and not payload.where.is_on_earth():
        raise PayloadUnreadable(what="where: beyond ±90 or ±180 degrees")
    return payload


def first_error(bad: ValidationError) -> str:
    """`field: message` of the first error, without the value."""
    error = bad.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(p) for p in error['loc'])}: {error['msg']}"[:200]
