"""What a trace answers. msgspec's structs and not pydantic's models: a trace may have 20,000 nodes, each an object."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

NodeKind = Literal["lot", "step", "task", "test"]


class ShareOut(Struct):
    """How much is in what: decimals in `unit`, to six places; percents to four.

    Backward: how much of this node went into the start, of all that it had; percent: of all material of its kind that
    the start is made of. Forward: how much of the start is in this node, of all of the start, and the percent of it.
    `certain` counts certain edges alone, `possible` all of them, mixed material taken as evenly mixed.
    """

    certain: str
    possible: str
    of: str
    unit: str
    certain_percent: str | None
    possible_percent: str | None


class NodeOut(Struct):
    """A node reached: its kind, label, status, distance from the start (negative = towards the source)."""

    id: str
    kind: NodeKind
    label: str
    status: str
    depth: int
    certain: Annotated[bool, Meta(description="Reached by certain edges alone.")]
    label_en: str | None = None
    form: Annotated[str | None, Meta(description="Of a lot: lot, unit, assembly, mix.")] = None
    material: str | None = None
    heat: Annotated[str | None, Meta(description="Heat or batch number of a lot.")] = None
    at: Annotated[str | None, Meta(description="When a lot was received or a step done, UTC.")] = None
    cyclic: Annotated[bool, Meta(description="On a cycle, which bad data made: no shares.")] = False
    share: ShareOut | None = None


class EdgeOut(Struct):
    """A tie, in the direction of the material, with the quantity that left and the quantity that arrived."""

    source: str
    target: str
    kind: str
    source_quantity: str | None
    source_unit: str | None
    target_quantity: str | None
    target_unit: str | None
    certainty: Literal["certain", "possible"]
    act_id: str


class Context(Struct):
    """What stands beside the nodes: joined to them, never walked through. Rows as in the feed, without their files."""

    organizations: list[dict[str, Any]]
    crews: list[dict[str, Any]]
    people: list[dict[str, Any]]
    equipment: list[dict[str, Any]]
    certificates: list[dict[str, Any]]
    tests: list[dict[str, Any]]
    files: Annotated[list[dict[str, Any]], Meta(description="Of the steps, with `step_id`.")]
    defects: list[dict[str, Any]]


class TraceOut(Struct):
    """Answer of a trace, in a stable order; `truncated` says that the cap was met."""

    start: list[UUID]
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    context: Context
    truncated: bool
    limit: Annotated[int, Meta(description="Nodes each way.")]
    cycles: Annotated[int, Meta(description="Nodes on cycles.")] = 0
