"""A phone in tests: a P-256 key, a chain of acts, and envelopes as the PWA makes them."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from uuid_utils.compat import uuid7

PAYLOAD_TYPE = b"application/vnd.plumbline.act+json"
NOT_ENROLLED = UUID(int=0)
Envelope = dict[str, str]


def pae(payload: bytes) -> bytes:
    """DSSE v1 pre-authentication encoding, written here a second time so that tests do not trust the product's."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE, len(payload), payload)


@dataclass
class TestDevice:
    """A device that signs. `id` is the server's, set at sign-in; `seen` is the feed position it holds."""

    __test__ = False  # Not a test class.

    id: UUID = NOT_ENROLLED
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    seq: int = 0
    prev: str | None = None
    seen: int = 0

    @property
    def point(self) -> bytes:
        """The public key as 65 raw bytes."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def public_key(self) -> str:
        """The public key as sign-in and join take it."""
        return base64.b64encode(self.point).decode()

    def enrolment(self, label: str = "test phone") -> dict[str, str]:
        """The `device` of a sign-in or join: by key at first, by id afterwards."""
        return {"id": str(self.id)} if self.id != NOT_ENROLLED else {"public_key": self.public_key, "label": label}

    def sign(self, payload: bytes) -> bytes:
        """Raw r||s over the payload's encoding, as WebCrypto gives it."""
        r, s = decode_dss_signature(self.key.sign(pae(payload), ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def envelope(self, payload: bytes) -> Envelope:
        """An envelope around any bytes, signed; does not advance the chain."""
        return {
            "payload": base64.b64encode(payload).decode(),
            "device_id": str(self.id),
            "signature": base64.b64encode(self.sign(payload)).decode(),
        }

    def payload(
        self,
        type: str,
        object: UUID | str,
        body: Mapping[str, Any],
        *,
        project: UUID | str,
        actor: UUID | str,
        id: UUID | str | None = None,
        files: Sequence[Mapping[str, Any]] = (),
        depends_on: Sequence[UUID | str] = (),
        supersedes: UUID | str | None = None,
        seen: int | None = None,
        where: Mapping[str, Any] | None = None,
        wall: str = "2026-11-22T08:00:00.000Z",
        skew_ms: int | None = 0,
        v: int = 1,
    ) -> dict[str, Any]:
        """The next payload of the chain as a dictionary; UUIDs anywhere in `body` become strings."""
        return {
            "type": type,
            "v": v,
            "id": str(id or uuid7()),
            "project": str(project),
            "object": str(object),
            "actor": str(actor),
            "device": str(self.id),
            "seq": self.seq + 1,
            "prev": self.prev,
            "seen": {"cursor": self.seen if seen is None else seen, "head": None},
            "at": {"wall": wall, "offset_min": 480, "mono_ms": 1000, "skew_ms": skew_ms},
            "where": dict(where) if where else None,
            "files": [dict(f) for f in files],
            "depends_on": [str(d) for d in depends_on],
            "supersedes": str(supersedes) if supersedes else None,
            "body": dict(body),
        }

    def act(self, type: str, object: UUID | str, body: Mapping[str, Any], **more: Any) -> Envelope:
        """The next act of this device, signed; advances the chain. `more` as for `payload`."""
        return self.close(self.payload(type, object, body, **more))

    def close(self, payload: Mapping[str, Any]) -> Envelope:
        """Sign a payload as it stands and advance the chain."""
        raw = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), default=str).encode()
        self.seq += 1
        self.prev = hashlib.sha256(pae(raw)).hexdigest()
        return self.envelope(raw)
