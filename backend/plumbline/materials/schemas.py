"""Bodies of the acts on lots, certificates and tests. Quantities are decimal strings with a unit."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from plumbline.acts.fields import Day, Name, Note, Positive, Qr, Short, Unit
from plumbline.acts.registry import Body

Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]


class ReceiptBody(Body):
    """lot:receive and lot:announce: one delivery of one material, one heat or batch."""

    material: str = Field(max_length=60)
    grade: str | None = Field(None, max_length=60)
    size: str | None = Field(None, max_length=60)
    quantity: Positive
    unit: Unit
    supplier: UUID | None = None
    manufacturer: Name | None = None
    heat_no: Name | None = None
    batch_no: Name | None = None
    delivery_note: Name | None = None
    vehicle: Short | None = None
    place: UUID | None = None
    produced_on: Day | None = None
    delivered_at: AwareDatetime | None = None
    qr: Qr | None = None
    note: Note | None = None


class MoveBody(Body):
    """lot:move: the whole lot to another place."""

    place: UUID
    note: Note | None = None


class Part(Body):
    """One part of a split: the new lot's id, its quantity in the lot's base unit, its label."""

    lot: UUID
    quantity: Positive
    qr: Qr | None = None


class SplitBody(Body):
    """lot:split."""

    parts: list[Part] = Field(min_length=1, max_length=50)


class IssueBody(Body):
    """lot:issue: a sublot to a crew."""

    lot: UUID
    quantity: Positive
    crew: UUID
    qr: Qr | None = None


class ReturnBody(Body):
    """lot:return: from an issued sublot back to a place, as a new lot."""

    lot: UUID
    quantity: Positive
    place: UUID
    qr: Qr | None = None


class ScrapBody(Body):
    """lot:scrap."""

    quantity: Positive
    reason: Reason


class ReasonBody(Body):
    """lot:hold, lot:stop."""

    reason: Reason


class ReleaseBody(Body):
    """lot:release."""

    reason: Note | None = None


class CertificateBody(Body):
    """certificate:attach. Files with role `certificate` hold its photos or PDF."""

    kind: Key
    number: Name
    issuer: Name | None = None
    issued_on: Day | None = None
    standard: Name | None = None
    lots: list[UUID] = Field(min_length=1, max_length=100)
    heats: list[Name] = Field(default_factory=list, max_length=100)
    note: Note | None = None


class TestValue(Body):
    """One printed value of a report, as printed."""

    __test__ = False
    property: Short
    value: Short
    unit: Annotated[str, StringConstraints(max_length=16)] = ""


class TestBody(Body):
    """test:record. A failed test stops the lot."""

    __test__ = False
    lot: UUID
    kind: Key
    result: Literal["pass", "fail", "pending"]
    report_no: Name | None = None
    laboratory: UUID | None = None
    sampled_on: Day | None = None
    tested_on: Day | None = None
    due_on: Day | None = None
    values: list[TestValue] = Field(default_factory=list, max_length=60)
