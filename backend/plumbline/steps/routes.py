"""Routes that read steps: one step's full record, and the page of an element."""

from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath

from plumbline import db
from plumbline.identity.access import Reader, member_of
from plumbline.steps import element, record
from plumbline.steps.schemas import StepRecordOut, TaskRecordOut


@get("/api/projects/{project_id:uuid}/steps/{step_id:uuid}", sync_to_thread=True)
def read_step(project_id: FromPath[UUID], step_id: FromPath[UUID], state: State, reader: Reader) -> StepRecordOut:
    """One step with lots, people, sketch, checks and the acts behind it. Problems: not-found, step-not-found."""
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
        return record.step_record(session, project_id, step_id, reader.person_id)


@get("/api/projects/{project_id:uuid}/tasks/{task_id:uuid}/record", sync_to_thread=True)
def read_task_record(
    project_id: FromPath[UUID], task_id: FromPath[UUID], state: State, reader: Reader
) -> TaskRecordOut:
    """The element page under its six headings. Problems: not-found, task-unknown."""
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
        return element.task_record(session, project_id, task_id)


handlers = [read_step, read_task_record]
