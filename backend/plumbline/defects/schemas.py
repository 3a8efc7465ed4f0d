"""What comes in with a defect and a nonconformance, and what their pages answer."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from plumbline.acts.fields import Coordinate, Day, Note, Positive
from plumbline.acts.registry import Body
from plumbline.steps.schemas import Ids

Severity = Literal["minor", "major", "critical"]


Said = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Share = Annotated[str, StringConstraints(pattern=r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
PartyKind = Literal["organization", "crew", "equipment"]
Factor = Annotated[list[Said], Field(max_length=20)]


class Pin(Body):
    """Where it is: a point of a drawing (shares of its width and height from the upper left), or of the map."""

    file: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    x: Share | None = None
    y: Share | None = None
    lat: Coordinate | None = None
    lon: Coordinate | None = None


class DefectBody(Body):
    """Body of defect:raise."""

    task: UUID
    lots: Ids = Field(default_factory=list)
    step: UUID | None = None
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    description: Note | None = None
    severity: Severity
    kind: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    pin: Pin | None = None


class ConfirmBody(Body):
    """Body of defect:confirm: it is a nonconformance."""

    requirement: Note | None = None
    severity: Severity | None = None


class DismissBody(Body):
    """Body of defect:dismiss."""

    reason: Said


class PartyRef(Body):
    """Who is responsible."""

    kind: PartyKind
    id: UUID


class AssignBody(Body):
    """Body of ncr:assign: a person decides who is responsible, and says by which facts."""

    party: PartyRef
    reason: Said


class AnswerBody(Body):
    """Body of ncr:answer: the other side's word."""

    agrees: bool
    text: Said


class Factors(Body):
    """Causes by the six factors (人机料法环测)."""

    people: Factor = Field(default_factory=list)
    machine: Factor = Field(default_factory=list)
    material: Factor = Field(default_factory=list)
    method: Factor = Field(default_factory=list)
    environment: Factor = Field(default_factory=list)
    measurement: Factor = Field(default_factory=list)


class CauseBody(Body):
    """Body of ncr:cause: why, and why that, down to the root; and the causes by factor."""

    whys: Annotated[list[Said], Field(min_length=1, max_length=7)]
    factors: Factors


class ActionBody(Body):
    """Body of ncr:act."""

    defect: UUID
    kind: Literal["containment", "correction", "corrective", "preventive"]
    what: Said
    owner: UUID
    due_on: Day


class DoneBody(Body):
    """Body of ncr:done; the act's files are the proof."""

    note: Note | None = None


class CheckBody(Body):
    """Body of ncr:check: whether the action helped."""

    effective: bool
    note: Note | None = None


class ReinspectBody(Body):
    """Body of ncr:reinspect."""

    result: Literal["pass", "fail"]
    note: Note | None = None


class CostBody(Body):
    """Body of ncr:cost."""

    defect: UUID
    what: Said
    amount: Positive
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "CNY"


class CloseNcrBody(Body):
    """Body of ncr:close."""

    note: Note | None = None


class Fact(BaseModel):
    """Something on record that speaks for a party's part in it, and the record."""

    kind: Literal["lot", "step", "test", "recall"]
    id: UUID
    weight: int = Field(description="2: not as it should be. 1: it was there.")
    zh: str
    en: str


class PartyOut(BaseModel):
    """A party that stood behind the place, with the facts; a proposal, never a verdict."""

    kind: PartyKind
    id: UUID
    name: str
    name_en: str | None
    facts: list[Fact]


class PartiesOut(BaseModel):
    """Proposed parties, most facts against them first."""

    parties: list[PartyOut]


class CostOut(BaseModel):
    """One entry of the costs."""

    id: UUID
    what: str
    amount: str
    currency: str
    by: UUID
    at: datetime


class CostsOut(BaseModel):
    """Costs of a nonconformance, and their sums by currency."""

    costs: list[CostOut]
    sums: dict[str, str]
