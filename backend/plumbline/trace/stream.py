"""A trace as lines, for 100,000 nodes: what was read of the graph is small, and nodes are printed as they are read.

The form of the lines is in README.md. The start is looked for, and the graph walked, before the first line leaves, so
that refusals are problems and the first line can say how many nodes will come.
"""

import itertools
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Engine
from sqlmodel import Session

from plumbline import db
from plumbline.grants.sight import Scope
from plumbline.trace import beside, graph, service
from plumbline.trace.graph import Filters, Graph, printed
from plumbline.trace.printing import Printer
from plumbline.trace.starts import Start
from plumbline.trace.walk import Way

# Photos of 100,000 nodes are a book: they are on the page of each step.
LEFT_OUT = ("files",)
LINES_AT_ONCE = 500
_encoder = msgspec.json.Encoder()


class Line(msgspec.Struct):
    """One line of the stream."""

    line: str
    value: Any


@dataclass(frozen=True)
class Asked:
    """A request for a stream. `person_keys`: what of people may be told; empty for all."""

    project_id: UUID
    start: Start
    direction: Way
    limit: int
    filters: Filters
    scope: Scope | None
    person_keys: tuple[str, ...] = ()


def lines(engine: Engine, asked: Asked) -> Iterator[bytes]:
    """The stream, in pieces of some hundred lines. Raises NotFound before the first."""
    pieces = _pieces(_told(engine, asked))
    first = next(pieces)
    return itertools.chain((first,), pieces)


def _told(engine: Engine, asked: Asked) -> Iterator[tuple[str, Any]]:
    with db.reading(engine) as session:
        found = yield from _walked(session, asked)
        ids = sorted(found.depth, key=lambda id: (found.depth[id], id))
        rows = beside.read(
            session, asked.project_id, ids, service.opened(found, asked.scope), left_out=LEFT_OUT, in_order=True
        )
        printer = Printer.of(found, {}, asked.scope, with_shares=False)
        count, around, told = 0, [], set()
        for row in rows:
            if row.part:
                around.append(row)
                continue
            count += 1
            told.add(row.id)
            yield "node", printer.node(row)
        edges = 0
        for edge in service.edges(found, told):
            edges += 1
            yield "edge", edge
        for name, some in beside.context(around).items():
            for one in some:
                if name == "people" and asked.person_keys:
                    one = {key: one[key] for key in asked.person_keys}
                if name not in LEFT_OUT:
                    yield name, one
        yield (
            "end",
            {
                "nodes": count,
                "edges": edges,
                "cycles": len(printer.cyclic),
                "truncated": found.truncated,
                "said": _said(found, asked),
            },
        )


def _walked(session: Session, asked: Asked) -> Generator[tuple[str, Any], None, Graph]:
    """The header as soon as the start is found, then how far the walk came."""
    steps = graph.reading(session, asked.project_id, asked.start, asked.direction, asked.limit, asked.filters)
    yield "header", {"limit": asked.limit, "left_out": LEFT_OUT, "nodes": 0, "edges": next(steps)}
    while True:
        try:
            edges = next(steps)
        except StopIteration as end:
            found = service.within(end.value, asked.scope)
            starts = [printed(s) for s in found.starts]
            counts = {"nodes": len(found.depth), "edges": sum(1 for _ in found.edges())}
            yield "progress", {"start": starts, **counts, "truncated": found.truncated}
            return found
        yield "progress", {"edges": edges}


def _said(found: Graph, asked: Asked) -> dict[str, str]:
    """Truncation, aloud."""
    if not found.truncated:
        return {"zh": "完整：没有截断。", "en": "Complete: nothing was cut."}
    return {
        "zh": f"不完整：每个方向只到 {asked.limit} 个节点，更远的没有列出。",
        "en": f"Not complete: cut at {asked.limit} nodes each way; what lies farther is not listed.",
    }


def _pieces(told: Iterator[tuple[str, Any]]) -> Generator[bytes, None, None]:
    piece: list[Line] = []
    for name, value in told:
        piece.append(Line(name, value))
        if len(piece) >= LINES_AT_ONCE or name in ("header", "progress"):
            yield _encoder.encode_lines(piece)
            piece.clear()
    yield _encoder.encode_lines(piece)
