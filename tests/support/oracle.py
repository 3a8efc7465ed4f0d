"""The trace against the oracle: every node, certainty, cycle and share of random graphs."""

import random
from fractions import Fraction
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from plumbline.trace import service
from plumbline.trace.printing import quantity
from plumbline.trace.schemas import NodeOut
from plumbline.trace.starts import Start, StartKind
from plumbline.trace.walk import Direction, reach
from tests.support.graphs import Oracle, Site, store

STARTS = 2  # Of each graph, each way.


def differences(engine: Engine, project_id: UUID, graphs: int, seed: int, operations: int = 22) -> list[str]:
    """What the trace says otherwise than the oracle; graph n is drawn from seed and n alone."""
    sites = [Site(random.Random(f"{seed}:{n}")) for n in range(graphs)]
    for site in sites:
        site.grow(operations)
    with engine.begin() as conn:
        store(conn, project_id, sites)
    found = []
    with Session(engine.execution_options(ro=True)) as session:
        for n, site in enumerate(sites):
            nodes = sorted(site.nodes)
            for start in site.rng.sample(nodes, STARTS):
                for way in ("backward", "forward"):
                    wrong = _compared(session, project_id, site, start, way)  # type: ignore[arg-type]
                    found += [f"seed {seed}, graph {n}, {way} from {start}: {what}" for what in wrong]
    return found


def _compared(session: Session, project_id: UUID, site: Site, start: UUID, way: Direction) -> list[str]:
    oracle, forward = Oracle(site), way == "forward"
    kind: StartKind = "lot" if start in site.had else "step" if start in site.steps else "task"
    answer = service.trace(session, project_id, Start(kind, start), way, 20_000, with_shares=True)
    wrong = []
    nodes = {UUID(node.id): node for node in answer.nodes}
    among = oracle.reached(start, forward)
    if nodes.keys() != among:
        return [f"{len(nodes)} nodes, not {len(among)}"]
    certain = oracle.reached(start, forward, certain=True)
    if {id for id, node in nodes.items() if node.certain} != certain:
        wrong.append("certainty")
    walked = {node.id: node.certain for node in reach(session, project_id, [start], way)}
    if walked != {id: id in certain for id in among}:
        wrong.append("reach")
    if {id for id, node in nodes.items() if node.cyclic} != _between(oracle, among):
        wrong.append("cycles")
    told = {(UUID(e.source), UUID(e.target), e.source_quantity, e.certainty) for e in answer.edges}
    if told != {(s, t, quantity(q), c) for s, t, q, c, _ in site.arrows if s in among and t in among}:
        wrong.append("edges")
    return wrong + _shares(site, oracle, start, forward, nodes)


def _between(oracle: Oracle, among: set[UUID]) -> set[UUID]:
    """On a cycle, or on a way from one to another."""
    beside = [(a[0], a[1]) for a in oracle.site.arrows if a[0] in among and a[1] in among]
    turned = [(t, s) for s, t in beside]
    bad = oracle.on_cycles(among)
    after = {id for one in bad for id in oracle._behind(one, beside)}
    before = {id for one in bad for id in oracle._behind(one, turned)}
    return after & before


def _shares(site: Site, oracle: Oracle, start: UUID, forward: bool, nodes: dict[UUID, NodeOut]) -> list[str]:
    if forward and start not in site.had:
        return ["shares of no lot"] if any(node.share for node in nodes.values()) else []
    wrong = []
    certain, possible = (oracle.amounts(start, forward, only) for only in (True, False))
    for id, node in nodes.items():
        is_told = possible[id] is not None and (forward or (id in site.had and id != start))
        if bool(node.share) != is_told:
            wrong.append(f"share of {id}: {node.share}")
        elif node.share:
            times = 1 if forward else site.had[id]
            due = tuple(_text(amounts[id], times) for amounts in (certain, possible))
            if (node.share.certain, node.share.possible) != due:
                wrong.append(f"share of {id}: {node.share.certain}, {node.share.possible}, not {due}")
    return wrong


def _text(amount: Fraction | None, times: int) -> str | None:
    return None if amount is None else quantity(round(amount * times))
