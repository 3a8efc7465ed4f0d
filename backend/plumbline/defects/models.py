"""Tables of defects. Projected from defect:raise."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from plumbline.db import Instant


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
    status: str = Field(max_length=20)
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
