"""Suppliers: approval, suspension, merging, and names of other systems."""

from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from plumbline.suppliers.likeness import folded, likeness
from tests.support.cast import Cast

STEEL = {"material": "rebar_ribbed_cn", "grade": "HRB400E", "quantity": "5", "unit": "t"}


def add(cast: Cast, name: str, name_en: str | None = None) -> UUID:
    made = uuid7()
    body = {"name": name, "kind": "supplier"} | ({"name_en": name_en} if name_en else {})
    cast.administrator.did("organization:add", made, body)
    return made


def listed(cast: Cast) -> dict[str, dict[str, Any]]:
    answer = cast.project_manager.get(cast.project_manager.at("/suppliers"))
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()}


def receipt(cast: Cast, supplier: UUID) -> dict[str, Any]:
    return {**STEEL, "supplier": str(supplier)}


def test_nothing_is_received_of_a_suspended_supplier(cast: Cast) -> None:
    cast.project_manager.did("supplier:suspend", cast.supplier, {"reason": "two failed heats"})
    cast.storekeeper.feed()

    refused = cast.storekeeper.do("lot:receive", uuid7(), receipt(cast, cast.supplier))

    assert refused["problem"]["type"] == "/problems/supplier-suspended"
    assert "two failed heats" in refused["problem"]["detail"]
    row = cast.storekeeper.row("organization", cast.supplier)
    assert row is not None
    assert (row["standing"], row["standing_reason"]) == ("suspended", "two failed heats")
    cast.project_manager.did("supplier:approve", cast.supplier, {"reason": "audited"})
    cast.storekeeper.did("lot:receive", uuid7(), receipt(cast, cast.supplier))


def test_an_announced_lot_of_a_suspended_supplier_stops_at_receiving_too(cast: Cast) -> None:
    lot = uuid7()
    cast.storekeeper.did("lot:announce", lot, receipt(cast, cast.supplier))
    cast.project_manager.did("supplier:suspend", cast.supplier, {"reason": "audit"})
    cast.storekeeper.feed()

    assert cast.storekeeper.refusal("lot:receive", lot, STEEL) == "supplier-suspended"


def test_a_phone_that_could_not_know_is_believed_and_flagged(cast: Cast) -> None:
    cast.storekeeper.feed()
    lot = uuid7()
    act = cast.storekeeper.act("lot:receive", lot, receipt(cast, cast.supplier))
    cast.project_manager.did("supplier:suspend", cast.supplier, {"reason": "audit"})

    result = cast.storekeeper.send(act)[0]

    assert (result["verdict"], result["flags"]) == ("applied", ["supplier-suspended-unseen"])
    row = cast.storekeeper.row("lot", lot)
    assert row is not None
    assert row["flags"] == ["supplier-suspended-unseen"]


def test_a_duplicate_counts_for_the_supplier_that_it_was_merged_into(cast: Cast) -> None:
    twin, third = add(cast, "宝山钢铁股份"), add(cast, "宝钢")
    cast.storekeeper.did("lot:receive", uuid7(), receipt(cast, third))
    cast.storekeeper.did("lot:receive", uuid7(), receipt(cast, cast.supplier))
    cast.project_manager.did("supplier:merge", third, {"into": str(twin)})
    cast.project_manager.did("supplier:merge", twin, {"into": str(cast.supplier), "reason": "same company"})

    assert listed(cast)[str(third)]["merged_into"] == str(twin)
    cards = cast.quality.get(cast.quality.at("/scorecards"), params={"of": "supplier"}).json()
    assert [(c["id"], c["metrics"][0]["of"]) for c in cards] == [(str(cast.supplier), "2")]
    cast.project_manager.did("supplier:suspend", cast.supplier, {"reason": "audit"})
    cast.storekeeper.feed()
    assert cast.storekeeper.refusal("lot:receive", uuid7(), receipt(cast, third)) == "supplier-suspended"


