"""From a wall to its lots, and from a lot to every wall."""

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from tests.api.test_lot_movements import issue, received
from tests.support.cast import Cast


def task(cast: Cast, code: str, level: str = "element", parent: UUID | None = None) -> UUID:
    id = uuid7()
    body = {"code": code, "name": f"墙 {code}", "level": level, "plan": "rebar_installation"}
    cast.administrator.did("task:add", id, body | ({"parent": str(parent)} if parent else {}))
    return id


def step(cast: Cast, task_id: UUID, lots: dict[UUID, str], **more: Any) -> UUID:
    id = uuid7()
    body = {
        "task": str(task_id),
        "kind": "rebar_installation.fixing",
        "definition": {"key": "rebar_installation", "version": 1},
        "crew": str(cast.crew),
        "people": [str(cast.crew_member.person_id)],
        "lots": [{"lot": str(lot), "quantity": q, "unit": "t"} for lot, q in lots.items()],
    }
    for lot in lots:  # Bars without papers and retest would stop at the use gate.
        cast.quality.did("lot:release", lot, {})
    cast.foreman.feed()
    cast.foreman.did("step:record", id, body, **more)
    return id


def trace(cast: Cast, kind: str, node: UUID, direction: str) -> dict[str, Any]:
    answer = cast.inspector.get(
        cast.inspector.at("/trace"), params={"kind": kind, "node": str(node), "direction": direction}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(found: dict[str, Any], kind: str) -> set[str]:
    return {n["id"] for n in found["nodes"] if n["kind"] == kind}


def test_a_wall_knows_its_lots_supplier_crew_and_people(cast: Cast) -> None:
    wall, lot = task(cast, "8F-W1"), received(cast)
    part = issue(cast, lot, "4")
    done = step(cast, wall, {part: "3"})
    found = trace(cast, "task", wall, "backward")
    assert ids(found, "lot") == {str(lot), str(part)}
    assert ids(found, "step") == {str(done)}
    assert [o["id"] for o in found["context"]["organizations"]].count(str(cast.supplier)) == 1
    assert [c["id"] for c in found["context"]["crews"]] == [str(cast.crew)]
    assert str(cast.crew_member.person_id) in {p["id"] for p in found["context"]["people"]}
    used = next(e for e in found["edges"] if e["kind"] == "consume")
    assert (used["source_quantity"], used["source_unit"], used["certainty"]) == ("3", "t", "certain")


def test_a_lot_knows_every_wall_it_went_into_through_splits_and_returns(cast: Cast) -> None:
    walls = [task(cast, f"8F-W{n}") for n in range(3)]
    lot = received(cast)
    part = issue(cast, lot, "6")
    back = uuid7()
    cast.storekeeper.did("lot:return", part, {"lot": str(back), "quantity": "2", "place": str(cast.place)})
    step(cast, walls[0], {part: "3"})
    step(cast, walls[1], {back: "1"})
    found = trace(cast, "lot", lot, "forward")
    assert ids(found, "task") == {str(walls[0]), str(walls[1])}
    assert not found["truncated"]


def test_returned_bars_do_not_descend_from_the_step_they_were_not_used_in(cast: Cast) -> None:
    wall, lot = task(cast, "8F-W1"), received(cast)
    part, back = issue(cast, lot, "6"), uuid7()
    step(cast, wall, {part: "3"})
    cast.storekeeper.did("lot:return", part, {"lot": str(back), "quantity": "2", "place": str(cast.place)})
    assert ids(trace(cast, "lot", back, "backward"), "step") == set()


def test_a_storey_stands_for_all_below_it(cast: Cast) -> None:
    storey = task(cast, "8F", "item")
    wall, lot = task(cast, "8F-W1", parent=storey), received(cast)
    step(cast, wall, {lot: "3"})
    assert ids(trace(cast, "task", storey, "backward"), "lot") == {str(lot)}


def test_a_defect_leads_to_lots_and_stands_beside_its_wall(cast: Cast) -> None:
    wall, lot = task(cast, "8F-W1"), received(cast)
    step(cast, wall, {lot: "3"})
    defect = uuid7()
    cast.inspector.did("defect:raise", defect, {"task": str(wall), "title": "裂缝", "severity": "major"})
    found = trace(cast, "defect", defect, "backward")
    assert ids(found, "lot") == {str(lot)}
    assert [d["id"] for d in trace(cast, "lot", lot, "forward")["context"]["defects"]] == [str(defect)]


def test_a_stranger_sees_no_trace(cast: Cast) -> None:
    wall = task(cast, "8F-W1")
    path = cast.inspector.at("/trace")
    wanted = {"kind": "task", "node": str(wall)}
    assert cast.stranger.get(path, params=wanted).status_code == 404
    own = cast.stranger.get(cast.stranger.at("/trace"), params=wanted)
    assert own.status_code == 404


def test_truncation_is_said_aloud(cast: Cast) -> None:
    wall, lot = task(cast, "8F-W1"), received(cast)
    step(cast, wall, {lot: "3"})
    answer = cast.inspector.get(
        cast.inspector.at("/trace"), params={"kind": "lot", "node": str(lot), "direction": "forward", "limit": 1}
    ).json()
    assert (answer["truncated"], answer["limit"]) == (True, 1)
