"""A step awaits its files: it is submitted when the server has verified every one of them."""

from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.transaction import Act, Tx
from plumbline.evidence import service as evidence
from plumbline.evidence.models import ActFileRow
from plumbline.steps.models import StepRecord


def status_of_new(session: Session, act: Act) -> str:
    """The status in which a step begins."""
    names = [file.sha256 for file in act.files]
    return "submitted" if evidence.is_verified(session, act.project_id, names) else "awaiting_files"


def awaited_by(session: Session, step: StepRecord) -> int:
    """How many files of a recorded step are still to come."""
    listed = select(ActFileRow.sha256).where(ActFileRow.project_id == step.project_id, ActFileRow.act_id == step.act_id)
    return len(evidence.unverified(session, step.project_id, list(set(session.exec(listed)))))


def arrived(tx: Tx, project_id: UUID, sha256: str) -> None:
    """A file was verified: steps that list it change in the feed, and those that now have all become submitted."""
    listing = (
        select(StepRecord)
        .where(StepRecord.project_id == project_id, StepRecord.status == "awaiting_files")
        .where(
            col(StepRecord.act_id).in_(
                select(ActFileRow.act_id).where(ActFileRow.project_id == project_id, ActFileRow.sha256 == sha256)
            )
        )
        .order_by(col(StepRecord.id))
    )
    # Locked on PostgreSQL: two last files verified at once must not each see the other as missing.
    for step in tx.session.exec(listing.with_for_update().execution_options(populate_existing=True)):
        if awaited_by(tx.session, step) == 0:
            step.status = "submitted"
            tx.session.add(step)
        tx.touch("step", step.id)
        tx.touch("task", step.task_id)


evidence.ON_VERIFIED.append(arrived)
