"""Routes of suppliers, for those who answer for material (roles.SEES, `suppliers`)."""

from uuid import UUID

from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from plumbline.db import reading
from plumbline.identity.access import Reader, member_who_sees
from plumbline.suppliers import service
from plumbline.suppliers.schemas import MatchIn, MatchOut, SupplierOut


@get("/api/projects/{project_id:uuid}/suppliers", sync_to_thread=True)
def list_suppliers(project_id: FromPath[UUID], state: State, reader: Reader) -> list[SupplierOut]:
    """Suppliers with standing, names in other systems, and how many lots name each.

    Problems: not-found (also for strangers), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "suppliers")
        return service.of_project(session, project_id)


@post("/api/projects/{project_id:uuid}/suppliers/match", sync_to_thread=True, status_code=200)
def match_names(project_id: FromPath[UUID], data: JSONBody[MatchIn], state: State, reader: Reader) -> list[MatchOut]:
    """What names of another system may mean; nothing is stored, each match is confirmed by `supplier:name`.

    Problems: not-found (also for strangers), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "suppliers")
        return service.match(session, project_id, data.names)


handlers = [list_suppliers, match_names]
