"""What a trace answers."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

NodeKind = Literal["lot", "step", "task", "test"]


class NodeOut(BaseModel):
    """A node reached: its kind, label, status, distance from the start (negative = towards the source)."""

    id: UUID
    kind: NodeKind
    label: str
    label_en: str | None = None
    status: str
    depth: int
    certain: bool = Field(description="Reached by certain edges alone.")


class EdgeOut(BaseModel):
    """A tie, in the direction of the material, with the quantity that left and the quantity that arrived."""

    source: UUID
    target: UUID
    kind: str
    source_quantity: str | None
    source_unit: str | None
    target_quantity: str | None
    target_unit: str | None
    certainty: Literal["certain", "possible"]
    act_id: UUID


class Context(BaseModel):
    """What stands beside the nodes, as feed rows: joined to them, never walked through."""

    organizations: list[dict[str, Any]]
    crews: list[dict[str, Any]]
    people: list[dict[str, Any]]
    equipment: list[dict[str, Any]]
    certificates: list[dict[str, Any]]
    tests: list[dict[str, Any]]
    files: list[dict[str, Any]]
    defects: list[dict[str, Any]]


class TraceOut(BaseModel):
    """Answer of a trace, in a stable order; `truncated` says that the cap was met."""

    start: list[UUID]
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    context: Context
    truncated: bool
    limit: int
