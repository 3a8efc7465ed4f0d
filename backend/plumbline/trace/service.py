"""Traces: from a wall, a step, a lot or a defect to everything behind it, or everything it touched.

Two statements, whatever the size: the walk with its edges (graph.py), and what is said of the nodes (beside.py).
"""

from uuid import UUID

from sqlmodel import Session

from plumbline.grants.sight import Scope
from plumbline.trace import beside, graph
from plumbline.trace.graph import Filters, Graph, Id, Tie, printed
from plumbline.trace.printing import Printer, quantity
from plumbline.trace.schemas import Context, EdgeOut, NodeOut, TraceOut
from plumbline.trace.starts import Start
from plumbline.trace.walk import Way


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
        nodes=sorted((printer.node(nodes[id]) for id in found.depth if id in nodes), key=_order),
        edges=[edge(t) for t in found.edges() if t.source in nodes and t.target in nodes],
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


def _order(node: NodeOut) -> tuple[int, str, str, str]:
    return (node.depth, node.kind, node.label, node.id)


def edge(tie: Tie) -> EdgeOut:
    """An edge as it is answered."""
    return EdgeOut(
        source=printed(tie.source),
        target=printed(tie.target),
        kind=tie.kind,
        source_quantity=quantity(tie.source_quantity),
        source_unit=tie.source_unit,
        target_quantity=quantity(tie.target_quantity),
        target_unit=tie.target_unit,
        certainty="certain" if tie.certainty == "certain" else "possible",
        act_id=printed(tie.act),
    )
