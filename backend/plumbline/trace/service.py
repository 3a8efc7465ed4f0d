"""Traces: from a wall, a step, a lot or a defect to everything behind it, or everything it touched.

Two statements, whatever the size: the walk with its edges (graph.py), and what is said of the nodes (beside.py).
"""

from collections.abc import Collection, Iterator
from operator import attrgetter
from uuid import UUID

from sqlmodel import Session

from plumbline.grants.sight import Scope
from plumbline.trace import beside, graph
from plumbline.trace.graph import Filters, Graph, Id, printed
from plumbline.trace.printing import Printer, quantity
from plumbline.trace.schemas import Context, EdgeOut, TraceOut
from plumbline.trace.starts import Start
from plumbline.trace.walk import Way

ORDER = attrgetter("depth", "kind", "label", "id")


def trace(
    session: Session,
    project_id: UUID,
    start: Start,
    direction: Way,
    limit: int,
    filters: Filters | None = None,
    scope: Scope | None = None,
    with_shares: bool = False,
) -> TraceOut:
    """Walk from one node. A task stands for itself and all below it; a defect for its task and lots.

    With a scope, the answer holds its nodes alone, and what stands beside those that it opens. Raises NotFound.
    """
    found = within(graph.read(session, project_id, start, direction, limit, filters), scope)
    rows = list(beside.read(session, project_id, found.depth, opened(found, scope)))
    nodes = {row.id: row for row in rows if row.part == 0}
    printer = Printer.of(found, nodes, scope, with_shares)
    return TraceOut(
        start=[UUID(s) for s in found.starts if s in nodes],
        nodes=sorted((printer.node(nodes[id]) for id in found.depth if id in nodes), key=ORDER),
        edges=list(edges(found, nodes)),
        context=Context(**beside.context(row for row in rows if row.part)),
        truncated=found.truncated,
        limit=limit,
        cycles=len(printer.cyclic),
    )


def opened(found: Graph, scope: Scope | None) -> list[Id] | None:
    """The nodes that a link opens with what stands beside them; None: all."""
    return None if scope is None else [id for id in found.depth if UUID(id) in scope.full]


def within(found: Graph, scope: Scope | None) -> Graph:
    """What of a graph a link shows."""
    if scope is not None:
        seen = scope.full | scope.named
        found.keep({id for id in found.depth if UUID(id) in seen})
    return found


def edges(found: Graph, among: Collection[Id]) -> Iterator[EdgeOut]:
    """Edges between these nodes, as they are answered, in a stable order."""
    names = {id: printed(id) for id in found.depth}
    return (
        EdgeOut(
            names[source], names[target], kind, quantity(left), left_unit, quantity(arrived), arrived_unit,
            "certain" if certainty == "certain" else "possible", printed(act),
        )
        for source, target, kind, left, left_unit, arrived, arrived_unit, certainty, act in found.edges()
        if source in among and target in among
    )  # fmt: skip
