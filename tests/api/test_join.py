"""Invitations and POST /api/join: crew join by a code, without e-mail or password, and wait to be confirmed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, update
from sqlmodel import select
from uuid_utils.compat import uuid7

from plumbline.db import now, reading, writing
from plumbline.identity import throttle
from plumbline.identity.models import Invite, Person
from tests.support.cast import PASSWORD, Actor, Cast, Client
from tests.support.device import TestDevice


def invite(actor: Actor, cast: Cast, **change: Any) -> Any:
    wish = {"display_name": "老赵", "organization": str(cast.contractor), "roles": ["crew"], "crew": str(cast.crew)}
    return actor.post(actor.at("/invites"), wish | change)


def join(client: Client, code: str, device: TestDevice, **more: Any) -> Any:
    wish = {"code": code, "device": device.enrolment("老赵的手机")} | more
    return client.post("/api/join", json=wish, headers={"Accept-Language": "zh-CN"})


@pytest.fixture
def code(cast: Cast) -> str:
    """The code of an open invitation of a crew member, made by the foreman."""
    return str(invite(cast.foreman, cast).json()["code"])


@pytest.fixture
def device() -> TestDevice:
    """The phone of the person who joins."""
    return TestDevice()


def member(cast: Cast, device: TestDevice, answer: Any) -> Actor:
    """The person who joined, at their phone."""
    actor = Actor(cast.client, "", UUID(answer.json()["person"]["id"]), cast.project_id, device)
    actor.take_session(answer.json())
    return actor


def test_an_invitation_holds_a_link_for_the_qr_code_and_lives_three_days(cast: Cast) -> None:
    answer = invite(cast.foreman, cast)

    assert answer.status_code == 201
    assert len(answer.json()["code"]) == 26
    assert answer.json()["url"] == f"http://localhost:8000/join/{answer.json()['code']}"
    listed = cast.project_manager.get(cast.project_manager.at("/invites")).json()
    assert [(i["display_name"], i["state"], i["roles"], i["crew_id"]) for i in listed] == [
        ("老赵", "open", ["crew"], str(cast.crew))
    ]
    assert "code" not in listed[0]


def test_a_phone_joins_waits_is_confirmed_and_then_reads(cast: Cast, code: str, device: TestDevice) -> None:
    answer = join(cast.client, code.upper(), device, display_name="赵大山")
    worker = member(cast, device, answer)

    assert answer.status_code == 200
    assert (answer.json()["project_id"], answer.json()["state"]) == (str(cast.project_id), "waiting")
    assert answer.json()["person"] == {"id": str(worker.person_id), "display_name": "赵大山", "login": None}
    assert [(p["state"], p["roles"]) for p in worker.get("/api/me").json()["projects"]] == [("waiting", ["crew"])]
    assert worker.get("/api/feed", params={"project": str(cast.project_id)}).status_code == 404

    body = {"person": worker.person_id, "organization": cast.contractor, "roles": ["crew"], "crew": cast.crew}
    cast.foreman.did("member:admit", worker.person_id, body)

    assert [p["state"] for p in worker.get("/api/me").json()["projects"]] == ["active"]
    assert worker.row("member", worker.person_id) == {
        "id": str(worker.person_id),
        "display_name": "赵大山",
        "organization_id": str(cast.contractor),
        "roles": ["crew"],
        "crew_id": str(cast.crew),
        "state": "active",
    }
    assert [i["state"] for i in cast.foreman.get(cast.foreman.at("/invites")).json()] == ["confirmed"]


def test_the_list_shows_who_waits_to_be_confirmed(cast: Cast, code: str, device: TestDevice) -> None:
    worker = member(cast, device, join(cast.client, code, device))

    listed = cast.foreman.get(cast.foreman.at("/invites")).json()

    assert [(i["state"], i["person_id"]) for i in listed] == [("joined", str(worker.person_id))]


def test_a_code_lets_in_one_person(cast: Cast, code: str, device: TestDevice) -> None:
    join(cast.client, code, device)

    answer = join(cast.client, code, TestDevice())

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/invite-used"
    assert "每份只限一人" in answer.json()["detail"]


def test_a_code_lets_in_one_person_also_when_eight_scan_it_at_once(cast: Cast, code: str, engine: Engine) -> None:
    with reading(engine) as session:
        before = session.exec(select(func.count()).select_from(Person)).one()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: join(cast.client, code, TestDevice()).status_code, range(8)))

    assert sorted(answers) == [200] + [409] * 7
    with reading(engine) as session:
        assert session.exec(select(func.count()).select_from(Person)).one() == before + 1


def test_a_phone_that_lost_the_answer_joins_again_with_the_same_key(
    cast: Cast, code: str, device: TestDevice, engine: Engine
) -> None:
    first = join(cast.client, code, device).json()
    again = join(cast.client, code, device).json()
    with writing(engine) as session:
        session.exec(update(Invite).values(joined_at=now() - timedelta(minutes=11)))

    assert (again["person"], again["device_id"]) == (first["person"], first["device_id"])
    assert join(cast.client, code, device).json()["type"] == "/problems/invite-used"


def test_an_expired_code_lets_nobody_in(cast: Cast, code: str, device: TestDevice, engine: Engine) -> None:
    with writing(engine) as session:
        session.exec(update(Invite).values(expires_at=now()))

    answer = join(cast.client, code, device)

    assert answer.status_code == 410
    assert answer.json()["type"] == "/problems/invite-expired"
    assert [i["state"] for i in cast.foreman.get(cast.foreman.at("/invites")).json()] == ["expired"]


@pytest.mark.parametrize("unknown", ["0" * 26, "http://elsewhere/join/" + "0" * 26, "☃" * 26])
def test_an_unknown_code_lets_nobody_in(client: Client, device: TestDevice, unknown: str) -> None:
    answer = join(client, unknown, device)

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/invite-unknown"


def test_guessing_codes_is_slowed_down(client: Client, device: TestDevice) -> None:
    answers = [join(client, f"{guess:026d}", device) for guess in range(throttle.PER_ADDRESS + 1)]

    assert [a.status_code for a in answers] == [404] * throttle.PER_ADDRESS + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_right_code_waits_too_once_its_sender_has_guessed(cast: Cast, code: str, device: TestDevice) -> None:
    for guess in range(throttle.PER_ADDRESS):
        join(cast.client, f"{guess:026d}", device)

    assert join(cast.client, code, device).json()["type"] == "/problems/too-many-tries"


def test_office_people_choose_a_login_and_a_password(cast: Cast, code: str, device: TestDevice) -> None:
    answer = join(cast.client, code, device, login="Lao.Zhao", password=PASSWORD)
    office = Actor(cast.client, "lao.zhao", UUID(answer.json()["person"]["id"]), cast.project_id).sign_in()

    assert answer.json()["person"]["login"] == "lao.zhao"
    assert office.device.id != UUID(answer.json()["device_id"])


@pytest.mark.parametrize(
    ("choice", "slug"),
    [
        ({"login": "foreman", "password": PASSWORD}, "login-taken"),
        ({"login": "lao.zhao", "password": "short"}, "weak-password"),
        ({"login": "lao.zhao"}, "malformed"),
        ({"device": {"public_key": "AAAA"}}, "key-unusable"),
    ],
)
def test_a_refused_join_leaves_the_code_unused(
    cast: Cast, code: str, device: TestDevice, choice: dict[str, Any], slug: str
) -> None:
    wish = {"code": code, "device": device.enrolment(), **choice}

    assert cast.client.post("/api/join", json=wish).json()["type"] == f"/problems/{slug}"
    assert join(cast.client, code, device).status_code == 200


def test_somebody_who_is_signed_in_joins_a_second_project_as_the_same_person(cast: Cast, code: str) -> None:
    stranger = cast.stranger

    answer = stranger.post("/api/join", {"code": code, "device": stranger.device.enrolment()})

    assert answer.json()["person"]["id"] == str(stranger.person_id)
    assert answer.json()["device_id"] == str(stranger.device.id)
    assert [(p["id"], p["state"]) for p in stranger.get("/api/me").json()["projects"]] == [
        (str(stranger.project_id), "active"),
        (str(cast.project_id), "waiting"),
    ]


def test_a_bad_token_does_not_make_a_new_person(cast: Cast, code: str, device: TestDevice) -> None:
    headers = {"Authorization": "Bearer x.y.z"}

    answer = cast.client.post("/api/join", json={"code": code, "device": device.enrolment()}, headers=headers)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("who", "change", "status", "slug"),
    [
        ("stranger", {}, 404, "not-found"),
        ("crew_member", {}, 403, "not-allowed"),
        ("inspector", {}, 403, "not-allowed"),
        ("foreman", {"roles": ["administrator"]}, 403, "roles-not-yours-to-give"),
        ("foreman", {"roles": ["crew", "project_manager"]}, 403, "roles-not-yours-to-give"),
        ("foreman", {"organization": str(uuid7())}, 422, "organization-unknown"),
        ("foreman", {"crew": str(uuid7())}, 422, "crew-unknown"),
        ("foreman", {"roles": []}, 422, "malformed"),
        ("foreman", {"roles": ["emperor"]}, 422, "malformed"),
        ("foreman", {"display_name": " "}, 422, "malformed"),
        ("foreman", {"display_name": "长" * 81}, 422, "malformed"),
    ],
)
def test_who_may_invite_whom(cast: Cast, who: str, change: dict[str, Any], status: int, slug: str) -> None:
    actor: Actor = getattr(cast, who)
    actor.project_id = cast.project_id

    answer = invite(actor, cast, **change)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


def test_the_project_manager_may_invite_an_administrator(cast: Cast) -> None:
    assert invite(cast.project_manager, cast, roles=["administrator"]).status_code == 201


def test_only_those_who_admit_see_the_invitations(cast: Cast) -> None:
    assert cast.crew_member.get(cast.crew_member.at("/invites")).status_code == 403
    assert cast.stranger.get(cast.foreman.at("/invites")).status_code == 404
