"""Where a trace may start, what filters leave, how many statements it costs, and what it refuses."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session
from uuid_utils.compat import uuid7

from plumbline.trace.walk import reach
from tests.api.test_lot_movements import issue, received
from tests.api.test_receive_lot import receipt
from tests.api.test_statements import statements
from tests.api.test_trace import ids, step, task
from tests.support.cast import Cast


def asked(cast: Cast, kind: str, node: UUID | None = None, path: str = "/trace", **more: Any) -> Any:
    params = {"kind": kind, **({"node": str(node)} if node else {}), **more}
    return cast.inspector.get(cast.inspector.at(path), params=params)


def lines(cast: Cast, kind: str, node: UUID, **more: Any) -> list[tuple[str, Any]]:
    answer = asked(cast, kind, node, "/trace/stream", **more)
    assert answer.status_code == 200, answer.text
    return [(line["line"], line["value"]) for line in map(json.loads, answer.text.splitlines())]


def test_a_delivery_a_supplier_a_certificate_and_a_period_stand_for_their_lots(cast: Cast) -> None:
    lot, other = uuid7(), uuid7()
    cast.storekeeper.did("lot:receive", lot, receipt(cast, delivery_note="DN-77"))
    cast.storekeeper.did("lot:receive", other, receipt(cast, delivery_note="DN-78", supplier=None))
    photo = {"sha256": "ab" * 32, "bytes": 10, "mime": "image/jpeg", "role": "certificate", "capture": "camera"}
    certificate = uuid7()
    body = {"kind": "mill", "number": "M-1", "lots": [str(other)], "heats": []}
    cast.storekeeper.did("certificate:attach", certificate, body, files=[photo])
    period = {"since": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
    found = [
        asked(cast, "delivery", note="DN-77").json(),
        asked(cast, "supplier", cast.supplier).json(),
        asked(cast, "certificate", certificate).json(),
        asked(cast, "period", **period).json(),
        asked(cast, "period", **period | {"until": "2021-01-01T00:00:00+08:00"}).json(),
    ]
    assert [set(f["start"]) for f in found] == [{str(lot)}, {str(lot)}, {str(other)}, {str(lot), str(other)}, set()]


def test_a_crew_and_a_piece_of_equipment_stand_for_what_they_did(cast: Cast) -> None:
    wall, lot, machine = task(cast, "8F-W1"), received(cast), uuid7()
    cast.administrator.did("equipment:add", machine, {"code": "V-1", "name": "振捣器", "kind": "vibrator"})
    plain = step(cast, wall, {lot: "1"})
    part = issue(cast, lot, "1")
    assert set(asked(cast, "crew", cast.crew).json()["start"]) == {str(plain), str(part)}
    assert asked(cast, "equipment", machine).json()["start"] == []
    assert ids(asked(cast, "crew", cast.crew, direction="backward").json(), "lot") == {str(lot), str(part)}


def test_material_and_days_leave_the_ways_that_lead_through_them(cast: Cast) -> None:
    wall, steel, concrete = task(cast, "8F-W1"), received(cast), uuid7()
    body = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3"}
    cast.storekeeper.did("lot:receive", concrete, body)
    fixed = step(cast, wall, {steel: "1"})
    poured = uuid7()
    cast.foreman.feed()
    cast.foreman.did("step:record", poured, {
        "task": str(wall), "kind": "concrete_pour.delivery_check", "definition": {"key": "concrete_pour", "version": 1},
        "lots": [{"lot": str(concrete), "quantity": "1", "unit": "m3"}],
    })  # fmt: skip
    found = asked(cast, "task", wall, direction="backward", material="concrete_readymix_cn").json()
    assert {n["id"] for n in found["nodes"]} == {str(wall), str(poured), str(concrete)}
    assert str(fixed) in {n["id"] for n in asked(cast, "task", wall).json()["nodes"]}
    assert asked(cast, "task", wall, until="2020-01-01T00:00:00Z").json()["nodes"] == []
    near = asked(cast, "task", wall, direction="backward", depth=1).json()
    assert {n["id"] for n in near["nodes"]} == {str(wall), str(fixed), str(poured)}


@pytest.mark.parametrize(
    "more", [{"kind": "delivery"}, {"kind": "period", "since": "2026-01-01T00:00:00Z"}, {"kind": "lot"}]
)
def test_a_start_that_says_too_little_is_refused(cast: Cast, more: dict[str, str]) -> None:
    for path in ("/trace", "/trace/stream"):
        answer = cast.inspector.get(cast.inspector.at(path), params=more)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/trace-start-incomplete")


def test_what_is_not_there_and_what_is_of_another_project_look_the_same(cast: Cast) -> None:
    theirs = uuid7()
    cast.stranger.did("lot:receive", theirs, {"material": "cement_cn", "quantity": "1", "unit": "t"})
    for kind in ("lot", "step", "task", "test", "certificate", "defect", "equipment", "crew", "supplier"):
        for node in (uuid7(), theirs):
            for path in ("/trace", "/trace/stream"):
                assert asked(cast, kind, node, path).status_code == 404, kind
    assert asked(cast, "delivery", note="nobody's").status_code == 404


def test_a_stream_says_the_same_as_the_answer_and_ends_with_its_counts(cast: Cast) -> None:
    wall, lot = task(cast, "8F-W1"), received(cast)
    step(cast, wall, {issue(cast, lot, "4"): "3"})
    told, answer = lines(cast, "lot", lot, direction="forward"), asked(cast, "lot", lot, direction="forward").json()
    assert [name for name, _ in told[:2]] == ["header", "progress"]
    nodes = [value for name, value in told if name == "node"]
    assert sorted(n["id"] for n in nodes) == sorted(n["id"] for n in answer["nodes"])
    assert [value for name, value in told if name == "edge"] == answer["edges"]
    assert [value for name, value in told if name == "crews"] == answer["context"]["crews"]
    end = told[-1][1]
    assert (told[-1][0], end["nodes"], end["edges"], end["truncated"]) == ("end", 4, 3, False)
    cut = lines(cast, "lot", lot, direction="forward", limit=2)[-1][1]
    assert (cut["nodes"], cut["truncated"], "2" in cut["said"]["zh"]) == (2, True, True)


def test_a_trace_takes_four_statements_whatever_its_size(cast: Cast) -> None:
    lot = received(cast, "1000")
    step(cast, task(cast, "8F-W0"), {lot: "1"})
    small = counted(cast, lambda: asked(cast, "lot", lot, shares=True))
    parts = [{"lot": str(uuid7()), "quantity": "1"} for _ in range(40)]
    cast.storekeeper.did("lot:split", lot, {"parts": parts})
    step(cast, task(cast, "8F-W1"), {UUID(part["lot"]): "1" for part in parts})
    large = counted(cast, lambda: asked(cast, "lot", lot, material="rebar_ribbed_cn"))
    stream = counted(cast, lambda: lines(cast, "lot", lot))
    assert (small, large, stream) == (4, 4, 4)


def counted(cast: Cast, call: Callable[[], object]) -> int:
    """Statements that look for something; beginning a transaction is none."""
    return sum(not said.startswith("BEGIN") for said in statements(cast, call))


def test_reach_gives_every_node_with_kind_and_certainty_in_one_statement(cast: Cast) -> None:
    wall, lot = task(cast, "8F-W1"), received(cast)
    part = issue(cast, lot, "4")
    done = step(cast, wall, {part: "3"})
    with Session(cast.engine) as session:
        found = list(reach(session, cast.project_id, [lot, uuid7()], "forward"))
        back = {node.id for node in reach(session, cast.project_id, [wall], "backward", limit=2)}
    assert {(n.id, n.kind, n.certain) for n in found} == {
        (lot, "lot", True), (part, "lot", True), (done, "step", True), (wall, "task", True),
    }  # fmt: skip
    assert back == {wall, done}
