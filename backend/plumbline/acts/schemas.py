"""What the door's routes read and answer."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["applied", "deferred", "refused"]


class ProblemOut(BaseModel):
    """An RFC 9457 problem document; further members say which ids and numbers are meant."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str


class EnvelopeIn(BaseModel):
    """One envelope: payload and signature in standard base64."""

    model_config = ConfigDict(extra="forbid")
    payload: str = Field(max_length=24 * 1024, description="Exact UTF-8 JSON bytes, base64.")
    device_id: UUID
    signature: str = Field(max_length=120, description="ECDSA P-256 over DSSE PAE, raw r||s, base64.")


class BatchIn(BaseModel):
    """Up to 100 envelopes of one project."""

    model_config = ConfigDict(extra="forbid")
    envelopes: list[dict[str, Any]]


class ActResult(BaseModel):
    """The current verdict of one act."""

    id: UUID | None
    verdict: Verdict
    number: int | None = Field(description="The act's number in its project; null until applied.")
    flags: list[str]
    waits_for: list[str]
    problem: ProblemOut | None
    received_at: datetime | None


class BatchOut(BaseModel):
    """One result per envelope, in the order sent."""

    results: list[ActResult]


class ActIn(BaseModel):
    """An act of another system; its id is the idempotency key."""

    model_config = ConfigDict(extra="forbid")
    id: UUID
    object: UUID
    body: dict[str, Any]
    files: list[dict[str, Any]] = Field(default_factory=list, max_length=100)
    depends_on: list[UUID] = Field(default_factory=list, max_length=50)
    at: str | None = Field(None, max_length=40, description="When it happened there, ISO 8601; default now.")


class ChangeOut(BaseModel):
    """One changed object: its newest row, or null when it is gone."""

    number: int
    kind: str
    id: UUID
    row: dict[str, Any] | None


class FeedOut(BaseModel):
    """Changes after a position, the next position, and the newest one."""

    changes: list[ChangeOut]
    cursor: int
    after: str | None = Field(description="Inside one number too large for a page; send it back beside the cursor.")
    head: int
    more: bool


class ActOut(BaseModel):
    """An act with its proof: exact bytes, hash, signature, key, position, receive time."""

    id: UUID
    project_id: UUID
    type: str
    object_id: UUID
    actor_id: UUID
    number: int | None
    verdict: Verdict
    flags: list[str]
    problem: ProblemOut | None
    received_at: datetime
    applied_at: datetime | None
    payload: str = Field(description="The signed bytes, as text.")
    payload_sha256: str = Field(description="SHA-256 of the DSSE encoding.")
    signature: str
    public_key: str
    device_id: UUID
    device_label: str
    handed_in_by: UUID | None = Field(description="Who sent it in place of the device, as from an exported file.")
    signed_by: Literal["device", "server"]
    signature_holds: bool = Field(description="Checked again for this answer.")


class ActList(BaseModel):
    """Acts, newest first."""

    acts: list[ActOut]


class SignerOut(BaseModel):
    """A person or device; `name` is null when the project does not know them."""

    id: UUID
    name: str | None


class AnswerOut(BaseModel):
    """What a manager decided about a refused record."""

    id: UUID
    act_id: UUID | None
    decision: Literal["dismissed", "taken_over", "asked"]
    note: str | None
    new_act_id: UUID | None
    by: SignerOut
    at: datetime


class CaseOut(BaseModel):
    """A refused act, or signed bytes that could become none (`kept`); what they say of themselves are claims."""

    id: UUID
    source: Literal["act", "kept"]
    act_id: UUID | None = Field(description="The act's id as its device knows it.")
    type: str | None
    object_id: UUID | None
    seq: int | None
    claimed_at: str | None = Field(description="The device's own clock.")
    received_at: datetime
    device: SignerOut
    person: SignerOut | None
    handed_in_by: SignerOut | None = Field(description="Who sent it in place of the device.")
    problem: ProblemOut | None
    flags: list[str]
    answer: AnswerOut | None


class CaseList(BaseModel):
    """Cases, newest first, and how many of all are open."""

    open: int
    cases: list[CaseOut]


class CaseDetail(CaseOut):
    """A case with the exact bytes that were signed; `payload` is null when they are no text."""

    payload: str | None
    payload_base64: str
    payload_sha256: str = Field(description="SHA-256 of the DSSE encoding.")
    signature: str


class LinkOut(BaseModel):
    """One signed payload in a device's chain. Of one in another project only `seq` and time are told."""

    seq: int
    received_at: datetime
    id: UUID | None = None
    type: str | None = None
    verdict: Literal["applied", "deferred", "refused", "kept"] | None = None
    number: int | None = None
    payload_sha256: str | None = None


class GapOut(BaseModel):
    """Numbers that the device has given and the server has not seen, both ends included."""

    first: int
    last: int


class ChainOut(BaseModel):
    """The chain of a device as it stands now, through all its projects."""

    device_id: UUID
    label: str
    is_whole: bool
    links: int
    newest: LinkOut | None
    gaps: list[GapOut]
    forks: list[list[LinkOut]] = Field(description="All payloads of one number.")
    broken: list[LinkOut] = Field(description="Links whose `prev` is no payload of the number before.")
    is_truncated: bool
