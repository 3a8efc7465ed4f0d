"""What a print job asks for."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

# Ten sheets of 24, two seconds of work; more is asked for in parts.
MOST_LABELS = 240
_Short = Annotated[str, StringConstraints(max_length=20)]


class LabelledThing(BaseModel):
    """What a label is for."""

    kind: Literal["lot", "task", "place", "equipment"]
    id: UUID


class LabelJob(BaseModel):
    """Labels of `things`, or the blank ones of a `roll` from running number `first` to `last`.

    As `pdf` on A4 `sheet`s (columns x rows), beginning at place `start` of a part-used one; as `zpl` in a `size` in
    millimetres for a printer of `dpi` dots to the inch.
    """

    things: list[LabelledThing] = Field(default_factory=list, max_length=1000)
    roll: UUID | None = None
    first: int = Field(1, ge=1, le=100_000)
    last: int = Field(1, ge=1, le=100_000)
    form: Literal["pdf", "zpl"] = "pdf"
    sheet: _Short = "3x8"
    start: int = Field(1, ge=1, le=100)
    size: _Short = "60x40"
    dpi: Literal[203, 300] = 203
