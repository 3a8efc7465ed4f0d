"""Who gets messages: subscriptions of people who are signed in on a device and members of the project."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, delete, select

from plumbline.db import now
from plumbline.identity.access import Caller
from plumbline.identity.devices import read_public_key
from plumbline.identity.errors import KeyUnusable
from plumbline.identity.models import Device, Membership, RefreshToken
from plumbline.push import wire
from plumbline.push.errors import PushAddressUnusable, PushNeedsDevice
from plumbline.push.models import PushSubscription
from plumbline.push.schemas import SubscriptionIn
from plumbline.settings import Settings


def subscribe(session: Session, settings: Settings, reader: Caller, wanted: SubscriptionIn) -> None:
    """Send this person's messages to this browser from now on; a second time replaces address and language.

    Raises PushAddressUnusable, PushNeedsDevice.
    """
    if reader.device_id is None:
        raise PushNeedsDevice
    wire.checked(settings, wanted.endpoint)
    _check_keys(wanted)
    session.merge(
        PushSubscription(
            person_id=reader.person_id,
            device_id=reader.device_id,
            endpoint=wanted.endpoint,
            p256dh=wanted.p256dh,
            auth=wanted.auth,
            language=wanted.language,
            subscribed_at=now(),
        )
    )


def _check_keys(wanted: SubscriptionIn) -> None:
    standard = wanted.p256dh.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        read_public_key(standard + "=" * (-len(standard) % 4))
    except KeyUnusable as bad:
        raise PushAddressUnusable from bad
    if len(wanted.auth.rstrip("=")) != 22:  # 16 bytes (RFC 8291).
        raise PushAddressUnusable


def unsubscribe(session: Session, reader: Caller) -> None:
    """No messages for this person on this device any more; fine when there were none."""
    session.exec(
        delete(PushSubscription).where(
            col(PushSubscription.person_id) == reader.person_id, col(PushSubscription.device_id) == reader.device_id
        )
    )


def is_on(session: Session, reader: Caller) -> bool:
    """Whether this person gets messages on this device."""
    return session.get(PushSubscription, (reader.person_id, reader.device_id)) is not None


def of_person(
    session: Session, project_id: UUID, person_id: UUID, device_id: UUID | None = None
) -> Sequence[PushSubscription]:
    """Subscriptions of an active member, on one device or all, where they are still signed in."""
    signed_in = select(RefreshToken.token_sha256).where(
        RefreshToken.person_id == PushSubscription.person_id,
        RefreshToken.device_id == PushSubscription.device_id,
        col(RefreshToken.revoked_at).is_(None),
        RefreshToken.expires_at > now(),
    )
    wanted = (
        select(PushSubscription)
        .join(Device, col(Device.id) == PushSubscription.device_id)
        .join(Membership, col(Membership.person_id) == PushSubscription.person_id)
        .where(PushSubscription.person_id == person_id, Membership.project_id == project_id)
        .where(Membership.state == "active", col(Device.revoked_at).is_(None), signed_in.exists())
        .order_by(col(PushSubscription.device_id))
    )
    if device_id is not None:
        wanted = wanted.where(PushSubscription.device_id == device_id)
    return session.exec(wanted).all()
