"""Routes of the overview, for those who sit at a desk or check (roles.SEES, `overview`)."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter

from plumbline.db import reading
from plumbline.identity.access import Reader, member_of, member_who_sees, project_ids
from plumbline.identity.roles import sees
from plumbline.overview import service
from plumbline.overview.schemas import OverviewOut, ProjectShare, RecordsOut, What

Key = FromQuery[Annotated[str | None, Parameter(max_length=60)]]


@get("/api/overview", sync_to_thread=True)
def read_company(state: State, reader: Reader) -> list[ProjectShare]:
    """What is open, late, stopped and unproven in every project where the reader may see it."""
    with reading(state.engine) as session:
        mine = [id for id in project_ids(session, reader) if sees("overview", member_of(session, reader, id).roles)]
        return service.of_projects(session, mine)


@get("/api/projects/{project_id:uuid}/overview", sync_to_thread=True)
def read_overview(project_id: FromPath[UUID], state: State, reader: Reader) -> OverviewOut:
    """What is open, late, stopped and unproven in a project, by place and trade.

    Problems: not-found (also for strangers), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "overview")
        return service.of_project(session, project_id)


@get("/api/projects/{project_id:uuid}/overview/records", sync_to_thread=True)
def read_records(
    project_id: FromPath[UUID],
    state: State,
    reader: Reader,
    what: FromQuery[What],
    place: Key = None,
    trade: Key = None,
) -> RecordsOut:
    """The records behind a number of the overview, those that wait longest first, at most 500.

    Problems: not-found (also for strangers), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "overview")
        return service.records(session, project_id, what, place, trade)


handlers = [read_company, read_overview, read_records]
