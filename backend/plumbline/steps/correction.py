"""A correction takes the place of an earlier record of the same people."""

from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.errors import DependencyRefused
from plumbline.acts.models import ActRow
from plumbline.acts.registry import Waits
from plumbline.acts.transaction import Act, Tx
from plumbline.identity.models import Membership
from plumbline.materials import service as materials
from plumbline.steps import service
from plumbline.steps.errors import (
    CorrectionByAnother,
    StepAlreadyApproved,
    StepNotFound,
    StepSuperseded,
)
from plumbline.steps.models import StepRecord


def make_way(tx: Tx, act: Act) -> UUID:
    """Mark the record that this act supersedes, give back what it took from its lots, and return its id.

    Rejected, asked and undecided records may be corrected: one whose photo was lost would wait for ever otherwise.
    Task and kind may differ, for a record at the wrong task is the commonest mistake.
    Raises StepAlreadyApproved, StepSuperseded, CorrectionByAnother, DependencyRefused,
    StepNotFound; Waits for the old act.
    """
    old = _superseded_by(tx.session, act)
    if old.status == "approved":
        raise StepAlreadyApproved(step=old.id)
    if old.status == "superseded":
        raise StepSuperseded(step=old.id, by=service.newer_than(tx.session, old))
    if not _is_theirs(tx.session, old, act.actor_id):
        raise CorrectionByAnother(step=old.id)
    old.status = "superseded"
    tx.session.add(old)
    materials.unconsume(tx, act, old.id)
    tx.touch("step", old.id)
    tx.touch("task", old.task_id)
    return old.id


def _superseded_by(session: Session, act: Act) -> StepRecord:
    assert act.supersedes is not None
    mine = select(StepRecord).where(StepRecord.project_id == act.project_id, StepRecord.act_id == act.supersedes)
    # Locked on PostgreSQL, so that a decision and a correction of the same record cannot cross.
    old = session.exec(mine.with_for_update().execution_options(populate_existing=True)).first()
    if old is not None:
        return old
    before = session.get(ActRow, act.supersedes)
    if before is not None and before.verdict == "refused":
        raise DependencyRefused()
    if before is not None and (before.verdict == "applied" or before.project_id != act.project_id):
        raise StepNotFound(act=act.supersedes)
    raise Waits(f"act:{act.supersedes}")


def _is_theirs(session: Session, old: StepRecord, actor_id: UUID) -> bool:
    if service.took_part(session, old, actor_id):
        return True
    mine = select(Membership.crew_id).where(
        Membership.project_id == old.project_id, Membership.person_id == actor_id, col(Membership.crew_id).is_not(None)
    )
    return old.crew_id is not None and session.exec(mine).first() == old.crew_id
