"""Web Push: who is told of what, sealed for the browser alone, sent to public addresses alone."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from uuid_utils.compat import uuid7

from plumbline import db, jobs
from plumbline.push import notices, wire
from plumbline.push.errors import PushAddressUnusable
from plumbline.settings import Settings
from plumbline.storage.service import open_store
from tests.support.cast import Actor, Cast
from tests.support.push_service import Browser, PushService, push_service
from tests.support.recalls import opened
from tests.support.works import add_task, decide, photo, receive_lot, recorded, verify


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture
def context(engine: Engine, settings: Settings) -> jobs.Context:
    """What jobs work with; the push service of the tests is on loopback."""
    private = settings.model_copy(update={"push_private": True})
    return jobs.Context(engine, private, open_store(private))


def subscribed(context: jobs.Context, actor: Actor, service: PushService, language: str = "en") -> Browser:
    """A browser of the actor that gets messages; its address is public at first, as the API wants."""
    browser = Browser()
    wanted = browser.subscription(f"https://push.example.org/{actor.login}", language)
    answer = actor.client.put("/api/me/push", json=wanted, headers=actor.headers)
    assert answer.status_code == 204, answer.text
    with db.writing(context.engine) as session:
        session.connection().execute(
            text("UPDATE push_subscription SET endpoint = :at WHERE endpoint = :was"),
            {"at": f"{service.url}/{actor.login}", "was": wanted["endpoint"]},
        )
    return browser


def run(context: jobs.Context) -> None:
    """Do the jobs that tell, and then the messages that they made."""
    while jobs.run_pending(context):
        pass


def test_a_rejection_reaches_the_phone_of_who_recorded_it_sealed_and_without_names(
    cast: Cast, context: jobs.Context, service: PushService
) -> None:
    browser = subscribed(context, cast.foreman, service, "zh")
    step, _ = recorded(cast.foreman, add_task(cast))

    cast.project_manager.did("approval:decide", uuid7(), decide(step, "reject", "张强拍的照片看不清"))
    run(context)

    path, headers, body = service.got[0]
    assert len(service.got) == 1
    assert browser.opened(body) == {
        "title": "工序被退回",
        "text": "八层3号墙：工序记录被退回，请打开查看原因。",
        "path": f"/steps/{step}",
        "lang": "zh",
    }
    assert (path, headers["content-encoding"], headers["ttl"]) == ("/foreman", "aes128gcm", "86400")
    key = cast.foreman.get("/api/me/push").json()["public_key"]
    claims = service.signer(0, key)
    assert claims["sub"].startswith("mailto:")
    assert 0 < claims["exp"] - db.now().timestamp() <= 24 * 3600


@pytest.mark.parametrize(("decision", "title"), [("approve", "Record approved"), ("ask", "More is asked")])
def test_approvals_and_questions_come_in_the_readers_language(
    cast: Cast, context: jobs.Context, service: PushService, decision: str, title: str
) -> None:
    browser = subscribed(context, cast.foreman, service)
    step, _ = recorded(cast.foreman, add_task(cast))
    cast.project_manager.did("approval:decide", uuid7(), decide(step, decision, "photo of the slump?"))
    run(context)
    assert [browser.opened(body)["title"] for _, _, body in service.got] == [title]


def test_a_recall_reaches_every_member_who_gets_messages_and_a_drill_says_that_it_is_one(
    cast: Cast, context: jobs.Context, service: PushService
) -> None:
    browsers = {f"/{one.login}": subscribed(context, one, service) for one in (cast.foreman, cast.storekeeper)}
    subscribed(context, cast.stranger, service)
    lot = receive_lot(cast.storekeeper)
    drill = opened(cast.quality, lot, drill=True)
    recall = opened(cast.quality, lot)
    run(context)

    told = [(path, browsers[path].opened(body)) for path, _, body in service.got]
    assert sorted((path, said["title"], said["path"]) for path, said in told) == [
        (path, title, f"/recalls/{id}")
        for path in ("/foreman", "/storekeeper")
        for title, id in (("Recall drill", drill), ("Recall: stop using", recall))
    ]
    assert {said["text"][:7] for _, said in told} == {"RC-0001", "RC-0002"}


def test_a_refused_decision_and_a_repeat_tell_nobody_twice(
    cast: Cast, context: jobs.Context, service: PushService
) -> None:
    subscribed(context, cast.foreman, service)
    step, _ = recorded(cast.foreman, add_task(cast))
    act = cast.project_manager.act("approval:decide", uuid7(), decide(step))
    cast.project_manager.send(act)
    cast.project_manager.send(act)
    assert cast.project_manager.refusal("approval:decide", uuid7(), decide(step)) == "step-decided"
    run(context)
    assert len(service.got) == 1


def test_who_signed_out_or_left_the_project_is_told_nothing(
    cast: Cast, context: jobs.Context, service: PushService
) -> None:
    step, _ = recorded(cast.foreman, add_task(cast))
    other, _ = recorded(cast.crew_member, add_task(cast, "8F-W4"))
    subscribed(context, cast.foreman, service)
    subscribed(context, cast.crew_member, service)
    cast.client.post("/api/sign-out", json={"refresh_token": cast.foreman.refresh_token})
    who = cast.crew_member.person_id
    cast.project_manager.did("member:remove", who, {"person": str(who), "reason": "left"})
    for one in (step, other):
        cast.project_manager.did("approval:decide", uuid7(), decide(one))
    run(context)
    assert service.got == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_dropped(
    cast: Cast, context: jobs.Context, service: PushService, status: int
) -> None:
    subscribed(context, cast.foreman, service)
    service.status = status
    step, _ = recorded(cast.foreman, add_task(cast))
    cast.project_manager.did("approval:decide", uuid7(), decide(step))
    assert cast.foreman.get("/api/me/push").json()["is_on"] is True
    run(context)
    assert cast.foreman.get("/api/me/push").json()["is_on"] is False


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_push_service_that_is_busy_is_asked_again(
    cast: Cast, context: jobs.Context, service: PushService, status: int
) -> None:
    subscribed(context, cast.foreman, service)
    service.status = status
    arguments = (str(cast.foreman.person_id), str(cast.foreman.device.id), json.dumps({"title": "x"}))
    with pytest.raises(notices.PushServiceBusy):
        notices.send(context, *arguments)
    service.status = 201
    notices.send(context, *arguments)
    assert len(service.got) == 2
    assert cast.foreman.get("/api/me/push").json()["is_on"] is True


def test_files_that_are_long_missing_are_asked_for_on_the_phone_that_holds_them(
    cast: Cast, context: jobs.Context, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = subscribed(context, cast.foreman, service)
    subscribed(context, cast.crew_member, service)
    files = [photo(b"one"), photo(b"two")]
    recorded(cast.foreman, add_task(cast), files=files)
    notices.tell_unsent(context)
    run(context)
    assert service.got == [], "twelve hours have not passed"

    later = db.now() + timedelta(hours=13)
    monkeypatch.setattr(notices.db, "now", lambda: later)
    notices.tell_unsent(context)
    notices.tell_unsent(context)
    run(context)
    assert [(path, browser.opened(body)["text"]) for path, _, body in service.got] == [
        ("/foreman", "Files not at the server yet: 2. Open the app where there is a signal.")
    ]


def test_managers_see_which_phones_hold_evidence_and_remind_them(
    cast: Cast, context: jobs.Context, service: PushService, settings: Settings
) -> None:
    files = [photo(b"one"), photo(b"two")]
    step, act = recorded(cast.foreman, add_task(cast), files=files)
    manager, device = cast.project_manager, cast.foreman.device.id
    at = manager.at(f"/holding/{device}/remind")

    verify(cast, settings, files[0])
    [held] = manager.get(manager.at("/holding")).json()
    assert (held["device_id"], held["person_id"]) == (str(device), str(cast.foreman.person_id))
    assert (held["missing"], held["acts"], held["takes_messages"]) == (1, 1, False)
    assert held["last_contact_at"] >= held["since"]
    assert [(s["act_id"], s["object_id"], s["name"], s["missing"]) for s in held["steps"]] == [
        (act, str(step), "八层3号墙", 1)
    ]
    assert manager.post(at).json()["type"] == "/problems/device-takes-no-messages"

    browser = subscribed(context, cast.foreman, service)
    assert [manager.post(at).status_code for _ in range(2)] == [204, 204]
    run(context)
    assert [browser.opened(body)["title"] for _, _, body in service.got] == ["Photos not sent yet"]

    verify(cast, settings, files[1])
    assert manager.get(manager.at("/holding")).json() == []
    assert manager.post(at).json()["type"] == "/problems/device-holds-nothing"
    assert manager.post(manager.at(f"/holding/{uuid7()}/remind")).status_code == 404
    assert cast.crew_member.get(manager.at("/holding")).status_code == 403


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/x",
        "https://127.0.0.1/x",
        "https://10.0.0.7/x",
        "https://[::1]/x",
        "https://[fd00::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://push.example.org:22/x",
        "https://user:secret@push.example.org/x",
        "file:///etc/passwd",
        "https://push.example.org:port/x",
    ],
)
def test_addresses_inside_are_refused(cast: Cast, endpoint: str) -> None:
    answer = cast.foreman.client.put(
        "/api/me/push", json=Browser().subscription(endpoint), headers=cast.foreman.headers
    )
    assert answer.json()["type"] == "/problems/push-address-unusable"
    assert cast.foreman.get("/api/me/push").json()["is_on"] is False


def test_a_name_that_leads_inside_is_not_connected_to(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("192.168.1.1", 443))]
    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *_, **__: inside)
    with pytest.raises(PushAddressUnusable):
        wire.post(settings, "https://push.example.org/x", {}, b"")


def test_keys_that_are_no_keys_are_refused_and_off_is_off(
    cast: Cast, context: jobs.Context, service: PushService
) -> None:
    bad = Browser().subscription("https://push.example.org/x") | {"p256dh": "A" * 87}
    answer = cast.foreman.client.put("/api/me/push", json=bad, headers=cast.foreman.headers)
    assert answer.json()["type"] == "/problems/push-address-unusable"
    subscribed(context, cast.foreman, service)
    assert cast.foreman.post("/api/me/push/off").status_code == 204
    assert cast.foreman.get("/api/me/push").json()["is_on"] is False


def test_the_servers_key_stays_the_same_and_other_secrets_make_another(settings: Settings) -> None:
    from plumbline.push.keys import public_key

    other = settings.model_copy(update={"token_secret": "another secret of thirty-two characters"})
    assert public_key(settings) == public_key(settings) != public_key(other)
    assert len(public_key(settings)) == 87
