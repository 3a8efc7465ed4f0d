"""Devices: signing keys that live outside the server, enrolled at sign-in or when joining."""

import base64
import binascii
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.db import now
from plumbline.identity.access import Caller, member_of
from plumbline.identity.errors import DeviceNotYours, DeviceRevoked, KeyUnusable
from plumbline.identity.models import Device, DevicePerson, Membership
from plumbline.identity.roles import sees
from plumbline.identity.schemas import DeviceIn
from plumbline.identity.tokens import revoke_device_tokens
from plumbline.problems import NotFound


def read_public_key(text: str) -> bytes:
    """The 65 bytes of an uncompressed P-256 point from standard base64. Raises KeyUnusable."""
    try:
        point = base64.b64decode(text, validate=True)
        if len(point) != 65:
            raise KeyUnusable
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)  # Refuses points off the curve.
    except (binascii.Error, ValueError) as bad:
        raise KeyUnusable from bad
    return point


def enrol(session: Session, person_id: UUID, device: DeviceIn) -> Device:
    """The device that signs in, linked to the person. A key enrolled before is the same device (shared phones).

    Flushes, because token rows refer to the device. Raises KeyUnusable, DeviceNotYours, DeviceRevoked.
    """
    if device.id is not None:
        return _enrolled_before(session, person_id, device.id)
    point = read_public_key(device.public_key or "")
    found = _by_key(session, point) or _new(session, point, device)
    if found.revoked_at:
        raise DeviceRevoked
    if session.get(DevicePerson, (found.id, person_id)) is None:
        session.add(DevicePerson(device_id=found.id, person_id=person_id))
        session.flush()
    return found


def _by_key(session: Session, point: bytes) -> Device | None:
    return session.exec(select(Device).where(Device.public_key == point)).first()


def _new(session: Session, point: bytes, device: DeviceIn) -> Device:
    label = device.label or ("手机 · Phone" if device.kind == "phone" else "浏览器 · Browser")
    made = Device(id=uuid7(), kind=device.kind, label=label, public_key=point, enrolled_at=now())
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # The same phone's other request enrolled the key in this moment.
        found = _by_key(session, point)
        if found is None:
            raise
        return found
    return made


def _enrolled_before(session: Session, person_id: UUID, device_id: UUID) -> Device:
    device = session.get(Device, device_id)
    if device is None or session.get(DevicePerson, (device_id, person_id)) is None:
        raise DeviceNotYours
    if device.revoked_at:
        raise DeviceRevoked
    return device


def of_project(session: Session, reader: Caller, project_id: UUID) -> list[tuple[Device, list[UUID]]]:
    """Devices of the project's active members, newest first, each with the members enrolled on it.

    Those who may not stop other people's devices see their own only. Raises NotFound.
    """
    member = member_of(session, reader, project_id)
    wanted = (
        select(Device, DevicePerson.person_id)
        .join(DevicePerson, col(DevicePerson.device_id) == Device.id)
        .join(Membership, col(Membership.person_id) == DevicePerson.person_id)
        .where(Membership.project_id == project_id, Membership.state == "active", Device.kind != "server")
        .order_by(col(Device.enrolled_at).desc(), col(Device.id), col(DevicePerson.person_id))
    )
    found: dict[UUID, tuple[Device, list[UUID]]] = {}
    for device, person_id in session.exec(wanted):
        found.setdefault(device.id, (device, []))[1].append(person_id)
    if not sees("devices", member.roles):
        return [(device, people) for device, people in found.values() if reader.person_id in people]
    return list(found.values())


def revoke(session: Session, reader: Caller, project_id: UUID, device_id: UUID) -> tuple[Device, list[UUID]]:
    """Stop a lost device: it can no longer sign in, and what it signs is kept for review.

    Administrators and project managers may stop any member's device, everybody their own. A device that is
    revoked stays so. Raises NotFound, also for devices of people outside the project.
    """
    for device, people in of_project(session, reader, project_id):
        if device.id == device_id:
            device.revoked_at = device.revoked_at or now()
            revoke_device_tokens(session, device_id)
            return device, people
    raise NotFound
