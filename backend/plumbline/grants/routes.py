"""Routes of grants: links, lists and logs for the office; opening a link and what is in sight for its holder."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from plumbline.db import reading, writing
from plumbline.grants import log, service
from plumbline.grants.lot import lot_record
from plumbline.grants.schemas import ContentsOut, GrantOut, LinkIn, LotRecordOut, NewLink, OpenedOut, OpenIn, ViewOut
from plumbline.grants.sight import sight_of
from plumbline.grants.visiting import VIEWER, Viewer, open_link, visitor_of
from plumbline.identity.access import Reader, member_who_may, member_who_sees
from plumbline.identity.address import AnyRequest, client_address
from plumbline.settings import Settings

Query = FromQuery[Annotated[str, Parameter(max_length=80)]]


@get("/api/projects/{project_id:uuid}/grants", sync_to_thread=True)
def list_grants(
    project_id: FromPath[UUID], state: State, reader: Reader, scope_id: FromQuery[UUID | None] = None
) -> list[GrantOut]:
    """Links that the project has given, ended ones too, newest first; with `scope_id` those for one element or lot.

    Problems: not-found (also for strangers), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "grants")
        return service.of_project(session, project_id, scope_id)


@post("/api/projects/{project_id:uuid}/grants/{grant_id:uuid}/link", sync_to_thread=True)
def make_link(
    project_id: FromPath[UUID], grant_id: FromPath[UUID], data: JSONBody[LinkIn], state: State, reader: Reader
) -> NewLink:
    """Make the link of a grant, or another one in its place, and say who holds it; the code is shown this once.

    Problems: not-found (also for strangers), not-allowed, grant-unknown, grant-ended.
    """
    with writing(state.engine) as session:
        member_who_may(session, reader, project_id, "grant:issue")
        grant, code = service.make_link(session, project_id, grant_id, data, reader.person_id)
    settings: Settings = state.settings
    url = f"{settings.base_url.rstrip('/')}/g/{code}"
    return NewLink(grant_id=grant.id, code=code, url=url, expires_at=grant.expires_at)


@get("/api/projects/{project_id:uuid}/grants/{grant_id:uuid}/views", sync_to_thread=True)
def list_views(
    project_id: FromPath[UUID],
    grant_id: FromPath[UUID],
    state: State,
    reader: Reader,
    before: FromQuery[UUID | None] = None,
    limit: FromQuery[Annotated[int, Parameter(ge=1, le=500)]] = 100,
) -> list[ViewOut]:
    """What was looked at by a link, newest first; `before` is the last line that the reader has.

    Problems: not-found (also for strangers), not-allowed, grant-unknown.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "grants")
        service.grant_of(session, project_id, grant_id)
        return log.lines(session, project_id, grant_id, before, limit)


@post("/api/links/open", sync_to_thread=True, status_code=200, dependencies={})
def open_by_code(data: JSONBody[OpenIn], request: AnyRequest, state: State) -> OpenedOut:
    """Open a link: its code for a token that reads what the link shows. Needs no sign-in; the opening is logged.

    Problems: link-unknown, link-expired, link-revoked, too-many-tries.
    """
    opened = open_link(state.engine, state.settings, data.code, client_address(request))
    with writing(state.engine) as session:
        log.add(session, visitor_of(request, opened.grant), "open", opened.grant.scope_id)
        visit = service.visit_of(session, opened.grant, opened.link)
    return OpenedOut(**visit.model_dump(), access_token=opened.token, expires_in=opened.expires_in)


@get("/api/projects/{project_id:uuid}/contents", sync_to_thread=True, dependencies=VIEWER)
def list_contents(
    project_id: FromPath[UUID],
    state: State,
    viewer: Viewer,
    q: Query = "",
    limit: FromQuery[Annotated[int, Parameter(ge=1, le=500)]] = 200,
) -> ContentsOut:
    """Elements and lots that the reader may open, by code; `q` searches codes, names, heat and batch numbers.

    Open to links. Problems: not-found (also for strangers), link-expired, link-revoked.
    """
    with reading(state.engine) as session:
        return service.contents(session, sight_of(session, viewer, project_id), q.strip(), limit)


@get("/api/projects/{project_id:uuid}/lots/{lot_id:uuid}/record", sync_to_thread=True, dependencies=VIEWER)
def read_lot_record(project_id: FromPath[UUID], lot_id: FromPath[UUID], state: State, viewer: Viewer) -> LotRecordOut:
    """The page of a lot with certificates, tests and the acts behind it; open to links.

    Problems: not-found (also for strangers), link-expired, link-revoked.
    """
    with reading(state.engine) as session:
        sight_of(session, viewer, project_id).thing("lot", lot_id)
        return lot_record(session, project_id, lot_id)


handlers = [list_grants, make_link, list_views, open_by_code, list_contents, read_lot_record]
