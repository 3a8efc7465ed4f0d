"""Routes of projects: what a code stands for, and the preview of an import."""

from uuid import UUID

from litestar import Response, get
from litestar.datastructures import State
from sqlmodel import select

from plumbline import codes, db
from plumbline.identity.access import Reader, member_of
from plumbline.identity.models import Membership
from plumbline.projects import importing
from plumbline.projects.errors import CodeUnknown
from plumbline.projects.schemas import CodeOut
from plumbline.projects.service import find_code

MAX_IMPORT_BYTES = 20 * 1024 * 1024


@get("/api/codes/{code:str}", sync_to_thread=True)
def read_code(code: str, state: State, reader: Reader) -> CodeOut:
    """What a scanned code stands for, in the reader's projects. Problems: code-unknown (also for strangers)."""
    try:
        wanted = codes.normalize(code)
    except ValueError as bad:
        raise CodeUnknown() from bad
    with db.reading(state.engine) as session:
        mine = session.exec(
            select(Membership.project_id).where(Membership.person_id == reader.person_id, Membership.state == "active")
        ).all()
        found = find_code(session, wanted, list(mine))
        member_of(session, reader, found.project_id)
        return CodeOut(kind=found.kind, id=found.object_id, project_id=found.project_id)  # type: ignore[arg-type]  # One of the kinds.


@get("/api/projects/{project_id:uuid}/tasks/import-template.csv", sync_to_thread=True, media_type="text/csv")
def import_template(project_id: UUID, state: State, reader: Reader) -> Response[bytes]:
    """An empty table with the columns that an import reads. Problems: not-found."""
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
    return Response(
        importing.template(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="tasks.csv"'},
    )


handlers = [read_code, import_template]
