"""approval:decide: a submitted step, somebody else's, once."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

from uuid_utils.compat import uuid7

from plumbline.settings import Settings
from tests.support.cast import Actor, Cast, newcomer
from tests.support.works import add_task, decide, photo, pour, recorded, verify


def second_manager(cast: Cast) -> Actor:
    """Another project manager at another phone."""
    actor = newcomer(cast.client, cast.engine, "second_manager", cast.project_id)
    body = {"person": str(actor.person_id), "organization": str(cast.contractor), "roles": ["project_manager"]}
    cast.administrator.did("member:admit", actor.person_id, body)
    return actor


def test_the_project_manager_approves_and_everybody_sees_it(cast: Cast) -> None:
    task = add_task(cast)
    step, _ = recorded(cast.foreman, task)
    decision = uuid7()
    act = cast.project_manager.did("approval:decide", decision, decide(step))["id"]
    row = cast.foreman.row("step", step)
    assert row is not None
    assert row["status"] == "approved"
    assert row["decisions"] == [
        {
            "id": str(decision),
            "stage": "project_manager",
            "decision": "approve",
            "reason": None,
            "by": str(cast.project_manager.person_id),
            "at": "2026-11-22T08:00:00.000Z",
            "act_id": act,
        }
    ]
    wall = cast.foreman.row("task", task)
    assert wall is not None
    assert (wall["steps_total"], wall["steps_approved"]) == (1, 1)


def test_rejecting_or_asking_needs_a_reason(cast: Cast) -> None:
    step, _ = recorded(cast.foreman, add_task(cast))
    for decision, reason in (("reject", None), ("reject", "   "), ("ask", "")):
        body = decide(step, decision, reason)
        assert cast.project_manager.refusal("approval:decide", uuid7(), body) == "reason-missing"
    cast.project_manager.did("approval:decide", uuid7(), decide(step, "reject", "照片看不清"))
    row = cast.foreman.row("step", step)
    assert row is not None
    assert (row["status"], row["decisions"][0]["reason"]) == ("rejected", "照片看不清")


def test_nobody_decides_on_a_step_that_he_recorded_or_took_part_in(cast: Cast) -> None:
    task = add_task(cast)
    own, _ = recorded(cast.project_manager, task)
    assert cast.project_manager.refusal("approval:decide", uuid7(), decide(own)) == "own-step"
    shared = uuid7()
    cast.foreman.did("step:record", shared, pour(task, people=[str(cast.project_manager.person_id)]))
    assert cast.project_manager.refusal("approval:decide", uuid7(), decide(shared)) == "own-step"


def test_only_a_project_manager_decides(cast: Cast) -> None:
    step, _ = recorded(cast.foreman, add_task(cast))
    for actor in (cast.supervisor, cast.crew_member, cast.inspector):
        assert actor.refusal("approval:decide", uuid7(), decide(step)) == "not-allowed"


def test_a_step_awaits_its_files_before_anybody_decides(cast: Cast, settings: Settings) -> None:
    step, files = uuid7(), [photo(b"one"), photo(b"two", "photo:e2", "gallery")]
    cast.foreman.did("step:record", step, pour(add_task(cast)), files=files)
    verify(cast, settings, files[0])
    row = cast.foreman.row("step", step)
    assert row is not None
    assert row["status"] == "awaiting_files"
    assert [f["status"] for f in row["files"]] == ["verified", "expected"]
    refused = cast.project_manager.do("approval:decide", uuid7(), decide(step))["problem"]
    assert (refused["type"], refused["count"]) == ("/problems/step-awaits-files", 1)
    cursor = cast.foreman.device.seen
    verify(cast, settings, files[1])
    changes = cast.foreman.feed(cursor)["changes"]
    assert [c["row"]["status"] for c in changes if c["kind"] == "step"] == ["submitted"]
    cast.project_manager.did("approval:decide", uuid7(), decide(step))


def test_a_step_whose_files_are_here_already_is_submitted_at_once(cast: Cast, settings: Settings) -> None:
    task, file = add_task(cast), photo(b"the same photo")
    first, second = uuid7(), uuid7()
    cast.foreman.did("step:record", first, pour(task), files=[file])
    verify(cast, settings, file)
    cast.foreman.did("step:record", second, pour(task), files=[file])
    rows = [cast.foreman.row("step", id) for id in (first, second)]
    assert [(row or {})["status"] for row in rows] == ["submitted", "submitted"]


def test_a_second_decision_is_refused_and_says_who_was_first(cast: Cast) -> None:
    step, _ = recorded(cast.foreman, add_task(cast))
    other = second_manager(cast)
    cast.project_manager.did("approval:decide", uuid7(), decide(step, "reject", "not vibrated"))
    problem = other.do("approval:decide", uuid7(), decide(step))["problem"]
    assert problem["type"] == "/problems/step-decided"
    assert "王建国" in problem["detail"]
    assert "rejected" in problem["detail"]
    assert problem["status"] == 409


def test_of_two_managers_deciding_at_once_exactly_one_decides(cast: Cast) -> None:
    other, task = second_manager(cast), add_task(cast)
    for _ in range(4):
        step, _ = recorded(cast.foreman, task)
        waiting = [
            (cast.project_manager, cast.project_manager.act("approval:decide", uuid7(), decide(step))),
            (other, other.act("approval:decide", uuid7(), decide(step, "reject", "no"))),
        ]
        with ThreadPoolExecutor(2) as pool:
            results = [r[0] for r in pool.map(lambda pair: pair[0].send(pair[1]), waiting)]
        assert sorted(r["verdict"] for r in results) == ["applied", "refused"]
        row = cast.foreman.row("step", step)
        assert row is not None
        assert len(row["decisions"]) == 1
        winner = json.loads(base64.b64decode(waiting[results[0]["verdict"] == "refused"][1]["payload"]))
        assert row["decisions"][0]["by"] == winner["actor"]


def test_after_asking_for_more_a_manager_who_knows_of_it_may_decide(cast: Cast) -> None:
    step, _ = recorded(cast.foreman, add_task(cast))
    other = second_manager(cast)
    cast.project_manager.did("approval:decide", uuid7(), decide(step, "ask", "哪一车？"))
    assert other.refusal("approval:decide", uuid7(), decide(step)) == "step-decided"
    other.feed()
    other.did("approval:decide", uuid7(), decide(step))
    row = cast.foreman.row("step", step)
    assert row is not None
    assert [d["decision"] for d in row["decisions"]] == ["ask", "approve"]
    assert row["status"] == "approved"


def test_a_step_of_another_project_is_not_there(cast: Cast) -> None:
    step, _ = recorded(cast.foreman, add_task(cast))
    assert cast.stranger.refusal("approval:decide", uuid7(), decide(step)) == "step-not-found"
    assert cast.project_manager.refusal("approval:decide", uuid7(), decide(uuid7())) == "step-not-found"
