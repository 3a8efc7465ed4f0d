"""Bodies of the public acts, and what the page shows."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from plumbline.acts.registry import Body

Said = Annotated[str, StringConstraints(min_length=3, max_length=1000, strip_whitespace=True)]


class PublishBody(Body):
    """project:publish; the object is the project. Closing the pages closes the reports too."""

    is_open: bool
    takes_faults: bool


class FaultBody(Body):
    """fault:report, by the house alone; the object is the new defect's id."""

    task: UUID
    lot: UUID | None = None
    note: Said


class PublicPageOut(BaseModel):
    """The project's setting, for those who run it."""

    is_open: bool
    takes_faults: bool


class PaperOut(BaseModel):
    """A certificate, as far as it concerns everybody."""

    kind: str
    number: str
    issuer: str | None
    issued_on: date | None


class TestOut(BaseModel):
    """A test and its result."""

    __test__ = False
    kind: str
    result: str
    tested_on: date | None
    due_on: date | None


class WorkOut(BaseModel):
    """A step of work: what was done, on which day, and how it was decided."""

    names: dict[str, str]
    on: date
    status: str


class MaterialOut(BaseModel):
    """A lot: what it is and how it stands."""

    code: str
    names: dict[str, str]
    grade: str | None
    size: str | None
    manufacturer: str | None
    heat_no: str | None
    batch_no: str | None
    status: str


class PublicOut(BaseModel):
    """What a label says to everybody."""

    kind: Literal["lot", "task"]
    project: str
    project_en: str | None
    name: str
    name_en: str | None
    material: MaterialOut | None = Field(description="Of a lot.")
    materials: list[MaterialOut] = Field(description="Lots that are in an element.")
    certificates: list[PaperOut]
    tests: list[TestOut]
    steps: list[WorkOut]
    takes_faults: bool


class FaultOut(BaseModel):
    """The report is here; the number is what one asks the project by."""

    code: str
