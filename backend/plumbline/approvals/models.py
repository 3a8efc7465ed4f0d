"""Tables of approvals. Projected from approval:decide."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from plumbline.db import Instant


class Decision(SQLModel, table=True):
    """One decision of a named person. Subject, flow and stage are named, so that configured flows fit later."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_subject", "project_id", "subject_kind", "subject_id"),
        CheckConstraint("decision IN ('approve', 'reject', 'ask')", name="ck_decision_decision"),
    )
    id: UUID = Field(primary_key=True)
    project_id: UUID
    subject_kind: str = Field(max_length=20)
    subject_id: UUID
    flow_key: str = Field(max_length=60)
    flow_version: int
    stage: str = Field(max_length=60)
    decision: str = Field(max_length=10)
    reason: str | None = None
    decided_by: UUID
    decided_at: str = Field(max_length=40, description="The wall clock that the decider's device claimed.")
    received_at: datetime = Field(sa_type=Instant)
    act_id: UUID
