"""Marks that things have from their makers: bound, found by whatever reader, on one thing or on several."""

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from tests.api.test_receive_lot import receipt
from tests.support.cast import Actor, Cast

GS = "\x1d"
BUNDLE = f"010950600013435210ABC123{GS}2112345"
BUNDLE_VALUE = "(01)09506000134352(10)ABC123(21)12345"


def receive(cast: Cast) -> UUID:
    lot = uuid7()
    cast.storekeeper.did("lot:receive", lot, receipt(cast))
    return lot


def body(kind: str, text: str, value: str, thing: UUID, thing_kind: str = "lot") -> dict[str, Any]:
    return {"kind": kind, "text": text, "value": value, "thing_kind": thing_kind, "thing": str(thing)}


def found(actor: Actor, kind: str, text: str) -> dict[str, Any]:
    answer = actor.get(actor.at("/marks"), params={"kind": kind, "text": text})
    assert answer.status_code == 200, answer.text
    marks: dict[str, Any] = answer.json()
    return marks


def things(actor: Actor, kind: str, text: str) -> list[str]:
    return [mark["thing_id"] for mark in found(actor, kind, text)["marks"]]


def test_a_gs1_mark_is_found_again_in_every_form_in_which_it_is_read(cast: Cast) -> None:
    lot = receive(cast)
    cast.storekeeper.did("mark:bind", uuid7(), body("gs1", BUNDLE, BUNDLE_VALUE, lot))
    for kind, text in (
        ("gs1", BUNDLE),
        ("typed", "(01)09506000134352(10)ABC123(21)12345"),
        ("typed", "]d2010950600013435210ABC123<GS>2112345"),
        ("qr", "https://steel.example/01/09506000134352/10/ABC123/21/12345?11=261101"),
    ):
        assert things(cast.foreman, kind, text) == [str(lot)], text


def test_an_rfid_tag_is_the_bar_code_with_the_same_serial_number(cast: Cast) -> None:
    lot = receive(cast)
    value = "(01)80614141123458(21)6789"
    cast.storekeeper.did("mark:bind", uuid7(), body("rfid", "3074257BF7194E4000001A85", value, lot))
    assert things(cast.foreman, "gs1", "0180614141123458216789") == [str(lot)]
    assert things(cast.foreman, "typed", "urn:epc:id:sgtin:0614141.812345.6789") == [str(lot)]


def test_a_heat_number_stands_on_several_lots(cast: Cast) -> None:
    lots = [receive(cast), receive(cast)]
    for lot in lots:
        cast.storekeeper.did("mark:bind", uuid7(), body("code128", "2411-08731", "2411-08731", lot))
    assert sorted(things(cast.foreman, "typed", "2411–08731")) == sorted(map(str, lots))


def test_a_serial_number_or_tag_stands_on_one_thing_and_the_refusal_names_it(cast: Cast) -> None:
    first, second = receive(cast), receive(cast)
    cast.storekeeper.did("mark:bind", uuid7(), body("nfc", "04:a2:3b:9c", "04A23B9C", first))
    result = cast.foreman.do("mark:bind", uuid7(), body("nfc", "04:A2:3B:9C", "04A23B9C", second))
    assert result["verdict"] == "refused"
    row = cast.foreman.row("lot", first)
    assert row is not None
    assert result["problem"]["type"] == "/problems/mark-taken"
    assert result["problem"]["bound_id"] == str(first)
    assert row["code"] in result["problem"]["detail"]


def test_a_released_tag_can_go_onto_another_thing(cast: Cast) -> None:
    first, second, mark = receive(cast), receive(cast), uuid7()
    cast.storekeeper.did("mark:bind", mark, body("nfc", "04a23b9c", "04A23B9C", first))
    cast.storekeeper.did("mark:release", mark, {"reason": "tag taken off"})
    assert cast.storekeeper.row("mark", mark) is None
    assert things(cast.foreman, "nfc", "04a23b9c") == []
    cast.storekeeper.did("mark:bind", uuid7(), body("nfc", "04a23b9c", "04A23B9C", second))
    assert things(cast.foreman, "nfc", "04a23b9c") == [str(second)]
    assert cast.storekeeper.refusal("mark:release", mark, {}) == "mark-unknown"


