"""Tables of the trace graph: nodes are what material is or goes into, edges run with the material."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from plumbline.db import Quantity


class TraceNode(SQLModel, table=True):
    """A lot, step, element (task) or sample, by the id it has elsewhere. Projected."""

    __tablename__ = "trace_node"
    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(index=True)
    kind: str = Field(max_length=10)  # lot, step, task, test


class TraceEdge(SQLModel, table=True):
    """One tie of two nodes by one act, with exact quantities on both ends. Projected."""

    __tablename__ = "trace_edge"
    __table_args__ = (
        Index("ix_edge_forward", "project_id", "source", "kind", "target"),
        Index("ix_edge_backward", "project_id", "target", "kind", "source"),
        Index("ix_edge_act", "act_id"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    source: UUID
    target: UUID
    kind: str = Field(max_length=10)  # split, merge, transform, issue, consume, build, install, return, pack
    source_quantity: Decimal | None = Field(default=None, sa_type=Quantity)
    source_unit: str | None = Field(default=None, max_length=16)
    target_quantity: Decimal | None = Field(default=None, sa_type=Quantity)
    target_unit: str | None = Field(default=None, max_length=16)
    certainty: str = Field(max_length=10)  # certain, possible
    act_id: UUID
    # Set when a correction replaced the record that made the edge: walks leave it out, the row stays.
    void_act_id: UUID | None = None
