"""Tables of suppliers. Projected from the supplier acts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from plumbline.db import Instant


class Supplier(SQLModel, table=True):
    """How an organization stands as a supplier, and into which other one it was merged."""

    __table_args__ = (
        Index("ix_supplier_merged", "project_id", "merged_into"),
        CheckConstraint("standing IN ('none', 'approved', 'suspended')", name="ck_supplier_standing"),
    )
    project_id: UUID = Field(primary_key=True)
    organization_id: UUID = Field(primary_key=True)
    standing: str = Field(default="none", max_length=10)
    reason: str | None = Field(default=None, max_length=2000)
    standing_act_id: UUID | None = None
    by: UUID | None = None
    at: datetime | None = Field(default=None, sa_type=Instant)
    merged_into: UUID | None = None
    merge_act_id: UUID | None = None


class SupplierName(SQLModel, table=True):
    """A name by which another system calls a supplier; `folded` is what names are compared by."""

    __tablename__ = "supplier_name"
    project_id: UUID = Field(primary_key=True)
    folded: str = Field(primary_key=True, max_length=200)
    name: str = Field(max_length=200)
    system: str | None = Field(default=None, max_length=80)
    organization_id: UUID
    act_id: UUID
