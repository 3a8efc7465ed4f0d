"""What comes in and goes out of push."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class SubscriptionIn(BaseModel):
    """What `PushSubscription.toJSON()` of a browser says, and the language of the messages."""

    model_config = ConfigDict(extra="forbid")
    endpoint: str = Field(min_length=8, max_length=2000)
    p256dh: str = Field(min_length=80, max_length=100, pattern=r"^[A-Za-z0-9_-]+=*$")
    auth: str = Field(min_length=20, max_length=40, pattern=r"^[A-Za-z0-9_-]+=*$")
    language: Literal["zh", "en"]


class PushOut(BaseModel):
    """The server's key that browsers subscribe with, and whether this person gets messages on this device."""

    public_key: str = Field(description="Uncompressed P-256 point, base64url without padding (RFC 8292).")
    is_on: bool


class HeldStep(BaseModel):
    """One act of which files are still missing."""

    act_id: UUID
    object_kind: str
    object_id: UUID
    name: str | None = Field(description="Name of the task node, for steps.")
    missing: int
    received_at: datetime


class HoldingOut(BaseModel):
    """A device that still holds evidence: its acts are here, files of them are not."""

    device_id: UUID
    person_id: UUID
    label: str
    last_contact_at: datetime | None = Field(description="Newest sign of life at the server, UTC.")
    missing: int = Field(description="Files that acts of this device name and the server has not verified.")
    acts: int
    since: datetime = Field(description="When the server received the oldest of these acts, UTC.")
    takes_messages: bool
    is_revoked: bool
    steps: list[HeldStep] = Field(description="The oldest 50.")
