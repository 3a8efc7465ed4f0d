"""The one recursive query each way. UNION on the node id alone ends cycles and stays fast on diamonds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col, or_

from plumbline.trace.models import TraceEdge, TraceNode

Direction = Literal["backward", "forward"]
# Ids in one statement: SQLite takes 32,766 parameters, and a whole building has more nodes than that.
CHUNK = 10_000


@dataclass(frozen=True)
class Walk:
    """What a walk reached, starts included; `certain` by certain edges only; `truncated` when the cap was met."""

    nodes: set[UUID]
    certain: set[UUID]
    truncated: bool


def walk(session: Session, project_id: UUID, starts: Iterable[UUID], direction: Direction, limit: int) -> Walk:
    """Walk from `starts` with the material (forward) or against it (backward), at most `limit` nodes."""
    roots = list(starts)
    if not roots:
        return Walk(set(), set(), False)
    nodes, certain = dict.fromkeys(roots), set(roots)
    for first in range(0, len(roots), CHUNK):
        some = roots[first : first + CHUNK]
        nodes |= dict.fromkeys(_reached(session, project_id, some, direction, limit, certain_only=False))
        certain.update(_reached(session, project_id, some, direction, limit, certain_only=True))
    return Walk(set(list(nodes)[:limit]), certain, len(nodes) > limit)


def _reached(
    session: Session, project_id: UUID, roots: list[UUID], direction: Direction, limit: int, certain_only: bool
) -> list[UUID]:
    here, there = (
        (col(TraceEdge.source), col(TraceEdge.target))
        if direction == "forward"
        else (col(TraceEdge.target), col(TraceEdge.source))
    )
    seeds = select(col(TraceNode.id)).where(col(TraceNode.project_id) == project_id, col(TraceNode.id).in_(roots))
    tree = seeds.cte("reached", recursive=True)
    step = select(there).where(
        col(TraceEdge.project_id) == project_id, here == tree.c.id, col(TraceEdge.void_act_id).is_(None)
    )
    if certain_only:
        step = step.where(col(TraceEdge.certainty) == "certain")
    tree = tree.union(step)
    return list(session.execute(select(tree.c.id).limit(limit + 1)).scalars())


def edges_among(session: Session, project_id: UUID, nodes: set[UUID]) -> list[TraceEdge]:
    """All live edges whose two ends are among `nodes`, in a stable order."""
    wanted: ColumnElement[bool] = or_(col(TraceEdge.source).in_(nodes), col(TraceEdge.target).in_(nodes))
    rows = session.execute(
        select(TraceEdge)
        .where(col(TraceEdge.project_id) == project_id, wanted, col(TraceEdge.void_act_id).is_(None))
        .order_by(col(TraceEdge.id))
    ).scalars()
    return [e for e in rows if e.source in nodes and e.target in nodes]


def depths(starts: Iterable[UUID], edges: Iterable[TraceEdge], direction: Direction) -> dict[UUID, int]:
    """Steps from the nearest start, by breadth; backward ones are negative, so that a picture runs left to right."""
    beside: dict[UUID, list[UUID]] = {}
    for e in edges:
        here, there = (e.source, e.target) if direction == "forward" else (e.target, e.source)
        beside.setdefault(here, []).append(there)
    sign = 1 if direction == "forward" else -1
    found = dict.fromkeys(starts, 0)
    level = list(found)
    while level:
        after = [t for n in level for t in beside.get(n, []) if t not in found]
        for node in after:
            found[node] = found.get(node, sign * (abs(found[level[0]]) + 1))
        level = list(dict.fromkeys(after))
    return found
