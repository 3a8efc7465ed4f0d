"""Routes of quality. All are for members with a role that SEES them; none is open to links."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter

from plumbline.db import reading
from plumbline.identity.access import Reader, member_who_sees
from plumbline.quality import cause_service
from plumbline.quality.causes import Factor
from plumbline.quality.schemas import BehindOut, CausesOut, Cell, FactorKind

Defects = FromQuery[Annotated[list[UUID], Parameter(min_items=1, max_items=200)]]


@get("/api/projects/{project_id:uuid}/causes", sync_to_thread=True)
def read_causes(project_id: FromPath[UUID], state: State, reader: Reader, defects: Defects) -> CausesOut:
    """What several defects have in common: each suspect with its 2×2 table, Fisher's p, and p corrected by Holm.

    Problems: not-found (also for strangers and defects of other projects), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "causes")
        return cause_service.causes(session, project_id, defects)


@get("/api/projects/{project_id:uuid}/causes/elements", sync_to_thread=True)
def read_behind(
    project_id: FromPath[UUID],
    state: State,
    reader: Reader,
    defects: Defects,
    kind: FromQuery[FactorKind],
    key: FromQuery[Annotated[str, Parameter(max_length=300)]],
    cell: FromQuery[Cell],
) -> BehindOut:
    """The elements behind one number of a suspect's table, at most 500 of them.

    Problems: not-found (also for strangers and defects of other projects), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "causes")
        return cause_service.behind(session, project_id, defects, Factor(kind, key), cell)


handlers = [read_causes, read_behind]
