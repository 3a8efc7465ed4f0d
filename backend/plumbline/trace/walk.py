"""The recursive walk, in one statement. UNION on the node id alone ends cycles and stays fast on diamonds.

SQL as text on purpose: it is the same on both databases but for two words, its plan is what makes it fast, and a
statement built anew for each request would cost more than the walk of a wall. `reached` is the same for those who
build one that is large anyway (a recall).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CTE, Select, text
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from plumbline.trace.models import TraceEdge

Direction = Literal["backward", "forward"]
Ids = Select[UUID]
Way = Literal["backward", "forward", "both"]
NodeKind = Literal["lot", "step", "task", "test"]
AT_ONCE = 2_000
NO_LIMIT = 2**62
# The end of an edge where a walk stands, and the end it goes to.
ENDS: dict[Direction, tuple[str, str]] = {"backward": ("target", "source"), "forward": ("source", "target")}


@dataclass(frozen=True)
class Walk:
    """What a walk reached, starts included; `certain` by certain edges only; `truncated` when the cap was met."""

    nodes: set[UUID]
    certain: set[UUID]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """One node of a walk. `certain`: reached by certain edges alone; False where material was mixed on every way."""

    id: UUID
    kind: NodeKind
    certain: bool


def ways_of(direction: Way) -> tuple[Direction, ...]:
    """The walks that a direction means."""
    return ("backward", "forward") if direction == "both" else (direction,)


def is_sqlite(session: Session) -> bool:
    """Which of the two databases this is."""
    return session.get_bind().dialect.name == "sqlite"


def id_list(session: Session, ids: Iterable[UUID | str]) -> str:
    """Any number of ids as one parameter: `listed` reads it."""
    if is_sqlite(session):
        return "[" + ",".join(f'"{id.hex if isinstance(id, UUID) else id}"' for id in ids) + "]"
    return "{" + ",".join(map(str, ids)) + "}"


def listed(session: Session, name: str) -> str:
    """SQL of a table (`id`, `position` from 0) of the ids in the parameter `name`."""
    if is_sqlite(session):
        return f"(SELECT value AS id, key AS position FROM json_each(:{name}))"
    return f"(SELECT id, n - 1 AS position FROM unnest(CAST(:{name} AS uuid[])) WITH ORDINALITY AS given(id, n))"


def one(session: Session, id: UUID | None) -> Any:
    """An id as the parameter of a text statement."""
    return id.hex if id is not None and is_sqlite(session) else id


def recursion(name: str, way: Direction, certain_only: bool = False, depth: int | None = None) -> str:
    """One recursive table expression from `start`. CROSS JOIN keeps SQLite from reading all edges first.

    With a `depth`, a node stands in it once for each distance up to that: few, and never paths.
    """
    here, there = ENDS[way]
    only = " AND e.certainty = 'certain'" if certain_only else ""
    edge = f"e.project_id = :project AND e.{here} = w.id AND e.void_act_id IS NULL{only}"
    if depth is None:
        return (
            f"{name}(id) AS (SELECT id FROM start UNION "
            f"SELECT e.{there} FROM {name} AS w CROSS JOIN trace_edge AS e WHERE {edge})"
        )
    return (
        f"{name}(id, d) AS (SELECT id, 0 FROM start UNION SELECT e.{there}, w.d + 1 "
        f"FROM {name} AS w CROSS JOIN trace_edge AS e WHERE {edge} AND w.d < {int(depth)})"
    )


def reached(project_id: UUID, seeds: Ids, certain_only: bool = False) -> CTE:
    """The walk forward of `recursion`, as SQLAlchemy builds it: the seeds and all that they went into."""
    tree = seeds.with_only_columns(seeds.selected_columns[0].label("id")).cte("reached", recursive=True)
    step = sa_select(col(TraceEdge.target)).where(
        col(TraceEdge.project_id) == project_id,
        col(TraceEdge.source) == tree.c.id,
        col(TraceEdge.void_act_id).is_(None),
    )
    if certain_only:
        step = step.where(col(TraceEdge.certainty) == "certain")
    return tree.union(step)


def reach(
    session: Session,
    project_id: UUID,
    starts: Iterable[UUID],
    direction: Way,
    *,
    certain_only: bool = False,
    limit: int | None = None,
) -> Iterator[Reached]:
    """Every node that a walk from `starts` reaches, starts included, by kind and id: one statement, whatever its size.

    It is an iterator over a server-side cursor, so that 100,000 nodes need no memory; read it to its end, or close
    it, before the session is used again. Ids that are no nodes of the project are passed over. `limit`: at most so
    many nodes each way, the nearest.
    """
    ways = ways_of(direction)
    walks = [recursion(f"{w}_all", w, certain_only) for w in ways]
    walks += [recursion(f"{w}_sure", w, certain_only=True) for w in ways]
    sql = f"""
    WITH RECURSIVE start(id) AS (
      SELECT n.id FROM {listed(session, "starts")} AS given CROSS JOIN trace_node AS n
      WHERE n.id = given.id AND n.project_id = :project),
    {", ".join(walks)},
    reached(id) AS ({" UNION ".join(f"SELECT id FROM (SELECT id FROM {w}_all LIMIT :most) AS {w}" for w in ways)}),
    sure(id) AS ({" UNION ".join(f"SELECT id FROM {w}_sure" for w in ways)})
    SELECT n.id, n.kind, sure.id IS NOT NULL
    FROM reached CROSS JOIN trace_node AS n LEFT JOIN sure ON sure.id = reached.id
    WHERE n.id = reached.id ORDER BY n.kind, n.id
    """
    values = {
        "project": one(session, project_id),
        "starts": id_list(session, starts),
        "most": NO_LIMIT if limit is None else limit,
    }
    streamed = {"stream_results": True, "yield_per": AT_ONCE}
    with session.connection().execute(text(sql), values, execution_options=streamed) as rows:
        for id, kind, certain in chain.from_iterable(rows.partitions(AT_ONCE)):
            yield Reached(id if isinstance(id, UUID) else UUID(id), kind, bool(certain))


def walk(session: Session, project_id: UUID, starts: Iterable[UUID], direction: Direction, limit: int) -> Walk:
    """Walk from `starts` with the material (forward) or against it (backward), at most `limit` nodes."""
    roots = list(starts)
    if not roots:
        return Walk(set(), set(), False)
    nodes, certain = set(roots), set(roots)
    is_truncated = False
    for node in reach(session, project_id, roots, direction, limit=limit + 1):
        if node.id not in nodes and len(nodes) >= limit:
            is_truncated = True
            continue
        nodes.add(node.id)
        if node.certain:
            certain.add(node.id)
    return Walk(nodes, certain, is_truncated)
