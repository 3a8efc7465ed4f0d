"""Tables of defects and nonconformances. All are projected.

A nonconformance is a defect that was confirmed: the same row with a second code, and everything that is done about it.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from plumbline.db import Instant, Json, Quantity

PARTIES = ("organization", "crew", "equipment")
ACTIONS = ("containment", "correction", "corrective", "preventive")
STATUSES = ("open", "rejected", "confirmed", "closed")


class Defect(SQLModel, table=True):
    """Something found wrong at a task node."""

    __tablename__ = "defect"
    __table_args__ = (
        UniqueConstraint("project_id", "code"),
        Index("ix_defect_task", "project_id", "task_id"),
        CheckConstraint("severity IN ('minor', 'major', 'critical')", name="ck_defect_severity"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    code: str = Field(max_length=20, description="D-0001, counted in the project in the order of receipt.")
    task_id: UUID
    step_id: UUID | None = None
    title: str = Field(max_length=200)
    description: str | None = None
    severity: str = Field(max_length=10)
    status: str = Field(max_length=20, description="open, rejected, confirmed (a nonconformance), closed.")
    kind: str | None = Field(default=None, max_length=60, description="What it is (honeycomb, crack): finds repeats.")
    pin: dict[str, str] | None = Field(default=None, sa_column=Column(Json), description="On a drawing or the map.")
    repeats: list[str] = Field(
        default_factory=list,
        sa_column=Column(Json, nullable=False),
        description="Earlier defects of the kind at this place, by this crew or of this supplier.",
    )
    ncr_code: str | None = Field(default=None, max_length=20, description="NCR-0001, given when it is confirmed.")
    requirement: str | None = Field(default=None, max_length=2000, description="Clause or drawing that is not met.")
    is_public: bool = Field(default=False, description="Reported by somebody through a label's public page.")
    party_kind: str | None = Field(default=None, max_length=12)
    party_id: UUID | None = None
    party_act_id: UUID | None = None
    reinspection: str | None = Field(default=None, max_length=4, description="Newest result: pass, fail.")
    decided_by: UUID | None = Field(default=None, description="Who confirmed or dismissed it.")
    closed_by: UUID | None = None
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    raised_by: UUID
    at_wall: str = Field(max_length=40, description="The phone's claim of when.")
    at_offset_min: int
    at_skew_ms: int | None = None
    lat: str | None = Field(default=None, max_length=24)
    lon: str | None = Field(default=None, max_length=24)
    accuracy_m: str | None = Field(default=None, max_length=24)
    received_at: datetime = Field(sa_type=Instant)
    act_id: UUID


class DefectLot(SQLModel, table=True):
    """A lot that the finder suspects."""

    __tablename__ = "defect_lot"
    __table_args__ = (Index("ix_defect_lot_lot", "project_id", "lot_id"),)
    project_id: UUID = Field(primary_key=True)
    defect_id: UUID = Field(primary_key=True)
    lot_id: UUID = Field(primary_key=True)


class NcrEntry(SQLModel, table=True):
    """One thing said or decided in the life of a defect, as it was said; never changed."""

    __tablename__ = "ncr_entry"
    __table_args__ = (Index("ix_ncr_entry_defect", "project_id", "defect_id"),)
    id: UUID = Field(primary_key=True, description="The act's own id.")
    project_id: UUID
    defect_id: UUID
    kind: str = Field(max_length=16, description="confirm, dismiss, assign, answer, cause, reinspect, close.")
    said: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    by: UUID
    at: datetime = Field(sa_type=Instant)


class NcrAction(SQLModel, table=True):
    """What is done about a nonconformance: who, until when, the proof, and whether it helped."""

    __tablename__ = "ncr_action"
    __table_args__ = (
        Index("ix_ncr_action_defect", "project_id", "defect_id"),
        CheckConstraint(f"kind IN {ACTIONS!r}", name="ck_ncr_action_kind"),
        CheckConstraint("status IN ('open', 'done', 'effective')", name="ck_ncr_action_status"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    defect_id: UUID
    kind: str = Field(max_length=12)
    what: str = Field(max_length=2000)
    owner_id: UUID
    due_on: date
    status: str = Field(max_length=10)
    done_by: UUID | None = None
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    done_note: str | None = Field(default=None, max_length=2000)
    done_act_id: UUID | None = Field(default=None, description="Its files are the proof.")
    checked_by: UUID | None = None
    checked_at: datetime | None = Field(default=None, sa_type=Instant)
    check_note: str | None = Field(default=None, max_length=2000)
    act_id: UUID


class NcrCost(SQLModel, table=True):
    """What it cost. Never in the feed."""

    __tablename__ = "ncr_cost"
    __table_args__ = (Index("ix_ncr_cost_defect", "project_id", "defect_id"),)
    id: UUID = Field(primary_key=True)
    project_id: UUID
    defect_id: UUID
    what: str = Field(max_length=2000)
    amount: Decimal = Field(sa_type=Quantity)
    currency: str = Field(max_length=3)
    by: UUID
    at: datetime = Field(sa_type=Instant)
    act_id: UUID
