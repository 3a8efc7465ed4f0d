"""Routes of marks: what a mark stands on, for systems that keep no copy of the project."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter

from plumbline import db
from plumbline.identity.access import Reader, member_of
from plumbline.marks import service
from plumbline.marks.errors import MarkUnreadable
from plumbline.marks.reading import MarkKind, read
from plumbline.marks.schemas import MarkOut, MarksOut


@get("/api/projects/{project_id:uuid}/marks", sync_to_thread=True)
def find_marks(
    project_id: FromPath[UUID],
    text: FromQuery[Annotated[str, Parameter(min_length=1, max_length=400)]],
    state: State,
    reader: Reader,
    kind: FromQuery[MarkKind] = "typed",
) -> MarksOut:
    """What a reader gave, in its normal form and by its GS1 elements, and every thing on which this mark stands.

    Problems: not-found (also for strangers), mark-unreadable.
    """
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
        reading = read(kind, text)
        if reading is None:
            raise MarkUnreadable(text=text[:60])
        marks = [MarkOut(**m.model_dump()) for m in service.standing(session, project_id, reading.value)]
    return MarksOut(value=reading.value, elements=reading.elements, marks=marks)


handlers = [find_marks]
