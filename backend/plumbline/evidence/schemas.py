"""What comes in and goes out of evidence's routes."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

SHA256_PATTERN = r"^[0-9a-f]{64}$"


class UploadAsked(BaseModel):
    """A file that a phone wants to send."""

    model_config = ConfigDict(extra="forbid")
    sha256: str = Field(pattern=SHA256_PATTERN)
    bytes: int = Field(ge=0, description="Length; 0 is refused with file-empty.")
    mime: str = Field(max_length=200, description="Declared media type; parameters are dropped.")


class UploadsIn(BaseModel):
    """Up to 200 files in one call."""

    model_config = ConfigDict(extra="forbid")
    files: list[UploadAsked] = Field(min_length=1, max_length=200)


class ChunksOut(BaseModel):
    """The way for lines that never carry a whole file: PATCH chunk after chunk, from `offset` on."""

    url: str = Field(description="A path of this server; HEAD tells the offset, PATCH takes a chunk.")
    chunk_bytes: int
    offset: int = Field(description="How many bytes from the beginning are here by chunks.")


class UploadOut(BaseModel):
    """Where to send one file; `verified`: the server has it already, nothing is to be sent."""

    sha256: str
    state: Literal["verified", "upload"]
    upload_id: UUID | None = None
    method: str | None = None
    url: str | None = Field(default=None, description="Absolute at an S3 store, else a path of this server.")
    headers: dict[str, str] = Field(default_factory=dict, description="To be sent exactly so.")
    expires_at: datetime | None = None
    chunks: ChunksOut | None = None
    parts_url: str | None = Field(default=None, description="Where to ask for parts; only for files above 8 MiB.")


class PartsIn(BaseModel):
    """The parts that will be sent next."""

    model_config = ConfigDict(extra="forbid")
    numbers: list[int] = Field(min_length=1, max_length=50, description="From 1.")


class PartOut(BaseModel):
    """Where to send one part."""

    number: int
    bytes: int
    method: str = "PUT"
    url: str = Field(description="Absolute at an S3 store, else a path of this server.")
    headers: dict[str, str] = Field(description="To be sent exactly so.")


class PartsOut(BaseModel):
    """How a large file comes in parts of `part_bytes` (the last one is shorter), and which are here."""

    part_bytes: int
    count: int
    done: list[int] = Field(description="Numbers of the parts that are here whole.")
    parts: list[PartOut] = Field(description="One for each asked for, in order; none when only listing.")
    expires_at: datetime


class UploadsOut(BaseModel):
    """One answer for each file, in the order asked."""

    uploads: list[UploadOut]


class CompleteOut(BaseModel):
    """The server has read and hashed every byte. A file that does not match is a problem document instead."""

    sha256: str
    status: Literal["verified"] = "verified"


class OrphanOut(BaseModel):
    """A file that no act names (`name`: its hash), or an upload that never was complete (`name`: its id)."""

    kind: Literal["file", "upload"]
    name: str
    bytes: int | None = Field(description="Length of a file; how far the chunks of an upload came.")
    since: datetime
    swept_after: datetime


class OrphansOut(BaseModel):
    """What belongs to nothing in this project, oldest first."""

    orphans: list[OrphanOut]


class LinkOut(BaseModel):
    """An address at which the original can be downloaded without signing in, for a while."""

    url: str = Field(description="Absolute at an S3 store, else a path of this server.")
    expires_at: datetime


class AttachedOut(BaseModel):
    """An act that lists the file."""

    act_id: UUID
    kind: str
    id: UUID
    role: str
    capture: str


class DerivativeOut(BaseModel):
    """A smaller picture; `size` is the longest side at most, in pixels."""

    size: int
    state: Literal["ready", "impossible", "waiting"]
    width: int | None = None
    height: int | None = None


class FileMeta(BaseModel):
    """What is known of a file. `claims` are the photo's own words (EXIF), shown as claims."""

    sha256: str
    status: Literal["expected", "verified"]
    bytes: int | None
    mime: str | None
    decodable: bool | None
    width: int | None
    height: int | None
    note: dict[str, str] | None = Field(description="Why it cannot be decoded, in zh and en.")
    claims: dict[str, Any]
    notes: list[dict[str, str]] = Field(description="What could not be read of the photo's data, in zh and en.")
    derivatives: list[DerivativeOut]
    attached: list[AttachedOut]
