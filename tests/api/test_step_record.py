"""step:record: what a step says, what is refused, what is accepted and flagged."""

from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tests.support.cast import Cast
from tests.support.works import HERE, add_task, pour, receive_lot, recorded


def test_a_step_keeps_who_where_when_and_what_and_returns_through_the_feed(cast: Cast) -> None:
    task, lot = add_task(cast, lat="31.2307", lon="121.4710"), receive_lot(cast.storekeeper)
    people = [str(cast.crew_member.person_id)]
    body = pour(
        task,
        (lot, "8.0"),
        crew=str(cast.crew),
        people=people,
        method="泵送",
        environment={"air_temp": "18.5", "weather": "cloudy"},
        answers={"concrete_temp": "21", "no_water_added": True},
        started_at="2026-11-22T07:00:00.000Z",
        note="第一车",
    )
    step = uuid7()
    cast.foreman.did("step:record", step, body, where=HERE, skew_ms=1500)
    row = cast.foreman.row("step", step)
    assert row is not None
    assert row["status"] == "submitted"
    assert row["lots"] == [{"lot_id": str(lot), "quantity": "8", "unit": "m3"}]
    assert row["where"] == HERE
    assert row["distance_m"] == 15
    assert row["is_inside_site"] is True
    assert row["at"] == {"wall": "2026-11-22T08:00:00.000Z", "offset_min": 480, "skew_ms": 1500}
    assert row["environment"] == {"air_temp": "18.5", "weather": "cloudy"}
    assert row["started_at"] == "2026-11-22T07:00:00.000Z"
    assert (row["people"], row["crew_id"], row["method"]) == (people, str(cast.crew), "泵送")
    assert row["definition"] == {"key": "concrete_pour", "version": 1}
    stored = cast.foreman.row("lot", lot)
    assert stored is not None
    assert stored["on_hand"] == "2"


def test_without_a_place_of_its_own_a_task_is_where_the_node_above_it_is(cast: Cast) -> None:
    tower = add_task(cast, "TOWER", lat="31.2308", lon="121.4711")
    wall = add_task(cast, "TOWER-W3", parent=str(tower))
    step, _ = recorded(cast.foreman, wall, where=HERE)
    row = cast.foreman.row("step", step)
    assert row is not None
    assert row["distance_m"] == 0


def test_without_any_task_place_the_distance_is_to_the_middle_of_the_site(cast: Cast) -> None:
    step, _ = recorded(cast.foreman, add_task(cast), where={**HERE, "lat": "31.3308"})
    row = cast.foreman.row("step", step)
    assert row is not None
    assert row["distance_m"] > 11_000
    assert row["is_inside_site"] is False


def test_a_value_outside_its_limit_is_recorded_as_failed_with_its_source(cast: Cast) -> None:
    step = uuid7()
    body = pour(add_task(cast), answers={"concrete_temp": "41"})
    cast.foreman.did("step:record", step, body)
    row = cast.foreman.row("step", step)
    assert row is not None
    judged = {j["field"]: j for j in row["judgements"]}["concrete_temp"]
    assert judged["verdict"] == "fail"
    assert "GB 50666" in judged["source"]
    assert judged["confidence"] == "high"


def test_missing_photos_and_answers_are_said_and_do_not_refuse(cast: Cast) -> None:
    step, _ = recorded(cast.foreman, add_task(cast))
    row = cast.foreman.row("step", step)
    assert row is not None
    missing = {(m["kind"], m["subject"]): m for m in row["missing"]}
    assert missing[("photo", "e1")]["needed"] == 1
    assert missing[("photo", "e1")]["names"]["zh"] == "发货单"
    assert missing[("answer", "slump")]["have"] == 0


def test_a_clock_two_years_off_is_accepted_and_flagged(cast: Cast) -> None:
    step = uuid7()
    result = cast.foreman.did("step:record", step, pour(add_task(cast)), wall="2024-11-20T08:00:00.000Z")
    assert "clock-off" in result["flags"]
    row = cast.foreman.row("step", step)
    assert row is not None
    assert row["at"]["wall"] == "2024-11-20T08:00:00.000Z"
    assert "clock-off" in row["flags"]


def test_equipment_past_its_calibration_is_accepted_and_flagged(cast: Cast) -> None:
    scale = uuid7()
    body = {"code": "SL-1", "name": "坍落度筒", "kind": "slump_cone", "calibration_due_on": "2026-01-01"}
    cast.project_manager.did("equipment:add", scale, body)
    result = cast.foreman.did("step:record", uuid7(), pour(add_task(cast), equipment=[str(scale)]))
    assert result["flags"] == ["calibration-expired"]


def test_an_end_before_the_start_is_flagged(cast: Cast) -> None:
    body = pour(add_task(cast), started_at="2026-11-22T07:00:00Z", ended_at="2026-11-22T06:00:00Z")
    assert cast.foreman.did("step:record", uuid7(), body)["flags"] == ["ended-before-started"]


def test_an_unknown_task_is_refused(cast: Cast) -> None:
    assert cast.foreman.refusal("step:record", uuid7(), pour(uuid7())) == "task-unknown"


def test_a_task_of_another_project_is_unknown(cast: Cast) -> None:
    theirs = uuid7()
    cast.stranger.did("task:add", theirs, {"code": "X-1", "name": "elsewhere", "level": "element"})
    assert cast.foreman.refusal("step:record", uuid7(), pour(theirs)) == "task-unknown"


def test_a_version_of_the_plan_that_is_not_here_yet_defers_the_step(cast: Cast) -> None:
    body = pour(add_task(cast), definition={"key": "concrete_pour", "version": 2})
    result = cast.foreman.do("step:record", uuid7(), body)
    assert (result["verdict"], result["waits_for"]) == ("deferred", ["definition:concrete_pour:2"])


@pytest.mark.parametrize(
    ("more", "slug"),
    [
        ({"crew": str(uuid7())}, "crew-unknown"),
        ({"people": [str(uuid7())]}, "person-not-member"),
        ({"equipment": [str(uuid7())]}, "equipment-unknown"),
        ({"kind": "concrete_pour.dancing"}, "step-kind-unknown"),
        ({"kind": "formwork.removal"}, "body-malformed"),
        ({"answers": {"concrete_temp": "warm"}}, "answers-unreadable"),
        ({"answers": {"no_such_field": "1"}}, "answers-unreadable"),
        ({"note": 7}, "body-malformed"),
        ({"unheard_of": "x"}, "body-malformed"),
    ],
)
def test_what_does_not_belong_to_project_or_form_is_refused(cast: Cast, more: dict[str, Any], slug: str) -> None:
    assert cast.foreman.refusal("step:record", uuid7(), pour(add_task(cast), **more)) == slug


def test_a_step_is_never_overwritten(cast: Cast) -> None:
    task = add_task(cast)
    step, _ = recorded(cast.foreman, task)
    assert cast.foreman.refusal("step:record", step, pour(task)) == "step-exists"


def test_a_refusal_says_in_chinese_which_answer_is_wrong(cast: Cast) -> None:
    cast.foreman.language = "zh-CN"
    body = pour(add_task(cast), answers={"concrete_temp": "warm"})
    problem = cast.foreman.do("step:record", uuid7(), body)["problem"]
    assert "“入模温度”应为数字" in problem["detail"]


def test_the_inspector_may_not_record_a_step(cast: Cast) -> None:
    assert cast.inspector.refusal("step:record", uuid7(), pour(add_task(cast))) == "not-allowed"
