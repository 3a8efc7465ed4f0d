"""What a step takes from its lots: debit, overdraw, bad quantities, corrections that give back."""

import pytest
from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from plumbline.trace.models import TraceEdge
from tests.support.cast import Actor, Cast
from tests.support.works import add_task, decide, pour, receive_lot, recorded


def on_hand(actor: Actor, lot: object) -> str:
    """The balance that the feed shows, without this phone having seen it."""
    seen = actor.device.seen
    row = actor.row("lot", str(lot))
    actor.device.seen = seen
    assert row is not None
    return str(row["on_hand"])


def test_an_overdraw_that_the_phone_had_seen_is_refused(cast: Cast) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper, "10")
    cast.foreman.feed()
    assert cast.foreman.refusal("step:record", uuid7(), pour(task, (lot, "10.000001"))) == "balance-too-small"
    assert on_hand(cast.foreman, lot) == "10"


def test_an_overdraw_that_the_phone_could_not_know_of_is_accepted_and_flagged(cast: Cast) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper, "10")
    cast.foreman.feed()
    recorded(cast.crew_member, task, (lot, "9"), seen=1000)
    result = cast.foreman.did("step:record", uuid7(), pour(task, (lot, "2")))
    assert result["flags"] == ["overdrawn"]
    assert on_hand(cast.foreman, lot) == "-1"


@pytest.mark.parametrize("quantity", ["0", "-1", "0.0000001", "1e3", "NaN", "twelve", ""])
def test_a_quantity_that_is_no_quantity_is_refused(cast: Cast, quantity: str) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper)
    assert cast.foreman.refusal("step:record", uuid7(), pour(task, (lot, quantity))) == "body-malformed"


def test_lots_that_do_not_fit_are_refused_and_leave_nothing_behind(cast: Cast) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper)
    theirs = receive_lot(cast.stranger)
    steel = [{"lot": str(lot), "quantity": "1", "unit": "t"}]
    refusal = cast.foreman.refusal
    assert refusal("step:record", uuid7(), pour(task, (theirs, "1"))) == "lot-unknown"
    assert refusal("step:record", uuid7(), pour(task, (lot, "1"), (uuid7(), "1"))) == "lot-unknown"
    assert refusal("step:record", uuid7(), pour(task, lots=steel)) == "unit-does-not-fit"
    assert refusal("step:record", uuid7(), pour(task, (lot, "1"), (lot, "2"))) == "body-malformed"
    assert on_hand(cast.foreman, lot) == "10"
    row = cast.foreman.row("task", task)
    assert row is not None
    assert row["steps_total"] == 0


def test_a_stopped_lot_is_refused_when_the_stop_was_seen_and_flagged_when_not(cast: Cast) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper)
    cast.foreman.feed()
    cast.quality.did("lot:stop", lot, {"reason": "retest failed"})
    assert cast.foreman.did("step:record", uuid7(), pour(task, (lot, "1")))["flags"] == ["lot-stopped-unseen"]
    cast.foreman.feed()
    assert cast.foreman.refusal("step:record", uuid7(), pour(task, (lot, "1"))) == "lot-stopped"


def test_a_correction_gives_back_what_the_rejected_record_had_taken(cast: Cast) -> None:
    wrong, right, lot = add_task(cast), add_task(cast, "8F-W4"), receive_lot(cast.storekeeper)
    old, old_act = recorded(cast.foreman, wrong, (lot, "8"))
    cast.project_manager.did("approval:decide", uuid7(), decide(old, "reject", "部位写错了"))
    cast.foreman.feed()
    new, _ = recorded(cast.foreman, right, (lot, "6"), supersedes=old_act)
    assert on_hand(cast.foreman, lot) == "4"
    rows = {id: cast.foreman.row("step", id) for id in (old, new)}
    assert (rows[old] or {})["status"] == "superseded"
    assert (rows[new] or {})["supersedes"] == str(old)
    tasks = [cast.foreman.row("task", id) for id in (wrong, right)]
    assert [(t or {})["steps_total"] for t in tasks] == [0, 1]


def test_the_edges_of_a_superseded_record_stay_and_are_void(cast: Cast) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper)
    old, new = uuid7(), uuid7()
    first = cast.foreman.act("step:record", old, pour(task, (lot, "8")), id=(first_id := uuid7()))
    second = cast.foreman.act("step:record", new, pour(task, (lot, "6")), supersedes=first_id)
    results = cast.foreman.send(first, second)
    assert [r["verdict"] for r in results] == ["applied", "applied"]
    with Session(cast.engine) as session:
        edges = session.exec(select(TraceEdge).where(TraceEdge.project_id == cast.project_id)).all()
    void = {(e.source, e.target): str(e.void_act_id) for e in edges if e.void_act_id}
    assert void == {(lot, old): results[1]["id"], (old, task): results[1]["id"]}
    assert {(e.source, e.target) for e in edges if not e.void_act_id} == {(lot, new), (new, task)}
    assert on_hand(cast.foreman, lot) == "4"


def test_only_those_of_the_step_may_correct_it_and_only_while_it_is_not_approved(cast: Cast) -> None:
    task = add_task(cast)
    step, act = recorded(cast.foreman, task)
    assert cast.crew_member.refusal("step:record", uuid7(), pour(task), supersedes=act) == "correction-by-another"
    newer, newer_act = recorded(cast.foreman, task, supersedes=act)
    assert cast.foreman.refusal("step:record", uuid7(), pour(task), supersedes=act) == "step-superseded"
    cast.project_manager.did("approval:decide", uuid7(), decide(newer))
    again = cast.foreman.refusal("step:record", uuid7(), pour(task), supersedes=newer_act)
    assert again == "step-already-approved"
    assert cast.project_manager.refusal("approval:decide", uuid7(), decide(step)) == "step-superseded"


def test_the_crew_of_a_step_may_correct_it(cast: Cast) -> None:
    task = add_task(cast)
    old = uuid7()
    act = cast.foreman.did("step:record", old, pour(task, crew=str(cast.crew)))["id"]
    recorded(cast.crew_member, task, supersedes=act)
    row = cast.foreman.row("step", old)
    assert row is not None
    assert row["status"] == "superseded"


def test_a_correction_of_what_is_not_here_yet_waits_and_of_what_was_refused_is_refused(cast: Cast) -> None:
    task = add_task(cast)
    refused = cast.foreman.do("step:record", uuid7(), pour(uuid7()))["id"]
    assert cast.foreman.refusal("step:record", uuid7(), pour(task), supersedes=refused) == "dependency-refused"
    unknown, later = uuid7(), uuid7()
    waiting = cast.foreman.do("step:record", later, pour(task), supersedes=unknown)
    assert (waiting["verdict"], waiting["waits_for"]) == ("deferred", [f"act:{unknown}"])
    cast.foreman.did("step:record", uuid7(), pour(task), id=unknown)
    row = cast.foreman.row("step", later)
    assert row is not None
    assert row["status"] == "submitted"
