"""Tables of projects: the project with its feed counter, places, task nodes, and code counters. Projected."""

from datetime import date
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from plumbline.db import Json


class Project(SQLModel, table=True):
    """A construction project. `feed_seq` numbers its acts: feed cursor, receive order, ledger position."""

    id: UUID = Field(primary_key=True)
    name: str = Field(max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    code: str = Field(max_length=40, unique=True)
    time_zone: str = Field(max_length=60)
    site: list[list[str]] = Field(sa_column=Column(Json, nullable=False), description="[[lat, lon], …], degrees.")
    sample: bool = False
    feed_seq: int = 0


class Place(SQLModel, table=True):
    """A site, store, yard, vehicle, dealer or laboratory where material can be."""

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(index=True)
    name: str = Field(max_length=120)
    name_en: str | None = Field(default=None, max_length=120)
    kind: str = Field(max_length=20)
    lat: str | None = Field(default=None, max_length=16)
    lon: str | None = Field(default=None, max_length=16)
    qr: str | None = Field(default=None, max_length=26)


class TaskNode(SQLModel, table=True):
    """A node of the project's breakdown: unit work, division, subdivision, item, inspection batch, element."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("project_id", "code", name="uq_task_project_code"),
        Index("ix_task_parent", "project_id", "parent_id"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    parent_id: UUID | None = None
    code: str = Field(max_length=60)
    name: str = Field(max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    level: str = Field(max_length=20)
    plan: str | None = Field(default=None, max_length=60)
    lat: str | None = Field(default=None, max_length=16)
    lon: str | None = Field(default=None, max_length=16)
    planned_on: date | None = None
    position: int = 0
    qr: str | None = Field(default=None, max_length=26)
    act_id: UUID


class CodeCounter(SQLModel, table=True):
    """The next human-readable number of a prefix in a project (R-0231, D-0007)."""

    __tablename__ = "code_counter"
    project_id: UUID = Field(primary_key=True)
    prefix: str = Field(primary_key=True, max_length=8)
    last: int = 0


class Code(SQLModel, table=True):
    """What a QR code stands for; random and unguessable, unique on the server.

    A label of a roll is there before it is on anything: its kind is then `blank` and its object the roll.
    """

    __tablename__ = "code"
    __table_args__ = (Index("ix_code_roll", "project_id", "roll_id", "roll_no"),)
    code: str = Field(primary_key=True, max_length=26)
    project_id: UUID = Field(index=True)
    kind: str = Field(max_length=12)  # lot, task, place, equipment, blank
    object_id: UUID
    roll_id: UUID | None = None
    roll_no: int | None = Field(default=None, description="Running number on its roll, from 1.")
