"""Bad input: unknown and foreign nodes, cycles, a hub, recalled twice, closed too early, two at once.

Clear refusals, and nothing half-done. `NEIGHBOURS=1000000` gives the hub as many parts (make soak does).
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.acts.models import Change
from plumbline.materials.models import Lot
from plumbline.recalls.models import Recall, RecallAck, RecallDisposition, RecallItem, RecallStart, RecallTotal
from plumbline.trace.models import TraceEdge, TraceNode
from tests.api.test_approvals import second_manager
from tests.api.test_exactly_once import at_once
from tests.bench.test_reading import Copies
from tests.support.cast import Actor, Cast
from tests.support.recalls import items_of, opened, settle, spread
from tests.support.works import receive_lot

NEIGHBOURS = int(os.environ.get("NEIGHBOURS", "2500"))
SHOWN = 2_000  # What a trace shows at the most unless it is asked for more.
RACES = int(os.environ.get("RACES", "2"))
TABLES = (Recall, RecallStart, RecallItem, RecallTotal, RecallAck, RecallDisposition, TraceNode, TraceEdge, Change)
THINGS = ("lot", "supplier", "certificate", "equipment", "crew")


@contextmanager
def nothing_happens(cast: Cast) -> Iterator[None]:
    """What is done inside leaves every row of traces and recalls, and every lot and item, as it was."""
    before = _rows(cast)
    yield
    assert _rows(cast) == before


def _rows(cast: Cast) -> list[Any]:
    with Session(cast.engine) as session:
        counts = [session.exec(select(func.count()).select_from(table)).one() for table in TABLES]
        lots = session.exec(select(Lot.id, Lot.status, Lot.recall_id, Lot.on_hand).order_by(col(Lot.id))).all()
        items = session.exec(select(RecallItem.id, RecallItem.disposed).order_by(col(RecallItem.id))).all()
        return [counts, [tuple(lot) for lot in lots], [tuple(item) for item in items]]


def refused(result: dict[str, Any]) -> str:
    """Why an act was refused: a problem with a title and one sentence for the reader."""
    assert result["verdict"] == "refused", result
    problem = result["problem"]
    assert problem["title"]
    assert problem["detail"].endswith((".", "。"))
    return str(problem["type"]).removeprefix("/problems/")


def trace(by: Actor, node: UUID, kind: str = "lot", path: str = "/trace", **more: Any) -> Any:
    """What is asked of a node, forward."""
    return by.get(by.at(path), params={"kind": kind, "node": str(node), "direction": "forward", **more})


def test_bad_input_unknown_and_foreign_nodes_start_no_trace_and_no_recall(cast: Cast) -> None:
    ours, theirs, nobodys = receive_lot(cast.storekeeper), receive_lot(cast.stranger), uuid7()
    with nothing_happens(cast):
        for node in (theirs, nobodys):
            for path in ("/trace", "/trace/stream"):
                answer = trace(cast.inspector, node, path=path)
                assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
            for kind in THINGS:
                body = {"kind": kind, "things": [str(node)], "reason": "x"}
                assert refused(cast.quality.do("recall:open", uuid7(), body)) == "recall-thing-unknown", kind
        # One that is not ours among those that are: none of them is recalled.
        mixed = {"kind": "lot", "things": [str(ours), str(theirs)], "reason": "x"}
        assert refused(cast.quality.do("recall:open", uuid7(), mixed)) == "recall-thing-unknown"
        assert refused(cast.project_manager.do("recall:close", nobodys, {})) == "recall-unknown"
        unknown = {"item": str(nobodys), "disposition": "removed"}
        assert refused(cast.quality.do("recall:dispose", uuid7(), unknown)) == "recall-item-unknown"


def test_bad_input_a_cycle_ends_is_marked_and_is_recalled_once(cast: Cast) -> None:
    ring = [receive_lot(cast.storekeeper, "2") for _ in range(3)]
    tie = {"project_id": cast.project_id, "kind": "split", "certainty": "certain", "act_id": uuid7()}
    rows = [{**tie, "id": uuid7(), "source": ring[n - 1], "target": ring[n]} for n in range(3)]
    with Session(cast.engine) as session, session.begin():
        session.execute(insert(TraceEdge.__table__), rows)  # type: ignore[attr-defined]

    found = trace(cast.inspector, ring[0], shares=True).json()
    assert {n["id"] for n in found["nodes"]} == {str(lot) for lot in ring}
    assert [(n["cyclic"], n["share"]) for n in found["nodes"]] == [(True, None)] * 3
    assert (found["cycles"], found["truncated"]) == (3, False)
    recall = opened(cast.quality, ring[1])
    assert [item["quantity"] for item in items_of(cast.quality, recall)] == ["2", "2", "2"]
    assert {(cast.quality.row("lot", lot) or {})["status"] for lot in ring} == {"stopped"}


def test_bad_input_a_node_with_a_million_neighbours_is_cut_aloud_and_recalled_whole(cast: Cast) -> None:
    """2,500 in `make test`, a million in `make soak`."""
    hub = _hub(cast, NEIGHBOURS)
    found = trace(cast.inspector, hub, limit=SHOWN).json()
    assert (len(found["nodes"]), found["truncated"], found["limit"]) == (SHOWN, True, SHOWN)
    lines = trace(cast.inspector, hub, path="/trace/stream", limit=SHOWN).text.splitlines()
    end = json.loads(lines[-1])
    assert (end["line"], end["value"]["nodes"], end["value"]["truncated"]) == ("end", SHOWN, True)
    assert str(SHOWN) in end["value"]["said"]["en"]
    whole = cast.quality.get(cast.quality.at("/recalls/preview"), params={"kind": "lot", "things": [str(hub)]}).json()
    assert (whole["nodes"], whole["narrow"]["lots"]) == (NEIGHBOURS + 1, NEIGHBOURS + 1)
    answer = cast.quality.do("recall:open", uuid7(), {"kind": "lot", "things": [str(hub)], "reason": "x"})
    assert answer["verdict"] == "applied"
    with Session(cast.engine) as session:
        assert session.exec(select(func.count()).where(col(Lot.status) == "stopped")).one() == NEIGHBOURS + 1


def _hub(cast: Cast, parts: int) -> UUID:
    """A lot with as many parts, made from one that came through the door."""
    hub, part = receive_lot(cast.storekeeper, "1000"), uuid7()
    cast.storekeeper.did("lot:split", hub, {"parts": [{"lot": str(part), "quantity": "1"}]})
    is_small = cast.engine.dialect.name == "sqlite"
    of = f"id = '{part.hex if is_small else part}'"
    with cast.engine.begin() as conn:
        copies = Copies(conn, 0)
        own, act = copies.id("9", "s.n"), copies.id("a", "s.n")
        copies.make("lot", parts - 1, of, id=own, code="'H-' || s.n", act_id=act)
        copies.make("trace_node", parts - 1, of, id=own)
        copies.make("trace_edge", parts - 1, of.replace("id", "target", 1), id=copies.id("f", "s.n"), target=own)
    return hub


def test_bad_input_a_recalled_lot_is_not_recalled_again_and_an_open_balance_does_not_close(cast: Cast) -> None:
    lot, part, _ = spread(cast)
    recall = opened(cast.quality, lot)
    with nothing_happens(cast):
        for again in (lot, part):
            body = {"kind": "lot", "things": [str(again)], "reason": "again"}
            assert refused(cast.supervisor.do("recall:open", uuid7(), body)) == "lot-already-recalled"
        open_one = cast.project_manager.do("recall:close", recall, {})
        assert refused(open_one) == "recall-balance-open"
        assert "10 m3" in open_one["problem"]["detail"]
    item = items_of(cast.quality, recall)[0]
    with nothing_happens(cast):
        assert refused(settle(cast.quality, item, "removed", quantity="99")) == "recall-quantity-too-much"
    for one in items_of(cast.quality, recall):
        assert settle(cast.quality, one, "removed")["verdict"] == "applied"
    cast.project_manager.did("recall:close", recall, {})
    with nothing_happens(cast):
        assert refused(cast.project_manager.do("recall:close", recall, {})) == "recall-closed"
        assert refused(settle(cast.quality, item, "quarantined")) == "recall-closed"


def test_bad_input_of_two_who_decide_at_once_one_wins_and_the_other_is_told(cast: Cast) -> None:
    second = second_manager(cast)
    for _ in range(RACES):
        lot, _, _ = spread(cast)
        _one_wins(
            [_open(by, lot) for by in (cast.quality, cast.supervisor)], "lot-already-recalled", "opening a recall"
        )
        (recall,) = [r["id"] for r in _open_recalls(cast)]
        for item in items_of(cast.quality, recall):
            body = {"item": item["id"], "disposition": "removed"}
            sent = [by.act("recall:dispose", uuid7(), body) for by in (cast.quality, cast.supervisor)]
            _one_wins(list(zip((cast.quality, cast.supervisor), sent, strict=True)), "recall-item-decided", "an item")
            row = cast.quality.row("recall_item", item["id"]) or {}
            assert (len(row["dispositions"]), row["disposed"]) == (1, item["quantity"])
        closers = [(by, by.act("recall:close", recall, {})) for by in (cast.project_manager, second)]
        _one_wins(closers, "recall-closed", "closing")


def test_bad_input_a_decision_taken_back_while_the_recall_closes_leaves_no_closed_recall_open(cast: Cast) -> None:
    for _ in range(RACES):
        lot = receive_lot(cast.storekeeper, "10")
        recall = opened(cast.quality, lot)
        (item,) = items_of(cast.quality, recall)
        first = settle(cast.quality, item, "removed")
        body = {"item": item["id"], "disposition": "quarantined", "quantity": "4"}
        again = cast.quality.act("recall:dispose", uuid7(), body, supersedes=first["id"])
        close = cast.project_manager.act("recall:close", recall, {})
        told = _at_once([(cast.quality, again), (cast.project_manager, close)])
        row = cast.quality.row("recall", recall) or {}
        is_closed = row["status"] == "closed"
        assert [one["verdict"] for one in told] == (["refused", "applied"] if is_closed else ["applied", "refused"])
        assert row["balance"][0]["open"] == ("0" if is_closed else "6")


def _open(by: Actor, lot: UUID) -> tuple[Actor, dict[str, str]]:
    return by, by.act("recall:open", uuid7(), {"kind": "lot", "things": [str(lot)], "reason": "x"})


def _open_recalls(cast: Cast) -> list[dict[str, Any]]:
    changes = cast.quality.feed(limit=5000)["changes"]
    return [c["row"] for c in changes if c["kind"] == "recall" and c["row"] and c["row"]["status"] == "open"]


def _at_once(sent: list[tuple[Actor, Any]]) -> list[dict[str, Any]]:
    return at_once(*[partial(lambda by, act: by.send(act)[0], by, act) for by, act in sent])


def _one_wins(sent: list[tuple[Actor, Any]], slug: str, what: str) -> None:
    """Of acts sent at the same moment one is applied, and the other refused for this reason."""
    told = _at_once(sent)
    assert sorted(one["verdict"] for one in told) == ["applied", "refused"], (what, told)
    assert [refused(one) for one in told if one["verdict"] == "refused"] == [slug], what
