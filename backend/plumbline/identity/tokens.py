"""Access tokens (JWT, ten minutes), refresh tokens (random, used once), and the tokens of links.

JWTs follow RFC 8725: one fixed algorithm, an explicit `typ` for each use (RFC 9068: at+jwt), issuer and audience
checked, every claim that is read required. A refresh token lies in the database by its SHA-256 only.

A refresh token that comes back after use was stolen or copied: its whole family ends, with the access tokens that
name it, the thief's and the owner's. But a phone that lost the answer sends the same token again, and so does a
second tab. Nothing in the request tells these from a thief, so for GRACE they are answered with the *same* successor:
the next token is computed from the last one with a key of the server's. The line of tokens thus never forks, and
whoever holds a copy is found out at the next use by the other.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.db import now
from plumbline.identity.models import Device, RefreshToken
from plumbline.settings import Settings

ALGORITHM = "HS256"
TYPE = "at+jwt"
ISSUER = "plumbline"
AUDIENCE = "plumbline-api"
CLAIMS = ["iss", "aud", "sub", "did", "fam", "iat", "exp", "jti"]
# A link's token is another kind for another audience: neither passes for the other.
VISIT_TYPE = "visit+jwt"
VISIT_AUDIENCE = "plumbline-link"
VISIT_CLAIMS = ["iss", "aud", "sub", "gen", "iat", "exp", "jti"]
# Clocks of several API hosts differ by this much at most, seconds.
LEEWAY_S = 10
GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Claims:
    """What a valid access token says. `family_id` is the sign-in that it descends from."""

    person_id: UUID
    device_id: UUID
    family_id: UUID


@dataclass(frozen=True)
class Visit:
    """What a valid token of a link says: the grant, and which of its codes was opened."""

    grant_id: UUID
    generation: int


def life(settings: Settings) -> timedelta:
    """How long an access token, or a link's token, lives."""
    return timedelta(minutes=settings.access_token_minutes)


def issue_access(settings: Settings, person_id: UUID, device_id: UUID, family_id: UUID) -> str:
    """A signed access token, valid for settings.access_token_minutes from now."""
    claims = {"aud": AUDIENCE, "sub": str(person_id), "did": str(device_id), "fam": str(family_id)}
    return _issue(settings, TYPE, claims, now() + life(settings))


def issue_visit(settings: Settings, grant_id: UUID, generation: int, expires_at: datetime) -> str:
    """A signed token of a link, valid until `expires_at`."""
    claims = {"aud": VISIT_AUDIENCE, "sub": str(grant_id), "gen": generation}
    return _issue(settings, VISIT_TYPE, claims, expires_at)


def _issue(settings: Settings, typ: str, claims: dict[str, Any], expires_at: datetime) -> str:
    always = {"iss": ISSUER, "iat": now(), "exp": expires_at, "jti": uuid4().hex}
    return jwt.encode(always | claims, settings.secret("token"), algorithm=ALGORITHM, headers={"typ": typ})


def read_access(settings: Settings, token: str) -> Claims | None:
    """The claims of a valid access token; None for anything else, without saying what was wrong."""
    claims = _read(settings, token, TYPE, AUDIENCE, CLAIMS)
    try:
        return claims and Claims(UUID(claims["sub"]), UUID(claims["did"]), UUID(claims["fam"]))
    except (ValueError, AttributeError):
        return None


def read_visit(settings: Settings, token: str) -> Visit | None:
    """The claims of a valid token of a link; None for anything else."""
    claims = _read(settings, token, VISIT_TYPE, VISIT_AUDIENCE, VISIT_CLAIMS)
    try:
        return claims and Visit(UUID(claims["sub"]), int(claims["gen"]))
    except (ValueError, TypeError, AttributeError):
        return None


def _read(settings: Settings, token: str, typ: str, audience: str, required: list[str]) -> Any:
    try:
        whole = jwt.decode_complete(
            token,
            settings.secret("token"),
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=ISSUER,
            leeway=LEEWAY_S,
            options={"require": required},
        )
    except (jwt.InvalidTokenError, ValueError, AttributeError):
        return None
    return whole["payload"] if str(whole["header"].get("typ", "")).lower() == typ else None


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue_refresh(session: Session, settings: Settings, person_id: UUID, device_id: UUID, family_id: UUID) -> str:
    """Add the first refresh token of a family, 256 random bits; returns the token."""
    token = secrets.token_urlsafe(32)
    _add_refresh(session, settings, token, person_id, device_id, family_id)
    return token


def _add_refresh(
    session: Session, settings: Settings, token: str, person_id: UUID, device_id: UUID, family_id: UUID
) -> None:
    issued_at = now()
    session.add(
        RefreshToken(
            token_sha256=_sha256(token),
            family_id=family_id,
            person_id=person_id,
            device_id=device_id,
            issued_at=issued_at,
            expires_at=issued_at + timedelta(days=settings.refresh_token_days),
        )
    )


def new_family() -> UUID:
    """The id of a new line of refresh tokens, from one sign-in."""
    return uuid7()


def successor(settings: Settings, token: str) -> str:
    """The refresh token that follows: the same each time, and nobody without the server's key can compute it."""
    return hmac.new(settings.secret("refresh"), token.encode(), "sha256").hexdigest()


def spend_refresh(session: Session, settings: Settings, token: str) -> tuple[RefreshToken, str] | None:
    """Use a refresh token: its row and its successor, which is stored. None when it is unknown, expired or revoked,
    or its device is.

    A token that comes back after its grace, or after its successor was used, ends its family. So the caller must
    commit in both cases, and refuse afterwards.
    """
    found = session.get(RefreshToken, _sha256(token))
    moment = now()
    if found is None or found.revoked_at or found.expires_at <= moment or _is_revoked(session, found.device_id):
        return None
    following = successor(settings, token)
    # One statement decides between racers: only one of them sets spent_at.
    ours = session.exec(
        update(RefreshToken)
        .where(
            col(RefreshToken.token_sha256) == found.token_sha256,
            col(RefreshToken.spent_at).is_(None),
            col(RefreshToken.revoked_at).is_(None),
        )
        .values(spent_at=moment)
        .returning(col(RefreshToken.token_sha256))
    ).first()
    if ours:
        _add_refresh(session, settings, following, found.person_id, found.device_id, found.family_id)
        return found, following
    session.refresh(found)
    if _is_lost_answer(session, found, following, moment):
        return found, following
    revoke_family(session, found.family_id)
    return None


def _is_revoked(session: Session, device_id: UUID) -> bool:
    device = session.get(Device, device_id)
    return device is None or device.revoked_at is not None


def _is_lost_answer(session: Session, spent: RefreshToken, following: str, moment: datetime) -> bool:
    if spent.revoked_at or spent.spent_at is None or moment - spent.spent_at > GRACE:
        return False
    answered = session.get(RefreshToken, _sha256(following))
    return answered is not None and answered.spent_at is None


def family_is_open(family_id: UUID) -> ColumnElement[bool]:
    """A condition: the line of tokens still stands. Revoking a line revokes each of its tokens."""
    standing = select(RefreshToken.token_sha256).where(
        RefreshToken.family_id == family_id, col(RefreshToken.revoked_at).is_(None)
    )
    return standing.exists()


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