def test_the_same_mark_twice_on_the_same_thing_is_one(cast: Cast) -> None:
    lot = receive(cast)
    for actor in (cast.storekeeper, cast.foreman):
        actor.did("mark:bind", uuid7(), body("gs1", BUNDLE, BUNDLE_VALUE, lot))
    assert things(cast.foreman, "gs1", BUNDLE) == [str(lot)]


def test_places_tasks_and_equipment_have_marks_too(cast: Cast) -> None:
    machine = uuid7()
    cast.project_manager.did("equipment:add", machine, {"code": "TC-1", "name": "塔吊", "kind": "crane"})
    cast.foreman.did("mark:bind", uuid7(), body("nfc", "04a23b9c", "04A23B9C", machine, "equipment"))
    cast.foreman.did(
        "mark:bind", uuid7(), body("qr", "https://yard.example/7", "https://yard.example/7", cast.place, "place")
    )
    assert things(cast.foreman, "nfc", "04a23b9c") == [str(machine)]
    assert things(cast.foreman, "typed", "https://yard.example/7") == [str(cast.place)]


def test_a_mark_travels_to_every_phone_in_its_normal_form(cast: Cast) -> None:
    lot, mark = receive(cast), uuid7()
    cast.storekeeper.did("mark:bind", mark, body("gs1", BUNDLE, BUNDLE_VALUE, lot))
    row = cast.foreman.row("mark", mark)
    assert row is not None
    assert (row["value"], row["thing_id"], row["thing_kind"]) == (BUNDLE_VALUE, str(lot), "lot")
    assert row["text"] == BUNDLE


def test_a_phone_that_reads_otherwise_is_flagged_and_the_server_s_reading_holds(cast: Cast) -> None:
    lot = receive(cast)
    result = cast.storekeeper.did("mark:bind", uuid7(), body("gs1", BUNDLE, "ABC123", lot))
    assert result["flags"] == ["mark-read-otherwise"]
    assert things(cast.foreman, "gs1", BUNDLE) == [str(lot)]


def test_what_is_no_mark_or_on_nothing_here_is_refused(cast: Cast) -> None:
    lot = receive(cast)
    assert cast.storekeeper.refusal("mark:bind", uuid7(), body("nfc", "hello", "X", lot)) == "mark-unreadable"
    assert cast.storekeeper.refusal("mark:bind", uuid7(), body("typed", "H1", "H1", uuid7())) == "thing-unknown"
    assert cast.storekeeper.refusal("mark:bind", uuid7(), body("typed", "H\x001", "H1", lot)) == "payload-unreadable"
    answer = cast.storekeeper.get(cast.storekeeper.at("/marks"), params={"kind": "nfc", "text": "hello"})
    assert answer.json()["type"] == "/problems/mark-unreadable"


def test_marks_of_one_project_are_nothing_in_another(cast: Cast) -> None:
    lot = receive(cast)
    cast.storekeeper.did("mark:bind", uuid7(), body("nfc", "04a23b9c", "04A23B9C", lot))
    answer = cast.stranger.get(cast.storekeeper.at("/marks"), params={"kind": "nfc", "text": "04a23b9c"})
    assert answer.status_code == 404
    assert things(cast.stranger, "nfc", "04a23b9c") == []
    assert cast.stranger.refusal("mark:bind", uuid7(), body("nfc", "04a23b9c", "04A23B9C", lot)) == "thing-unknown"


def test_gs1_elements_are_told_so_that_another_system_can_fill_a_receipt(cast: Cast) -> None:
    told = found(cast.storekeeper, "gs1", f"010950600013435210B7{GS}112611013103001250")
    assert told["value"] == "(01)09506000134352(10)B7"
    assert told["elements"] == {"01": "09506000134352", "10": "B7", "11": "261101", "3103": "001250"}
