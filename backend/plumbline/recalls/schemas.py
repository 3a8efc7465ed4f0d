"""What comes in with a recall, and what its pages answer."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from plumbline.acts.fields import Day, Name, Note, Positive
from plumbline.acts.registry import Body

Basis = Literal["lot", "supplier", "heat", "certificate", "period", "equipment", "crew"]
Disposition = Literal["in_stock", "quarantined", "returned", "removed", "accepted", "not_found"]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Things = Annotated[list[UUID], Field(max_length=200)]


class About(Body):
    """What a recall is on: things of one kind, or a heat or a period, narrowed by the rest."""

    kind: Basis
    things: Things = Field(default_factory=list, description="Lots, suppliers, certificates, equipment or crews.")
    heat: Name | None = None
    manufacturer: Name | None = None
    material: Name | None = None
    since: Day | None = Field(None, description="Received (lots) or recorded (steps) from this day on, project's zone.")
    until: Day | None = None


class OpenBody(About):
    """Body of recall:open."""

    reason: Reason
    drill: bool = False
    test: UUID | None = None


class ScopeBody(Body):
    """Body of recall:scope: the next part of a large scope."""


class AcknowledgeBody(Body):
    """Body of recall:acknowledge."""


class DisposeBody(Body):
    """Body of recall:dispose; without a quantity all that is left of the item."""

    item: UUID
    disposition: Disposition
    quantity: Positive | None = None
    note: Note | None = None


class CloseBody(Body):
    """Body of recall:close; `difference` says why the balance does not close."""

    difference: Reason | None = None
    note: Note | None = None


class NarrowOut(BaseModel):
    """What is stopped, and what would be without a trace: everything of the material from the supplier."""

    lots: int
    lots_without: int
    elements: int
    elements_without: int


class PreviewOut(BaseModel):
    """What a recall would do if it were opened now."""

    starts: int
    nodes: int
    narrow: NarrowOut
    quantities: list[dict[str, str]] = Field(description="{material, unit, on_hand}, of the lots in scope.")
    already: list[str] = Field(description="Codes of open recalls that hold some of the lots.")


class PhoneOut(BaseModel):
    """A device of a member, and when it last spoke to the server."""

    device_id: UUID
    label: str
    last_contact_at: datetime | None
    acknowledged_at: datetime | None


class KnowsOut(BaseModel):
    """A member, and on which devices they have acknowledged."""

    person_id: UUID
    display_name: str
    organization_id: UUID | None
    roles: list[str]
    is_holder: bool = Field(description="Of a crew that holds or built in part of it.")
    acknowledged_at: datetime | None
    devices: list[PhoneOut]


class KnowledgeOut(BaseModel):
    """Who knows of a recall, by person; organizations follow from it."""

    people: list[KnowsOut]


class ElsewhereLot(BaseModel):
    """A lot of another project with the same manufacturer and heat."""

    project_id: UUID
    project_name: str
    project_name_en: str | None
    lot_id: UUID
    code: str
    heat_no: str
    manufacturer: str | None
    status: str
    on_hand: str
    unit: str


class ElsewhereOut(BaseModel):
    """Matches across the reader's projects."""

    lots: list[ElsewhereLot]
