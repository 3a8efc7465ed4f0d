"""Routes of definitions. Shipped ones are public: they hold no project's data, and a phone may fetch them early."""

from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery

from plumbline import db
from plumbline.definitions import service
from plumbline.definitions.catalogue import SHIPPED_VERSION, shipped
from plumbline.definitions.errors import DefinitionNotFound
from plumbline.definitions.slim import document
from plumbline.identity.access import MAYBE_READER, MaybeReader, member_of
from plumbline.problems import SignInNeeded


@get("/api/definitions", sync_to_thread=True, media_type="application/json")
def get_definitions(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """All shipped materials (without property limits), plans, roles and words, for phones to keep.

    Carries a strong ETag; answers 304 to the same If-None-Match.
    """
    shipped_document = document()
    zipped = "gzip" in request.headers.get("accept-encoding", "")
    # A strong tag names exact bytes, so the compressed form has its own.
    etag = f'"{shipped_document.etag}{"-gz" if zipped else ""}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in known or "*" in known:
        return _encoded(b"", headers, status_code=304)
    if zipped:
        return _encoded(shipped_document.gzipped, {**headers, "Content-Encoding": "gzip"})
    return _encoded(shipped_document.plain, headers)


def _encoded(body: bytes, headers: dict[str, str], status_code: int = 200) -> Response[dict[str, Any]]:
    """JSON that was encoded once for everybody; the type says what is in it."""
    return Response(cast("dict[str, Any]", body), headers=headers, status_code=status_code)


@get("/api/definitions/{kind:str}/{key:str}", sync_to_thread=True, dependencies=MAYBE_READER)
def get_definition(
    kind: FromPath[str],
    key: FromPath[str],
    state: State,
    maybe_reader: MaybeReader,
    version: FromQuery[int | None] = None,
    project: FromQuery[UUID | None] = None,
) -> dict[str, Any]:
    """One definition in full with its version and hash; with `project` as that project has it.

    Problems: definition-not-found, sign-in-needed, not-found (project, also for strangers).
    """
    if project is None:
        found = shipped().get((kind, key)) if version in (None, SHIPPED_VERSION) else None
    elif maybe_reader is None:
        raise SignInNeeded
    else:
        with db.reading(state.engine) as session:
            member_of(session, maybe_reader, project)
            found = service.get(session, project, kind, key, version)
    if found is None:
        raise DefinitionNotFound(kind=kind, key=key, version=version or SHIPPED_VERSION)
    return asdict(found)


handlers = [get_definitions, get_definition]
