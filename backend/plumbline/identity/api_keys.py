"""Keys of other systems, for one project each. A key acts as its maker, with the maker's roles, and no device."""

import secrets
from uuid import UUID

from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.db import now
from plumbline.identity.access import API_KEY_PREFIX, Caller, api_key_sha256, member_who_sees
from plumbline.identity.models import ApiKey
from plumbline.identity.roles import SEES
from plumbline.problems import NotAllowed, NotFound


def _administrator(session: Session, reader: Caller, project_id: UUID) -> None:
    member_who_sees(session, reader, project_id, "api-keys")
    if reader.api_key_id is not None:  # A key that leaked must not be able to outlive its revocation.
        raise NotAllowed(act="api-keys", roles=sorted(SEES["api-keys"]))


def make(session: Session, reader: Caller, project_id: UUID, label: str) -> tuple[ApiKey, str]:
    """Add a key; returns it with its secret, which is stored nowhere. Raises NotFound, NotAllowed."""
    _administrator(session, reader, project_id)
    secret = API_KEY_PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        id=uuid7(),
        project_id=project_id,
        key_sha256=api_key_sha256(secret),
        label=label,
        person_id=reader.person_id,
        created_at=now(),
    )
    session.add(key)
    return key, secret


def of_project(session: Session, reader: Caller, project_id: UUID) -> list[ApiKey]:
    """The project's keys, newest first. Raises NotFound, NotAllowed."""
    _administrator(session, reader, project_id)
    keys = select(ApiKey).where(ApiKey.project_id == project_id).order_by(col(ApiKey.created_at).desc(), col(ApiKey.id))
    return list(session.exec(keys))


def revoke(session: Session, reader: Caller, project_id: UUID, key_id: UUID) -> None:
    """End a key at once; a second time changes nothing. Raises NotFound, NotAllowed."""
    _administrator(session, reader, project_id)
    key = session.get(ApiKey, key_id)
    if key is None or key.project_id != project_id:
        raise NotFound
    key.revoked_at = key.revoked_at or now()
