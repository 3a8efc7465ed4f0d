"""The overview: what is open, late, stopped and unproven, and the records behind each number."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from plumbline.db import now
from tests.support.cast import Actor, Cast, open_project
from tests.support.recalls import opened
from tests.support.works import add_task, decide, photo, receive_lot, recorded


def day(days: int) -> str:
    """A calendar day from today."""
    return (now() + timedelta(days=days)).date().isoformat()


@pytest.fixture
def walls(cast: Cast) -> dict[str, UUID]:
    """A tower with two floors, one wall on each; work, defects, tests and lots in every state that is counted."""
    pm, foreman = cast.project_manager, cast.foreman
    tower = add_task(cast, "T", name="一号楼", name_en="Tower 1", level="unit")
    floors = [
        add_task(cast, f"{n}F", name=f"{n}层", name_en=f"Floor {n}", level="division", parent=str(tower))
        for n in (1, 2)
    ]
    made = {f"wall{n}": add_task(cast, f"{n}F-W", parent=str(floors[n - 1]), planned_on=day(-3)) for n in (1, 2)}
    good, bad, held = (receive_lot(cast.storekeeper, "20", place=str(cast.place)) for _ in range(3))
    approved, _ = recorded(foreman, made["wall1"], (good, "1"))
    pm.did("approval:decide", uuid7(), decide(approved))
    rejected, _ = recorded(foreman, made["wall2"], (good, "1"))
    pm.did("approval:decide", uuid7(), decide(rejected, "reject", "again"))
    recorded(foreman, made["wall2"], (good, "1"))
    recorded(foreman, made["wall2"], files=[photo()])
    cast.quality.did("lot:stop", bad, {"reason": "wrong mix"})
    cast.quality.did("lot:hold", held, {"reason": "no papers"})
    defect = uuid7()
    cast.quality.did("defect:raise", defect, {"task": str(made["wall2"]), "title": "crack", "severity": "major"})
    cast.supervisor.did("defect:confirm", defect, {"requirement": "GB 50204-2015 8.2.1"})
    mend = {"defect": str(defect), "kind": "corrective", "what": "cut out", "owner": str(foreman.person_id)}
    cast.supervisor.did("ncr:act", uuid7(), {**mend, "due_on": day(-1)})
    cast.supervisor.did("ncr:act", uuid7(), {**mend, "due_on": day(5)})
    opened(cast.quality, good, drill=True)
    cast.quality.did("test:record", uuid7(), {"lot": str(good), "kind": "cube", "result": "pending", "due_on": day(-2)})
    cast.quality.did("test:record", uuid7(), {"lot": str(good), "kind": "cube", "result": "pending", "due_on": day(9)})
    foreman.did(
        "equipment:add", uuid7(), {"code": "TH-1", "name": "theodolite", "kind": "level", "calibration_due_on": day(-9)}
    )
    paper = {"kind": "mill_certificate", "number": "C-1", "lots": [str(good)]}
    cast.storekeeper.did("certificate:attach", uuid7(), paper, files=[photo(b"paper", role="certificate")])
    return {**made, "floor1": floors[0], "floor2": floors[1], "bad": bad, "held": held, "good": good}


def overview(who: Actor) -> dict[str, Any]:
    answer = who.get(who.at("/overview"))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_each_kind_is_counted(cast: Cast, walls: dict[str, UUID]) -> None:
    totals = {t["what"]: t["count"] for t in overview(cast.project_manager)["totals"]}

    # Every pour lacks evidence; the rejected one need not be proven any more.
    assert totals == {
        "steps_to_decide": 1, "steps_asked": 0, "defects_open": 1, "recalls_open": 1,
        "tasks_late": 1, "actions_late": 1, "tests_late": 1,
        "calibrations_late": 1, "lots_stopped": 1, "lots_held": 1, "steps_rejected": 1, "lots_without_certificate": 2,
        "steps_without_evidence": 3, "steps_awaiting_files": 1, "tests_pending": 1,
    }  # fmt: skip


def test_counts_are_given_by_part_of_the_building_place_and_trade(cast: Cast, walls: dict[str, UUID]) -> None:
    found = overview(cast.project_manager)

    places = {s["heading"]["key"]: s["counts"] for s in found["places"]}
    assert places[str(walls["floor2"])]["defects_open"] == 1
    assert "defects_open" not in places[str(walls["floor1"])]
    assert places[str(cast.place)]["lots_stopped"] == 1
    assert found["places"][-1]["heading"]["key"] == "-", "machines have no place"
    trades = {s["heading"]["key"]: s for s in found["trades"]}
    assert trades["concrete_pour"]["counts"]["steps_to_decide"] == 1
    assert trades["concrete_pour"]["heading"]["name_en"] == "Concrete pour"
    for total in found["totals"]:
        for shares in (found["places"], found["trades"]):
            assert sum(s["counts"].get(total["what"], 0) for s in shares) == total["count"], total


def test_each_number_opens_as_many_records(cast: Cast, walls: dict[str, UUID]) -> None:
    pm = cast.project_manager
    found = overview(pm)
    for axis, shares in (("place", found["places"]), ("trade", found["trades"])):
        for share in shares:
            for what, count in share["counts"].items():
                asked = {"what": what, axis: share["heading"]["key"]}
                listed = pm.get(pm.at("/overview/records"), params=asked).json()
                assert (listed["count"], len(listed["records"])) == (count, count), asked

    stopped = pm.get(pm.at("/overview/records"), params={"what": "lots_stopped"}).json()["records"]
    assert [r["opens"] for r in stopped] == [str(walls["bad"])]
    late = pm.get(pm.at("/overview/records"), params={"what": "tests_late"}).json()["records"]
    assert [(r["opens"], r["at"]) for r in late] == [(str(walls["good"]), day(-2))]


def test_the_company_sees_the_projects_where_one_is_at_a_desk(cast: Cast, walls: dict[str, UUID]) -> None:
    pm = cast.project_manager
    second = Actor(cast.client, "administrator", cast.administrator.person_id, uuid7()).sign_in()
    open_project(second, "SECOND")

    assert {p["code"] for p in second.get("/api/overview").json()} == {"SH-TOWER", "SECOND"}
    mine = pm.get("/api/overview").json()
    assert [p["code"] for p in mine] == ["SH-TOWER"]
    assert mine[0]["totals"] == overview(pm)["totals"]
    assert cast.crew_member.get("/api/overview").json() == []
    cast.administrator.did(
        "member:remove", cast.foreman.person_id, {"person": str(cast.foreman.person_id), "reason": "left"}
    )
    assert cast.foreman.get("/api/overview").json() == []


def test_the_overview_of_an_empty_project_counts_nothing(cast: Cast) -> None:
    found = overview(cast.project_manager)

    assert {t["count"] for t in found["totals"]} == {0}
    assert found["places"] == found["trades"] == []


def test_strangers_and_crews_do_not_see_it(cast: Cast) -> None:
    assert (
        cast.stranger.get(
            cast.stranger.at("/overview").replace(str(cast.stranger.project_id), str(cast.project_id))
        ).status_code
        == 404
    )
    assert cast.crew_member.get(cast.crew_member.at("/overview")).status_code == 403
    assert (
        cast.project_manager.get(cast.project_manager.at("/overview/records"), params={"what": "x"}).status_code == 422
    )
