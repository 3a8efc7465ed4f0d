"""The trace, both ways."""

from typing import Annotated, Literal
from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter

from plumbline import db
from plumbline.identity.access import Reader, member_of
from plumbline.trace import service
from plumbline.trace.schemas import TraceOut


@get("/api/projects/{project_id:uuid}/trace", sync_to_thread=True)
def get_trace(
    project_id: FromPath[UUID],
    state: State,
    reader: Reader,
    node: FromQuery[UUID],
    kind: FromQuery[Literal["lot", "step", "task", "defect"]],
    direction: FromQuery[Literal["backward", "forward", "both"]] = "both",
    limit: FromQuery[Annotated[int, Parameter(ge=1, le=20_000)]] = 2000,
) -> TraceOut:
    """What is behind a node, and what it touched. Problems: not-found (also for strangers)."""
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
        return service.trace(session, project_id, node, kind, direction, limit)


handlers = [get_trace]
