"""Routes of reports: QR labels."""

from uuid import UUID

from litestar import Response, get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery

from plumbline import db
from plumbline.identity.access import Reader, member_of
from plumbline.problems import NotFound
from plumbline.reports import labels, service


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


def _id(file_name: str) -> UUID:
    try:
        return UUID(file_name.removesuffix(".png"))
    except ValueError as bad:
        raise NotFound from bad


handlers = [get_label]
