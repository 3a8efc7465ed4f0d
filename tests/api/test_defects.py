"""defect:raise: something wrong at a task node."""

from uuid_utils.compat import uuid7

from tests.support.cast import Cast
from tests.support.works import add_task, photo, receive_lot, recorded


def test_a_defect_gets_a_number_and_shows_task_step_lots_and_photos(cast: Cast) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper)
    step, _ = recorded(cast.foreman, task, (lot, "1"))
    first, second = uuid7(), uuid7()
    body = {"task": str(task), "step": str(step), "lots": [str(lot)], "title": "竖向裂缝", "severity": "major"}
    file = photo(b"crack", "photo")
    cast.inspector.did("defect:raise", first, {**body, "description": "长约 1.2 m"}, files=[file])
    cast.crew_member.did("defect:raise", second, {"task": str(task), "title": "蜂窝", "severity": "minor"})
    rows = [cast.foreman.row("defect", id) for id in (first, second)]
    assert [(row or {})["code"] for row in rows] == ["D-0001", "D-0002"]
    row = rows[0]
    assert row is not None
    assert (row["task_id"], row["step_id"], row["lot_ids"]) == (str(task), str(step), [str(lot)])
    assert (row["status"], row["severity"], row["raised_by"]) == ("open", "major", str(cast.inspector.person_id))
    assert [(f["sha256"], f["status"]) for f in row["files"]] == [(file["sha256"], "expected")]
    wall = cast.foreman.row("task", task)
    assert wall is not None
    assert wall["defects_open"] == 2


def test_a_defect_of_what_is_not_in_the_project_is_refused(cast: Cast) -> None:
    task, theirs = add_task(cast), receive_lot(cast.stranger)
    body = {"task": str(task), "title": "crack", "severity": "minor"}
    refusal = cast.foreman.refusal
    assert refusal("defect:raise", uuid7(), {**body, "task": str(uuid7())}) == "task-unknown"
    assert refusal("defect:raise", uuid7(), {**body, "step": str(uuid7())}) == "step-not-found"
    assert refusal("defect:raise", uuid7(), {**body, "lots": [str(theirs)]}) == "defect-lot-unknown"
    assert refusal("defect:raise", uuid7(), {**body, "severity": "awful"}) == "body-malformed"
    assert refusal("defect:raise", uuid7(), {**body, "title": " "}) == "body-malformed"
    defect = uuid7()
    cast.foreman.did("defect:raise", defect, body)
    assert refusal("defect:raise", defect, body) == "defect-exists"
    assert cast.stranger.refusal("defect:raise", uuid7(), body) == "task-unknown"
