"""Routes that read recalls: what one would do, who knows, the same heat in other projects, and the report."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter
from pydantic import ValidationError

from plumbline import db
from plumbline.acts.envelope import first_error
from plumbline.acts.fields import Day
from plumbline.identity.access import Reader, member_of, member_who_may, member_who_sees, project_ids
from plumbline.problems import Malformed
from plumbline.recalls import report, service
from plumbline.recalls.schemas import About, Basis, ElsewhereOut, KnowledgeOut, PreviewOut

Text = Annotated[str | None, Parameter(max_length=120)]


@get("/api/projects/{project_id:uuid}/recalls/preview", sync_to_thread=True)
def preview_recall(
    project_id: FromPath[UUID],
    state: State,
    reader: Reader,
    kind: FromQuery[Basis],
    things: FromQuery[Annotated[list[UUID], Parameter(max_items=200)] | None] = None,
    heat: FromQuery[Text] = None,
    manufacturer: FromQuery[Text] = None,
    material: FromQuery[Text] = None,
    since: FromQuery[Day | None] = None,
    until: FromQuery[Day | None] = None,
) -> PreviewOut:
    """What a recall on this would stop, beside what would be stopped without a trace.

    Problems: not-found (also for strangers), not-allowed, recall-thing-unknown, recall-nothing-found.
    """
    asked: dict[str, Any] = {
        "heat": heat,
        "manufacturer": manufacturer,
        "material": material,
        "since": since,
        "until": until,
    }
    with db.reading(state.engine) as session:
        member_who_may(session, reader, project_id, "recall:open")
        try:
            about = About(kind=kind, things=things or [], **asked)
        except ValidationError as bad:
            raise Malformed(what=first_error(bad)) from bad
        return service.preview(session, project_id, about)


@get("/api/projects/{project_id:uuid}/recalls/{recall_id:uuid}/people", sync_to_thread=True)
def read_knowledge(project_id: FromPath[UUID], recall_id: FromPath[UUID], state: State, reader: Reader) -> KnowledgeOut:
    """Who has acknowledged, on which phones, and when each phone last spoke to the server.

    Problems: not-found (also for strangers), not-allowed.
    """
    with db.reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "recall-people")
        return service.knowledge(session, project_id, service.get(session, project_id, recall_id))


@get("/api/projects/{project_id:uuid}/recalls/{recall_id:uuid}/elsewhere", sync_to_thread=True)
def read_elsewhere(project_id: FromPath[UUID], recall_id: FromPath[UUID], state: State, reader: Reader) -> ElsewhereOut:
    """Lots of the same manufacturer and heat in other projects of the reader. Problems: not-found."""
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
        recall = service.get(session, project_id, recall_id)
        return service.elsewhere(session, project_id, recall, project_ids(session, reader))


@get(
    "/api/projects/{project_id:uuid}/recalls/{recall_id:uuid}/report",
    sync_to_thread=True,
    media_type="application/pdf",
)
def read_report(project_id: FromPath[UUID], recall_id: FromPath[UUID], state: State, reader: Reader) -> Response[bytes]:
    """The report as PDF, in the reader's language, as the recall stands now.

    Problems: not-found (also for strangers), not-allowed.
    """
    with db.reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "recall-people")
        recall = service.get(session, project_id, recall_id)
        content = report.draw(session, recall, reader.lang)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": f'attachment; filename="{recall.code}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


handlers = [preview_recall, read_knowledge, read_elsewhere, read_report]
