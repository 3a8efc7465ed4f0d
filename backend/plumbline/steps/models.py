"""Tables of steps. All are projected: drawn from step:record, approval:decide and evidence:verified."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from plumbline.db import Instant, Json, Quantity

STATUSES = ("awaiting_files", "submitted", "approved", "rejected", "more_asked", "superseded")


class StepRecord(SQLModel, table=True):
    """One record of a construction step at a task node. Judgements, missing evidence and distance are as recorded."""

    __tablename__ = "step"
    __table_args__ = (
        Index("ix_step_task", "project_id", "task_id"),
        Index("ix_step_status", "project_id", "status"),
        Index("ix_step_act", "project_id", "act_id"),
        Index("ix_step_supersedes", "project_id", "supersedes_id"),
        Index("ix_step_crew", "project_id", "crew_id"),
        Index("ix_step_received", "project_id", "received_at"),
        CheckConstraint(f"status IN {STATUSES!r}", name="ck_step_status"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    task_id: UUID
    kind: str = Field(max_length=120, description="Template and step, as in concrete_pour.pouring.")
    definition_key: str = Field(max_length=120)
    definition_version: int
    definition_sha256: str = Field(max_length=64, description="Of the definition's bytes at that version.")
    status: str = Field(max_length=20)
    recorded_by: UUID
    crew_id: UUID | None = None
    method: str | None = None
    environment: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    answers: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    judgements: list[dict[str, Any]] = Field(sa_column=Column(Json, nullable=False))
    missing: list[dict[str, Any]] = Field(sa_column=Column(Json, nullable=False))
    flags: list[str] = Field(sa_column=Column(Json, nullable=False))
    note: str | None = None
    # Claims of the person and of the phone, kept as they were said.
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    lat: str | None = Field(default=None, max_length=24, description="Claimed latitude, decimal text, degrees WGS 84.")
    lon: str | None = Field(default=None, max_length=24)
    accuracy_m: str | None = Field(default=None, max_length=24, description="Claimed radius of the fix, decimal text.")
    fix_age_ms: int | None = None
    at_wall: str = Field(max_length=40)
    at_offset_min: int
    at_skew_ms: int | None = None
    # Found by the server.
    distance_m: int | None = Field(default=None, description="From the fix to the task's place, else to the site.")
    is_inside_site: bool | None = None
    received_at: datetime = Field(sa_type=Instant)
    act_id: UUID
    supersedes_id: UUID | None = None


class StepPerson(SQLModel, table=True):
    """A person who took part in a step."""

    __tablename__ = "step_person"
    __table_args__ = (Index("ix_step_person_person", "project_id", "person_id"),)
    project_id: UUID = Field(primary_key=True)
    step_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)


class StepEquipment(SQLModel, table=True):
    """A machine or instrument used in a step, and whether its calibration had run out on that day."""

    __tablename__ = "step_equipment"
    __table_args__ = (Index("ix_step_equipment_equipment", "project_id", "equipment_id"),)
    project_id: UUID = Field(primary_key=True)
    step_id: UUID = Field(primary_key=True)
    equipment_id: UUID = Field(primary_key=True)
    is_calibration_expired: bool = False


class StepLot(SQLModel, table=True):
    """How much of a lot a step used, in the unit that was said; the lot's account has it in the base unit."""

    __tablename__ = "step_lot"
    __table_args__ = (
        Index("ix_step_lot_lot", "project_id", "lot_id"),
        CheckConstraint("quantity > 0", name="ck_step_lot_quantity"),
    )
    project_id: UUID = Field(primary_key=True)
    step_id: UUID = Field(primary_key=True)
    lot_id: UUID = Field(primary_key=True)
    quantity: Decimal = Field(sa_type=Quantity)
    unit: str = Field(max_length=12)
