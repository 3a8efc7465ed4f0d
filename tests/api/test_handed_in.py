"""What a device signed may be brought by somebody else: it stays the signer's, and says who brought it."""

from typing import Any

from uuid_utils.compat import uuid7

from tests.support.cast import Actor, Cast
from tests.support.device import Envelope

PLACE = {"name": "二号料场", "kind": "yard"}


def place(by: Actor, **more: Any) -> Envelope:
    return by.act("place:add", uuid7(), PLACE, **more)


def stored(cast: Cast, act_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = cast.supervisor.get(cast.supervisor.at(f"/acts/{act_id}")).json()
    return answer


def test_an_act_that_somebody_else_brings_is_its_signers_and_says_who_brought_it(cast: Cast) -> None:
    brought = cast.supervisor.send(place(cast.project_manager))[0]
    own = cast.project_manager.send(place(cast.project_manager))[0]
    assert (brought["verdict"], own["verdict"]) == ("applied", "applied")
    act = stored(cast, brought["id"])
    assert act["actor_id"] == str(cast.project_manager.person_id)
    assert act["device_id"] == str(cast.project_manager.device.id)
    assert (act["signature_holds"], act["handed_in_by"]) == (True, str(cast.supervisor.person_id))
    assert stored(cast, own["id"])["handed_in_by"] is None


def test_whoever_comes_second_changes_nothing(cast: Cast) -> None:
    by_hand, by_phone = place(cast.project_manager), place(cast.project_manager)
    first = cast.supervisor.send(by_hand)
    assert cast.project_manager.send(by_hand) == first
    assert stored(cast, first[0]["id"])["handed_in_by"] == str(cast.supervisor.person_id)
    sent = cast.project_manager.send(by_phone)
    assert cast.supervisor.send(by_phone) == sent
    assert stored(cast, sent[0]["id"])["handed_in_by"] is None


def test_what_is_refused_or_kept_says_it_too(cast: Cast) -> None:
    manager = cast.project_manager
    refused = manager.act("lot:scrap", uuid7(), {"quantity": "1", "reason": "broken"})
    kept = manager.device.envelope(b"\xff no text")
    results = cast.supervisor.send(refused, kept)
    assert [result["verdict"] for result in results] == ["refused", "refused"]
    cases = manager.get(manager.at("/quarantine")).json()["cases"]
    brought = [case for case in cases if case["act_id"] == results[0]["id"]]
    assert [case["handed_in_by"]["id"] for case in brought] == [str(cast.supervisor.person_id)]
    assert brought[0]["handed_in_by"]["name"]
