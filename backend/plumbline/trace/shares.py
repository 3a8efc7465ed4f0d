"""How much of what is in what: exact, on the reached part alone, in topological order.

Material that mixed is taken as evenly mixed. Fractions stay fractions until they are printed, so that thirds of
thirds add up again. What lies on a cycle, and whatever hangs on it, has no share.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from plumbline.trace.graph import Id, Tie, ordered
from plumbline.trace.walk import Direction

Totals = Mapping[Id, int]  # What each lot ever had, in millionths of its unit; steps and tasks are not in it.
Sizes = dict[Id, Fraction]


@dataclass(frozen=True)
class Amounts:
    """How much by certain edges alone, and by all of them; millionths of the unit. None: cannot be told."""

    certain: Mapping[Id, Fraction]
    possible: Mapping[Id, Fraction]


def shares(starts: Iterable[Id], ties: Iterable[Tie], totals: Totals, direction: Direction) -> Amounts:
    """Forward: how much of the starts is in each node. Backward: how much of each node is in the starts."""
    starts, ties = list(starts), list(ties)
    found = _forward if direction == "forward" else _backward
    only = [t for t in ties if t.certainty == "certain"]
    return Amounts(found(starts, only, ties, totals), found(starts, ties, ties, totals))


def _part(tie: Tie, totals: Totals, lone: Callable[[Id], bool]) -> Fraction | None:
    """Which part of its source goes along an edge; None when nobody wrote it down and it is not all."""
    whole = totals.get(tie.source)
    if tie.source_quantity is not None and whole:
        return Fraction(tie.source_quantity, whole)
    return Fraction(1) if tie.source_quantity is None and lone(tie.source) else None


def _lone(ties: Iterable[Tie]) -> Callable[[Id], bool]:
    """Whether a node has one edge out: all of a step goes into its element."""
    out: dict[Id, int] = {}
    for tie in ties:
        out[tie.source] = out.get(tie.source, 0) + 1
    return lambda id: out.get(id) == 1


def _forward(starts: list[Id], ties: list[Tie], every: list[Tie], totals: Totals) -> Sizes:
    return _flow(starts, ties, every, totals, "forward")


def _backward(starts: list[Id], ties: list[Tie], every: list[Tie], totals: Totals) -> Sizes:
    return _flow(starts, ties, every, totals, "backward")


def _flow(starts: list[Id], ties: list[Tie], every: list[Tie], totals: Totals, direction: Direction) -> Sizes:
    """Parts of nodes, pushed from the starts along the edges, each node after all that it is told from.

    Forward the value of a node is the amount of the starts in it. Backward it is the part of the node that is in
    the starts, and is printed as an amount of the node's own unit.
    """
    forward = direction == "forward"
    order, behind = ordered(starts, every if forward else [t.turned() for t in every])
    lone, beside = _lone(every), _by_end(ties, direction)
    value: dict[Id, Fraction | None] = {s: Fraction(totals.get(s, 0)) if forward else Fraction(1) for s in starts}
    value = {id: amount for id, amount in value.items() if id not in behind}
    first = frozenset(starts)
    for node in order:
        if node not in first:
            value[node] = _sum(beside.get(node, []), value, totals, lone, forward)
    told = {id: v for id, v in value.items() if v is not None}
    return told if forward else {id: v * totals[id] for id, v in told.items() if id in totals}


def _by_end(ties: list[Tie], direction: Direction) -> dict[Id, list[Tie]]:
    found: dict[Id, list[Tie]] = {}
    for tie in ties:
        found.setdefault(tie.target if direction == "forward" else tie.source, []).append(tie)
    return found


def _sum(
    ties: list[Tie],
    value: Mapping[Id, Fraction | None],
    totals: Totals,
    lone: Callable[[Id], bool],
    forward: bool,
) -> Fraction | None:
    total = Fraction(0)
    for tie in ties:
        other = tie.source if forward else tie.target
        part = _part(tie, totals, lone)
        there = value.get(other, None)
        if part is None or there is None:
            return None
        total += part * there
    return total
