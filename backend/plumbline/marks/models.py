"""Tables of marks and of rolls of labels printed ahead. Projected."""

from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Roll(SQLModel, table=True):
    """A roll of blank labels. Its codes follow from the seed, so that every phone of the project knows them."""

    __table_args__ = (Index("ix_roll_project", "project_id", "code", unique=True),)
    id: UUID = Field(primary_key=True)
    project_id: UUID
    code: str = Field(max_length=20)
    count: int
    seed: str = Field(max_length=64, description="32 random bytes, lower-case hex.")
    printed_to: int = Field(default=0, description="The highest running number that was printed.")
    note: str | None = Field(default=None, max_length=200)
    act_id: UUID


class Mark(SQLModel, table=True):
    """A mark that was on a thing already: what was read, its normal form, and the thing it is on."""

    __table_args__ = (
        Index("ix_mark_value", "project_id", "value"),
        Index("ix_mark_thing", "project_id", "thing_id"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    kind: str = Field(max_length=12)
    text: str = Field(max_length=400)
    value: str = Field(max_length=200)
    thing_kind: str = Field(max_length=12)
    thing_id: UUID
    act_id: UUID
    released_act_id: UUID | None = None
