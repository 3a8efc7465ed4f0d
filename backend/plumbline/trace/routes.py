"""The trace, both ways."""

from typing import Annotated, Literal
from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter

from plumbline import db
from plumbline.grants.sight import sight_of
from plumbline.grants.visiting import VIEWER, Viewer
from plumbline.trace import service
from plumbline.trace.schemas import TraceOut

# What a link learns of people: who they are and for whom they work, as records name them.
PERSON_BEHIND_A_LINK = ("id", "display_name", "organization_id")


@get("/api/projects/{project_id:uuid}/trace", sync_to_thread=True, dependencies=VIEWER)
def get_trace(
    project_id: FromPath[UUID],
    state: State,
    viewer: Viewer,
    node: FromQuery[UUID],
    kind: FromQuery[Literal["lot", "step", "task", "defect"]],
    direction: FromQuery[Literal["backward", "forward", "both"]] = "both",
    limit: FromQuery[Annotated[int, Parameter(ge=1, le=20_000)]] = 2000,
) -> TraceOut:
    """What is behind a node, and what it touched; open to links.

    Problems: not-found (also for strangers), link-expired, link-revoked.
    """
    with db.reading(state.engine) as session:
        sight = sight_of(session, viewer, project_id)
        sight.thing(kind, node)
        found = service.trace(session, project_id, node, kind, direction, limit, sight.scope)
        if sight.visitor is not None:
            found.context.people = [{key: p[key] for key in PERSON_BEHIND_A_LINK} for p in found.context.people]
        return found


handlers = [get_trace]
