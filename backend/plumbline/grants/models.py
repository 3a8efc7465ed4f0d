"""Tables of grants. Projected: access_grant. Kept: grant_link (a secret, and names), grant_view (a log)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from plumbline.db import Instant, Json


class Grant(SQLModel, table=True):
    """Access without membership. Projected from grant:issue and grant:revoke."""

    # GRANT is a word of SQL.
    __tablename__ = "access_grant"
    __table_args__ = (
        Index("ix_access_grant_scope", "project_id", "scope_id"),
        CheckConstraint("scope_kind IN ('project', 'task', 'lot')", name="ck_access_grant_scope"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    kind: str = Field(max_length=12)  # inspector, approver, supplier, public
    scope_kind: str = Field(max_length=10)
    scope_id: UUID
    rights: list[str] = Field(sa_column=Column(Json, nullable=False))
    expires_at: datetime = Field(sa_type=Instant)
    issued_by: UUID
    issued_at: datetime = Field(sa_type=Instant)
    revoked_by: UUID | None = None
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    act_id: UUID


class GrantLink(SQLModel, table=True):
    """The link of a grant and who holds it. Kept: the code is a secret, and names must be erasable."""

    __tablename__ = "grant_link"
    __table_args__ = (Index("ix_grant_link_project", "project_id", "grant_id"),)
    grant_id: UUID = Field(primary_key=True)
    project_id: UUID
    code_sha256: str = Field(unique=True, max_length=64)
    # Counts the codes that this grant has had; what was opened with an earlier one is closed.
    generation: int = 1
    holder: str = Field(max_length=80)
    organization: str | None = Field(default=None, max_length=200)
    contact: str | None = Field(default=None, max_length=120)
    made_by: UUID
    made_at: datetime = Field(sa_type=Instant)


class GrantView(SQLModel, table=True):
    """One answer to a link, or to a label's public page, which has no grant.

    Kept: a log, written before the answer leaves; nothing changes or deletes its rows.
    """

    __tablename__ = "grant_view"
    __table_args__ = (
        Index("ix_grant_view_grant", "project_id", "grant_id", "id"),
        Index("ix_grant_view_object", "project_id", "grant_id", "object_id", "id"),
    )
    id: UUID = Field(primary_key=True, description="UUIDv7: in the order of time.")
    project_id: UUID
    grant_id: UUID | None = None
    at: datetime = Field(sa_type=Instant)
    what: str = Field(max_length=12, description="open, task, step, lot, trace, act, file, contents, …")
    object_id: UUID | None = None
    path: str = Field(max_length=300)
    address: str = Field(max_length=50, description="Network of the reader: IPv4 /24, IPv6 /48.")
    agent: str = Field(max_length=80, description="Start of the browser's own name.")
