"""Which devices still hold evidence: acts that are here, with files that are not, or not verified."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow
from plumbline.evidence.models import ActFileRow, EvidenceFile
from plumbline.identity.models import Device, RefreshToken
from plumbline.projects.models import TaskNode
from plumbline.steps.models import StepRecord

SHOWN = 50


@dataclass(frozen=True)
class Held:
    """One act and how many of its files are missing."""

    act_id: UUID
    object_kind: str
    object_id: UUID
    missing: int
    received_at: datetime


@dataclass
class Holding:
    """What one person's records on one device still wait for, oldest first."""

    device_id: UUID
    person_id: UUID
    acts: list[Held] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """Files, counted once for each act that names them."""
        return sum(one.missing for one in self.acts)


def of_project(session: Session, project_id: UUID, before: datetime | None = None) -> list[Holding]:
    """Devices with missing files, the longest waiting first; `before`: only acts received earlier than that."""
    act = (
        col(ActRow.device_id),
        col(ActRow.actor_id),
        col(ActRow.id),
        col(ActFileRow.object_kind),
        col(ActFileRow.object_id),
        col(ActRow.received_at),
    )
    wanted = (
        sa_select(*act, func.count())
        .select_from(EvidenceFile)
        .join(
            ActFileRow,
            (col(ActFileRow.project_id) == EvidenceFile.project_id) & (col(ActFileRow.sha256) == EvidenceFile.sha256),
        )
        .join(ActRow, col(ActRow.id) == ActFileRow.act_id)
        .where(col(EvidenceFile.project_id) == project_id, col(EvidenceFile.status) == "expected")
        .where(col(ActRow.verdict) != "refused")
        .group_by(*act)
        .order_by(col(ActRow.received_at), col(ActRow.id))
    )
    if before is not None:
        wanted = wanted.where(col(ActRow.received_at) < before)
    found: dict[tuple[UUID, UUID], Holding] = {}
    for device_id, person_id, act_id, kind, object_id, received_at, missing in session.execute(wanted):
        holding = found.setdefault((device_id, person_id), Holding(device_id, person_id))
        holding.acts.append(Held(act_id, kind, object_id, missing, received_at))
    return list(found.values())


def names(session: Session, project_id: UUID, step_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names of the task nodes of these steps."""
    wanted = (
        select(StepRecord.id, TaskNode.name)
        .join(TaskNode, col(TaskNode.id) == StepRecord.task_id)
        .where(StepRecord.project_id == project_id, col(StepRecord.id).in_(step_ids))
    )
    return dict(session.exec(wanted).all())


def devices(session: Session, ids: Sequence[UUID]) -> dict[UUID, Device]:
    """The devices, by id."""
    return {device.id: device for device in session.exec(select(Device).where(col(Device.id).in_(ids)))}


def last_contacts(session: Session, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each device last spoke: an open app renews its session every few minutes, and acts say so too."""
    newest: dict[UUID, datetime] = {}
    for row in (
        select(RefreshToken.device_id, func.max(RefreshToken.issued_at))
        .where(col(RefreshToken.device_id).in_(ids))
        .group_by(col(RefreshToken.device_id)),
        select(ActRow.device_id, func.max(ActRow.received_at))
        .where(col(ActRow.device_id).in_(ids))
        .group_by(col(ActRow.device_id)),
    ):
        for device_id, at in session.exec(row):
            newest[device_id] = max(at, newest.get(device_id, at))
    return newest
