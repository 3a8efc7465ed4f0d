"""Lots made of lots: merged, mixed, made, taken apart; units and stations; what status and trace make of them."""

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from tests.api.test_lot_movements import balances_close, on_hand, received
from tests.api.test_receive_lot import receipt
from tests.api.test_trace import ids, step, task, trace
from tests.support.cast import Cast


def cement(cast: Cast, batch: str, quantity: str = "30") -> UUID:
    lot = uuid7()
    body = {"material": "cement_cn", "grade": "P·O 42.5", "quantity": quantity, "unit": "t", "batch_no": batch}
    cast.storekeeper.did("lot:receive", lot, body)
    return lot


def inputs(*pairs: tuple[UUID, str], unit: str = "t") -> list[dict[str, str]]:
    return [{"lot": str(lot), "quantity": quantity, "unit": unit} for lot, quantity in pairs]


def silo(cast: Cast, *pairs: tuple[UUID, str], mix: UUID | None = None, **more: Any) -> UUID:
    mix = mix or uuid7()
    cast.storekeeper.did("lot:mix", mix, {"inputs": inputs(*pairs)}, **more)
    return mix


def row(cast: Cast, lot: UUID) -> dict[str, Any]:
    found = cast.inspector.row("lot", lot)
    assert found is not None
    return found


def with_shares(cast: Cast, lot: UUID, direction: str) -> Any:
    params = {"kind": "lot", "node": str(lot), "direction": direction, "shares": "true"}
    return cast.inspector.get(cast.inspector.at("/trace"), params=params).json()


def edges(cast: Cast, lot: UUID, direction: str = "backward") -> set[tuple[str, str, str | None]]:
    return {(e["kind"], e["certainty"], e["source_quantity"]) for e in trace(cast, "lot", lot, direction)["edges"]}


def test_parts_of_one_delivery_merge_for_certain_and_keep_its_papers(cast: Cast) -> None:
    lot, parts, merged = received(cast), [uuid7(), uuid7()], uuid7()
    cast.storekeeper.did("lot:split", lot, {"parts": [{"lot": str(p), "quantity": "3"} for p in parts]})
    some = [*inputs((parts[0], "3")), *inputs((parts[1], "1000"), unit="kg")]
    cast.storekeeper.did("lot:merge", merged, {"inputs": some})
    found = row(cast, merged)
    assert (found["on_hand"], found["heat_no"], sorted(found["parent_ids"])) == (
        "4",
        "H2611045",
        sorted(map(str, parts)),
    )
    assert [on_hand(cast, p) for p in parts] == ["0", "2"]
    assert {c for kind, c, _ in edges(cast, merged) if kind == "merge"} == {"certain"}
    assert balances_close(cast)


def test_bundles_of_two_heats_are_possible_in_each_part(cast: Cast) -> None:
    one, two, merged = uuid7(), uuid7(), uuid7()
    for lot, heat in ((one, "H1"), (two, "H2")):
        cast.storekeeper.did("lot:receive", lot, receipt(cast, heat_no=heat, quantity="6"))
    cast.storekeeper.did("lot:merge", merged, {"inputs": inputs((one, "6"), (two, "2"))})
    assert row(cast, merged)["heat_no"] is None
    assert edges(cast, merged) == {("merge", "possible", "6"), ("merge", "possible", "2")}
    wall = task(cast, "8F-W1")
    step(cast, wall, {merged: "4"})
    found = trace(cast, "task", wall, "backward")
    assert {n["id"]: n["certain"] for n in found["nodes"] if n["kind"] == "lot"} == {
        str(merged): True, str(one): False, str(two): False,
    }  # fmt: skip


def test_lots_of_other_materials_are_neither_merged_nor_mixed(cast: Cast) -> None:
    steel, powder = received(cast), cement(cast, "C1")
    body = {"inputs": inputs((steel, "1"), (powder, "1"))}
    assert cast.storekeeper.refusal("lot:merge", uuid7(), body) == "lots-differ"
    assert cast.storekeeper.refusal("lot:mix", uuid7(), body) == "lots-differ"
    twice = {"inputs": inputs((steel, "1"), (steel, "2"))}
    assert cast.storekeeper.refusal("lot:merge", uuid7(), twice) == "body-malformed"
    assert cast.storekeeper.refusal("lot:mix", steel, {"inputs": inputs((received(cast), "1"))}) == "lot-no-mix"
    foreign = uuid7()
    cast.stranger.did("lot:receive", foreign, {"material": "cement_cn", "quantity": "1", "unit": "t"})
    assert cast.storekeeper.refusal("lot:mix", uuid7(), {"inputs": inputs((foreign, "1"))}) == "lot-unknown"


