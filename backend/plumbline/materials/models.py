"""Tables of materials: lots with their mass balance, movements, certificates and tests. All are projected."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from plumbline.db import Instant, Json, Quantity

ZERO = Decimal(0)
# The mass balance: the sum of the inflows = the sum of the outflows + on hand, per lot, always.
INFLOWS = ("received", "produced", "counted_in")
CERTIFICATES = "certificates"  # What a transaction knows of papers: lot → ids of certificates that name it.
TESTS = "tests"  # And of tests: lot → its tests, by id.
OUTFLOWS = ("used", "split_out", "transferred_out", "sampled", "returned", "scrapped", "counted_out")


def _quantity() -> Any:
    return Field(default=ZERO, sa_type=Quantity)


def _of_those_with(name: str, *columns: str) -> Index:
    """An index of a project's lots that have something in the first column.

    Most lots have nothing there: they are quicker to write, and nobody takes the index to look for what is not there.
    """
    there = text(f"{columns[0]} IS NOT NULL")
    return Index(name, "project_id", *columns, postgresql_where=there, sqlite_where=there)


class Lot(SQLModel, table=True):
    """A quantity of one material that is one thing for quality, with its balance in its base unit.

    `on_hand` may be below zero: an overdraw that the device could not know of is accepted and flagged.
    """

    __table_args__ = (
        Index("ix_lot_project_code", "project_id", "code", unique=True),
        Index("ix_lot_project_received", "project_id", "received_at"),
        _of_those_with("ix_lot_project_heat", "heat_no"),
        _of_those_with("ix_lot_project_recall", "recall_id"),
        _of_those_with("ix_lot_project_parent", "parent_id"),
        # With the material, so that a recall can say what it would have stopped without reading those lots.
        _of_those_with("ix_lot_project_supplier", "supplier_id", "material"),
        _of_those_with("ix_lot_project_crew", "crew_id"),
        _of_those_with("ix_lot_project_note", "delivery_note"),
        _of_those_with("ix_lot_project_serial", "serial_no"),
        CheckConstraint(f"{' + '.join(INFLOWS)} = {' + '.join(OUTFLOWS)} + on_hand", name="ck_lot_balance"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    code: str = Field(max_length=60)
    qr: str | None = Field(default=None, max_length=26)
    kind: str = Field(default="lot", max_length=10)  # lot, unit, assembly, mix
    serial_no: str | None = Field(default=None, max_length=120)
    material: str = Field(max_length=60)
    grade: str | None = Field(default=None, max_length=60)
    size: str | None = Field(default=None, max_length=60)
    unit: str = Field(max_length=16)
    status: str = Field(max_length=12)  # announced, received, released, quarantined, stopped
    status_reason: str | None = Field(default=None, max_length=2000)
    status_act_id: UUID | None = None
    # The open recall that stopped it, and the status that it goes back to.
    recall_id: UUID | None = None
    recall_before: str | None = Field(default=None, max_length=12)
    recall_before_act_id: UUID | None = None
    recall_before_reason: str | None = Field(default=None, max_length=2000)
    expected: Decimal | None = Field(default=None, sa_type=Quantity)
    received: Decimal = _quantity()
    produced: Decimal = _quantity()
    counted_in: Decimal = _quantity()
    used: Decimal = _quantity()
    split_out: Decimal = _quantity()
    transferred_out: Decimal = _quantity()
    sampled: Decimal = _quantity()
    returned: Decimal = _quantity()
    scrapped: Decimal = _quantity()
    counted_out: Decimal = _quantity()
    on_hand: Decimal = _quantity()
    children: int = 0
    root_id: UUID = Field(index=True, description="The lot that was received; itself for a received lot.")
    parent_id: UUID | None = None
    place_id: UUID | None = None
    to_place_id: UUID | None = Field(default=None, description="Under way to this place.")
    crew_id: UUID | None = None
    supplier_id: UUID | None = None
    manufacturer: str | None = Field(default=None, max_length=120)
    heat_no: str | None = Field(default=None, max_length=120)
    batch_no: str | None = Field(default=None, max_length=120)
    delivery_note: str | None = Field(default=None, max_length=120)
    vehicle: str | None = Field(default=None, max_length=80)
    produced_on: date | None = None
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    received_at: datetime | None = Field(default=None, sa_type=Instant)
    note: str | None = Field(default=None, max_length=2000)
    flags: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    act_id: UUID


class LotInput(SQLModel, table=True):
    """What a lot was made or mixed of: one row for each contributor, in the contributor's base unit."""

    __tablename__ = "lot_input"
    __table_args__ = (Index("ix_lot_input_input", "project_id", "input_id"),)
    project_id: UUID = Field(primary_key=True)
    lot_id: UUID = Field(primary_key=True)
    input_id: UUID = Field(primary_key=True)
    quantity: Decimal = Field(sa_type=Quantity)
    recovered: Decimal = _quantity()  # What came back when the assembly was taken apart.
    act_id: UUID


class LotMovement(SQLModel, table=True):
    """One entry of a lot's account: which column of the balance, by which act, how much (signed)."""

    __tablename__ = "lot_movement"
    __table_args__ = (Index("ix_movement_lot", "project_id", "lot_id"), Index("ix_movement_step", "step_id"))
    id: UUID = Field(primary_key=True)
    project_id: UUID
    lot_id: UUID
    act_id: UUID
    device_id: UUID
    column: str = Field(max_length=16)
    quantity: Decimal = Field(sa_type=Quantity)
    step_id: UUID | None = None
    note: str | None = Field(default=None, max_length=2000)


class Certificate(SQLModel, table=True):
    """What the supplier declares: mill certificate, 合格证, EN 10204 3.1. One may cover several lots and heats."""

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(index=True)
    kind: str = Field(max_length=40)
    number: str = Field(max_length=120)
    issuer: str | None = Field(default=None, max_length=120)
    issued_on: date | None = None
    standard: str | None = Field(default=None, max_length=120)
    heats: list[str] = Field(sa_column=Column(Json, nullable=False))
    note: str | None = Field(default=None, max_length=2000)
    act_id: UUID


class CertificateLot(SQLModel, table=True):
    """Which lots a certificate covers."""

    __tablename__ = "certificate_lot"
    certificate_id: UUID = Field(primary_key=True)
    lot_id: UUID = Field(primary_key=True, index=True)
    project_id: UUID


class TestResult(SQLModel, table=True):
    """A retest or later proof of a lot: laboratory, report, values, result."""

    __tablename__ = "test_result"
    __test__ = False
    id: UUID = Field(primary_key=True)
    project_id: UUID
    lot_id: UUID = Field(index=True)
    kind: str = Field(max_length=40)
    result: str = Field(max_length=10)  # pass, fail, pending
    report_no: str | None = Field(default=None, max_length=120)
    laboratory_id: UUID | None = None
    sampled_on: date | None = None
    tested_on: date | None = None
    due_on: date | None = None
    values: list[dict[str, str]] = Field(sa_column=Column(Json, nullable=False))
    act_id: UUID
