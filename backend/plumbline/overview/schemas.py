"""What the overview answers."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

What = Literal[
    "steps_to_decide",
    "steps_asked",
    "defects_open",
    "recalls_open",
    "tasks_late",
    "actions_late",
    "tests_late",
    "calibrations_late",
    "lots_stopped",
    "lots_held",
    "steps_rejected",
    "lots_without_certificate",
    "steps_without_evidence",
    "steps_awaiting_files",
    "tests_pending",
]
Group = Literal["open", "late", "stopped", "unproven"]


class Total(BaseModel):
    """How many records of one kind there are."""

    what: What
    group: Group
    count: int


class Heading(BaseModel):
    """A place (the part of the building, or where material lies) or a trade (the inspection plan worked by)."""

    key: str = Field(description="For asking for the records; `-` for those that have none.")
    name: str
    name_en: str | None


class Share(BaseModel):
    """The counts under one place or trade; those that are zero are left out."""

    heading: Heading
    counts: dict[str, int]


class OverviewOut(BaseModel):
    """One project."""

    today: str = Field(description="YYYY-MM-DD on site: what is late, is late by this day.")
    totals: list[Total]
    places: list[Share]
    trades: list[Share]


class ProjectShare(BaseModel):
    """One project in the overview of all."""

    project_id: UUID
    name: str
    name_en: str | None
    code: str
    totals: list[Total]


class RecordOut(BaseModel):
    """A record behind a number. `kind` says what page opens it; `at` is a day or an instant, null when it has none."""

    kind: Literal["step", "defect", "task", "lot", "test", "equipment", "recall"]
    id: UUID
    opens: UUID = Field(
        description="The id that its page is opened with: of a test the lot's, of an action the defect's."
    )
    title: str
    title_en: str | None
    note: str | None
    note_en: str | None
    at: str | None


class RecordsOut(BaseModel):
    """The records behind a number, those that wait longest first."""

    records: list[RecordOut]
    count: int
