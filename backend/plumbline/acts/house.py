"""Acts of the house: the server's own rules and API keys, signed with the server's key, and saying so."""

import base64
import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import uuid_utils
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Engine

from plumbline import db
from plumbline.acts.door import Door
from plumbline.acts.envelope import Signed, pae
from plumbline.acts.intake import HOUSE_PERSON, Result
from plumbline.identity.models import Device
from plumbline.settings import Settings

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
NAMESPACE = UUID("7b0f6f0e-6f0c-5c1b-9a53-3f0c8f0d6a11")


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return UUID(str(uuid_utils.uuid7()))


def _key(settings: Settings) -> ec.EllipticCurvePrivateKey:
    wide = hashlib.sha512(b"plumbline server key" + settings.secret("server")).digest()
    return ec.derive_private_key(int.from_bytes(wide) % (P256_ORDER - 1) + 1, ec.SECP256R1())


def sign(key: ec.EllipticCurvePrivateKey, payload: bytes) -> bytes:
    """Raw r||s (64 bytes) over the payload's pre-authentication encoding."""
    r, s = decode_dss_signature(key.sign(pae(payload), ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def device_id(settings: Settings) -> UUID:
    """The id of the server's device: drawn from its public key, the same in every process."""
    return uuid5(NAMESPACE, base64.b64encode(_point(settings)).decode())


def _point(settings: Settings) -> bytes:
    return _key(settings).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def enrol(engine: Engine, settings: Settings) -> None:
    """Make sure that the server's device is known; called at start."""
    id = device_id(settings)
    with db.writing(engine) as session:
        if session.get(Device, id) is None:
            session.add(
                Device(id=id, kind="server", label="Plumbline", public_key=_point(settings), enrolled_at=db.now())
            )


def compose(
    settings: Settings,
    project_id: UUID,
    type: str,
    object_id: UUID,
    body: dict[str, Any],
    *,
    id: UUID | None = None,
    actor: UUID = HOUSE_PERSON,
    files: list[dict[str, Any]] | None = None,
    depends_on: list[UUID] | None = None,
    v: int = 1,
    at: str | None = None,
    cursor: int = 2**52,
) -> Signed:
    """An act signed by the server. It knows everything, so `seen` is beyond every number unless told."""
    device = device_id(settings)
    payload = {
        "type": type,
        "v": v,
        "id": str(id or new_id()),
        "project": str(project_id),
        "object": str(object_id),
        "actor": str(actor),
        "device": str(device),
        "seq": None,
        "prev": None,
        "seen": {"cursor": cursor, "head": None},
        "at": {"wall": at or db.now().isoformat(), "offset_min": 0, "mono_ms": None, "skew_ms": 0},
        "where": None,
        "files": files or [],
        "depends_on": [str(d) for d in depends_on or []],
        "supersedes": None,
        "body": body,
    }
    raw = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return Signed(device, raw, sign(_key(settings), raw))


def post(
    engine: Engine,
    settings: Settings,
    project_id: UUID,
    type: str,
    object_id: UUID,
    body: dict[str, Any],
    *,
    received_at: datetime | None = None,
    **more: Any,
) -> Result:
    """Compose an act of the house and send it through the door; `received_at` as the door takes it."""
    signed = compose(settings, project_id, type, object_id, body, **more)
    return Door(engine, settings).take([signed], received_at=received_at, by_house=True)[0]
