"""Access tokens (JWT, ten minutes) and refresh tokens (random, used once).

Access tokens follow RFC 8725: one fixed algorithm, an explicit `typ` (RFC 9068: at+jwt), issuer and audience
checked, every claim that is read required. A refresh token lies in the database by its SHA-256 only.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import jwt
from sqlalchemy import update
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.db import now
from plumbline.identity.models import Device, RefreshToken
from plumbline.settings import Settings

ALGORITHM = "HS256"
TYPE = "at+jwt"
ISSUER = "plumbline"
AUDIENCE = "plumbline-api"
CLAIMS = ["iss", "aud", "sub", "did", "iat", "exp", "jti"]
# Clocks of several API hosts differ by this much at most, seconds.
LEEWAY_S = 10
# A phone that lost the answer sends the same refresh token again; so does a second tab. Within this time, and
# while nobody has gone on with the answer, that is no theft: it gets another token of the same family.
GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Claims:
    """What a valid access token says."""

    person_id: UUID
    device_id: UUID


def issue_access(settings: Settings, person_id: UUID, device_id: UUID) -> str:
    """A signed access token, valid for settings.access_token_minutes from now."""
    issued_at = now()
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(person_id),
        "did": str(device_id),
        "iat": issued_at,
        "exp": issued_at + timedelta(minutes=settings.access_token_minutes),
        "jti": uuid4().hex,
    }
    return jwt.encode(claims, settings.secret("token"), algorithm=ALGORITHM, headers={"typ": TYPE})


def read_access(settings: Settings, token: str) -> Claims | None:
    """The claims of a valid access token; None for anything else, without saying what was wrong."""
    try:
        whole = jwt.decode_complete(
            token,
            settings.secret("token"),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            leeway=LEEWAY_S,
            options={"require": CLAIMS},
        )
        if str(whole["header"].get("typ", "")).lower() != TYPE:
            return None
        return Claims(UUID(whole["payload"]["sub"]), UUID(whole["payload"]["did"]))
    except (jwt.InvalidTokenError, ValueError, AttributeError):
        return None


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue_refresh(
    session: Session, settings: Settings, person_id: UUID, device_id: UUID, family_id: UUID | None = None
) -> str:
    """Add a refresh token of 256 random bits, of a new family unless one is given; returns the token."""
    token = secrets.token_urlsafe(32)
    issued_at = now()
    session.add(
        RefreshToken(
            token_sha256=_sha256(token),
            family_id=family_id or uuid7(),
            person_id=person_id,
            device_id=device_id,
            issued_at=issued_at,
            expires_at=issued_at + timedelta(days=settings.refresh_token_days),
        )
    )
    return token


def spend_refresh(session: Session, token: str) -> RefreshToken | None:
    """Use a refresh token; None when it is unknown, expired, revoked, or its device is.

    A token that comes back after its grace has been stolen or copied: its whole family is revoked. So the caller
    must commit in both cases, and refuse afterwards.
    """
    found = session.get(RefreshToken, _sha256(token))
    moment = now()
    if found is None or found.revoked_at or found.expires_at <= moment or _is_revoked(session, found.device_id):
        return None
    # One statement decides between racers: only one of them sets spent_at.
    ours = session.exec(
        update(RefreshToken)
        .where(col(RefreshToken.token_sha256) == found.token_sha256, col(RefreshToken.spent_at).is_(None))
        .values(spent_at=moment)
        .returning(col(RefreshToken.token_sha256))
    ).first()
    if ours:
        return found
    session.refresh(found)
    if _is_lost_answer(session, found, moment):
        return found
    revoke_family(session, found.family_id)
    return None


def _is_revoked(session: Session, device_id: UUID) -> bool:
    device = session.get(Device, device_id)
    return device is None or device.revoked_at is not None


def _is_lost_answer(session: Session, spent: RefreshToken, moment: datetime) -> bool:
    if spent.revoked_at or spent.spent_at is None or moment - spent.spent_at > GRACE:
        return False
    gone_on = select(RefreshToken).where(
        RefreshToken.family_id == spent.family_id,
        RefreshToken.issued_at >= spent.spent_at,
        col(RefreshToken.spent_at).is_not(None),
    )
    return session.exec(gone_on).first() is None


def revoke_family(session: Session, family_id: UUID) -> None:
    """End every token that descends from one sign-in."""
    session.exec(
        update(RefreshToken)
        .where(col(RefreshToken.family_id) == family_id, col(RefreshToken.revoked_at).is_(None))
        .values(revoked_at=now())
    )


def revoke_device_tokens(session: Session, device_id: UUID) -> None:
    """End every sign-in on a device."""
    session.exec(
        update(RefreshToken)
        .where(col(RefreshToken.device_id) == device_id, col(RefreshToken.revoked_at).is_(None))
        .values(revoked_at=now())
    )


def revoke_person_tokens(session: Session, person_id: UUID) -> None:
    """End every sign-in of a person."""
    session.exec(
        update(RefreshToken)
        .where(col(RefreshToken.person_id) == person_id, col(RefreshToken.revoked_at).is_(None))
        .values(revoked_at=now())
    )


def sign_out(session: Session, token: str) -> None:
    """End the family of a refresh token; an unknown one is as good as signed out."""
    found = session.get(RefreshToken, _sha256(token))
    if found:
        revoke_family(session, found.family_id)
