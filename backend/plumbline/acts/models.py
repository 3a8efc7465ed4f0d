"""Tables of the door. An act's own row is the ledger entry: exact bytes, hash, number, time of receipt."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from plumbline.db import Instant, Json


class ActRow(SQLModel, table=True):
    """One act as it came in, with its recorded verdict. Never changed after `applied`, never deleted."""

    __tablename__ = "act"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        Index("ix_act_device_seq", "device_id", "seq"),
        Index("ix_act_project_verdict", "project_id", "verdict"),
        Index("ix_act_object", "object_id"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    number: int | None = Field(default=None, description="Gapless in the project: feed cursor, order, ledger position.")
    type: str = Field(max_length=60)
    v: int
    object_id: UUID
    actor_id: UUID
    device_id: UUID
    seq: int | None = None
    prev: str | None = Field(default=None, max_length=64)
    payload: bytes = Field(description="The exact UTF-8 JSON bytes that were signed.")
    pae_sha256: str = Field(max_length=64, description="SHA-256 of the DSSE pre-authentication encoding.")
    signature: bytes
    supersedes_id: UUID | None = None
    handed_in_by: UUID | None = Field(default=None, description="Who sent it in place of the device that signed it.")
    verdict: str = Field(max_length=10)  # claimed (inside its transaction only), applied, deferred, refused
    problem: dict[str, Any] | None = Field(default=None, sa_column=Column(Json))
    flags: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    received_at: datetime = Field(sa_type=Instant)
    applied_at: datetime | None = Field(default=None, sa_type=Instant)


class ActWait(SQLModel, table=True):
    """What a deferred act waits for: `act:<id>`, `file:<sha256>`, `definition:<key>:<version>`."""

    __tablename__ = "act_wait"
    __table_args__ = (Index("ix_act_wait_key", "project_id", "key"),)
    act_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=200)
    project_id: UUID


class KeptAct(SQLModel, table=True):
    """Validly signed bytes that could not become an act: unreadable, id taken, no member. Kept for review."""

    __tablename__ = "kept_act"
    __table_args__ = (UniqueConstraint("pae_sha256", "device_id"),)
    id: UUID = Field(primary_key=True)
    claimed_id: UUID | None = None
    project_id: UUID | None = Field(default=None, index=True)
    device_id: UUID
    payload: bytes
    pae_sha256: str = Field(max_length=64)
    signature: bytes
    problem: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    handed_in_by: UUID | None = None
    received_at: datetime = Field(sa_type=Instant)


class Change(SQLModel, table=True):
    """One changed feed row, by the number of the act that changed it."""

    __table_args__ = (Index("ix_change_object", "project_id", "kind", "object_id", "number"),)
    project_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=20)
    object_id: UUID = Field(primary_key=True)


class FeedHorizon(SQLModel, table=True):
    """What the feed of a project no longer tells. Kept: it says what was forgotten, which no act can say."""

    __tablename__ = "feed_horizon"
    project_id: UUID = Field(primary_key=True)
    floor: int = Field(default=0, description="Positions below it (but 0) missed deletions: they get 410.")
    looked_up_to: int = Field(default=0, description="Changes up to this number were looked at for old deletions.")


class FeedSnapshot(SQLModel, table=True):
    """One immutable snapshot file of a project in the store. Kept: it is a copy, and is made again when missing."""

    __tablename__ = "feed_snapshot"
    project_id: UUID = Field(primary_key=True)
    sha256: str = Field(primary_key=True, max_length=64)
    cursor: int = Field(description="The feed goes on from this number.")
    bytes: int
    rows: int
    built_at: datetime = Field(sa_type=Instant)


class QuarantineAnswer(SQLModel, table=True):
    """What a manager decided about a refused act or kept bytes. Projected from quarantine:answer and :reopen."""

    __tablename__ = "quarantine_answer"
    __table_args__ = (Index("ix_quarantine_answer_project", "project_id"),)
    item_id: UUID = Field(primary_key=True, description="The refused act's id, or the id under which bytes are kept.")
    project_id: UUID
    claimed_id: UUID | None = Field(default=None, description="The act's id as the phone knows it.")
    decision: str = Field(max_length=12)  # dismissed, taken_over, asked
    note: str | None = Field(default=None, max_length=2000)
    new_act_id: UUID | None = None
    act_id: UUID = Field(description="The quarantine:answer act.")
    answered_by: UUID
    answered_at: datetime = Field(sa_type=Instant)