def test_merges_that_make_no_sense_are_refused(cast: Cast) -> None:
    twin, third = add(cast, "宝山钢铁股份"), add(cast, "武钢")
    pm = cast.project_manager
    pm.did("supplier:merge", twin, {"into": str(cast.supplier)})

    assert pm.refusal("supplier:merge", cast.supplier, {"into": str(twin)}) == "supplier-merge-self"
    assert pm.refusal("supplier:merge", third, {"into": str(third)}) == "supplier-merge-self"
    assert pm.refusal("supplier:merge", third, {"into": str(twin)}) == "supplier-merged"
    assert pm.refusal("supplier:merge", twin, {"into": str(third)}) == "supplier-merged"
    assert pm.refusal("supplier:approve", twin, {}) == "supplier-merged"
    assert pm.refusal("supplier:merge", third, {"into": str(uuid7())}) == "supplier-unknown"
    assert pm.refusal("supplier:suspend", uuid7(), {"reason": "x"}) == "supplier-unknown"
    assert cast.crew_member.refusal("supplier:suspend", third, {"reason": "x"}) == "not-allowed"


def test_foreign_names_are_proposed_by_likeness_and_confirmed_by_an_act(cast: Cast) -> None:
    pm = cast.project_manager
    names = ["BAOSHAN STEEL CO., LTD.", "宝山钢铁有限公司", "Tangshan Cement"]

    found = pm.post(pm.at("/suppliers/match"), {"names": names}).json()

    assert [(m["confirmed"], m["proposals"][0]["id"] if m["proposals"] else None) for m in found] == [
        (None, str(cast.supplier)), (None, str(cast.supplier)), (None, None),
    ]  # fmt: skip
    assert found[0]["proposals"][0]["likeness"] == 1.0
    pm.did("supplier:name", cast.supplier, {"name": names[0], "system": "SAP"})
    pm.did("supplier:name", cast.supplier, {"name": "baoshan steel"})  # The same name: nothing more to keep.
    again = pm.post(pm.at("/suppliers/match"), {"names": names[:1]}).json()
    assert again == [{"name": names[0], "confirmed": str(cast.supplier), "proposals": []}]
    assert listed(cast)[str(cast.supplier)]["names"] == [names[0]]
    assert pm.refusal("supplier:name", cast.contractor, {"name": names[0]}) == "supplier-name-taken"
    assert pm.refusal("supplier:name", cast.contractor, {"name": "有限公司"}) == "supplier-name-empty"


def test_a_name_and_a_standing_in_one_batch_see_each_other(cast: Cast) -> None:
    pm = cast.project_manager
    acts = [
        pm.act("supplier:approve", cast.supplier, {}),
        pm.act("supplier:suspend", cast.supplier, {"reason": "second thoughts"}),
        pm.act("supplier:name", cast.supplier, {"name": "BS"}),
        pm.act("supplier:name", cast.contractor, {"name": "bs"}),
    ]

    results = pm.send(*acts)

    assert [r["verdict"] for r in results] == ["applied", "applied", "applied", "refused"]
    assert listed(cast)[str(cast.supplier)]["standing"] == "suspended"


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("宝山钢铁股份有限公司", "宝山钢铁", 1.0, 1.0),
        ("Northgate Readymix Ltd", "NORTHGATE READYMIX LIMITED", 1.0, 1.0),
        ("ＡＢＣ Steel", "abc steel", 1.0, 1.0),
        ("上海宝钢", "宝钢", 0.8, 0.95),
        ("Northgate Readymix", "Nortgate Readymx", 0.9, 0.99),
        ("宝山钢铁", "海螺水泥", 0.0, 0.3),
        ("有限公司", "公司", 0.0, 0.0),
    ],
)
def test_how_alike_names_are(one: str, other: str, least: float, most: float) -> None:
    assert least <= likeness(folded(one), folded(other)) <= most
