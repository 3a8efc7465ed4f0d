"""A phone of the sample: its own P-256 key and its own chain of signed acts, as a phone on site makes them."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from plumbline.acts import house
from plumbline.acts.envelope import Signed, pae_sha256
from plumbline.acts.intake import Result, check_signature

Doc = Mapping[str, Any]


def id_at(moment: datetime) -> UUID:
    """A UUIDv7 of a moment: ids of the sample sort like ids that were made on that day."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62))


def instant(moment: datetime) -> str:
    """A moment as acts write it: UTC to the millisecond, with Z."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Phone:
    """One person's device. `skew_ms` is what it measured against the server at its last sync."""

    person_id: UUID
    id: UUID
    skew_ms: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    seq: int = 0
    prev: str | None = None

    @property
    def point(self) -> bytes:
        """The public key: an uncompressed P-256 point, 65 bytes."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(
        self,
        project_id: UUID,
        type: str,
        object_id: UUID,
        body: Doc,
        *,
        at: datetime,
        offset_min: int,
        seen: int,
        where: Doc | None = None,
        files: Sequence[Doc] = (),
        supersedes: UUID | None = None,
    ) -> Signed | Result:
        """The next act of the chain, its signature checked as the batch endpoint does. UUIDs become strings."""
        payload = {
            "type": type,
            "v": 1,
            "id": str(id_at(at)),
            "project": str(project_id),
            "object": str(object_id),
            "actor": str(self.person_id),
            "device": str(self.id),
            "seq": self.seq + 1,
            "prev": self.prev,
            "seen": {"cursor": seen, "head": None},
            "at": {
                "wall": instant(at),
                "offset_min": offset_min,
                "mono_ms": 60_000 * self.seq,
                "skew_ms": self.skew_ms,
            },
            "where": where,
            "files": list(files),
            "depends_on": [],
            "supersedes": str(supersedes) if supersedes else None,
            "body": body,
        }
        raw = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), default=str).encode()
        self.seq, self.prev = self.seq + 1, pae_sha256(raw)
        return check_signature(Signed(self.id, raw, house.sign(self.key, raw)), self.point)
