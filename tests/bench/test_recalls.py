"""Recalls: how long until the gate stops the lots of a large scope, and how little a site with a trace has to stop."""

import random
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine, insert, select
from sqlmodel import Session, SQLModel
from uuid_utils.compat import uuid7

from plumbline import jobs
from plumbline.materials.models import Lot
from plumbline.materials.rows import status_of
from plumbline.recalls.models import Recall, RecallItem
from plumbline.settings import Settings
from plumbline.steps.models import StepLot, StepRecord
from plumbline.storage.service import open_store
from plumbline.trace.models import TraceEdge, TraceNode
from tests.bench.conftest import Report
from tests.support.cast import Cast

NODES = 100_000
PARTS = 30_000  # Sublots of one delivery; each is used in a step, some twice, and steps build elements.
SITES = 200
AT_ONCE = 2_000
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_opening_a_recall_until_the_gate_stops_its_lots(cast: Cast, settings: Settings, figure: Report) -> None:
    kind = cast.engine.dialect.name
    root = _one_delivery(cast.engine, cast.project_id)

    recall = uuid7()
    body = {"kind": "lot", "things": [str(root)], "reason": "28 d"}
    began = time.perf_counter()
    cast.quality.did("recall:open", recall, body)
    open_s = time.perf_counter() - began
    figure(f"opening a recall on {NODES:,} nodes until its lots are stopped, {kind}", open_s, "s", aim="≤ 2 s")

    with Session(cast.engine) as session:
        stopped = session.scalars(select(Lot).where(Lot.project_id == cast.project_id)).all()  # type: ignore[arg-type]
        assert {status_of(lot) for lot in stopped} == {"stopped"}
        assert len(stopped) == PARTS + 1
        found = session.get(Recall, recall)
        assert found is not None
        assert (found.nodes, found.lots_stopped) == (NODES, PARTS + 1)
    began = time.perf_counter()
    jobs.run_pending(jobs.Context(cast.engine, settings, open_store(settings)))
    freeze_s = time.perf_counter() - began
    with Session(cast.engine) as session:
        mine = session.scalars(select(RecallItem).where(RecallItem.recall_id == recall)).all()  # type: ignore[arg-type]
        assert sum((item.quantity for item in mine), Decimal(0)) == Decimal(PARTS)
    figure(f"freezing its {len(mine):,} items by the durable job, {kind}", freeze_s, "s")


def _one_delivery(engine: Engine, project_id: UUID) -> UUID:
    """One delivery of 30,000 t, cut into sublots of 1 t, which 35,000 steps build into 34,999 elements."""
    root, parts = uuid7(), [uuid7() for _ in range(PARTS)]
    steps = [uuid7() for _ in range(35_000)]
    tasks = [uuid7() for _ in range(NODES - 1 - PARTS - len(steps))]
    nodes = [(root, "lot"), *((p, "lot") for p in parts), *((s, "step") for s in steps), *((t, "task") for t in tasks)]
    edges = [(root, p, "split") for p in parts]
    edges += [(parts[n % PARTS], s, "consume") for n, s in enumerate(steps)]
    edges += [(s, tasks[n % len(tasks)], "build") for n, s in enumerate(steps)]
    one = Decimal(1)
    base = Lot(
        id=root, project_id=project_id, code="B-0", material="rebar_hrb400e_cn", unit="t", status="released",
        received=Decimal(PARTS), split_out=Decimal(PARTS), root_id=root, act_id=uuid7(),
    ).model_dump()  # fmt: skip
    lots = [base]
    empty = {"received": Decimal(0), "split_out": Decimal(0), "produced": one, "on_hand": one, "parent_id": root}
    lots += [base | empty | {"id": p, "code": f"B-0.{n}"} for n, p in enumerate(parts)]
    _graph(engine, project_id, nodes, edges, lots)
    return root


def _graph(engine: Engine, project_id: UUID, nodes: Any, edges: Any, lots: Any) -> None:
    act = uuid7()
    with Session(engine) as session, session.begin():
        _insert(session, Lot, lots)
        _insert(session, TraceNode, [{"id": id, "project_id": project_id, "kind": kind} for id, kind in nodes])
        rows = [
            {
                "id": uuid5(source, str(target)), "project_id": project_id, "source": source, "target": target,
                "kind": kind, "certainty": "certain", "act_id": act, "void_act_id": None, "source_quantity": None,
                "source_unit": None, "target_quantity": None, "target_unit": None,
            }
            for source, target, kind in edges
        ]  # fmt: skip
        _insert(session, TraceEdge, rows)


