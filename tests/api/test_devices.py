"""Devices of a project's members, and stopping a lost one."""

from uuid import UUID

from uuid_utils.compat import uuid7

from tests.support.cast import PASSWORD, Actor, Cast


def revoke(actor: Actor, device_id: UUID) -> int:
    return actor.post(actor.at(f"/devices/{device_id}/revoke")).status_code


def sign_in(actor: Actor, device: dict[str, str]) -> str:
    wish = {"login": actor.login, "password": PASSWORD, "device": device}
    return str(actor.client.post("/api/sign-in", json=wish).json().get("type"))


def test_the_office_sees_all_devices_and_others_their_own(cast: Cast) -> None:
    all_of_them = cast.project_manager.get(cast.project_manager.at("/devices")).json()
    own = cast.foreman.get(cast.foreman.at("/devices")).json()

    assert len(all_of_them) == 8
    assert str(cast.stranger.device.id) not in {d["id"] for d in all_of_them}
    assert [(d["id"], d["label"], d["person_ids"], d["revoked_at"]) for d in own] == [
        (str(cast.foreman.device.id), "test phone", [str(cast.foreman.person_id)], None)
    ]
    assert cast.stranger.get(cast.foreman.at("/devices")).status_code == 404


def test_a_lost_phone_is_shut_out_at_once(cast: Cast) -> None:
    foreman = cast.foreman

    assert revoke(cast.project_manager, foreman.device.id) == 200

    assert foreman.get("/api/me").status_code == 401
    assert foreman.client.post("/api/token", json={"refresh_token": foreman.refresh_token}).status_code == 401
    assert sign_in(foreman, foreman.device.enrolment()) == "/problems/sign-in-on-revoked-device"
    assert sign_in(foreman, {"public_key": foreman.device.public_key}) == "/problems/sign-in-on-revoked-device"


def test_what_a_revoked_device_signed_is_refused_and_kept(cast: Cast) -> None:
    late = cast.foreman.act("organization:add", uuid7(), {"name": "甲", "kind": "supplier"})
    revoke(cast.project_manager, cast.foreman.device.id)

    result = cast.project_manager.send(late)[0]

    assert result["verdict"] == "refused"
    assert result["problem"]["type"] == "/problems/device-revoked"
    refused = cast.project_manager.get(cast.project_manager.at("/acts"), params={"verdict": "refused"}).json()["acts"]
    assert [a["device_id"] for a in refused] == [str(cast.foreman.device.id)]


def test_everybody_may_stop_their_own_device_and_nobody_elses(cast: Cast) -> None:
    assert revoke(cast.crew_member, cast.foreman.device.id) == 404
    assert revoke(cast.project_manager, cast.stranger.device.id) == 404
    assert revoke(cast.crew_member, cast.crew_member.device.id) == 200
    assert cast.crew_member.get("/api/me").status_code == 401
