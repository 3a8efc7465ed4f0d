"""Table of definitions that a project published. Projected: an act published each version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Field, SQLModel

from plumbline.db import Instant, Json


class DefinitionRow(SQLModel, table=True):
    """One version of a definition of one project. Version 1 of every key is shipped and has no row."""

    __tablename__ = "definition"
    __table_args__ = (
        CheckConstraint("version >= 1", name="definition_version_positive"),
        CheckConstraint("length(content_sha256) = 64", name="definition_content_sha256_whole"),
    )

    project_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=20)  # material, plan
    key: str = Field(primary_key=True, max_length=80)
    version: int = Field(primary_key=True)
    content_sha256: str = Field(max_length=64)
    body: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    act_id: UUID
    published_at: datetime = Field(sa_type=Instant)
