"""The one scoped way to load things: who reads, and whether they are a member of the project.

Every route of a project begins with `member_of(session, reader, project_id)`. Strangers, removed members and
keys of other projects get not-found, as if the project did not exist.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from sqlalchemy import Engine
from sqlmodel import Session, select

from plumbline.db import reading
from plumbline.identity.models import ApiKey, Device, DevicePerson, Membership
from plumbline.identity.roles import MAY, SEES, may, sees
from plumbline.identity.tokens import family_is_open, read_access
from plumbline.problems import Lang, NotAllowed, NotFound, SignInNeeded, language
from plumbline.settings import Settings

API_KEY_PREFIX = "plk_"


@dataclass(frozen=True)
class Caller:
    """Who asks. `device_id` is None for API keys; `project_id` is the only project an API key opens."""

    person_id: UUID
    device_id: UUID | None
    lang: Lang
    api_key_id: UUID | None = None
    project_id: UUID | None = None


# What handlers declare: the caller, marked as the dependency `reader` (Litestar infers no dependencies from 3.0 on).
Reader: TypeAlias = NamedDependency[Caller]
MaybeReader: TypeAlias = NamedDependency[Caller | None]


def read_bearer(engine: Engine, settings: Settings, header: str | None, lang: Lang) -> Caller:
    """The reader that an Authorization header names.

    Raises SignInNeeded when it is missing, forged or expired, and when the device or key was revoked.
    """
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise SignInNeeded
    with reading(engine) as session:
        if token.startswith(API_KEY_PREFIX):
            return _of_api_key(session, token, lang)
        return _of_device(session, settings, token, lang)


def _of_device(session: Session, settings: Settings, token: str, lang: Lang) -> Caller:
    claims = read_access(settings, token)
    if claims is None:
        raise SignInNeeded
    # A token outlives a revocation by minutes, so each request asks: a lost phone is shut out at once, and so is
    # whoever holds a copy of a session that was signed out or found to be stolen.
    enrolled = (
        select(Device.revoked_at)
        .join(DevicePerson)
        .where(Device.id == claims.device_id, DevicePerson.person_id == claims.person_id)
        .where(family_is_open(claims.family_id))
    )
    row = session.exec(enrolled).all()
    if not row or row[0] is not None:
        raise SignInNeeded
    return Caller(claims.person_id, claims.device_id, lang)


def api_key_sha256(key: str) -> str:
    """What the database keeps of an API key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _of_api_key(session: Session, key: str, lang: Lang) -> Caller:
    found = session.exec(select(ApiKey).where(ApiKey.key_sha256 == api_key_sha256(key))).first()
    if found is None or found.revoked_at:
        raise SignInNeeded
    return Caller(found.person_id, None, lang, api_key_id=found.id, project_id=found.project_id)


def _reader(request: Request[Any, Any, State]) -> Caller:
    lang = language(request.headers.get("accept-language"))
    return read_bearer(request.app.state.engine, request.app.state.settings, request.headers.get("authorization"), lang)


def provide_reader(request: Request[Any, Any, State]) -> Caller:
    """Litestar dependency `reader`. Raises SignInNeeded."""
    return _reader(request)


def provide_reader_or_none(request: Request[Any, Any, State]) -> Caller | None:
    """Litestar dependency `maybe_reader`: None without an Authorization header. Raises SignInNeeded for a bad one."""
    return _reader(request) if request.headers.get("authorization") else None


READER = {"reader": Provide(provide_reader, sync_to_thread=True)}
MAYBE_READER = {"maybe_reader": Provide(provide_reader_or_none, sync_to_thread=True)}


def membership(session: Session, person_id: UUID, project_id: UUID) -> Membership | None:
    """The active membership of a person, or None."""
    found = session.get(Membership, (project_id, person_id))
    return found if found and found.state == "active" else None


def member_of(session: Session, reader: Caller, project_id: UUID) -> Membership:
    """The reader's active membership in the project, with `.roles`. Raises NotFound for everybody else."""
    if reader.project_id is not None and reader.project_id != project_id:
        raise NotFound
    found = membership(session, reader.person_id, project_id)
    if found is None:
        raise NotFound
    return found


def member_who_may(session: Session, reader: Caller, project_id: UUID, act_type: str) -> Membership:
    """Like `member_of`, and may do this act type. Raises NotFound, NotAllowed."""
    found = member_of(session, reader, project_id)
    if not may(act_type, found.roles):
        raise NotAllowed(act=act_type, roles=sorted(MAY[act_type]))
    return found


def member_who_sees(session: Session, reader: Caller, project_id: UUID, what: str) -> Membership:
    """Like `member_of`, and may read this (roles.SEES). Raises NotFound, NotAllowed."""
    found = member_of(session, reader, project_id)
    if not sees(what, found.roles):
        raise NotAllowed(act=what, roles=sorted(SEES[what]))
    return found


def project_ids(session: Session, reader: Caller) -> list[UUID]:
    """Projects in which the reader is an active member: what walks and searches across projects may touch."""
    mine = select(Membership.project_id).where(Membership.person_id == reader.person_id, Membership.state == "active")
    return [p for p in session.exec(mine) if reader.project_id in (None, p)]
