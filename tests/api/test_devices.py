"""Devices of a project's members, and stopping a lost one."""

import base64
from uuid import UUID

from litestar import Litestar
from uuid_utils.compat import uuid7

from tests.api.test_stranger_matrix import Asking, closed, name_of
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


def test_an_act_signed_before_the_revocation_that_comes_late_is_kept_with_its_exact_bytes(cast: Cast) -> None:
    before = cast.foreman.act("organization:add", uuid7(), {"name": "之前签的", "kind": "supplier"})
    revoke(cast.project_manager, cast.foreman.device.id)
    after = cast.foreman.act("organization:add", uuid7(), {"name": "之后签的", "kind": "supplier"})

    results = cast.project_manager.send(before, after)

    assert [r["problem"]["type"] for r in results] == ["/problems/device-revoked"] * 2
    refused = cast.project_manager.get(cast.project_manager.at("/acts"), params={"verdict": "refused"}).json()["acts"]
    payloads = {base64.b64encode(a["payload"].encode()).decode() for a in refused}
    assert payloads == {before["payload"], after["payload"]}
    assert all(a["signature_holds"] for a in refused)


def test_the_access_token_that_a_revoked_phone_holds_opens_no_route(app: Litestar, cast: Cast) -> None:
    revoke(cast.project_manager, cast.foreman.device.id)
    asking = Asking(app, cast.foreman, lambda name: "0" * 64 if name == "sha256" else uuid7(), cast.project_id)

    answers = {name_of(o): asking.ask(o).status_code for o in closed(app) if o[0] == "GET" and "{project_id}" in o[1]}

    assert len(answers) > 10
    assert {name: status for name, status in answers.items() if status != 401} == {}


def test_refused_acts_are_read_by_those_who_answer_for_them_and_by_who_signed_them(cast: Cast) -> None:
    body = {"person": str(cast.crew_member.person_id), "reason": "x"}
    refused = cast.crew_member.do("member:remove", cast.crew_member.person_id, body)
    readers = [cast.project_manager, cast.quality, cast.crew_member, cast.inspector, cast.storekeeper]

    lists = [len(r.get(r.at("/acts"), params={"verdict": "refused"}).json()["acts"]) for r in readers]
    proofs = [r.get(r.at(f"/acts/{refused['id']}")).status_code for r in readers]

    assert lists == [1, 1, 1, 0, 0]
    assert proofs == [200, 200, 200, 404, 404]