def _insert(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    for at in range(0, len(rows), AT_ONCE):
        session.execute(insert(table.__table__), rows[at : at + AT_ONCE])  # type: ignore[attr-defined]


def test_how_little_a_site_with_a_trace_has_to_stop(cast: Cast, figure: Report) -> None:
    """200 generated sites: one bad lot each; what the recall stops beside all of the material from the supplier."""
    kind = cast.engine.dialect.name
    ours = without = elements = elements_without = missed = 0
    worst = 0.0
    for number in range(SITES):
        site = _site(cast, number)
        answer = cast.quality.get(
            cast.quality.at("/recalls/preview"), params={"kind": "lot", "things": [str(site["bad"])]}
        ).json()["narrow"]
        ours += answer["lots"]
        without += answer["lots_without"]
        elements += answer["elements"]
        elements_without += answer["elements_without"]
        worst = max(worst, answer["elements"] / answer["elements_without"])
        missed += (answer["lots"], answer["elements"]) != (site["lots"], site["elements"])
    assert missed == 0, "the walk of the database and that of the generator differ"
    figure(f"lots stopped of those that would be without a trace, {SITES} sites, {kind}", 100 * ours / without, "%",
           aim="≤ 20 %")  # fmt: skip
    share = 100 * elements / elements_without
    figure(f"elements touched of those to be checked without a trace, {SITES} sites, {kind}", share, "%", aim="≤ 20 %")
    figure(f"the same on the worst of these sites, {kind}", 100 * worst, "%")
    figure(f"sites on which something was missed, {kind}", missed, "of 200", aim="0")


def _site(cast: Cast, number: int) -> dict[str, Any]:
    """One site: 20 to 60 trucks of one supplier, 20 to 80 elements, each from one to four trucks by two steps."""
    draw = random.Random(number)
    supplier, act = uuid7(), uuid7()
    trucks = [uuid7() for _ in range(draw.randint(20, 60))]
    walls = [uuid7() for _ in range(draw.randint(20, 80))]
    one = Lot(
        id=act, project_id=cast.project_id, code="", material="concrete_readymix_cn", unit="m3", status="received",
        received=Decimal(8), on_hand=Decimal(8), root_id=act, act_id=act, supplier_id=supplier,
    ).model_dump()  # fmt: skip
    lots = [one | {"id": t, "root_id": t, "code": f"S{number}-{n}"} for n, t in enumerate(trucks)]
    nodes: list[tuple[UUID, str]] = [(t, "lot") for t in trucks] + [(w, "task") for w in walls]
    edges: list[tuple[UUID, UUID, str]] = []
    steps: list[tuple[UUID, UUID, list[UUID]]] = []
    for wall in walls:
        for _ in range(2):
            step, used = uuid7(), draw.sample(trucks, draw.randint(1, 2))
            steps.append((step, wall, used))
            nodes.append((step, "step"))
            edges += [(truck, step, "consume") for truck in used]
            edges.append((step, wall, "build"))
    # Every third truck gave a part to another pour: a sublot, used in one step.
    for truck in trucks[::3]:
        part, (step, _, used) = uuid7(), draw.choice(steps)
        lots.append(one | {"id": part, "root_id": truck, "parent_id": truck, "code": f"S{number}-{part}"})
        nodes.append((part, "lot"))
        edges += [(truck, part, "issue"), (part, step, "consume")]
        used.append(part)
    _graph(cast.engine, cast.project_id, nodes, edges, lots)
    _steps(cast, steps)
    bad = draw.choice(trucks)
    reached = _reached(bad, edges)
    kinds = dict(nodes)
    return {
        "bad": bad,
        "lots": sum(kinds[n] == "lot" for n in reached),
        "elements": sum(kinds[n] == "task" for n in reached),
    }


def _steps(cast: Cast, steps: list[tuple[UUID, UUID, list[UUID]]]) -> None:
    base = StepRecord(
        id=cast.project_id, project_id=cast.project_id, task_id=cast.project_id, kind="concrete_pour.pouring",
        definition_key="concrete_pour", definition_version=1, definition_sha256="0" * 64, status="approved",
        recorded_by=cast.foreman.person_id, environment={}, answers={}, judgements=[], missing=[], flags=[],
        at_wall="2026-11-01T08:00:00Z", at_offset_min=0, received_at=NOON, act_id=cast.project_id,
    ).model_dump()  # fmt: skip
    uses = [
        {"project_id": cast.project_id, "step_id": step, "lot_id": lot, "quantity": Decimal(1), "unit": "m3"}
        for step, _, used in steps
        for lot in used
    ]
    with Session(cast.engine) as session, session.begin():
        _insert(session, StepRecord, [base | {"id": step, "task_id": wall} for step, wall, _ in steps])
        _insert(session, StepLot, uses)


def _reached(start: UUID, edges: list[tuple[UUID, UUID, str]]) -> set[UUID]:
    """The plain walk that the database's must equal."""
    onward: dict[UUID, list[UUID]] = {}
    for source, target, _ in edges:
        onward.setdefault(source, []).append(target)
    found, level = {start}, [start]
    while level:
        level = [t for n in level for t in onward.get(n, []) if t not in found and not found.add(t)]  # type: ignore[func-returns-value]
    return found
