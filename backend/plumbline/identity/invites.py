"""Invitations: a code lets one person in, who then waits until the inviter's member:admit is applied."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.codes import code_sha256, make_code, normalize
from plumbline.db import now, reading, writing
from plumbline.identity import passwords, throttle
from plumbline.identity.access import Caller, member_who_may, membership
from plumbline.identity.devices import enrol, read_public_key
from plumbline.identity.errors import (
    CrewUnknown,
    InviteExpired,
    InviteUnknown,
    InviteUsed,
    OrganizationUnknown,
    RolesNotYoursToGive,
)
from plumbline.identity.models import Crew, Device, DevicePerson, Invite, Organization
from plumbline.identity.roles import may_give
from plumbline.identity.schemas import InviteIn, InviteOut, Join
from plumbline.identity.service import Opened, create_person, open_session, set_password
from plumbline.problems import SignInNeeded
from plumbline.settings import Settings

# A phone that lost the answer to its join has no password to come back with. For this long the same code from
# the same key is answered again.
LOST_ANSWER = timedelta(minutes=10)


def make(session: Session, settings: Settings, reader: Caller, project_id: UUID, data: InviteIn) -> tuple[Invite, str]:
    """Add an invitation; returns it with its code, which is stored nowhere.

    Raises NotFound, NotAllowed, RolesNotYoursToGive, OrganizationUnknown, CrewUnknown.
    """
    giver = member_who_may(session, reader, project_id, "member:admit")
    check_roles(giver.roles, list(data.roles))
    check_place(session, project_id, data.organization, data.crew)
    code, created_at = make_code(), now()
    invite = Invite(
        id=uuid7(),
        project_id=project_id,
        code_sha256=code_sha256(code),
        display_name=data.display_name,
        organization_id=data.organization,
        roles=[str(role) for role in data.roles],
        crew_id=data.crew,
        invited_by=reader.person_id,
        created_at=created_at,
        expires_at=created_at + timedelta(hours=settings.invite_hours),
    )
    session.add(invite)
    return invite, code


def check_roles(giver_roles: list[str], wanted: list[str]) -> None:
    """Raises RolesNotYoursToGive when a role is above what the giver may give."""
    if not may_give(giver_roles, wanted):
        raise RolesNotYoursToGive(roles=[r for r in wanted if not may_give(giver_roles, [r])])


def check_place(session: Session, project_id: UUID, organization_id: UUID, crew_id: UUID | None) -> None:
    """Raises OrganizationUnknown, CrewUnknown when the project has none such.

    Selects and not session.get: what earlier acts of the same batch added is found by the flush before a select.
    """
    in_project = select(Organization.id).where(
        Organization.id == organization_id, Organization.project_id == project_id
    )
    if session.exec(in_project).first() is None:
        raise OrganizationUnknown
    if crew_id and not session.exec(select(Crew.id).where(Crew.id == crew_id, Crew.project_id == project_id)).first():
        raise CrewUnknown


def of_project(session: Session, project_id: UUID) -> list[InviteOut]:
    """The project's invitations, newest first."""
    rows = session.exec(
        select(Invite).where(Invite.project_id == project_id).order_by(col(Invite.created_at).desc(), col(Invite.id))
    )
    return [_out(invite) for invite in rows]


def _out(invite: Invite) -> InviteOut:
    return InviteOut(
        id=invite.id,
        display_name=invite.display_name,
        organization_id=invite.organization_id,
        roles=invite.roles,
        crew_id=invite.crew_id,
        state=_state(invite),
        person_id=invite.joined_by,
        created_at=invite.created_at,
        expires_at=invite.expires_at,
    )


def _state(invite: Invite) -> Literal["open", "joined", "confirmed", "expired"]:
    if invite.confirmed_at:
        return "confirmed"
    if invite.joined_by:
        return "joined"
    return "expired" if invite.expires_at <= now() else "open"


def waiting_for(session: Session, person_id: UUID) -> list[Invite]:
    """Invitations that the person has used and nobody has confirmed yet."""
    used = select(Invite).where(Invite.joined_by == person_id, col(Invite.confirmed_at).is_(None))
    return list(session.exec(used.order_by(col(Invite.joined_at))))


def join(
    engine: Engine, settings: Settings, data: Join, reader: Caller | None, address: str
) -> tuple[Opened, Invite, bool]:
    """Use an invitation: a new person, or the one who is signed in, on the device given.

    Returns the session, the invitation, and whether the person is an active member already.
    Raises TooManyTries, InviteUnknown, InviteExpired, InviteUsed, LoginTaken, WeakPassword, SignInNeeded
    (for API keys), and what `enrol` raises.
    """
    if reader and reader.api_key_id:  # A key of one project must not become a session of its maker.
        raise SignInNeeded
    digest = _find(engine, data.code, address)
    # Hashing takes tens of milliseconds, so it stays outside the one writer's transaction.
    password_hash = passwords.hash_password(data.password, data.login or "") if data.password is not None else None
    with writing(engine) as session:
        invite, person_id = _take(session, digest, data, reader)
        if data.login is not None and password_hash is not None:
            set_password(session, person_id, data.login, password_hash)
        device = enrol(session, person_id, data.device)
        opened = open_session(session, settings, person_id, device.id)
        return opened, invite, membership(session, person_id, invite.project_id) is not None


def _find(engine: Engine, code: str, address: str) -> str:
    counted = throttle.code_counts(address)
    with reading(engine) as session:
        throttle.check(session, counted)
        try:
            digest = code_sha256(normalize(code))
        except ValueError:
            digest = ""
        known = session.exec(select(Invite.id).where(Invite.code_sha256 == digest)).first()
    if known is None:
        with writing(engine) as session:
            throttle.note_failure(session, counted)
        raise InviteUnknown
    return digest


def _take(session: Session, digest: str, data: Join, reader: Caller | None) -> tuple[Invite, UUID]:
    """Claim the invitation and make its person. One UPDATE decides between racers."""
    person_id = reader.person_id if reader else uuid7()
    moment = now()
    ours = session.exec(
        update(Invite)
        .where(
            col(Invite.code_sha256) == digest,
            col(Invite.joined_by).is_(None),
            col(Invite.expires_at) > moment,
        )
        .values(joined_by=person_id, joined_at=moment)
        .returning(col(Invite.id))
    ).first()
    invite = session.exec(select(Invite).where(Invite.code_sha256 == digest)).one()
    if ours is None:
        return invite, _again(session, invite, data)
    if reader is None:
        create_person(session, data.display_name or invite.display_name, id=person_id)
    return invite, person_id


def _again(session: Session, invite: Invite, data: Join) -> UUID:
    if invite.joined_by is None:
        raise InviteExpired(expires_at=invite.expires_at, expired_at=f"{invite.expires_at:%Y-%m-%d %H:%M} UTC")
    recent = invite.joined_at is not None and now() - invite.joined_at <= LOST_ANSWER
    if not recent or data.device.public_key is None:
        raise InviteUsed
    same_key = (
        select(DevicePerson.person_id)
        .join(Device, col(Device.id) == DevicePerson.device_id)
        .where(Device.public_key == read_public_key(data.device.public_key), DevicePerson.person_id == invite.joined_by)
    )
    if session.exec(same_key).first() is None:
        raise InviteUsed
    return invite.joined_by
