"""Routes of identity: signing in and out, joining, who am I, invitations, API keys and devices.

Each handler opens, writes and commits in its own thread (see db.writing); what is refused is raised.
"""

from typing import Any
from uuid import UUID

from litestar import delete, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from plumbline.db import reading, writing
from plumbline.identity import api_keys, devices, invites, service, tokens
from plumbline.identity.access import MAYBE_READER, MaybeReader, Reader, member_who_sees
from plumbline.identity.address import AnyRequest, client_address
from plumbline.identity.me import me
from plumbline.identity.models import ApiKey, Device
from plumbline.identity.schemas import (
    ApiKeyIn,
    ApiKeyOut,
    DeviceOut,
    InviteIn,
    InviteOut,
    Join,
    JoinedOut,
    MeOut,
    NewApiKey,
    NewInvite,
    PersonOut,
    RefreshIn,
    RolesOut,
    SessionOut,
    SignIn,
)
from plumbline.identity.table import document


def _session(state: State, opened: service.Opened) -> dict[str, Any]:
    return {
        "access_token": opened.access_token,
        "expires_in": state.settings.access_token_minutes * 60,
        "refresh_token": opened.refresh_token,
        "person": PersonOut(id=opened.person.id, display_name=opened.person.display_name, login=opened.login),
        "device_id": opened.device_id,
    }


@post("/api/sign-in", sync_to_thread=True, status_code=200)
def sign_in(data: JSONBody[SignIn], request: AnyRequest, state: State) -> SessionOut:
    """Sign in by password, on a new or an enrolled device.

    Problems: wrong-password, too-many-tries, key-unusable, device-not-yours, sign-in-on-revoked-device.
    """
    return SessionOut(**_session(state, service.sign_in(state.engine, state.settings, data, client_address(request))))


@post("/api/join", sync_to_thread=True, status_code=200, dependencies=MAYBE_READER)
def join(data: JSONBody[Join], request: AnyRequest, state: State, maybe_reader: MaybeReader) -> JoinedOut:
    """Use an invitation, as a new person or as the one who is signed in; the inviter then confirms.

    Problems: invite-unknown, invite-expired, invite-used, too-many-tries, login-taken, weak-password,
    key-unusable, device-not-yours, sign-in-on-revoked-device, sign-in-needed.
    """
    opened, invite, active = invites.join(state.engine, state.settings, data, maybe_reader, client_address(request))
    return JoinedOut(**_session(state, opened), project_id=invite.project_id, state="active" if active else "waiting")


@post("/api/token", sync_to_thread=True, status_code=200)
def renew(data: JSONBody[RefreshIn], state: State) -> SessionOut:
    """Trade a refresh token for a new pair; each is used once. Problems: sign-in-needed."""
    return SessionOut(**_session(state, service.renew(state.engine, state.settings, data.refresh_token)))


@post("/api/sign-out", sync_to_thread=True, status_code=204)
def sign_out(data: JSONBody[RefreshIn], state: State) -> None:
    """End the session of a refresh token; an unknown one is as good as signed out."""
    with writing(state.engine) as session:
        tokens.sign_out(session, data.refresh_token)


@get("/api/roles", sync_to_thread=False, dependencies={})
def read_roles() -> RolesOut:
    """Who may do which act, who reads what, and who gives which role. Public: it names roles, and nobody."""
    return RolesOut(**document())


@get("/api/me", sync_to_thread=True)
def read_me(state: State, reader: Reader) -> MeOut:
    """Who the token belongs to, their projects, and where their device's chain stands. Problems: sign-in-needed."""
    with reading(state.engine) as session:
        return me(session, reader)


@post("/api/projects/{project_id:uuid}/invites", sync_to_thread=True)
def make_invite(project_id: FromPath[UUID], data: JSONBody[InviteIn], state: State, reader: Reader) -> NewInvite:
    """Invite one person; the code is shown this once.

    Problems: not-found (also for strangers), not-allowed, roles-not-yours-to-give, organization-unknown, crew-unknown.
    """
    with writing(state.engine) as session:
        invite, code = invites.make(session, state.settings, reader, project_id, data)
    url = f"{state.settings.base_url.rstrip('/')}/join/{code}"
    return NewInvite(id=invite.id, code=code, url=url, expires_at=invite.expires_at)


@get("/api/projects/{project_id:uuid}/invites", sync_to_thread=True)
def list_invites(project_id: FromPath[UUID], state: State, reader: Reader) -> list[InviteOut]:
    """The project's invitations, newest first, for those who may admit. Problems: not-found, not-allowed."""
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "invites")
        return invites.of_project(session, project_id)


@post("/api/projects/{project_id:uuid}/api-keys", sync_to_thread=True)
def make_api_key(project_id: FromPath[UUID], data: JSONBody[ApiKeyIn], state: State, reader: Reader) -> NewApiKey:
    """Make a key for another system; it is shown this once. Problems: not-found, not-allowed."""
    with writing(state.engine) as session:
        key, secret = api_keys.make(session, reader, project_id, data.label)
        return NewApiKey(**_key(key), key=secret)


@get("/api/projects/{project_id:uuid}/api-keys", sync_to_thread=True)
def list_api_keys(project_id: FromPath[UUID], state: State, reader: Reader) -> list[ApiKeyOut]:
    """The project's keys, revoked ones too, newest first. Problems: not-found, not-allowed."""
    with reading(state.engine) as session:
        return [ApiKeyOut(**_key(key)) for key in api_keys.of_project(session, reader, project_id)]


@delete("/api/projects/{project_id:uuid}/api-keys/{key_id:uuid}", sync_to_thread=True)
def revoke_api_key(project_id: FromPath[UUID], key_id: FromPath[UUID], state: State, reader: Reader) -> None:
    """End a key at once. Problems: not-found, not-allowed."""
    with writing(state.engine) as session:
        api_keys.revoke(session, reader, project_id, key_id)


def _key(key: ApiKey) -> dict[str, Any]:
    return dict(key.model_dump(include={"id", "label", "person_id", "created_at", "revoked_at"}))


@get("/api/projects/{project_id:uuid}/devices", sync_to_thread=True)
def list_devices(project_id: FromPath[UUID], state: State, reader: Reader) -> list[DeviceOut]:
    """Devices of the project's members; people without an office role see their own. Problems: not-found."""
    with reading(state.engine) as session:
        return [_device(d, people) for d, people in devices.of_project(session, reader, project_id)]


@post("/api/projects/{project_id:uuid}/devices/{device_id:uuid}/revoke", sync_to_thread=True, status_code=200)
def revoke_device(project_id: FromPath[UUID], device_id: FromPath[UUID], state: State, reader: Reader) -> DeviceOut:
    """Stop a lost device at once; everybody may stop their own. Problems: not-found (also when not yours to stop)."""
    with writing(state.engine) as session:
        return _device(*devices.revoke(session, reader, project_id, device_id))


def _device(device: Device, people: list[UUID]) -> DeviceOut:
    return DeviceOut(
        id=device.id,
        kind=device.kind,
        label=device.label,
        enrolled_at=device.enrolled_at,
        revoked_at=device.revoked_at,
        person_ids=people,
    )


handlers = [
    sign_in,
    join,
    renew,
    sign_out,
    read_roles,
    read_me,
    make_invite,
    list_invites,
    make_api_key,
    list_api_keys,
    revoke_api_key,
    list_devices,
    revoke_device,
]
