"""The reached part of the graph: read by one statement, then everything that can be said of it in memory.

Depth, certainty and what lies on a cycle follow from the edges that were read, so the database walks only once.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Result, bindparam, text
from sqlmodel import Session

from plumbline.db import Instant
from plumbline.problems import NotFound
from plumbline.trace.starts import SEEDS, TREES, Start, is_there
from plumbline.trace.walk import AT_ONCE, ENDS, Direction, Way, is_sqlite, one, recursion, ways_of

ENDS_OF = itemgetter(0, 1)
Id = str  # As the database prints it: 32 hex digits on SQLite, with dashes on PostgreSQL.


class Tie(NamedTuple):
    """An edge. Quantities are whole millionths of their unit, as stored."""

    source: Id
    target: Id
    kind: str
    source_quantity: int | None
    source_unit: str | None
    target_quantity: int | None
    target_unit: str | None
    certainty: str
    act: Id

    def turned(self) -> "Tie":
        """The other way round, for orders that begin at the element."""
        return self._replace(source=self.target, target=self.source)


@dataclass(frozen=True)
class Filters:
    """What part of a trace is asked for. Material and time leave the ways that lead through such lots and days."""

    depth: int | None = None
    certain_only: bool = False
    material: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def on_rows(self) -> bool:
        """Whether ways must lead through certain nodes."""
        return bool(self.material or self.since or self.until)


@dataclass
class Graph:
    """What a trace reached. `depth` is breadth from the nearest start, negative towards the source."""

    starts: list[Id]
    ties: dict[Direction, list[Tie]]
    depth: dict[Id, int]
    truncated: bool
    certain: set[Id] = field(default_factory=set)
    matched: set[Id] = field(default_factory=set)

    def edges(self) -> list[Tie]:
        """Every edge once, in a stable order."""
        ways = list(self.ties.values())
        # Plain comparison of the tuples, which is quick; a quantity that is not known decides nothing.
        return sorted(set().union(*ways) if len(ways) > 1 else ways[0], key=itemgetter(0, 1, 2, 8))

    def keep(self, nodes: set[Id]) -> None:
        """Leave these nodes and the edges between them."""
        self.depth = {id: depth for id, depth in self.depth.items() if id in nodes}
        self.ties = {
            way: [t for t in ties if t.source in self.depth and t.target in self.depth]
            for way, ties in self.ties.items()
        }
        self.starts = [id for id in self.starts if id in self.depth]


# Typed where PostgreSQL would else take them for text.
EMPTY = ", NULL, NULL, CAST(NULL AS bigint), NULL, CAST(NULL AS bigint), NULL, NULL, NULL"
TELL_EVERY = 10_000


def statement(session: Session, start: Start, direction: Way, filters: Filters) -> str:
    """The one query: that the start is there ('x'), its nodes ('s'), those that match ('m'), the edges of each way."""
    id = "{}" if is_sqlite(session) else "CAST({} AS text)"
    tree = f"{TREES[start.kind]}, " if start.kind in TREES else ""
    columns = "part, id, target, kind, sq, su, tq, tu, certainty, act"
    walks = []
    # First what is known before the walk: a stream begins with it.
    rows = [
        f"SELECT 'x', {id.format('there.id')}{EMPTY} FROM (SELECT id FROM ({is_there(start.kind)}) AS t) AS there",
        f"SELECT 's', {id.format('start.id')}{EMPTY} FROM start",
    ]
    for way in ways_of(direction):
        walks.append(recursion(f"{way}_all", way, filters.certain_only, filters.depth))
        # With a depth a node may stand there more than once.
        apart = "" if filters.depth is None else "DISTINCT "
        walks.append(f"{way}(id) AS (SELECT {apart}id FROM (SELECT id FROM {way}_all LIMIT :most) AS w)")
        rows.append(_edges(id, way, filters))
        rows += _matching(id, way, filters)
    return (
        f"WITH RECURSIVE {tree}start(id) AS (SELECT n.id FROM ({SEEDS[start.kind]}) AS s CROSS JOIN trace_node AS n"
        f" WHERE n.id = s.id AND n.project_id = :project), {', '.join(walks)},"
        f" answer({columns}) AS ({' UNION ALL '.join(rows)}) SELECT {columns} FROM answer"
    )


def _edges(id: str, way: Direction, filters: Filters) -> str:
    here, there = ENDS[way]
    only = " AND e.certainty = 'certain'" if filters.certain_only else ""
    return (
        f"SELECT '{way}', {id.format('e.source')}, {id.format('e.target')}, e.kind, e.source_quantity,"
        f" e.source_unit, e.target_quantity, e.target_unit, e.certainty, {id.format('e.act_id')}"
        f" FROM {way} AS w CROSS JOIN trace_edge AS e WHERE e.project_id = :project AND e.{here} = w.id"
        f" AND e.void_act_id IS NULL{only} AND e.{there} IN (SELECT id FROM {way})"
    )


def _matching(id: str, way: Direction, filters: Filters) -> list[str]:
    """Lots of the material and days asked for; with days alone steps, too."""
    if not filters.on_rows:
        return []
    days = "".join(f" AND {{at}} {sign} :{name}" for name, sign in (("from_", ">="), ("to_", "<")) if getattr(
        filters, {"from_": "since", "to_": "until"}[name]))  # fmt: skip
    of = " AND l.material = :material" if filters.material else ""
    found = f"SELECT 'm', {id.format('l.id')}{EMPTY} FROM {way} AS w CROSS JOIN {{table}} AS l WHERE l.id = w.id"
    lots = found.format(table="lot") + of + days.format(at="l.received_at")
    steps = found.format(table="step") + days.format(at="COALESCE(l.started_at, l.received_at)")
    return [lots] if filters.material else [lots, steps]


def read(
    session: Session, project_id: UUID, start: Start, direction: Way, limit: int, filters: Filters | None = None
) -> Graph:
    """Walk and read what was reached, at most `limit` nodes each way. Raises NotFound."""
    steps = reading(session, project_id, start, direction, limit, filters or Filters(), is_streamed=False)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Graph = end.value
            return found


def reading(
    session: Session,
    project_id: UUID,
    start: Start,
    direction: Way,
    limit: int,
    filters: Filters,
    is_streamed: bool = True,
) -> Generator[int, None, Graph]:
    """As `read`, telling how far it came: edges so far, first when the start was found. Raises NotFound."""
    values: dict[str, Any] = {"project": one(session, project_id), "most": limit + 1}
    said = {"node": start.id and one(session, start.id), "note": start.note, "material": filters.material}
    values |= {name: value for name, value in said.items() if value is not None}
    instants = {"since": start.since, "until": start.until, "from_": filters.since, "to_": filters.until}
    sql = statement(session, start, direction, filters)
    asked = [name for name in instants if f":{name}" in sql]
    bound = text(sql).bindparams(*(bindparam(name, instants[name], type_=Instant()) for name in asked))
    # A server-side cursor whose first fetches are small. Of the statement alone: the connection would keep it.
    options = {"stream_results": True, "max_row_buffer": AT_ONCE} if is_streamed else {}
    with session.connection().execute(bound, values, execution_options=options) as rows:
        found = yield from _assembled(rows, direction)
    found.truncated = _measure(found, limit)
    if filters.on_rows:
        found.keep(through(found, found.matched))
    return found


def _assembled(rows: Result[Any], direction: Way) -> Generator[int, None, Graph]:
    if rows.fetchone() is None:  # That the start is there comes first, before the walk begins.
        raise NotFound
    yield 0
    count = 0
    found = Graph([], {way: [] for way in ways_of(direction)}, {}, False)
    # One object for each id, and for all that edges alike say, however many edges there are: memory.
    ids: dict[Id, Id] = {}
    forms: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    only, tie = ids.setdefault, partial(tuple.__new__, Tie)
    for part, source, target, *more, act in map(tuple, chain.from_iterable(rows.partitions(AT_ONCE))):
        if part in found.ties:
            count += 1
            form = tuple(more)
            found.ties[part].append(
                tie((only(source, source), only(target, target), *forms.setdefault(form, form), act))
            )
            if count % TELL_EVERY == 0:
                yield count
        elif part != "x":
            (found.starts.append if part == "s" else found.matched.add)(source)
    found.starts.sort()
    return found


def _measure(graph: Graph, limit: int) -> bool:
    """Note depths and certainty; cut what is beyond the limit, farthest first. Whether something was cut."""
    starts, is_cut = graph.starts[:limit], len(graph.starts) > limit
    depth: dict[Id, int] = {}
    for way, ties in graph.ties.items():
        mine = depths(starts, ties, way)
        if len(mine) > limit:
            is_cut = True
            nearest = sorted(mine, key=lambda id: (abs(mine[id]), id))[:limit]
            mine = {id: mine[id] for id in nearest}
        sure = [t for t in ties if t.certainty == "certain"]
        graph.certain |= (mine if len(sure) == len(ties) else depths(starts, sure, way)).keys()
        depth = mine | depth
    graph.depth, graph.starts = depth, starts
    if is_cut:
        graph.keep(set(depth))
    return is_cut


def depths(starts: Iterable[Id], ties: Iterable[Tie], direction: Direction) -> dict[Id, int]:
    """Steps from the nearest start, by breadth; backward ones are negative, so that a picture runs left to right."""
    beside: dict[Id, list[Id]] = {}
    here, there = (0, 1) if direction == "forward" else (1, 0)
    for tie in ties:
        beside.setdefault(tie[here], []).append(tie[there])  # type: ignore[arg-type]  # Both are ids.
    sign, away = (1 if direction == "forward" else -1), 0
    found = dict.fromkeys(starts, 0)
    level = list(found)
    while level:
        away += sign
        after: list[Id] = []
        for node in level:
            for other in beside.get(node, ()):
                if other not in found:
                    found[other] = away
                    after.append(other)
        level = after
    return found


def ordered(nodes: Iterable[Id], ties: Iterable[Tie]) -> tuple[list[Id], set[Id]]:
    """Nodes from source to element, and those on or behind a cycle, which have no place in that order."""
    waits = dict.fromkeys(nodes, 0)
    after: dict[Id, list[Id]] = {}
    for tie in ties:
        after.setdefault(tie.source, []).append(tie.target)
        waits[tie.target] = waits.get(tie.target, 0) + 1
        waits.setdefault(tie.source, 0)
    ready = [id for id, n in waits.items() if n == 0]
    for node in ready:
        for other in after.get(node, ()):
            waits[other] -= 1
            if waits[other] == 0:
                ready.append(other)
    return ready, waits.keys() - set(ready)


def cyclic(nodes: Iterable[Id], ties: Sequence[Tie], depth: Mapping[Id, int]) -> set[Id]:
    """Nodes on a cycle or between two: neither their sources nor what came of them can be put in order."""
    if all(depth.get(source, 0) < depth.get(target, 0) for source, target in map(ENDS_OF, ties)):
        return set()  # Whatever always leads farther never comes back: so it is on nearly every site.
    _, behind = ordered(nodes, ties)
    if not behind:
        return set()
    turned = [t.turned() for t in ties if t.source in behind and t.target in behind]
    _, before = ordered(behind, turned)
    return before


def through(graph: Graph, wanted: set[Id]) -> set[Id]:
    """Nodes on a way from a start through a wanted node: what leads to it, itself, and what lies behind it."""
    kept: set[Id] = set()
    for way, ties in graph.ties.items():
        mine = {id for id in wanted if _is_on(graph, id, way)}
        back: Direction = "backward" if way == "forward" else "forward"
        kept |= depths(mine, ties, way).keys() | depths(mine, ties, back).keys()
    return kept & graph.depth.keys()


def _is_on(graph: Graph, id: Id, way: Direction) -> bool:
    depth = graph.depth.get(id)
    return depth is not None and (depth >= 0 if way == "forward" else depth <= 0)


def printed(id: Id) -> str:
    """An id as the API prints it."""
    return id if len(id) == 36 else f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}"
