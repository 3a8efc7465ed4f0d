"""Finding steps, and who took part in them."""

from uuid import UUID

from sqlmodel import Session, select

from plumbline.steps.errors import StepNotFound
from plumbline.steps.models import StepPerson, StepRecord


def get(session: Session, project_id: UUID, step_id: UUID) -> StepRecord:
    """The step of this project. Raises StepNotFound, also for another project's."""
    found = session.get(StepRecord, step_id)
    if found is None or found.project_id != project_id:
        raise StepNotFound(step=step_id)
    return found


def locked(session: Session, project_id: UUID, step_id: UUID) -> StepRecord:
    """Like `get`, with its row locked on PostgreSQL, so that two people deciding at once come one after the other."""
    mine = select(StepRecord).where(StepRecord.project_id == project_id, StepRecord.id == step_id)
    # What another transaction decided while this one waited for the lock must be read, not what was loaded before.
    found = session.exec(mine.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise StepNotFound(step=step_id)
    return found


def took_part(session: Session, step: StepRecord, person_id: UUID) -> bool:
    """Whether the person recorded the step or is named among its people."""
    if step.recorded_by == person_id:
        return True
    return session.get(StepPerson, (step.project_id, step.id, person_id)) is not None


def newer_than(session: Session, old: StepRecord) -> UUID | None:
    """The id of the record that took the place of this one."""
    mine = select(StepRecord.id).where(StepRecord.project_id == old.project_id, StepRecord.supersedes_id == old.id)
    return session.exec(mine).first()
