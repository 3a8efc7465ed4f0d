"""What defects have in common, through HTTP."""

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from tests.api.test_statements import statements
from tests.support.cast import Cast
from tests.support.works import add_task, pour, receive_lot


def build(cast: Cast, walls: int = 40, bad: int = 12) -> tuple[list[UUID], UUID, UUID]:
    """Walls of one plan, the first `bad` of them from one issued part of a lot; (walls, lot, part)."""
    tasks = [uuid7() for _ in range(walls)]
    body = {"parent": None, "name": "墙", "name_en": "Wall", "level": "element"}
    acts = [cast.foreman.act("task:add", t, {**body, "code": f"W-{n:02}"}) for n, t in enumerate(tasks)]
    assert all(r["verdict"] == "applied" for r in cast.foreman.send(*acts))
    lot = receive_lot(cast.storekeeper, "500", supplier=str(cast.supplier), heat_no="H-7")
    good, part = receive_lot(cast.storekeeper, "500"), uuid7()
    cast.foreman.did("lot:issue", lot, {"lot": str(part), "quantity": "100", "crew": str(cast.crew)})
    acts = [
        cast.foreman.act("step:record", uuid7(), pour(t, (part if n < bad else good, "1"), method="pump"))
        for n, t in enumerate(tasks)
    ]
    assert all(r["verdict"] == "applied" for r in cast.foreman.send(*acts))
    return tasks, lot, part


def crack(cast: Cast, task: UUID) -> str:
    defect = uuid7()
    cast.quality.did("defect:raise", defect, {"task": str(task), "title": "crack", "severity": "major"})
    return str(defect)


def test_the_lot_behind_the_cracks_is_named_with_its_table(cast: Cast) -> None:
    tasks, lot, part = build(cast)
    defects = [crack(cast, task) for task in tasks[:8]]

    answer = cast.quality.get(cast.quality.at("/causes"), params={"defects": defects})

    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["defects"], found["defective"], found["sound"]) == (8, 8, 32)
    first = found["suspects"][0]
    # Lot, part, heat and supplier stand behind the very same walls: they are one suspect.
    assert {(f["kind"], f["id"]) for f in first["factors"]} == {
        ("lot", str(lot)), ("lot", str(part)), ("heat", None), ("supplier", str(cast.supplier)),
    }  # fmt: skip
    cells = ("exposed_defective", "exposed_sound", "other_defective", "other_sound")
    assert [first[cell] for cell in cells] == [8, 4, 0, 28]
    assert first["is_claimed"]
    assert first["p"] == pytest.approx(495 / 76_904_685)


def test_each_number_opens_its_elements(cast: Cast) -> None:
    tasks, lot, _ = build(cast, walls=10, bad=4)
    defects = [crack(cast, task) for task in tasks[:3]]
    asked = {"defects": defects, "kind": "lot", "key": str(lot)}

    shown = {
        cell: cast.quality.get(cast.quality.at("/causes/elements"), params={**asked, "cell": cell}).json()
        for cell in ("exposed_defective", "exposed_sound", "other_defective", "other_sound")
    }

    assert [e["code"] for e in shown["exposed_defective"]["elements"]] == ["W-00", "W-01", "W-02"]
    assert [e["code"] for e in shown["exposed_sound"]["elements"]] == ["W-03"]
    assert shown["other_defective"]["count"] == 0
    assert shown["other_sound"]["count"] == 6


def test_elements_with_other_defects_are_neither_defective_nor_sound(cast: Cast) -> None:
    tasks, _, _ = build(cast, walls=10, bad=4)
    defects = [crack(cast, task) for task in tasks[:2]]
    crack(cast, tasks[5])

    found = cast.quality.get(cast.quality.at("/causes"), params={"defects": defects}).json()

    assert (found["defective"], found["sound"], found["other_defects"]) == (2, 7, 1)


def test_a_defect_at_a_floor_is_at_everything_on_it_and_a_corrected_step_counts_no_more(cast: Cast) -> None:
    floor = add_task(cast, "8F", level="division")
    walls = [add_task(cast, f"8F-{n}", parent=str(floor)) for n in range(2)]
    elsewhere = add_task(cast, "9F-1")
    lot = receive_lot(cast.storekeeper, "50")
    acts = [cast.foreman.did("step:record", uuid7(), pour(t, (lot, "1"))) for t in (*walls, elsewhere)]
    cast.foreman.did("step:record", uuid7(), pour(elsewhere), supersedes=UUID(acts[2]["id"]))

    found = cast.quality.get(cast.quality.at("/causes"), params={"defects": [crack(cast, floor)]}).json()

    assert (found["defective"], found["sound"]) == (2, 1)
    lots = [s for s in found["suspects"] if any(f["id"] == str(lot) for f in s["factors"])]
    assert [(s["exposed_defective"], s["exposed_sound"]) for s in lots] == [(2, 0)]


def test_the_number_of_statements_does_not_grow_with_the_site(cast: Cast) -> None:
    tasks, _, _ = build(cast)
    defects = [crack(cast, task) for task in tasks[:8]]

    def ask() -> None:
        assert cast.quality.get(cast.quality.at("/causes"), params={"defects": defects}).status_code == 200

    said = statements(cast, ask)
    assert len([s for s in said if s.lstrip().upper().startswith(("SELECT", "WITH"))]) <= 16, "\n".join(said)


def test_defects_of_others_and_readers_without_the_role_get_nothing(cast: Cast) -> None:
    tasks, _, _ = build(cast, walls=4, bad=2)
    defects = [crack(cast, tasks[0])]

    assert cast.stranger.get(cast.quality.at("/causes"), params={"defects": defects}).status_code == 404
    assert cast.crew_member.get(cast.quality.at("/causes"), params={"defects": defects}).status_code == 403
    assert cast.quality.get(cast.quality.at("/causes"), params={"defects": [str(uuid7())]}).status_code == 404
    assert cast.quality.get(cast.quality.at("/causes")).status_code == 422
