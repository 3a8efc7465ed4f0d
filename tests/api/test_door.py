"""What comes through the door, and how: exact bytes, strict reading, one verdict, nothing thrown away."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from plumbline.acts.models import ActRow, KeptAct
from tests.support.cast import Actor, Cast

PLACE = {"name": "二号料场", "kind": "yard"}


def raw_payload(actor: Actor, **changes: Any) -> dict[str, Any]:
    payload = actor.device.payload("place:add", uuid7(), PLACE, project=actor.project_id, actor=actor.person_id)
    return payload | changes


def send_bytes(actor: Actor, raw: bytes) -> dict[str, Any]:
    return actor.send(actor.device.envelope(raw))[0]


def slug(result: dict[str, Any]) -> str:
    assert result["verdict"] == "refused", result
    return str(result["problem"]["type"]).removeprefix("/problems/")


def test_the_same_act_again_gets_the_same_verdict_and_happens_once(cast: Cast) -> None:
    envelope = cast.foreman.act("place:add", uuid7(), PLACE)
    first = cast.foreman.send(envelope)[0]
    again = cast.foreman.send(envelope, envelope)
    assert again == [first, first]
    assert first["verdict"] == "applied"


def test_the_same_id_with_other_bytes_is_refused_and_both_are_kept(cast: Cast) -> None:
    id = uuid7()
    first = cast.foreman.act("place:add", uuid7(), PLACE, id=id)
    other = cast.foreman.act("place:add", uuid7(), PLACE | {"name": "三号料场"}, id=id)
    assert cast.foreman.send(first)[0]["verdict"] == "applied"
    assert slug(cast.foreman.send(other)[0]) == "id-taken"
    with Session(cast.engine) as session:
        assert session.get(ActRow, id).payload == base64.b64decode(first["payload"])  # type: ignore[union-attr]
        kept = session.exec(select(KeptAct).where(KeptAct.claimed_id == id)).one()
        assert kept.payload == base64.b64decode(other["payload"])


def test_one_bad_act_does_not_hold_the_others_of_its_batch(cast: Cast) -> None:
    good, bad, also = (cast.foreman.act("place:add", uuid7(), b) for b in (PLACE, {"name": ""}, PLACE))
    results = cast.foreman.send(good, bad, also)
    assert [r["verdict"] for r in results] == ["applied", "refused", "applied"]
    assert results[2]["number"] == results[0]["number"] + 1


def test_refused_acts_lie_in_the_quarantine(cast: Cast) -> None:
    refused = cast.foreman.do("place:add", uuid7(), {"name": ""})
    acts = cast.administrator.get(cast.administrator.at("/acts?verdict=refused")).json()["acts"]
    assert [a["id"] for a in acts] == [refused["id"]]
    assert acts[0]["problem"]["type"] == "/problems/body-malformed"


def test_an_act_waits_for_what_it_depends_on_and_then_applies_by_itself(cast: Cast) -> None:
    first = cast.foreman.act("place:add", uuid7(), PLACE)
    first_id = json.loads(base64.b64decode(first["payload"]))["id"]
    place = uuid7()
    waiting = cast.foreman.act("place:add", place, PLACE, depends_on=[first_id])
    result = cast.foreman.send(waiting)[0]
    assert (result["verdict"], result["waits_for"]) == ("deferred", [f"act:{first_id}"])
    cast.foreman.send(first)
    assert cast.foreman.send(waiting)[0]["verdict"] == "applied"
    assert cast.foreman.row("place", place)


def test_an_act_may_come_before_what_it_depends_on_in_one_batch(cast: Cast) -> None:
    first = cast.foreman.act("place:add", uuid7(), PLACE)
    first_id = json.loads(base64.b64decode(first["payload"]))["id"]
    later = cast.foreman.act("place:add", uuid7(), PLACE, depends_on=[first_id])
    assert [r["verdict"] for r in cast.foreman.send(later, first)] == ["applied", "applied"]


def test_waiting_and_arriving_at_once_never_miss_each_other(cast: Cast) -> None:
    pairs = []
    for _ in range(12):
        first = cast.foreman.act("place:add", uuid7(), PLACE)
        first_id = json.loads(base64.b64decode(first["payload"]))["id"]
        pairs.append((cast.foreman.act("place:add", uuid7(), PLACE, depends_on=[first_id]), first))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(cast.foreman.send, [envelope for pair in pairs for envelope in pair]))
    for later, first in pairs:
        assert [r["verdict"] for r in cast.foreman.send(later, first)] == ["applied", "applied"]


def test_eight_racers_with_one_act_get_one_answer(cast: Cast) -> None:
    envelopes = [cast.foreman.act("place:add", uuid7(), PLACE) for _ in range(5)]
    with ThreadPoolExecutor(8) as pool:
        orders = [envelopes if n % 2 else envelopes[::-1] for n in range(8)]
        answers = list(pool.map(lambda order: cast.foreman.send(*order), orders))
    by_id = {tuple(sorted((r["id"], r["number"], r["verdict"]) for r in answer)) for answer in answers}
    assert len(by_id) == 1


def test_an_act_that_builds_on_a_refused_one_is_refused(cast: Cast) -> None:
    refused = cast.foreman.do("place:add", uuid7(), {"name": ""})
    assert cast.foreman.refusal("place:add", uuid7(), PLACE, depends_on=[refused["id"]]) == "dependency-refused"


def test_gaps_and_forks_of_a_devices_chain_are_kept_and_said(cast: Cast) -> None:
    device = cast.foreman.device
    cast.foreman.did("place:add", uuid7(), PLACE)
    device.seq += 1
    gap = cast.foreman.do("place:add", uuid7(), PLACE)
    assert (gap["verdict"], gap["flags"]) == ("applied", ["chain-gap"])
    device.seq -= 1
    fork = cast.foreman.do("place:add", uuid7(), PLACE)
    assert fork["verdict"] == "applied"
    assert "chain-fork" in fork["flags"]


def test_a_clock_two_years_off_is_accepted(cast: Cast) -> None:
    result = cast.foreman.do("place:add", uuid7(), PLACE, wall="2024-11-22T08:00:00.000Z", skew_ms=None)
    assert result["verdict"] == "applied"


def test_bytes_outside_the_strict_profile_are_refused_and_kept(cast: Cast) -> None:
    good = json.dumps(raw_payload(cast.foreman))
    wrong = {
        "duplicate key": good.replace('"v": 1', '"v": 1, "v": 1'),
        "float": good.replace('"v": 1', '"v": 1.0'),
        "exponent": good.replace('"v": 1', '"v": 1e0'),
        "NaN": good.replace('"v": 1', '"v": NaN'),
        "huge number": good.replace('"v": 1', '"v": 99999999999999999999'),
        "deep": good.replace('"body": {', '"body": {"x": ' + "[" * 9 + "]" * 9 + ", "),
        "very deep": good.replace('"body": {', '"body": {"x": ' + "[" * 7000 + "]" * 7000 + ", "),
        "unknown member": good.replace('"v": 1', '"v": 1, "w": 1'),
        "no object": "[]",
        "lone surrogate": good.replace("yard", "\\ud800"),
        "nul": good.replace("yard", "\\u0000"),
    }
    for name, text in wrong.items():
        assert slug(send_bytes(cast.foreman, text.encode())) == "payload-unreadable", name
    assert slug(send_bytes(cast.foreman, b"\xff\xfe{}")) == "payload-unreadable"
    assert slug(send_bytes(cast.foreman, b" " * 16_500)) == "payload-too-large"
    with Session(cast.engine) as session:
        assert len(session.exec(select(KeptAct)).all()) == len(wrong) + 2


def test_an_unknown_type_is_refused(cast: Cast) -> None:
    assert cast.foreman.refusal("wall:paint", uuid7(), {}) == "act-type-unknown"


def test_a_wrong_signature_is_refused_and_leaves_nothing(cast: Cast) -> None:
    envelope = cast.foreman.act("place:add", uuid7(), PLACE)
    other = cast.inspector.device.envelope(base64.b64decode(envelope["payload"]))
    result = cast.foreman.send(envelope | {"signature": other["signature"]})[0]
    assert slug(result) == "signature-wrong"
    assert result["id"] is None


def test_a_malformed_envelope_is_refused_alone(cast: Cast) -> None:
    good = cast.foreman.act("place:add", uuid7(), PLACE)
    answer = cast.foreman.post("/api/acts", {"envelopes": [{"payload": "%%"}, good | {"payload": "%%"}, good]})
    assert [r["verdict"] for r in answer.json()["results"]] == ["refused", "refused", "applied"]


def test_a_person_cannot_act_in_anothers_name(cast: Cast) -> None:
    assert cast.foreman.refusal("place:add", uuid7(), PLACE, actor=cast.inspector.person_id) == "actor-not-on-device"


def test_limits_of_a_batch(cast: Cast) -> None:
    one = cast.foreman.act("place:add", uuid7(), PLACE)
    assert cast.foreman.post("/api/acts", {"envelopes": [one] * 101}).json()["type"] == "/problems/batch-too-long"
    huge = cast.client.post("/api/acts", content=b"x" * 10_000_000, headers=cast.foreman.headers)
    assert (huge.status_code, huge.json()["type"]) == (413, "/problems/too-large")
    assert cast.foreman.post("/api/acts", {"nothing": 1}).json()["type"] == "/problems/malformed"
    assert cast.client.post("/api/acts", json={"envelopes": []}).json()["type"] == "/problems/sign-in-needed"


def test_a_batch_is_of_one_project(cast: Cast) -> None:
    here = cast.foreman.act("place:add", uuid7(), PLACE)
    there = cast.foreman.act("place:add", uuid7(), PLACE, project=uuid7())
    answer = cast.foreman.post("/api/acts", {"envelopes": [here, there]})
    assert answer.json()["type"] == "/problems/batch-of-many-projects"


def test_the_feed_has_every_number_once_and_refuses_a_position_beyond_its_end(cast: Cast) -> None:
    head = cast.foreman.feed()["head"]
    cast.foreman.send(*(cast.foreman.act("place:add", uuid7(), PLACE) for _ in range(7)))
    seen, cursor = [], head
    while True:
        page = cast.foreman.feed(cursor, limit=3)
        seen += [c["number"] for c in page["changes"]]
        cursor = page["cursor"]
        if not page["more"]:
            break
    assert seen == list(range(head + 1, head + 8))
    answer = cast.foreman.get("/api/feed", params={"project": str(cast.project_id), "cursor": cursor + 1})
    assert (answer.status_code, answer.json()["type"]) == (410, "/problems/cursor-expired")
    assert cast.stranger.get("/api/feed", params={"project": str(cast.project_id)}).status_code == 404


def test_refusals_speak_chinese_to_chinese_readers(cast: Cast) -> None:
    cast.foreman.language = "zh-CN"
    result = cast.foreman.do("place:add", uuid7(), {"name": ""})
    assert result["problem"]["title"] == "内容有误"


def test_another_system_writes_by_the_same_door_with_its_act_id_as_idempotency_key(cast: Cast) -> None:
    key = cast.administrator.post(cast.administrator.at("/api-keys"), {"label": "ERP"}).json()["key"]
    headers = {"Authorization": f"Bearer {key}"}
    wish = {"id": str(uuid7()), "object": str(uuid7()), "body": PLACE}
    url = f"/api/projects/{cast.project_id}/acts/place:add"
    assert cast.foreman.post(url, wish).json()["type"] == "/problems/api-key-needed"
    first = cast.client.post(url, json=wish, headers=headers).json()
    assert first["verdict"] == "applied", first
    assert cast.client.post(url, json=wish, headers=headers).json() == first
    other = cast.client.post(url, json=wish | {"object": str(uuid7())}, headers=headers).json()
    assert slug(other) == "id-taken"
    act = cast.foreman.get(cast.foreman.at(f"/acts/{first['id']}")).json()
    assert (act["signed_by"], act["signature_holds"]) == ("server", True)
