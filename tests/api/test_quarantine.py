"""The quarantine: what was refused is found by managers, with the exact bytes, and answered for the phone to see."""

import base64
import json
from typing import Any

import pytest
from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from plumbline.acts.claims import Claims, claims_of
from plumbline.acts.models import ActRow, KeptAct
from tests.support.cast import Actor, Cast

PLACE = {"name": "二号料场", "kind": "yard"}
DISMISSED = {"decision": "dismissed", "note": "重复录入"}


def refuse(actor: Actor) -> str:
    """The id of an act that is refused."""
    return str(actor.do("place:add", uuid7(), {"name": ""})["id"])


def cases(actor: Actor, **params: Any) -> dict[str, Any]:
    answer = actor.get(actor.at("/quarantine"), params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def detail(actor: Actor, id: str) -> dict[str, Any]:
    answer = actor.get(actor.at(f"/quarantine/{id}"))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_manager_sees_who_signed_what_where_and_why_it_was_refused(cast: Cast) -> None:
    envelope = cast.foreman.act("place:add", uuid7(), {"name": ""})
    id = cast.foreman.send(envelope)[0]["id"]

    listed = cases(cast.project_manager)

    assert (listed["open"], [c["id"] for c in listed["cases"]]) == (1, [id])
    found = detail(cast.project_manager, id)
    assert base64.b64decode(found["payload_base64"]) == base64.b64decode(envelope["payload"])
    assert found["payload"] == base64.b64decode(envelope["payload"]).decode()
    assert (found["source"], found["type"], found["seq"]) == ("act", "place:add", 1)
    assert found["device"] == {"id": str(cast.foreman.device.id), "name": "test phone"}
    assert found["person"] == {"id": str(cast.foreman.person_id), "name": "施工员 李伟"}
    assert found["claimed_at"] == "2026-11-22T08:00:00.000Z"
    assert found["problem"]["type"] == "/problems/body-malformed"
    cast.project_manager.language = "zh-CN"
    assert detail(cast.project_manager, id)["problem"]["title"] == "内容有误"


def test_bytes_that_could_become_no_act_are_found_by_what_they_say(cast: Cast) -> None:
    payload = cast.foreman.device.payload(
        "place:add", uuid7(), PLACE | {"size": 1.5}, project=cast.project_id, actor=cast.foreman.person_id
    )
    raw = json.dumps(payload).encode()
    cast.foreman.send(cast.foreman.device.envelope(raw))

    (case,) = cases(cast.project_manager)["cases"]

    assert (case["source"], case["act_id"], case["type"]) == ("kept", payload["id"], "place:add")
    assert case["problem"]["type"] == "/problems/payload-unreadable"
    assert base64.b64decode(detail(cast.project_manager, case["id"])["payload_base64"]) == raw


def test_an_answer_reaches_the_phone_and_the_case_is_closed(cast: Cast) -> None:
    id = refuse(cast.foreman)

    answer = cast.project_manager.did("quarantine:answer", id, DISMISSED)

    row = cast.foreman.row("answer", id)
    assert row is not None
    by = str(cast.project_manager.person_id)
    assert row == {"id": id, "act_id": id, **DISMISSED, "new_act_id": None, "by": by, "at": answer["received_at"]}
    assert cases(cast.project_manager) == {"open": 0, "cases": []}
    (closed,) = cases(cast.project_manager, show="answered")["cases"]
    assert (closed["answer"]["decision"], closed["answer"]["by"]["name"]) == ("dismissed", "项目经理 王建国")
    assert [c["id"] for c in cases(cast.project_manager, show="all")["cases"]] == [id]


def test_kept_bytes_are_answered_under_the_id_that_the_phone_knows(cast: Cast) -> None:
    id = uuid7()
    cast.foreman.did("place:add", uuid7(), PLACE, id=id)
    cast.foreman.do("place:add", uuid7(), PLACE, id=id)
    (case,) = cases(cast.project_manager)["cases"]
    assert (case["source"], case["problem"]["type"]) == ("kept", "/problems/id-taken")

    cast.project_manager.did("quarantine:answer", case["id"], {"decision": "asked", "note": "请重拍标签"})

    row = cast.foreman.row("answer", case["id"])
    assert row is not None
    assert (row["act_id"], row["decision"], row["note"]) == (str(id), "asked", "请重拍标签")


def test_a_new_act_takes_over_and_the_answer_waits_for_it(cast: Cast) -> None:
    id = refuse(cast.foreman)
    anew = cast.project_manager.act("place:add", uuid7(), PLACE)
    anew_id = json.loads(base64.b64decode(anew["payload"]))["id"]
    early = {"decision": "taken_over", "act": anew_id}
    assert cast.project_manager.refusal("quarantine:answer", id, early) == "answer-act-unknown"

    cast.project_manager.send(anew)
    cast.project_manager.did("quarantine:answer", id, early)

    assert detail(cast.project_manager, id)["answer"]["new_act_id"] == anew_id


def test_a_refused_act_takes_nothing_over(cast: Cast) -> None:
    id, other = refuse(cast.foreman), refuse(cast.project_manager)
    body = {"decision": "taken_over", "act": other}
    assert cast.project_manager.refusal("quarantine:answer", id, body) == "answer-act-unknown"


def test_a_later_answer_takes_the_place_of_the_one_before(cast: Cast) -> None:
    id = refuse(cast.foreman)
    acts = [cast.project_manager.act("quarantine:answer", id, {"decision": "asked", "note": "?"})]
    acts.append(cast.project_manager.act("quarantine:answer", id, DISMISSED))

    assert [r["verdict"] for r in cast.project_manager.send(*acts)] == ["applied", "applied"]

    assert detail(cast.project_manager, id)["answer"]["decision"] == "dismissed"


def test_a_case_that_is_reopened_is_open_again(cast: Cast) -> None:
    id = refuse(cast.foreman)
    cast.project_manager.did("quarantine:answer", id, DISMISSED)

    cast.project_manager.did("quarantine:reopen", id, {"note": "误点"})

    assert (cases(cast.project_manager)["open"], detail(cast.project_manager, id)["answer"]) == (1, None)
    assert cast.project_manager.refusal("quarantine:reopen", id, {}) == "not-answered"


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "dismissed"},
        {"decision": "asked", "note": "  "},
        {"decision": "taken_over"},
        {"decision": "dismissed", "note": "x", "act": str(uuid7())},
        {"decision": "forgotten", "note": "x"},
    ],
)
def test_an_answer_says_why_or_by_what(cast: Cast, body: dict[str, Any]) -> None:
    assert cast.project_manager.refusal("quarantine:answer", refuse(cast.foreman), body) == "body-malformed"


