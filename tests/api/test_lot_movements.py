"""Lots split, issued, returned, scrapped, held and stopped; the mass balance closes after each."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from plumbline.materials.models import INFLOWS, OUTFLOWS, Lot
from tests.api.test_receive_lot import receipt
from tests.support.cast import Cast


def received(cast: Cast, quantity: str = "10") -> UUID:
    lot = uuid7()
    cast.storekeeper.did("lot:receive", lot, receipt(cast, quantity=quantity))
    cast.storekeeper.feed()
    return lot


def on_hand(cast: Cast, lot: UUID) -> str:
    row = cast.inspector.row("lot", lot)
    assert row is not None
    return str(row["on_hand"])


def issue(cast: Cast, lot: UUID, quantity: str, **more: Any) -> UUID:
    part = uuid7()
    cast.storekeeper.did("lot:issue", lot, {"lot": str(part), "quantity": quantity, "crew": str(cast.crew)}, **more)
    return part


def balances_close(cast: Cast) -> bool:
    with Session(cast.engine) as session:
        lots = session.exec(select(Lot)).all()
        sums = [
            sum((getattr(lot, c) for c in INFLOWS), Decimal(0)) == sum((getattr(lot, c) for c in OUTFLOWS), lot.on_hand)
            for lot in lots
        ]
    return bool(sums) and all(sums)


def test_a_lot_is_issued_used_partly_and_the_rest_returned_as_a_new_lot(cast: Cast) -> None:
    lot = received(cast)
    part = issue(cast, lot, "4")
    back = uuid7()
    cast.storekeeper.did("lot:return", part, {"lot": str(back), "quantity": "1.5", "place": str(cast.place)})
    assert [on_hand(cast, x) for x in (lot, part, back)] == ["6", "2.5", "1.5"]
    assert cast.foreman.row("lot", part)["crew_id"] == str(cast.crew)  # type: ignore[index]
    returned = cast.foreman.row("lot", back)
    assert returned is not None
    assert (returned["crew_id"], returned["place_id"], returned["code"]) == (None, str(cast.place), "R-0001.1.1")
    assert balances_close(cast)


def test_only_what_was_issued_can_be_returned(cast: Cast) -> None:
    lot = received(cast)
    body = {"lot": str(uuid7()), "quantity": "1", "place": str(cast.place)}
    assert cast.storekeeper.refusal("lot:return", lot, body) == "lot-not-issued"


def test_a_split_keeps_heat_and_certificate_of_its_parent(cast: Cast) -> None:
    lot, parts = received(cast), [uuid7(), uuid7()]
    cast.storekeeper.did("lot:split", lot, {"parts": [{"lot": str(p), "quantity": "3"} for p in parts]})
    row = cast.foreman.row("lot", parts[1])
    assert row is not None
    assert (row["heat_no"], row["on_hand"], row["parent_ids"]) == ("H2611045", "3", [str(lot)])
    assert on_hand(cast, lot) == "4"
    assert balances_close(cast)


def test_more_than_the_phone_knew_to_be_there_is_refused(cast: Cast) -> None:
    lot = received(cast)
    body = {"lot": str(uuid7()), "quantity": "10.5", "crew": str(cast.crew)}
    result = cast.storekeeper.do("lot:issue", lot, body)
    assert result["problem"]["type"] == "/problems/balance-too-small"
    assert "R-0001" in result["problem"]["detail"]
    assert on_hand(cast, lot) == "10"


def test_an_overdraw_that_the_phone_could_not_know_of_is_kept_and_flagged(cast: Cast) -> None:
    lot = received(cast)
    before = cast.storekeeper.device.seen
    cast.foreman.feed()
    cast.foreman.did("lot:scrap", lot, {"quantity": "8", "reason": "rust"})
    body = {"lot": str(uuid7()), "quantity": "5", "crew": str(cast.crew)}
    result = cast.storekeeper.do("lot:issue", lot, body, seen=before)
    assert (result["verdict"], result["flags"]) == ("applied", ["overdrawn"])
    assert on_hand(cast, lot) == "-3"
    assert "overdrawn" in cast.foreman.row("lot", lot)["flags"]  # type: ignore[index]
    assert balances_close(cast)


def test_two_overdraws_of_one_phone_are_known_to_it(cast: Cast) -> None:
    lot = received(cast)
    issue(cast, lot, "9", seen=0)
    body = {"lot": str(uuid7()), "quantity": "2", "crew": str(cast.crew)}
    assert cast.storekeeper.refusal("lot:issue", lot, body, seen=0) == "balance-too-small"


def test_a_stopped_lot_is_refused_to_a_phone_that_knew_and_flagged_from_one_that_did_not(cast: Cast) -> None:
    lot = received(cast)
    before = cast.storekeeper.device.seen
    cast.quality.did("lot:stop", lot, {"reason": "复试屈服强度不合格"})
    unseen = cast.storekeeper.do(
        "lot:issue", lot, {"lot": str(uuid7()), "quantity": "1", "crew": str(cast.crew)}, seen=before
    )
    assert (unseen["verdict"], unseen["flags"]) == ("applied", ["lot-stopped-unseen"])
    cast.storekeeper.feed()
    refused = cast.storekeeper.do("lot:issue", lot, {"lot": str(uuid7()), "quantity": "1", "crew": str(cast.crew)})
    assert refused["problem"]["type"] == "/problems/lot-stopped"
    assert "复试屈服强度不合格" in refused["problem"]["detail"]


def test_stopping_a_lot_stops_what_was_made_from_it(cast: Cast) -> None:
    lot = received(cast)
    part = issue(cast, lot, "4")
    cast.quality.did("lot:stop", lot, {"reason": "late 28-day result"})
    assert cast.foreman.row("lot", part)["status"] == "stopped"  # type: ignore[index]
    cast.quality.did("lot:release", lot, {})
    assert cast.foreman.row("lot", part)["status"] == "released"  # type: ignore[index]


def test_a_failed_test_stops_the_lot(cast: Cast) -> None:
    lot = received(cast)
    body = {
        "lot": str(lot),
        "kind": "retest",
        "result": "fail",
        "report_no": "JK-77",
        "laboratory": str(cast.laboratory),
        "values": [{"property": "ReL", "value": "385", "unit": "MPa"}],
    }
    test = uuid7()
    cast.quality.did("test:record", test, body)
    row = cast.foreman.row("lot", lot)
    assert row is not None
    assert (row["status"], row["test_ids"]) == ("stopped", [str(test)])
    assert row["status_reason"] == {"zh": "进场复试不合格，报告 JK-77", "en": "site retest failed, report JK-77"}
    assert cast.foreman.row("test", test)["values"] == body["values"]  # type: ignore[index]


def test_a_certificate_covers_several_lots_and_needs_its_picture(cast: Cast) -> None:
    lots = [str(received(cast)), str(received(cast))]
    body = {"kind": "quality_certificate", "number": "SG-2611-045", "lots": lots, "heats": ["H2611045"]}
    assert cast.storekeeper.refusal("certificate:attach", uuid7(), body) == "certificate-without-file"
    photo = {"sha256": "ab" * 32, "bytes": 10, "mime": "image/jpeg", "role": "certificate", "capture": "camera"}
    certificate = uuid7()
    cast.storekeeper.did("certificate:attach", certificate, body, files=[photo])
    assert [cast.foreman.row("lot", lot)["certificate_ids"] for lot in lots] == [[str(certificate)]] * 2  # type: ignore[index]
    row = cast.foreman.row("certificate", certificate)
    assert row is not None
    assert (sorted(row["lot_ids"]), row["files"][0]["status"]) == (sorted(lots), "expected")


def test_a_lot_of_another_project_is_unknown_here(cast: Cast) -> None:
    lot = received(cast)
    assert cast.stranger.refusal("lot:scrap", lot, {"quantity": "1", "reason": "x"}) == "lot-unknown"


def test_an_announced_lot_has_nothing_on_hand_until_it_is_received(cast: Cast) -> None:
    lot, body = uuid7(), receipt(cast)
    cast.storekeeper.did("lot:announce", lot, body)
    assert cast.foreman.row("lot", lot)["status"] == "announced"  # type: ignore[index]
    cast.storekeeper.did("lot:receive", lot, body)
    row = cast.foreman.row("lot", lot)
    assert row is not None
    assert (row["status"], row["on_hand"]) == ("received", "12.5")