def test_a_silo_takes_more_until_something_leaves_it_and_then_a_new_mix_begins(cast: Cast) -> None:
    first, second, third = (cement(cast, f"C{n}") for n in range(3))
    mix = silo(cast, (first, "10"))
    silo(cast, (second, "5"), mix=mix)
    assert (on_hand(cast, mix), row(cast, mix)["kind"], row(cast, mix)["batch_no"]) == ("15", "mix", None)
    cast.storekeeper.did("lot:scrap", mix, {"quantity": "1", "reason": "dust"})
    refused = cast.storekeeper.refusal("lot:mix", mix, {"inputs": inputs((third, "5"))})
    assert refused == "lot-closed"
    rest = silo(cast, (mix, "14"), (third, "5"))
    assert ids(trace(cast, "lot", rest, "backward"), "lot") == {str(x) for x in (rest, mix, first, second, third)}
    assert balances_close(cast)


def test_what_a_phone_feeds_into_a_silo_without_knowing_of_its_use_is_kept_flagged_and_walked(cast: Cast) -> None:
    first, second = cement(cast, "C1"), cement(cast, "C2")
    mix = silo(cast, (first, "10"))
    before = cast.foreman.feed()["cursor"]
    out = uuid7()
    cast.storekeeper.did("lot:split", mix, {"parts": [{"lot": str(out), "quantity": "4"}]})
    late = cast.foreman.do("lot:mix", mix, {"inputs": inputs((second, "1"))}, seen=before)
    assert (late["verdict"], late["flags"]) == ("applied", ["fed-after-use"])
    back = cast.foreman.do("lot:mix", mix, {"inputs": inputs((out, "4"))}, seen=before)
    assert back["verdict"] == "applied"
    answer = cast.inspector.get(
        cast.inspector.at("/trace"),
        params={"kind": "lot", "node": str(first), "direction": "forward", "shares": "true"},
    ).json()
    cyclic = {n["id"]: n["cyclic"] for n in answer["nodes"]}
    assert (cyclic[str(mix)], cyclic[str(out)], cyclic[str(first)], answer["cycles"]) == (True, True, False, 2)
    assert [n["share"] for n in answer["nodes"] if n["cyclic"]] == [None, None]
    assert balances_close(cast)


def stair(cast: Cast, **more: Any) -> tuple[UUID, UUID, UUID]:
    concrete, cage, made = uuid7(), uuid7(), uuid7()
    cast.storekeeper.did(
        "lot:receive", concrete, {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "8", "unit": "m3"}
    )
    steel = received(cast)
    cast.foreman.did(
        "assembly:make", cage,
        {"material": "rebar_cage_cn", "quantity": "4", "unit": "pcs", "inputs": inputs((steel, "600"), unit="kg")},
    )  # fmt: skip
    body = {
        "material": "precast_element_cn", "quantity": "1", "unit": "pcs", "serial_no": "ST-1",
        "inputs": [*inputs((concrete, "2"), unit="m3"), *inputs((cage, "1"), unit="pcs")],
        **more,
    }  # fmt: skip
    cast.foreman.feed()
    cast.foreman.did("assembly:make", made, body)
    return made, cage, steel


def test_a_precast_stair_knows_its_concrete_its_cage_and_how_much_of_which_steel(cast: Cast) -> None:
    made, _, steel = stair(cast)
    found = row(cast, made)
    assert (found["kind"], found["serial_no"], found["on_hand"]) == ("unit", "ST-1", "1")
    answer = cast.inspector.get(
        cast.inspector.at("/trace"),
        params={"kind": "lot", "node": str(made), "direction": "backward", "shares": "true"},
    ).json()
    shares = {n["id"]: n["share"] for n in answer["nodes"]}
    of_steel = shares[str(steel)]
    assert (of_steel["certain"], of_steel["of"], of_steel["unit"], of_steel["certain_percent"]) == (
        "0.15",
        "10",
        "t",
        "100",
    )
    body = {"material": "precast_element_cn", "quantity": "1", "unit": "pcs", "serial_no": "ST-1",
            "inputs": inputs((steel, "1"))}  # fmt: skip
    assert cast.foreman.refusal("assembly:make", uuid7(), body) == "serial-taken"
    assert cast.foreman.refusal("assembly:make", uuid7(), body | {"quantity": "2"}) == "body-malformed"


