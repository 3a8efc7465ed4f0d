"""Bodies of the supplier acts, and what the routes take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from plumbline.acts.fields import Note, Short
from plumbline.acts.registry import Body
from plumbline.materials.schemas import Reason

Standing = Literal["none", "approved", "suspended"]
ForeignName = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class ApproveBody(Body):
    """supplier:approve; the object is the organization. Lifts a suspension, and says why then."""

    reason: Note | None = None


class SuspendBody(Body):
    """supplier:suspend; the object is the organization."""

    reason: Reason


class MergeBody(Body):
    """supplier:merge; the object is the duplicate, `into` the one that stays."""

    into: UUID
    reason: Note | None = None


class NameBody(Body):
    """supplier:name; the object is the organization that another system calls so."""

    name: ForeignName
    system: Short | None = None


class SupplierOut(BaseModel):
    """A supplier as the office sees it."""

    id: UUID
    name: str
    name_en: str | None
    standing: Standing
    reason: str | None
    by_name: str | None
    at: datetime | None
    merged_into: UUID | None
    names: list[str] = Field(description="What other systems call it, confirmed.")
    lots: int = Field(description="Received lots that name it.")


class MatchIn(BaseModel):
    """Names of another system, to be matched."""

    model_config = ConfigDict(extra="forbid")
    names: list[ForeignName] = Field(min_length=1, max_length=200)


class Proposal(BaseModel):
    """A supplier that may be meant. `likeness` runs from 0 to 1; 1 is the same name but for its legal form."""

    id: UUID
    name: str
    name_en: str | None
    likeness: float


class MatchOut(BaseModel):
    """What is known of one foreign name: confirmed, or what may be meant, the likeliest first."""

    name: str
    confirmed: UUID | None
    proposals: list[Proposal]
