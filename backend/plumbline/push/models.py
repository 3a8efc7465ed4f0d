"""Table of push: push_subscription. Kept: an address of a browser, with its secrets, which no act can say."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from plumbline.db import Instant


class PushSubscription(SQLModel, table=True):
    """Where one browser wants messages for one person. A shared phone has one for each person who asked for it."""

    __tablename__ = "push_subscription"
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    device_id: UUID = Field(primary_key=True, foreign_key="device.id")
    endpoint: str = Field(max_length=2000, description="URL at the browser maker's push service.")
    p256dh: str = Field(max_length=100, description="The browser's public key, base64url of 65 bytes.")
    auth: str = Field(max_length=40, description="The browser's secret, base64url of 16 bytes.")
    language: str = Field(max_length=2)
    subscribed_at: datetime = Field(sa_type=Instant)
