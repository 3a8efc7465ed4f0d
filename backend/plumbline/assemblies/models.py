"""What was done to a lot at a station. Projected."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from plumbline.db import Instant, Json


class StationEvent(SQLModel, table=True):
    """One piece of work at a station (工位): by whom, on which machine, with which settings."""

    __tablename__ = "station_event"
    __table_args__ = (
        Index("ix_station_event_lot", "project_id", "lot_id"),
        Index("ix_station_event_equipment", "project_id", "equipment_id"),
    )
    id: UUID = Field(primary_key=True, description="Of the act.")
    project_id: UUID
    lot_id: UUID
    station: str = Field(max_length=80)
    equipment_id: UUID | None = None
    is_calibration_expired: bool = False
    operator_id: UUID | None = None
    crew_id: UUID | None = None
    parameters: list[dict[str, Any]] = Field(sa_column=Column(Json, nullable=False))
    method: str | None = Field(default=None, max_length=120)
    note: str | None = Field(default=None, max_length=2000)
    at_wall: str = Field(max_length=40, description="The device's claim of when.")
    at_offset_min: int
    received_at: datetime = Field(sa_type=Instant)
    act_id: UUID
