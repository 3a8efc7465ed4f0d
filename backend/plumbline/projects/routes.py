"""Routes of projects: what a code stands for, and the preview of an import."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import State, UploadFile
from litestar.params import FromPath, MultipartBody

from plumbline import codes, db
from plumbline.identity.access import Reader, member_of, member_who_may, project_ids
from plumbline.projects import importing
from plumbline.projects.acts import codes_of
from plumbline.projects.errors import CodeUnknown
from plumbline.projects.schemas import BadCellOut, CodeOut, ImportPreview, ImportRow
from plumbline.projects.service import find_code

MAX_IMPORT_BYTES = 20 * 1024 * 1024


@dataclass
class ImportFile:
    """The form of the preview. Named by its field: the framework fails on a form without any file otherwise."""

    file: UploadFile


@get("/api/codes/{code:str}", sync_to_thread=True)
def read_code(code: FromPath[str], state: State, reader: Reader) -> CodeOut:
    """What a scanned code stands for, in the reader's projects. Problems: code-unknown (also for strangers)."""
    try:
        wanted = codes.normalize(code)
    except ValueError as bad:
        raise CodeUnknown() from bad
    with db.reading(state.engine) as session:
        found = find_code(session, wanted, project_ids(session, reader))
        return CodeOut(kind=found.kind, id=found.object_id, project_id=found.project_id)  # type: ignore[arg-type]  # One of the kinds.


@get("/api/projects/{project_id:uuid}/tasks/import-template.csv", sync_to_thread=True, media_type="text/csv")
def import_template(project_id: FromPath[UUID], state: State, reader: Reader) -> Response[bytes]:
    """An empty table with the columns that an import reads. Problems: not-found."""
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
    return Response(
        importing.template(reader.lang),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="tasks.csv"'},
    )


@post(
    "/api/projects/{project_id:uuid}/tasks/import/preview",
    sync_to_thread=True,
    status_code=200,
    request_max_body_size=MAX_IMPORT_BYTES,
)
def preview_import(
    project_id: FromPath[UUID],
    data: MultipartBody[ImportFile],
    state: State,
    reader: Reader,
) -> ImportPreview:
    """What a CSV or XLSX of tasks would add, with every bad row; nothing is stored.

    Problems: not-found, not-allowed, too-large.
    """
    with db.reading(state.engine) as session:
        member_who_may(session, reader, project_id, "task:import")
        existing = set(codes_of(session, project_id))
    content = data.file.file.read()
    table = importing.parse(content, existing=existing)
    return ImportPreview(
        rows=[ImportRow(**row.__dict__) for row in table.rows],
        bad=[BadCellOut(**bad.__dict__) for bad in table.bad],
        count=len(table.rows),
        sha256=hashlib.sha256(content).hexdigest(),
    )


handlers = [read_code, import_template, preview_import]
