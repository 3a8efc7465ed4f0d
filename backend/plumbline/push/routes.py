"""Routes of push: a browser's own subscription, and which devices of a project still hold evidence."""

from uuid import UUID

from litestar import get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from plumbline.db import now, reading, writing
from plumbline.identity import devices
from plumbline.identity.access import Reader, member_who_sees
from plumbline.problems import NotFound
from plumbline.push import holding, keys, notices, service
from plumbline.push.errors import DeviceHoldsNothing, DeviceTakesNoMessages
from plumbline.push.schemas import HeldStep, HoldingOut, PushOut, SubscriptionIn


@get("/api/me/push", sync_to_thread=True)
def read_push(state: State, reader: Reader) -> PushOut:
    """The server's key for Web Push, and whether this person gets messages on this device. Problems: sign-in-needed."""
    with reading(state.engine) as session:
        return PushOut(public_key=keys.public_key(state.settings), is_on=service.is_on(session, reader))


@put("/api/me/push", sync_to_thread=True, status_code=204)
def subscribe(data: JSONBody[SubscriptionIn], state: State, reader: Reader) -> None:
    """Get messages on this device from now on.

    Problems: sign-in-needed, push-address-unusable, push-needs-device.
    """
    with writing(state.engine) as session:
        service.subscribe(session, state.settings, reader, data)


@post("/api/me/push/off", sync_to_thread=True, status_code=204)
def unsubscribe(state: State, reader: Reader) -> None:
    """No more messages on this device. Problems: sign-in-needed."""
    with writing(state.engine) as session:
        service.unsubscribe(session, reader)


@get("/api/projects/{project_id:uuid}/holding", sync_to_thread=True)
def list_holding(project_id: FromPath[UUID], state: State, reader: Reader) -> list[HoldingOut]:
    """Devices whose acts are here and whose files are not, the longest waiting first.

    Problems: not-found, not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "devices")
        found = holding.of_project(session, project_id)
        ids = sorted({one.device_id for one in found})
        contacts, known = holding.last_contacts(session, ids), holding.devices(session, ids)
        steps = [act.object_id for one in found for act in one.acts[: holding.SHOWN] if act.object_kind == "step"]
        names = holding.names(session, project_id, steps)
        return [
            HoldingOut(
                device_id=one.device_id,
                person_id=one.person_id,
                label=known[one.device_id].label,
                last_contact_at=contacts.get(one.device_id),
                missing=one.missing,
                acts=len(one.acts),
                since=one.acts[0].received_at,
                takes_messages=bool(service.of_person(session, project_id, one.person_id, one.device_id)),
                is_revoked=known[one.device_id].revoked_at is not None,
                steps=[_held(act, names) for act in one.acts[: holding.SHOWN]],
            )
            for one in found
        ]


def _held(act: holding.Held, names: dict[UUID, str]) -> HeldStep:
    return HeldStep(
        act_id=act.act_id,
        object_kind=act.object_kind,
        object_id=act.object_id,
        name=names.get(act.object_id),
        missing=act.missing,
        received_at=act.received_at,
    )


@post("/api/projects/{project_id:uuid}/holding/{device_id:uuid}/remind", sync_to_thread=True, status_code=204)
def remind(project_id: FromPath[UUID], device_id: FromPath[UUID], state: State, reader: Reader) -> None:
    """Tell the people of a device that it still holds photos; at most once an hour.

    Problems: not-found, not-allowed, device-holds-nothing, device-takes-no-messages.
    """
    with writing(state.engine) as session:
        member_who_sees(session, reader, project_id, "devices")
        found = [one for one in holding.of_project(session, project_id) if one.device_id == device_id]
        if not found and device_id in {device.id for device, _ in devices.of_project(session, reader, project_id)}:
            raise DeviceHoldsNothing
        if not found:
            raise NotFound
        if not sum(notices.remind(session, project_id, one, now().strftime("%Y-%m-%dT%H")) for one in found):
            raise DeviceTakesNoMessages


handlers = [read_push, subscribe, unsubscribe, list_holding, remind]
