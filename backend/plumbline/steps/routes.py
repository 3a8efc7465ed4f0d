"""Routes that read steps: one step's full record, and the page of an element."""

from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath

from plumbline import db
from plumbline.grants.sight import sight_of
from plumbline.grants.visiting import VIEWER, Viewer
from plumbline.steps import element, record
from plumbline.steps.schemas import StepRecordOut, TaskRecordOut


@get("/api/projects/{project_id:uuid}/steps/{step_id:uuid}", sync_to_thread=True, dependencies=VIEWER)
def read_step(project_id: FromPath[UUID], step_id: FromPath[UUID], state: State, viewer: Viewer) -> StepRecordOut:
    """One step with lots, people, sketch, checks and the acts behind it; open to links.

    Problems: not-found, step-not-found, link-expired, link-revoked.
    """
    with db.reading(state.engine) as session:
        sight = sight_of(session, viewer, project_id)
        sight.thing("step", step_id)
        return record.step_record(session, project_id, step_id, sight.reader_id)


@get("/api/projects/{project_id:uuid}/tasks/{task_id:uuid}/record", sync_to_thread=True, dependencies=VIEWER)
def read_task_record(
    project_id: FromPath[UUID], task_id: FromPath[UUID], state: State, viewer: Viewer
) -> TaskRecordOut:
    """The element page under its six headings; open to links.

    Problems: not-found, task-unknown, link-expired, link-revoked.
    """
    with db.reading(state.engine) as session:
        sight_of(session, viewer, project_id).thing("task", task_id)
        return element.task_record(session, project_id, task_id)


handlers = [read_step, read_task_record]
