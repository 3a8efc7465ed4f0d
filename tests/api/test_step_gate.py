"""The use gate at the server: a lot without its papers or retest stops the step of somebody who could know."""

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from tests.api.test_lot_movements import issue, received
from tests.support.cast import Cast
from tests.support.works import HERE, add_task, photo, pour, receive_lot


def fixing(task: UUID, lot: UUID) -> dict[str, Any]:
    return {
        "task": str(task),
        "kind": "rebar_installation.fixing",
        "definition": {"key": "rebar_installation", "version": 1},
        "lots": [{"lot": str(lot), "quantity": "0.5", "unit": "t"}],
    }


def certify(cast: Cast, lot: UUID) -> None:
    paper = photo(b"mill certificate", "certificate")
    body = {"kind": "quality_certificate", "number": "QC-1", "lots": [str(lot)]}
    cast.storekeeper.did("certificate:attach", uuid7(), body, files=[paper])


def lab(cast: Cast, lot: UUID, result: str, **more: Any) -> None:
    cast.quality.did("test:record", uuid7(), {"lot": str(lot), "kind": "retest", "result": result, **more})


def test_bars_without_paper_and_retest_are_refused_with_what_who_and_another_lot(cast: Cast) -> None:
    task, lot, good = add_task(cast), received(cast), received(cast)
    cast.quality.did("lot:release", good, {})
    cast.foreman.feed()
    refused = cast.foreman.do("step:record", uuid7(), fixing(task, lot), where=HERE)
    problem = refused["problem"]
    assert (refused["verdict"], problem["type"]) == ("refused", "/problems/lot-unproven")
    assert problem["kinds"] == ["certificate", "retest"]
    assert "R-0001" in problem["detail"]
    assert "use lot R-0002" in problem["detail"]
    assert cast.foreman.row("lot", lot)["on_hand"] == "10"  # type: ignore[index]


def test_paper_and_passed_retest_open_the_gate_for_the_lot_and_for_its_parts(cast: Cast) -> None:
    task, lot = add_task(cast), received(cast)
    part = issue(cast, lot, "4")
    certify(cast, lot)
    lab(cast, lot, "pending")
    cast.foreman.feed()
    assert cast.foreman.refusal("step:record", uuid7(), fixing(task, part)) == "lot-unproven"
    lab(cast, lot, "pass", tested_on="2026-11-20")
    cast.foreman.feed()
    assert cast.foreman.did("step:record", uuid7(), fixing(task, part))["flags"] == []


def test_a_paper_photographed_at_the_receipt_counts_before_it_has_a_number(cast: Cast) -> None:
    task, lot = add_task(cast), uuid7()
    body = {"material": "rebar_astm_a615", "quantity": "3", "unit": "t"}
    cast.storekeeper.did("lot:receive", lot, body, files=[photo(b"tag and paper", "certificate")])
    cast.foreman.feed()
    cast.foreman.did("step:record", uuid7(), fixing(task, lot))


def test_a_release_vouches_and_an_unseen_lot_is_kept_and_flagged(cast: Cast) -> None:
    task = add_task(cast)
    cast.foreman.feed()
    before, lot = cast.foreman.device.seen, received(cast)
    unseen = cast.foreman.did("step:record", uuid7(), fixing(task, lot), seen=before)
    assert unseen["flags"] == ["gate-unseen"]
    cast.quality.did("lot:release", lot, {})
    cast.foreman.feed()
    assert cast.foreman.did("step:record", uuid7(), fixing(task, lot))["flags"] == []


def test_an_element_carries_the_late_result_of_its_concrete_until_it_is_there(cast: Cast) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper)
    cast.foreman.feed()
    cast.foreman.did("step:record", uuid7(), pour(task, (lot, "2")), where=HERE)
    page = cast.inspector.get(cast.inspector.at(f"/tasks/{task}/record")).json()
    assert [one["lot_id"] for one in page["open_results"]] == [str(lot)]
    assert page["open_results"][0]["due_on"] > "2026"
    body = {"lot": str(lot), "kind": "strength_28d", "result": "pass"}
    cast.quality.did("test:record", uuid7(), body)
    assert cast.inspector.get(cast.inspector.at(f"/tasks/{task}/record")).json()["open_results"] == []
