"""Tables of identity. Kept: person, credential, device, refresh token, invite, API key. Projected: the rest."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from plumbline.db import Instant, Json


class Person(SQLModel, table=True):
    """A human being. Kept, not projected: acts name people by id only, so that a name can be corrected or erased."""

    id: UUID = Field(primary_key=True)
    display_name: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=Instant)
    # May create projects on this server; nothing else follows from it.
    is_server_admin: bool = False


class Credential(SQLModel, table=True):
    """A password sign-in of an office person. Kept: it is a secret (argon2id hash)."""

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    login: str = Field(unique=True, max_length=120)
    password_hash: str


class Device(SQLModel, table=True):
    """A signing key outside the server (phone, office browser), the server's own, or an API key's voice. Kept."""

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=10)  # phone, office, server
    label: str = Field(max_length=120)
    public_key: bytes = Field(description="Uncompressed P-256 point, 65 bytes.", unique=True)
    enrolled_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class DevicePerson(SQLModel, table=True):
    """Which people may act with a device; a shared phone has several. Kept with the key."""

    __tablename__ = "device_person"
    device_id: UUID = Field(primary_key=True, foreign_key="device.id")
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")


class RefreshToken(SQLModel, table=True):
    """One rotating refresh token, by its SHA-256. Kept. Reuse of a spent one ends its family."""

    __tablename__ = "refresh_token"
    token_sha256: str = Field(primary_key=True, max_length=64)
    family_id: UUID = Field(index=True)
    person_id: UUID = Field(foreign_key="person.id")
    device_id: UUID = Field(foreign_key="device.id")
    issued_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    spent_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class Invite(SQLModel, table=True):
    """An invitation by QR: single use, 72 h. Kept: the code is a secret, stored by its SHA-256."""

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(index=True)
    code_sha256: str = Field(unique=True, max_length=64)
    display_name: str = Field(max_length=80)
    organization_id: UUID
    roles: list[str] = Field(sa_column=Column(Json, nullable=False))
    crew_id: UUID | None = None
    invited_by: UUID
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    joined_by: UUID | None = None
    joined_at: datetime | None = Field(default=None, sa_type=Instant)
    # When the inviter's member:admit was applied; kept here so that a later removal does not reopen the invitation.
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)


class FailedTry(SQLModel, table=True):
    """One wrong password or unknown code, for throttling across processes. Kept for minutes, then swept."""

    __tablename__ = "failed_try"
    __table_args__ = (Index("ix_failed_try_about_at", "about", "at"), Index("ix_failed_try_at", "at"))
    id: UUID = Field(primary_key=True)
    about: str = Field(max_length=64, description="SHA-256 of what is counted: login with address, login, or address.")
    at: datetime = Field(sa_type=Instant)


class ApiKey(SQLModel, table=True):
    """A key of another system, for one project. Kept: a secret, stored by its SHA-256."""

    __tablename__ = "api_key"
    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(index=True)
    key_sha256: str = Field(unique=True, max_length=64)
    label: str = Field(max_length=120)
    person_id: UUID = Field(foreign_key="person.id", description="Whose roles the key carries.")
    created_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class Organization(SQLModel, table=True):
    """A company or authority in a project. Projected from organization:add."""

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(index=True)
    name: str = Field(max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    kind: str = Field(max_length=20)


class Membership(SQLModel, table=True):
    """A person's place in a project: organization, roles, crew. Projected from member:admit and member:remove."""

    __table_args__ = (Index("ix_membership_person", "person_id"),)
    project_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    organization_id: UUID | None = None
    roles: list[str] = Field(sa_column=Column(Json, nullable=False))
    crew_id: UUID | None = None
    state: str = Field(max_length=10)  # active, removed


class Crew(SQLModel, table=True):
    """A crew (班组) of a trade. Projected from crew:add."""

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(index=True)
    name: str = Field(max_length=120)
    name_en: str | None = Field(default=None, max_length=120)
    organization_id: UUID | None = None
    trade: str = Field(max_length=60)


class Equipment(SQLModel, table=True):
    """A machine or instrument with its calibration. Projected from equipment:add."""

    __table_args__ = (UniqueConstraint("project_id", "code"),)
    id: UUID = Field(primary_key=True)
    project_id: UUID
    code: str = Field(max_length=60)
    name: str = Field(max_length=120)
    name_en: str | None = Field(default=None, max_length=120)
    kind: str = Field(max_length=60)
    serial_no: str | None = Field(default=None, max_length=120)
    calibrated_on: date | None = None
    calibration_due_on: date | None = None
    qr: str | None = Field(default=None, max_length=26)
