"""Tables of recalls. All are projected."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from plumbline.db import Instant, Json, Quantity

ZERO = Decimal(0)
BASES = ("lot", "supplier", "heat", "certificate", "period", "equipment", "crew")
# stock: on hand somewhere. used: built in by a step. made: went into other lots, which are items themselves. gone: left
# the account by a record (scrapped, sampled …). work: a step by the recalled crew or machine, one place each.
KINDS = ("stock", "used", "made", "gone", "work")
DISPOSITIONS = ("in_stock", "quarantined", "returned", "removed", "accepted", "not_found")


class Recall(SQLModel, table=True):
    """One recall or drill; counts are those of the frozen scope."""

    __table_args__ = (
        UniqueConstraint("project_id", "code"),
        CheckConstraint(f"basis IN {BASES!r}", name="ck_recall_basis"),
        CheckConstraint("status IN ('open', 'closed')", name="ck_recall_status"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    code: str = Field(max_length=20, description="RC-0001; drills count with the others.")
    is_drill: bool
    basis: str = Field(max_length=12)
    about: dict[str, Any] = Field(sa_column=Column(Json, nullable=False), description="What was named at the opening.")
    reason: str = Field(max_length=2000)
    test_id: UUID | None = Field(default=None, description="The failed test that proposed it.")
    status: str = Field(max_length=8)
    is_whole: bool = Field(description="Every holder and place has its item; a large scope is frozen in parts.")
    nodes: int = 0
    lots_stopped: int = 0
    lots_without: int = Field(default=0, description="Lots that would have been stopped without a trace.")
    elements: int = 0
    elements_without: int = 0
    opened_by: UUID
    opened_at: datetime = Field(sa_type=Instant)
    act_id: UUID
    closed_by: UUID | None = None
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    close_act_id: UUID | None = None
    close_note: str | None = Field(default=None, max_length=2000)
    difference: str | None = Field(default=None, max_length=2000, description="Why the balance does not close.")


class RecallStart(SQLModel, table=True):
    """A node that the recall was opened on, frozen: what comes to the supplier or crew later does not belong to it."""

    __tablename__ = "recall_start"
    recall_id: UUID = Field(primary_key=True)
    node_id: UUID = Field(primary_key=True)
    project_id: UUID
    kind: str = Field(max_length=10)  # lot, step


class RecallTotal(SQLModel, table=True):
    """What came into the scope of one material, in its base unit: the 100 % of the balance."""

    __tablename__ = "recall_total"
    recall_id: UUID = Field(primary_key=True)
    material: str = Field(primary_key=True, max_length=60)
    unit: str = Field(primary_key=True, max_length=16)
    project_id: UUID
    received: Decimal = Field(default=ZERO, sa_type=Quantity)


class RecallItem(SQLModel, table=True):
    """A quantity somewhere, with the reason why it is in scope: the nearest tie that led to it."""

    __tablename__ = "recall_item"
    __table_args__ = (
        # Down to the lot and step, so that the part to freeze next is found without reading what is frozen.
        Index("ix_recall_item_recall", "project_id", "recall_id", "kind", "lot_id", "step_id"),
        Index("ix_recall_item_lot", "project_id", "lot_id"),
        CheckConstraint(f"kind IN {KINDS!r}", name="ck_recall_item_kind"),
    )
    id: UUID = Field(primary_key=True, description="Drawn from recall, kind, lot and step.")
    project_id: UUID
    recall_id: UUID
    kind: str = Field(max_length=8)
    lot_id: UUID | None = None
    step_id: UUID | None = None
    material: str = Field(max_length=60)
    unit: str = Field(max_length=16)
    quantity: Decimal = Field(default=ZERO, sa_type=Quantity)
    disposed: Decimal = Field(default=ZERO, sa_type=Quantity)
    column: str | None = Field(default=None, max_length=16, description="Of what is gone: which record took it.")
    place_id: UUID | None = None
    crew_id: UUID | None = None
    via_id: UUID | None = Field(default=None, description="The node before it on the way; None for a start.")
    via_kind: str = Field(max_length=12, description="Kind of the edge, or what the recall was opened on.")
    is_certain: bool = True
    is_late: bool = Field(default=False, description="Happened on a phone that did not know of the stop.")
    act_id: UUID


class RecallDisposition(SQLModel, table=True):
    """What somebody found and decided of a quantity."""

    __tablename__ = "recall_disposition"
    __table_args__ = (
        Index("ix_recall_disposition_item", "project_id", "item_id"),
        CheckConstraint(f"disposition IN {DISPOSITIONS!r}", name="ck_recall_disposition"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    recall_id: UUID
    item_id: UUID
    disposition: str = Field(max_length=12)
    quantity: Decimal = Field(sa_type=Quantity)
    note: str | None = Field(default=None, max_length=2000)
    by: UUID
    at: datetime = Field(sa_type=Instant)
    act_id: UUID
    void_act_id: UUID | None = None


class RecallAck(SQLModel, table=True):
    """Somebody has read the recall, on this device."""

    __tablename__ = "recall_ack"
    recall_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    device_id: UUID = Field(primary_key=True)
    project_id: UUID
    organization_id: UUID | None = None
    at: datetime = Field(sa_type=Instant)
    act_id: UUID
