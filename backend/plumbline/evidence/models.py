"""Tables of evidence. Projected: file, act_file. Kept, each with its reason: upload, upload_part, derivative,
photo_claim."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from plumbline.db import Instant, Json


class EvidenceFile(SQLModel, table=True):
    """A file that acts name, by its hash. Projected from the acts that list it and from evidence:verified."""

    __tablename__ = "file"
    __table_args__ = (CheckConstraint("status IN ('expected', 'verified')", name="ck_file_status"),)
    project_id: UUID = Field(primary_key=True)
    sha256: str = Field(primary_key=True, max_length=64)
    status: str = Field(max_length=10)
    # What the server found when it read the bytes; None while they are expected.
    bytes: int | None = Field(default=None, sa_type=BigInteger, description="Length.")
    mime: str | None = Field(default=None, max_length=100, description="By the bytes, else as declared.")
    is_decodable: bool | None = Field(default=None, description="None: not a picture, so nobody tried.")
    width_px: int | None = None
    height_px: int | None = None
    note: str | None = Field(default=None, max_length=60, description="Why it cannot be decoded; a key of NOTES.")
    verified_act_id: UUID | None = None


class ActFileRow(SQLModel, table=True):
    """One file as one act lists it. Projected. What the act claims of the file stays beside what was found."""

    __tablename__ = "act_file"
    __table_args__ = (
        Index("ix_act_file_sha256", "project_id", "sha256"),
        Index("ix_act_file_object", "project_id", "object_id"),
    )
    project_id: UUID = Field(primary_key=True)
    act_id: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True, description="Order in the act, from 0.")
    object_kind: str = Field(max_length=20, description="lot, step, certificate, defect, …")
    object_id: UUID
    sha256: str = Field(max_length=64)
    bytes: int = Field(sa_type=BigInteger, description="Length as the act claims it.")
    mime: str = Field(max_length=100, description="As the act claims it.")
    role: str = Field(max_length=80)
    capture: str = Field(max_length=12)


class Upload(SQLModel, table=True):
    """An intent to send one file. Kept: it says what a phone was told and how far it came, which no act does."""

    __table_args__ = (Index("ix_upload_sha256", "project_id", "sha256"),)
    id: UUID = Field(primary_key=True)
    project_id: UUID
    sha256: str = Field(max_length=64)
    bytes: int = Field(sa_type=BigInteger)
    mime: str = Field(max_length=100)
    person_id: UUID
    device_id: UUID | None = None
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    state: str = Field(max_length=10, description="open, checking, verified, refused")
    checking_until: datetime | None = Field(default=None, sa_type=Instant, description="A dead checker's claim ends.")
    received_bytes: int | None = Field(
        default=None, sa_type=BigInteger, description="While open: how far the chunks came. Afterwards: the length."
    )
    multipart_id: str | None = Field(default=None, max_length=1024, description="The store's name for its parts.")
    received_sha256: str | None = Field(default=None, max_length=64, description="Of bytes that were refused.")


class UploadPart(SQLModel, table=True):
    """A piece of a file that came in chunks, kept as an object of its own. Kept: no act says how a file travelled.

    Rows are added in order and without gaps: the next one starts where `upload.received_bytes` ends.
    """

    __tablename__ = "upload_part"
    project_id: UUID = Field(primary_key=True)
    upload_id: UUID = Field(primary_key=True)
    start: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    bytes: int
    name: str = Field(max_length=40, description="Of the object, below parts/<upload id>/.")


class Derivative(SQLModel, table=True):
    """A smaller picture of a file. Kept: made from the original by a job, and made again from it when lost."""

    project_id: UUID = Field(primary_key=True)
    sha256: str = Field(primary_key=True, max_length=64)
    size_px: int = Field(primary_key=True, description="Longest side at most: 320 or 1600.")
    state: str = Field(max_length=10)  # ready, impossible
    bytes: int | None = None
    width_px: int | None = None
    height_px: int | None = None
    note: str | None = Field(default=None, max_length=60)


class PhotoClaim(SQLModel, table=True):
    """What a photo says of itself (EXIF). Kept: read from the original, a claim like any other."""

    __tablename__ = "photo_claim"
    project_id: UUID = Field(primary_key=True)
    sha256: str = Field(primary_key=True, max_length=64)
    claims: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    notes: list[str] = Field(
        sa_column=Column(Json, nullable=False), description="What could not be read, keys of NOTES."
    )
