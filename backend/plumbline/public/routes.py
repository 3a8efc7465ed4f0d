"""Routes of public pages. Two of them need nobody signed in: they answer a label of a project that allows it."""

import base64
import binascii
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody, Parameter
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from plumbline import db
from plumbline.grants import log
from plumbline.grants.schemas import ViewOut
from plumbline.identity import throttle
from plumbline.identity.access import Reader, member_who_sees
from plumbline.identity.address import AnyRequest, client_address, household
from plumbline.projects.errors import CodeUnknown
from plumbline.projects.models import Code
from plumbline.public import faults, page
from plumbline.public.errors import FaultPhotoWrong, FaultsNotTaken
from plumbline.public.models import PublicPage
from plumbline.public.schemas import FaultOut, PublicOut, PublicPageOut, Said

# In ten minutes: a family looks at many labels; nobody finds many faults. The project's own bound
# holds against many senders.
VIEWS, REPORTS, REPORTS_OF_PROJECT = 120, 5, 60
PHOTO_TEXT = faults.MAX_PHOTO_BYTES * 4 // 3 + 4
MAX_REPORT_BYTES = PHOTO_TEXT + 100_000


class ReportIn(BaseModel):
    """What somebody says of a fault, and a photo of it."""

    model_config = ConfigDict(extra="forbid")
    note: Said
    photo: Annotated[str, Field(max_length=PHOTO_TEXT)] | None = Field(
        default=None, description="JPEG, PNG or WebP, base64."
    )


@get("/api/public/{code:str}", sync_to_thread=True, dependencies={})
def read_public(code: FromPath[str], request: AnyRequest, state: State) -> PublicOut:
    """What a label says to everybody, where its project allows it; without sign-in. Each view is logged.

    Problems: code-unknown (also where pages are closed), too-many-tries.
    """
    address = client_address(request)
    with db.reading(state.engine) as session:
        found, _ = _opened(session, state, code, address)
    with db.writing(state.engine) as session:
        throttle.count(session, {f"public views from {household(address)}": VIEWS})
        log.add_page(session, found.project_id, request, found.kind, found.object_id)
    with db.reading(state.engine) as session:
        return page.shown(session, *page.opened(session, code))


def _opened(session: Session, state: State, code: str, address: str) -> tuple[Code, PublicPage]:
    """The label's thing. A code that opens nothing counts against its sender, like a guessed invitation."""
    counted = throttle.code_counts(address)
    throttle.check(session, counted)
    try:
        return page.opened(session, code)
    except CodeUnknown:
        session.rollback()
        with db.writing(state.engine) as writing:
            throttle.note_failure(writing, counted)
        raise


@post(
    "/api/public/{code:str}/faults",
    sync_to_thread=True,
    dependencies={},
    request_max_body_size=MAX_REPORT_BYTES,
)
def report_fault(code: FromPath[str], data: JSONBody[ReportIn], request: AnyRequest, state: State) -> FaultOut:
    """Report a fault at what a label is on; it becomes an open defect. Without sign-in.

    Problems: code-unknown (also where pages are closed), faults-not-taken, fault-photo-wrong, too-many-tries,
    store-full, store-unavailable.
    """
    address = client_address(request)
    with db.reading(state.engine) as session:
        found, setting = _opened(session, state, code, address)
        if not setting.takes_faults:
            raise FaultsNotTaken()
        task, lot = page.element_of(session, found)
        if task is None:
            raise FaultsNotTaken()
    photo = _photo(data.photo)
    with db.writing(state.engine) as session:
        limits = {f"faults from {household(address)}": REPORTS, f"faults of {found.project_id}": REPORTS_OF_PROJECT}
        throttle.count(session, limits)
    return FaultOut(code=faults.report(state.engine, state.settings, found.project_id, task, lot, data.note, photo))


def _photo(text: str | None) -> bytes | None:
    if not text:
        return None
    try:
        photo = base64.b64decode(text, validate=True)
    except binascii.Error as bad:
        raise FaultPhotoWrong(limit_mb=faults.MAX_PHOTO_BYTES // 1_000_000) from bad
    faults.check_photo(photo)
    return photo


@get("/api/projects/{project_id:uuid}/public-page", sync_to_thread=True)
def read_setting(project_id: FromPath[UUID], state: State, reader: Reader) -> PublicPageOut:
    """Whether the project's labels open pages for everybody. Problems: not-found (also for strangers), not-allowed."""
    with db.reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "public-page")
        row = session.get(PublicPage, project_id)
        return PublicPageOut(is_open=bool(row and row.is_open), takes_faults=bool(row and row.takes_faults))


@get("/api/projects/{project_id:uuid}/public-page/views", sync_to_thread=True)
def list_page_views(
    project_id: FromPath[UUID],
    state: State,
    reader: Reader,
    object_id: FromQuery[UUID | None] = None,
    before: FromQuery[UUID | None] = None,
    limit: FromQuery[Annotated[int, Parameter(ge=1, le=500)]] = 100,
) -> list[ViewOut]:
    """What was looked at on public pages, newest first, or at one element or lot; `before` is the last line known.

    Problems: not-found (also for strangers), not-allowed.
    """
    with db.reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "grants")
        return log.lines(session, project_id, None, before, limit, object_id)


handlers = [read_public, report_fault, read_setting, list_page_views]
