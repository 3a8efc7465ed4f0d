"""Nodes of a trace as they are answered: label, status, depth, certainty, share."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

from plumbline.grants.sight import Scope
from plumbline.trace import beside, graph
from plumbline.trace.graph import Graph, Id, printed
from plumbline.trace.schemas import NodeOut, ShareOut
from plumbline.trace.shares import Amounts, shares
from plumbline.trace.walk import Direction

MICRO = 1_000_000
Rows = Mapping[Id, beside.Row]


@lru_cache(maxsize=4096)  # A site works with few quantities: a step of 1 m3, a bundle of 2 t.
def quantity(millionths: int | None) -> str | None:
    """A stored quantity as decimal string, without needless zeros."""
    if millionths is None:
        return None
    whole, rest = divmod(abs(millionths), MICRO)
    sign = "-" if millionths < 0 else ""
    return f"{sign}{whole}.{rest:06d}".rstrip("0") if rest else f"{sign}{whole}"


@dataclass(frozen=True)
class Printer:
    """What is needed to print the nodes of one trace."""

    found: Graph
    scope: Scope | None
    cyclic: set[Id]
    shares: Mapping[Id, ShareOut]

    @classmethod
    def of(cls, found: Graph, rows: Rows, scope: Scope | None, with_shares: bool) -> "Printer":
        """Look at the whole graph once: what lies on cycles, and how much is in what when that was asked for."""
        cyclic: set[Id] = set()
        told: dict[Id, ShareOut] = {}
        for way, ties in found.ties.items():
            cyclic |= graph.cyclic(found.starts, ties, found.depth)
            if with_shares:
                told |= _told(found, rows, way)
        return cls(found, scope, cyclic, told)

    def node(self, row: beside.Row) -> NodeOut:
        """One node. What a link only names shows no status of its records."""
        # Unpacked and by position: 100,000 nodes are printed in a second or two.
        _, _, id, code, name, name_en, heat, status, material, _, form, at, _, on_hand, kind = row
        label, label_en = name or "", None
        if kind == "lot":  # Where a task has its names, a lot has grade and size.
            label = " · ".join([p for p in (code, name, name_en, heat) if p])
            status = _status(status, on_hand)
        elif kind == "task":
            label, label_en = f"{code} {name}", f"{code} {name_en}" if name_en else None
        if self.scope is not None and kind != "lot" and UUID(id) not in self.scope.full:
            status = at = None
        return NodeOut(
            printed(id),
            kind,  # type: ignore[arg-type]  # One of NODES, which are node kinds.
            label,
            status or "",
            self.found.depth[id],
            id in self.found.certain,
            label_en,
            form,
            material,
            heat,
            beside.moment(at),
            id in self.cyclic,
            self.shares.get(id),
        )


def _status(status: str | None, on_hand: int | None) -> str | None:
    """Of a lot, as materials.rows.status_of: an emptied one is exhausted unless it is stopped or held."""
    return "exhausted" if (on_hand or 0) <= 0 and status in ("received", "released") else status


def _told(found: Graph, rows: Rows, way: Direction) -> dict[Id, ShareOut]:
    """Shares of one way. Forward only where all starts are lots of one unit: tonnes and cubic metres do not add."""
    totals = {id: row.total for id, row in rows.items() if row.doc == "lot" and row.total}
    starts = [s for s in found.starts if s in rows]
    units = {rows[s].unit for s in starts}
    if way == "forward" and (len(units) != 1 or None in units):
        return {}
    amounts = shares(starts, found.ties[way], totals, way)
    nodes = [id for id in amounts.possible if id in rows and (found.depth.get(id, 0) < 0) == (way == "backward")]
    if way == "forward":
        of, unit = sum(totals.get(s, 0) for s in starts), next(iter(units)) or ""
        return {id: _share(id, amounts, of, unit, Fraction(of)) for id in nodes}
    whole = _by_material(found, rows, amounts.possible)
    return {
        id: _share(id, amounts, totals[id], rows[id].unit or "", whole.get(_kind(rows[id]), Fraction(0)))
        for id in nodes
    }


def _kind(row: beside.Row) -> tuple[str | None, str | None]:
    return row.material, row.unit


def _by_material(
    found: Graph, rows: Rows, sizes: Mapping[Id, Fraction]
) -> dict[tuple[str | None, str | None], Fraction]:
    """How much of each material is in the starts: from the lots that nothing reached came before."""
    made = {t.target for t in found.ties["backward"]}
    sums: dict[tuple[str | None, str | None], Fraction] = {}
    for id, size in sizes.items():
        if id in rows and id not in made:
            sums[_kind(rows[id])] = sums.get(_kind(rows[id]), Fraction(0)) + size
    return sums


def _share(id: Id, amounts: Amounts, of: int, unit: str, whole: Fraction) -> ShareOut:
    certain, possible = amounts.certain.get(id, Fraction(0)), amounts.possible[id]
    return ShareOut(
        certain=quantity(round(certain)) or "0",
        possible=quantity(round(possible)) or "0",
        of=quantity(of) or "0",
        unit=unit,
        certain_percent=_percent(certain, whole),
        possible_percent=_percent(possible, whole),
    )


def _percent(part: Fraction, whole: Fraction) -> str | None:
    """To four places, half to even."""
    return quantity(round(part * MICRO / whole) * 100) if whole else None
