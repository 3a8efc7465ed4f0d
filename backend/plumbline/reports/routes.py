"""Routes of reports: QR labels, one as a picture and many as sheets or printer jobs."""

from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody

from plumbline import db
from plumbline.identity.access import Reader, member_of
from plumbline.problems import NotFound
from plumbline.reports import labels, service, sheets, zpl
from plumbline.reports.errors import LabelsTooMany, SheetUnknown
from plumbline.reports.layout import Label
from plumbline.reports.schemas import MOST_LABELS, LabelJob


@get("/api/projects/{project_id:uuid}/labels/{kind:str}/{file_name:str}", sync_to_thread=True, media_type="image/png")
def get_label(
    project_id: FromPath[UUID],
    kind: FromPath[str],
    file_name: FromPath[str],
    state: State,
    reader: Reader,
    size: FromQuery[str] = labels.DEFAULT_SIZE,
) -> Response[bytes]:
    """The QR label `<id>.png` of a lot, task, place or piece of equipment, `size` in millimetres ("60x40").

    Problems: not-found (also for strangers), no-code-yet, label-size-unknown.
    """
    labels.parse_size(size)
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
        label = service.label_of(session, project_id, kind, _id(file_name), state.settings.base_url)
    headers = {"Cache-Control": "private, no-cache", "Content-Disposition": f'inline; filename="{kind}.png"'}
    return Response(labels.render(label, size), media_type="image/png", headers=headers)


@post("/api/projects/{project_id:uuid}/labels", sync_to_thread=True, status_code=200, media_type="application/pdf")
def print_labels(project_id: FromPath[UUID], data: JSONBody[LabelJob], state: State, reader: Reader) -> Response[bytes]:
    """Labels of a selection, or blank ones of a roll, as a PDF of A4 sheets or a ZPL job; nothing is stored.

    Problems: not-found (also for strangers), no-code-yet, labels-too-many, sheet-unknown, label-size-unknown.
    """
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
        _check_paper(data)
        asked = data.last - data.first + 1 if data.roll else len(data.things)
        if not 1 <= asked <= MOST_LABELS:
            raise LabelsTooMany(most=MOST_LABELS)
        base = state.settings.base_url
        if data.roll:
            found = service.labels_of_roll(session, project_id, data.roll, data.first, data.last, base)
        else:
            found = [service.label_of(session, project_id, one.kind, one.id, base) for one in data.things]
    content, mime = _printed(data, found)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="labels.{data.form}"',
    }
    return Response(content, media_type=mime, headers=headers)


def _check_paper(job: LabelJob) -> None:
    if job.form == "zpl":
        labels.parse_size(job.size)
    elif job.start > (places := sheets.sheet_named(job.sheet).places):
        raise SheetUnknown(sheet=job.sheet, places=places)


def _printed(job: LabelJob, found: list[Label]) -> tuple[bytes, str]:
    if job.form == "zpl":
        return zpl.print_job(found, *labels.parse_size(job.size), job.dpi), "application/zpl; charset=us-ascii"
    return sheets.print_sheets(found, sheets.sheet_named(job.sheet), job.start), "application/pdf"


def _id(file_name: str) -> UUID:
    try:
        return UUID(file_name.removesuffix(".png"))
    except ValueError as bad:
        raise NotFound from bad


handlers = [get_label, print_labels]
