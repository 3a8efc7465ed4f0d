"""Lots under way, counted, and leaving the project; every difference stands in the account."""

from uuid import UUID

from uuid_utils.compat import uuid7

from tests.api.test_assemblies import row
from tests.api.test_lot_movements import balances_close, issue, on_hand, received
from tests.support.cast import Cast


def place(cast: Cast, name: str, kind: str = "yard") -> UUID:
    id = uuid7()
    cast.storekeeper.did("place:add", id, {"name": name, "kind": kind})
    return id


def test_a_part_goes_by_truck_to_a_yard_and_arrives_short(cast: Cast) -> None:
    lot, yard, truck, part = received(cast), place(cast, "二号料场"), place(cast, "沪A1", "vehicle"), uuid7()
    body = {"to": str(yard), "via": str(truck), "lot": str(part), "quantity": "4", "vehicle": "沪A1"}
    cast.storekeeper.did("lot:dispatch", lot, body)
    assert (row(cast, part)["to_place_id"], row(cast, part)["place_id"]) == (str(yard), str(truck))
    assert cast.storekeeper.refusal("lot:dispatch", part, {"to": str(cast.place)}) == "lot-under-way"
    arrived = cast.storekeeper.did("lot:arrive", part, {"quantity": "3.8", "note": "two bars missing"})
    assert arrived["flags"] == ["short-on-arrival"]
    found = row(cast, part)
    assert (found["to_place_id"], found["place_id"], found["on_hand"]) == (None, str(yard), "3.8")
    assert (on_hand(cast, lot), found["flags"]) == ("6", ["short-on-arrival"])
    assert cast.storekeeper.refusal("lot:arrive", part, {"quantity": "3.8"}) == "lot-not-under-way"
    assert balances_close(cast)


def test_a_whole_lot_arrives_elsewhere_and_with_more(cast: Cast) -> None:
    lot, yard, other = received(cast), place(cast, "二号料场"), place(cast, "三号料场")
    cast.storekeeper.did("lot:dispatch", lot, {"to": str(yard)})
    flags = cast.storekeeper.did("lot:arrive", lot, {"quantity": "10.5", "place": str(other)})["flags"]
    assert flags == ["over-on-arrival", "arrived-elsewhere"]
    assert (row(cast, lot)["place_id"], on_hand(cast, lot)) == (str(other), "10.5")
    part = {"to": str(yard), "quantity": "1"}
    assert cast.storekeeper.refusal("lot:dispatch", lot, part) == "body-malformed"
    assert cast.storekeeper.refusal("lot:dispatch", lot, {"to": str(uuid7())}) == "place-unknown"


def test_a_count_enters_what_differs_from_what_was_known(cast: Cast) -> None:
    lot = received(cast)
    seen = cast.storekeeper.device.seen
    assert cast.storekeeper.did("lot:count", lot, {"quantity": "10"})["flags"] == []
    cast.foreman.feed()
    cast.foreman.did("lot:scrap", lot, {"quantity": "1", "reason": "bent"})
    assert cast.storekeeper.did("lot:count", lot, {"quantity": "9.5"}, seen=seen)["flags"] == ["count-differs"]
    assert on_hand(cast, lot) == "8.5"  # What was scrapped meanwhile is not counted out again.
    cast.storekeeper.feed()
    cast.storekeeper.did("lot:count", lot, {"quantity": "0"})
    assert on_hand(cast, lot) == "0"
    assert cast.storekeeper.refusal("lot:count", lot, {"quantity": "-1"}) == "body-malformed"
    assert balances_close(cast)


def test_a_count_that_crosses_with_use_the_phone_had_not_seen_says_that_more_is_gone_than_was_there(cast: Cast) -> None:
    lot = received(cast)
    seen = cast.storekeeper.device.seen
    cast.foreman.feed()
    cast.foreman.did("lot:scrap", lot, {"quantity": "9", "reason": "bent"})
    counted = cast.storekeeper.did("lot:count", lot, {"quantity": "8"}, seen=seen)
    assert (counted["flags"], on_hand(cast, lot)) == (["overdrawn", "count-differs"], "-1")
    assert row(cast, lot)["flags"] == ["overdrawn"]


def test_a_stopped_lot_goes_back_to_its_supplier_but_to_no_other_project(cast: Cast) -> None:
    lot = received(cast)
    cast.quality.did("lot:stop", lot, {"reason": "retest failed"})
    cast.storekeeper.feed()
    body = {"quantity": "4", "to": "ELSEWHERE", "kind": "project"}
    assert cast.storekeeper.refusal("lot:transfer_out", lot, body) == "lot-stopped"
    cast.storekeeper.did("lot:transfer_out", lot, {"quantity": "4", "to": "宝山钢铁", "kind": "supplier"})
    assert on_hand(cast, lot) == "6"
    too_much = {"quantity": "7", "to": "宝山钢铁", "kind": "supplier"}
    assert cast.storekeeper.refusal("lot:transfer_out", lot, too_much) == "balance-too-small"
    assert balances_close(cast)


def test_an_issued_part_goes_on_to_another_place_as_a_part_of_its_own(cast: Cast) -> None:
    part, onward = issue(cast, received(cast), "4"), uuid7()
    yard = place(cast, "二号料场")
    cast.storekeeper.did("lot:dispatch", part, {"to": str(yard), "lot": str(onward), "quantity": "1"})
    assert row(cast, onward)["parent_ids"] == [str(part)]
