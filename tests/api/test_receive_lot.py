"""One act, `lot:receive`, from the signed envelope to the row and back through the feed."""

from uuid import uuid4

from uuid_utils.compat import uuid7

from plumbline.codes import make_code
from tests.support.cast import Cast


def receipt(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "material": "rebar_ribbed_cn",
        "grade": "HRB400E",
        "size": "25",
        "quantity": "12.5",
        "unit": "t",
        "supplier": str(cast.supplier),
        "manufacturer": "沙钢",
        "heat_no": "H2611045",
        "delivery_note": "DN-881",
        "vehicle": "沪A12345",
        "place": str(cast.place),
        "qr": make_code(),
        **more,
    }


def test_a_received_lot_comes_back_through_the_feed(cast: Cast) -> None:
    lot = uuid7()
    result = cast.storekeeper.did("lot:receive", lot, receipt(cast))
    row = cast.foreman.row("lot", lot)
    assert row is not None
    assert row["code"] == "R-0001"
    assert (row["on_hand"], row["unit"], row["status"]) == ("12.5", "t", "received")
    assert row["material_names"]["zh"] == "热轧带肋钢筋"
    assert cast.foreman.feed()["head"] == result["number"]


def test_the_act_is_kept_byte_for_byte_and_its_signature_holds(cast: Cast) -> None:
    lot = uuid7()
    result = cast.storekeeper.did("lot:receive", lot, receipt(cast, note="雨天卸货"))
    act = cast.inspector.get(cast.inspector.at(f"/acts/{result['id']}")).json()
    assert '"note":"雨天卸货"' in act["payload"]
    assert act["signature_holds"] is True
    assert act["number"] == result["number"]


def test_a_second_delivery_adds_to_an_open_lot_until_something_left_it(cast: Cast) -> None:
    lot = uuid7()
    first = receipt(cast)
    cast.storekeeper.did("lot:receive", lot, first)
    cast.storekeeper.did("lot:receive", lot, first | {"quantity": "0.5"})
    assert cast.foreman.row("lot", lot)["on_hand"] == "13"  # type: ignore[index]
    cast.storekeeper.did("lot:scrap", lot, {"quantity": "1", "reason": "bent"})
    assert cast.storekeeper.refusal("lot:receive", lot, first) == "lot-closed"


def test_a_label_stands_for_one_lot_only(cast: Cast) -> None:
    first = receipt(cast)
    cast.storekeeper.did("lot:receive", uuid7(), first)
    assert cast.storekeeper.refusal("lot:receive", uuid7(), receipt(cast, qr=first["qr"])) == "code-taken"


def test_a_scanned_label_opens_its_lot_for_members_and_nothing_for_strangers(cast: Cast) -> None:
    lot, body = uuid7(), receipt(cast)
    cast.storekeeper.did("lot:receive", lot, body)
    found = cast.foreman.get(f"/api/codes/{body['qr']}")
    assert found.json() == {"kind": "lot", "id": str(lot), "project_id": str(cast.project_id)}
    assert cast.stranger.get(f"/api/codes/{body['qr']}").status_code == 404
    assert cast.foreman.get(f"/api/codes/{make_code()}").json()["type"] == "/problems/code-unknown"


def test_quantity_must_be_above_zero_and_exact(cast: Cast) -> None:
    for wrong in ("0", "-1", "1e3", "0.0000001", "", 5):
        assert cast.storekeeper.refusal("lot:receive", uuid7(), receipt(cast, quantity=wrong)) == "body-malformed"


def test_a_material_or_supplier_of_nobody_is_refused(cast: Cast) -> None:
    assert cast.storekeeper.refusal("lot:receive", uuid7(), receipt(cast, material="unobtainium")) == "material-unknown"
    assert cast.storekeeper.refusal("lot:receive", uuid7(), receipt(cast, supplier=str(uuid4()))) == "place-unknown"


def test_an_inspector_may_not_receive(cast: Cast) -> None:
    assert cast.inspector.refusal("lot:receive", uuid7(), receipt(cast)) == "not-allowed"


def test_a_stranger_gets_not_found_and_takes_no_number(cast: Cast) -> None:
    before = cast.foreman.feed()["head"]
    result = cast.stranger.do("lot:receive", uuid7(), receipt(cast), project=cast.project_id)
    assert result["problem"]["type"] == "/problems/not-found"
    assert cast.foreman.feed()["head"] == before