def test_making_says_who_welded_on_what_with_which_settings(cast: Cast) -> None:
    machine = uuid7()
    cast.administrator.did(
        "equipment:add", machine,
        {"code": "W-1", "name": "焊机", "kind": "welder",
         "calibrated_on": "2020-01-01", "calibration_due_on": "2021-01-01"},
    )  # fmt: skip
    settings = {"operator": str(cast.crew_member.person_id), "equipment": str(machine), "method": "电渣压力焊",
                "parameters": [{"name": "电流", "value": "420", "unit": "A"}]}  # fmt: skip
    steel, weld = received(cast), uuid7()
    body = {"material": "welded_joint_cn", "quantity": "40", "unit": "pcs", **settings, "inputs": inputs((steel, "1"))}
    assert cast.foreman.did("assembly:make", weld, body)["flags"] == ["calibration-expired"]
    cast.foreman.did("unit:work", weld, {"station": "外观检查", "operator": str(cast.foreman.person_id)})
    stations = cast.inspector.get(cast.inspector.at(f"/lots/{weld}/record")).json()["stations"]
    assert [(s["station"], s["operator_id"]) for s in stations] == [
        ("make", str(cast.crew_member.person_id)), ("外观检查", str(cast.foreman.person_id)),
    ]  # fmt: skip
    assert stations[0]["parameters"] == [{"name": "电流", "value": "420", "unit": "A"}]
    context = trace(cast, "lot", weld, "backward")["context"]
    assert [e["id"] for e in context["equipment"]] == [str(machine)]
    assert str(cast.crew_member.person_id) in {p["id"] for p in context["people"]}
    assert set(trace(cast, "equipment", machine, "forward")["start"]) == {str(weld)}
    assert cast.foreman.refusal("unit:work", weld, {"station": "x", "equipment": str(uuid7())}) == "equipment-unknown"


def test_what_comes_out_of_an_assembly_descends_from_its_own_lot_alone(cast: Cast) -> None:
    made, cage, steel = stair(cast)
    back = uuid7()
    body = {"quantity": "1", "reason": "cracked", "parts": [{"lot": str(back), "of": str(cage), "quantity": "1"}]}
    more = body | {"parts": [{"lot": str(uuid7()), "of": str(cage), "quantity": "2"}]}
    assert cast.foreman.refusal("assembly:take_apart", made, more) == "not-built-in"
    cast.foreman.did("assembly:take_apart", made, body)
    assert [on_hand(cast, lot) for lot in (made, cage, back)] == ["0", "3", "1"]
    assert ids(trace(cast, "lot", back, "backward"), "lot") == {str(x) for x in (back, cage, steel)}
    assert balances_close(cast)


def test_pieces_get_numbers_and_are_lots_of_one(cast: Cast) -> None:
    pump, unit = uuid7(), uuid7()
    cast.storekeeper.did("lot:receive", pump, {"material": "pipe_generic_cn", "quantity": "3", "unit": "pcs"})
    numbered = {"units": [{"lot": str(unit), "serial_no": "SN-1"}]}
    cast.storekeeper.did("unit:number", pump, numbered)
    found = row(cast, unit)
    assert (found["kind"], found["serial_no"], found["on_hand"], on_hand(cast, pump)) == ("unit", "SN-1", "1", "2")
    assert cast.storekeeper.refusal("unit:number", pump, {"units": [{"lot": str(uuid7()), "serial_no": "SN-1"}]}) == (
        "serial-taken"
    )
    tonnes = {"units": [{"lot": str(uuid7()), "serial_no": "SN-2"}]}
    assert cast.storekeeper.refusal("unit:number", received(cast), tonnes) == "lot-not-countable"


def test_a_stop_reaches_what_was_made_of_a_lot_and_a_release_waits_for_all_contributors(cast: Cast) -> None:
    first, second = cement(cast, "C1"), cement(cast, "C2")
    mix = silo(cast, (first, "10"), (second, "10"))
    for lot in (first, second):
        cast.quality.did("lot:stop", lot, {"reason": "late result"})
    assert row(cast, mix)["status"] == "stopped"
    cast.quality.did("lot:release", first, {})
    assert row(cast, mix)["status"] == "stopped"
    cast.quality.did("lot:release", second, {})
    assert row(cast, mix)["status"] == "released"
    cast.quality.did("lot:stop", first, {"reason": "again"})
    cast.storekeeper.feed()
    assert cast.storekeeper.refusal("lot:mix", uuid7(), {"inputs": inputs((first, "1"))}) == "lot-stopped"
