"""POST /api/sign-in, /api/token and /api/sign-out; GET /api/me."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from litestar.testing import TestClient
from sqlalchemy import Engine, func, update
from sqlmodel import col, select
from uuid_utils.compat import uuid7

from plumbline.app import make_app
from plumbline.db import now, reading, writing
from plumbline.identity import passwords
from plumbline.identity.models import Credential, Device, FailedTry, RefreshToken
from plumbline.identity.service import create_administrator, reset_password
from plumbline.settings import Settings
from tests.support.cast import PASSWORD, Actor, Cast, Client, newcomer
from tests.support.device import TestDevice


@pytest.fixture
def somebody(client: Client, engine: Engine) -> Actor:
    """Somebody with a password and a phone, who is a member of nothing."""
    return newcomer(client, engine, "li.wei@site.example", uuid7())


def try_sign_in(actor: Actor, **change: Any) -> Any:
    wish = {"login": actor.login, "password": PASSWORD, "device": actor.device.enrolment(), **change}
    return actor.client.post("/api/sign-in", json=wish, headers={"Accept-Language": "zh-CN"})


def test_a_sign_in_answers_tokens_and_says_who(somebody: Actor, settings: Settings) -> None:
    answer = try_sign_in(somebody, login=" LI.Wei@site.example ")

    assert answer.status_code == 200
    assert answer.json()["expires_in"] == 60 * settings.access_token_minutes
    assert answer.json()["person"] == {
        "id": str(somebody.person_id),
        "display_name": "li.wei@site.example",
        "login": "li.wei@site.example",
    }
    assert answer.json()["device_id"] == str(somebody.device.id)


def test_me_shows_a_person_without_projects(somebody: Actor) -> None:
    me = somebody.get("/api/me").json()

    assert me["person"]["id"] == str(somebody.person_id)
    assert (me["projects"], me["device_seq"], me["is_server_admin"]) == ([], None, False)
    assert me["server_time"].endswith("Z")


@pytest.mark.parametrize("change", [{"password": "wrong but long"}, {"login": "nobody"}])
def test_a_wrong_login_and_a_wrong_password_are_answered_alike(somebody: Actor, change: dict[str, str]) -> None:
    answer = try_sign_in(somebody, **change)

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/wrong-password"
    assert answer.json()["title"] == "用户名或密码错误"


def test_after_ten_failures_a_login_waits_and_others_do_not(client: Client, engine: Engine, somebody: Actor) -> None:
    for _ in range(10):
        assert try_sign_in(somebody, password="guess").status_code == 401
    answer = try_sign_in(somebody)
    other = newcomer(client, engine, "other", uuid7())

    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 601
    assert answer.json()["type"] == "/problems/too-many-tries"
    assert other.token


def test_behind_a_proxy_failures_count_for_the_address_that_the_proxy_saw(settings: Settings, engine: Engine) -> None:
    app = make_app(settings.model_copy(update={"proxies": 1}), engine)
    inside = app.asgi_handler

    async def from_the_proxy(scope: Any, receive: Any, send: Any) -> None:
        scope["client"] = ("127.0.0.1", 50000)
        await inside(scope, receive, send)

    app.asgi_handler = from_the_proxy
    with TestClient(app) as client:
        somebody = newcomer(client, engine, "somebody", uuid7())

        def guess(forwarded: str) -> int:
            wish = {"login": "somebody", "password": "guess", "device": somebody.device.enrolment()}
            return client.post("/api/sign-in", json=wish, headers={"X-Forwarded-For": forwarded}).status_code

        # What the client itself put in front of the header is not believed.
        assert [guess(f"10.0.0.{n}, 203.0.113.7") for n in range(11)] == [401] * 10 + [429]
        assert guess("203.0.113.8") == 401


def test_failures_are_forgotten_after_ten_minutes(engine: Engine, somebody: Actor) -> None:
    for _ in range(10):
        try_sign_in(somebody, password="guess")
    with writing(engine) as session:
        session.exec(update(FailedTry).values(at=now() - timedelta(minutes=11)))

    assert try_sign_in(somebody).status_code == 200
    assert try_sign_in(somebody, password="guess").status_code == 401
    with reading(engine) as session:
        assert session.exec(select(func.count()).select_from(FailedTry)).one() == 4  # The old ones were swept.


def test_an_old_hash_is_renewed_at_sign_in(engine: Engine, somebody: Actor) -> None:
    weak = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with writing(engine) as session:
        session.exec(update(Credential).values(password_hash=weak))

    assert try_sign_in(somebody).status_code == 200
    with reading(engine) as session:
        renewed = session.exec(select(Credential.password_hash)).one()
    assert renewed != weak
    assert not passwords.needs_rehash(renewed)


def test_the_same_key_is_the_same_device_also_for_a_second_person(
    client: Client, engine: Engine, somebody: Actor
) -> None:
    again = try_sign_in(somebody, device={"public_key": somebody.device.public_key, "label": "another label"})
    other = newcomer(client, engine, "other", uuid7())
    shared = try_sign_in(other, device={"public_key": somebody.device.public_key})

    assert again.json()["device_id"] == str(somebody.device.id) == shared.json()["device_id"]
    with reading(engine) as session:
        assert session.exec(select(func.count()).select_from(Device).where(Device.kind != "server")).one() == 2


def test_a_device_of_somebody_else_is_no_device_of_mine(client: Client, engine: Engine, somebody: Actor) -> None:
    other = newcomer(client, engine, "other", uuid7())

    answer = try_sign_in(other, device={"id": str(somebody.device.id)})

    assert answer.json()["type"] == "/problems/device-not-yours"


@pytest.mark.parametrize(
    "public_key",
    ["", "AAAA", "no base64!", "B" * 88, TestDevice().public_key[:-8] + "AAAAAAA="],
    ids=["empty", "short", "no-base64", "no-point", "off-the-curve"],
)
def test_a_key_that_is_no_point_of_the_curve_is_refused(somebody: Actor, public_key: str) -> None:
    answer = try_sign_in(somebody, device={"public_key": public_key})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/key-unusable"


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"login": "a", "password": "b"},
        {"login": "a", "password": "b", "device": {}},
        {"login": "a", "password": "b", "device": {"id": str(uuid7()), "public_key": "AAAA"}},
        {"login": "a", "password": "b", "device": {"id": str(uuid7())}, "roles": ["administrator"]},
        {"login": ["a"], "password": "b", "device": {"id": str(uuid7())}},
    ],
)
def test_a_malformed_sign_in_is_refused_and_says_where(client: Client, wish: dict[str, Any]) -> None:
    answer = client.post("/api/sign-in", json=wish)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/malformed"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x.y.z", "Basic YTpi", "Bearer plk_unknown"])
def test_without_a_valid_token_nothing_is_read(somebody: Actor, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = somebody.client.get("/api/me", headers=headers)

    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/sign-in-needed"


def refresh(actor: Actor, token: str) -> Any:
    return actor.client.post("/api/token", json={"refresh_token": token})


def age_spending(engine: Engine, seconds: int) -> None:
    with writing(engine) as session:
        earlier = now() - timedelta(seconds=seconds)
        session.exec(update(RefreshToken).where(col(RefreshToken.spent_at).is_not(None)).values(spent_at=earlier))


def test_a_refresh_token_is_traded_for_the_next_pair(somebody: Actor) -> None:
    answer = refresh(somebody, somebody.refresh_token)

    assert answer.status_code == 200
    assert answer.json()["refresh_token"] != somebody.refresh_token
    assert UUID(answer.json()["device_id"]) == somebody.device.id
    somebody.take_session(answer.json())
    assert somebody.get("/api/me").status_code == 200


def test_a_lost_answer_can_be_asked_for_again_at_once(somebody: Actor) -> None:
    first = refresh(somebody, somebody.refresh_token).json()["refresh_token"]

    again = refresh(somebody, somebody.refresh_token)

    assert again.status_code == 200
    # The same successor, so that a thief who was as quick holds nothing of his own.
    assert again.json()["refresh_token"] == first
    # Neither of two tabs that go on at the same time is thrown out.
    assert [refresh(somebody, first).status_code for _ in range(2)] == [200, 200]


def test_a_spent_token_that_comes_back_later_ends_its_family(engine: Engine, somebody: Actor) -> None:
    """Whoever comes second is refused, and the first, thief or owner, is out as well: at once, on every route."""
    elsewhere = Actor(somebody.client, somebody.login, somebody.person_id, somebody.project_id).sign_in()
    stolen = somebody.refresh_token
    thief = refresh(somebody, stolen).json()
    age_spending(engine, seconds=11)
    assert somebody.get("/api/me").status_code == 200

    assert refresh(somebody, stolen).status_code == 401
    assert refresh(somebody, thief["refresh_token"]).status_code == 401
    assert somebody.get("/api/me").status_code == 401
    somebody.token = thief["access_token"]
    assert somebody.get("/api/me").status_code == 401
    # Another sign-in of the same person is another family.
    assert elsewhere.get("/api/me").status_code == 200


def test_a_spent_token_is_no_lost_answer_once_somebody_went_on(somebody: Actor) -> None:
    following = refresh(somebody, somebody.refresh_token).json()["refresh_token"]
    last = refresh(somebody, following).json()["refresh_token"]

    assert refresh(somebody, somebody.refresh_token).status_code == 401
    assert refresh(somebody, last).status_code == 401


def test_an_expired_or_unknown_refresh_token_is_refused(engine: Engine, somebody: Actor) -> None:
    with writing(engine) as session:
        session.exec(update(RefreshToken).values(expires_at=now()))

    assert refresh(somebody, somebody.refresh_token).status_code == 401
    assert refresh(somebody, "unknown").status_code == 401


def test_only_the_hash_of_a_refresh_token_is_stored(engine: Engine, somebody: Actor) -> None:
    with reading(engine) as session:
        assert session.get(RefreshToken, somebody.refresh_token) is None
        assert len(session.exec(select(RefreshToken.token_sha256)).one()) == 64


def test_signing_out_ends_the_session_and_may_be_repeated(somebody: Actor) -> None:
    for _ in range(2):
        answer = somebody.client.post("/api/sign-out", json={"refresh_token": somebody.refresh_token})
        assert answer.status_code == 204

    assert refresh(somebody, somebody.refresh_token).status_code == 401
    assert somebody.get("/api/me").status_code == 401


def test_me_lists_projects_with_roles_and_where_the_devices_chain_stands(cast: Cast) -> None:
    me = cast.administrator.get("/api/me").json()

    assert [(p["id"], p["state"], p["roles"]) for p in me["projects"]] == [
        (str(cast.project_id), "active", ["administrator", "project_manager"])
    ]
    assert me["device_seq"] == {"seq": cast.administrator.device.seq, "prev": cast.administrator.device.prev}
    assert me["is_server_admin"] is True


def test_a_first_administrator_is_made_on_the_command_line(client: Client, engine: Engine, settings: Settings) -> None:
    person_id = create_administrator(engine, "周敏", "Zhou.Min", PASSWORD)
    actor = Actor(client, "zhou.min", person_id, uuid7()).sign_in()
    assert actor.get("/api/me").json()["is_server_admin"] is True

    reset_password(engine, "zhou.min", PASSWORD + " 2")

    assert actor.get("/api/me").status_code == 401
    assert try_sign_in(actor).status_code == 401
    assert try_sign_in(actor, password=PASSWORD + " 2").status_code == 200
    assert refresh(actor, actor.refresh_token).status_code == 401