def test_only_what_lies_there_can_be_answered(cast: Cast) -> None:
    applied = cast.foreman.did("place:add", uuid7(), PLACE)["id"]
    for id in (applied, uuid7(), refuse(cast.stranger)):
        assert cast.project_manager.refusal("quarantine:answer", id, DISMISSED) == "not-in-quarantine"


def test_the_crew_sees_its_own_cases_and_answers_none(cast: Cast) -> None:
    mine, other = refuse(cast.crew_member), refuse(cast.foreman)

    assert [c["id"] for c in cases(cast.crew_member)["cases"]] == [mine]
    assert cast.crew_member.get(cast.crew_member.at(f"/quarantine/{other}")).status_code == 404
    assert cast.crew_member.refusal("quarantine:answer", mine, DISMISSED) == "not-allowed"
    assert cast.stranger.get(cast.foreman.at("/quarantine")).status_code == 404


def test_a_strangers_act_is_shown_without_the_strangers_name(cast: Cast) -> None:
    cast.stranger.send(cast.stranger.act("place:add", uuid7(), PLACE, project=cast.project_id))

    (case,) = cases(cast.project_manager)["cases"]

    assert case["person"] == {"id": str(cast.stranger.person_id), "name": None}
    assert case["device"]["name"] is None
    assert case["problem"]["type"] == "/problems/not-found"


def test_an_act_of_another_system_is_shown_as_signed_by_the_server(cast: Cast) -> None:
    key = cast.administrator.post(cast.administrator.at("/api-keys"), {"label": "ERP"}).json()["key"]
    wish = {"id": str(uuid7()), "object": str(uuid7()), "body": {"name": ""}}
    url = f"/api/projects/{cast.project_id}/acts/place:add"
    assert cast.client.post(url, json=wish, headers={"Authorization": f"Bearer {key}"}).json()["verdict"] == "refused"

    (case,) = cases(cast.project_manager)["cases"]

    assert (case["device"]["name"], case["seq"]) == ("Plumbline", None)
    assert case["person"]["name"] == "管理员 周敏"


def test_pages_of_the_quarantine_hold_every_case_once(cast: Cast) -> None:
    ids = {refuse(cast.foreman) for _ in range(5)}

    pages = [cases(cast.project_manager, limit=2, offset=at)["cases"] for at in (0, 2, 4)]

    assert {c["id"] for page in pages for c in page} == ids
    assert sum(len(page) for page in pages) == 5
    assert cases(cast.project_manager, limit=0) == {"open": 5, "cases": []}


def test_an_answer_changes_nothing_of_what_was_signed(cast: Cast) -> None:
    id = refuse(cast.foreman)
    with Session(cast.engine) as session:
        before = [row.model_dump() for row in session.exec(select(ActRow).where(ActRow.verdict == "refused"))]
    cast.project_manager.did("quarantine:answer", id, DISMISSED)
    with Session(cast.engine) as session:
        refused = session.exec(select(ActRow).where(ActRow.verdict == "refused"))
        assert [row.model_dump() for row in refused] == before
        assert session.exec(select(KeptAct)).all() == []


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"\xff", b'"x"', b'{"id": 5, "project": "x", "type": ["a"], "seq": true, "at": 3}', b"[" * 9000],
)
def test_bytes_that_say_nothing_claim_nothing(raw: bytes) -> None:
    assert claims_of(raw) == Claims()


def test_claims_are_taken_only_with_their_type() -> None:
    id = uuid7()
    said = {"id": str(id), "seq": -1, "prev": "x" * 65, "type": "a\u0000b", "at": {"wall": "w"}}
    assert claims_of(json.dumps(said).encode()) == Claims(id=id, wall="w")
