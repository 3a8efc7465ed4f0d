"""Routes of evidence: intents, our own upload route, completing, and reading."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from plumbline import db
from plumbline.evidence import bodies, checking, errors, originals, orphan_routes, piece_routes, showing, uploads
from plumbline.evidence.schemas import SHA256_PATTERN, CompleteOut, FileMeta, UploadsIn, UploadsOut
from plumbline.grants.sight import sight_of
from plumbline.grants.visiting import VIEWER, Viewer
from plumbline.identity.access import Caller, Reader, member_of
from plumbline.jobs import Context
from plumbline.storage.interface import derived_key, incoming_key
from plumbline.storage.service import open_store

# Threads of their own: files that take long to read and to open must not hold up what other requests wait for.
CHECKERS = ThreadPoolExecutor(4, "checks-files")
AnyRequest = Request[Any, Any, State]
Sha256 = FromPath[Annotated[str, Parameter(pattern=SHA256_PATTERN)]]


@post("/api/projects/{project_id:uuid}/uploads", sync_to_thread=True, status_code=200)
def intend_uploads(project_id: FromPath[UUID], data: JSONBody[UploadsIn], state: State, reader: Reader) -> UploadsOut:
    """Say which files will be sent; answers where to, or that the server has them. Asking again renews the address.

    Problems: not-found (also for strangers), file-empty, file-too-large.
    """
    uploads.check_sizes(state.settings, data.files)
    with db.writing(state.engine) as session:
        member_of(session, reader, project_id)
        store = open_store(state.settings)
        return UploadsOut(uploads=uploads.intend(session, state.settings, store, project_id, reader, data.files))


@put("/api/uploads/{upload_id:uuid}/content", status_code=204, request_max_body_size=None)
async def receive_content(
    upload_id: FromPath[UUID],
    token: FromQuery[Annotated[str, Parameter(max_length=100)]],
    request: AnyRequest,
    state: State,
) -> None:
    """Take the bytes of one upload into the folder store, exactly as many as were announced. The token is the right.

    Problems: upload-token-wrong, upload-expired, upload-length-wrong, store-full, store-unavailable.
    """
    upload = await sync_to_thread(uploads.opened, state.engine, state.settings, upload_id, token)
    if request.headers.get("content-length", str(upload.bytes)) != str(upload.bytes):
        raise errors.UploadLengthWrong(expected=upload.bytes)
    if upload.state != "open":  # It came before and the answer was lost.
        async for _chunk in request.stream():
            pass
        return
    await bodies.take_whole(request, lambda: open_store(state.settings).writer(incoming_key(upload.id)), upload.bytes)


@post("/api/projects/{project_id:uuid}/uploads/{upload_id:uuid}/complete", status_code=200)
async def complete_upload(
    project_id: FromPath[UUID], upload_id: FromPath[UUID], state: State, reader: Reader
) -> CompleteOut:
    """Say that the bytes were sent; the server reads them back and hashes them before it answers `verified`.

    Problems: not-found (also for strangers), file-not-arrived, file-being-checked, file-digest-mismatch,
    store-unavailable, store-full.
    """
    checking_it = partial(_complete, state, project_id, upload_id, reader)
    return CompleteOut(sha256=await asyncio.get_running_loop().run_in_executor(CHECKERS, checking_it))


def _complete(state: State, project_id: UUID, upload_id: UUID, reader: Caller) -> str:
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
    context = Context(state.engine, state.settings, open_store(state.settings))
    return checking.complete(context, project_id, upload_id)


@get(
    "/api/projects/{project_id:uuid}/files/{sha256:str}",
    sync_to_thread=True,
    media_type="application/octet-stream",
    dependencies=VIEWER,
)
def get_file(
    project_id: FromPath[UUID], sha256: Sha256, state: State, viewer: Viewer, request: AnyRequest
) -> Response[Any]:
    """The original, byte for byte, as an attachment; one Range is served. Open to links that share originals.

    Problems: not-found, store-unavailable, originals-not-shared, link-expired, link-revoked.
    """
    with db.reading(state.engine) as session:
        sight_of(session, viewer, project_id).file(sha256, original=True)
        file = showing.original(session, project_id, sha256)
    if request.headers.get("if-none-match") == f'"{sha256}"':
        return Response(b"", status_code=304, headers={"ETag": f'"{sha256}"'})
    return originals.original(open_store(state.settings), file, request.headers.get("range"))


@get(
    "/api/projects/{project_id:uuid}/files/{sha256:str}/preview",
    sync_to_thread=True,
    media_type="image/jpeg",
    dependencies=VIEWER,
)
def get_preview(
    project_id: FromPath[UUID],
    sha256: Sha256,
    state: State,
    viewer: Viewer,
    request: AnyRequest,
    size: FromQuery[Literal[320, 1600]] = 320,
) -> Response[Any]:
    """The derivative as JPEG, upright, without metadata; open to links.

    Problems: not-found, preview-not-ready, preview-impossible, link-expired, link-revoked.
    """
    with db.reading(state.engine) as session:
        sight_of(session, viewer, project_id).file(sha256)
        found = showing.ready_derivative(session, project_id, sha256, size)
    headers = {
        "ETag": f'"{sha256}-{size}"',
        "Cache-Control": "private, max-age=86400",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers)
    content = b"".join(open_store(state.settings).read(derived_key(project_id, sha256, found.size_px)))
    return Response(content, media_type="image/jpeg", headers=headers)


@get("/api/projects/{project_id:uuid}/files/{sha256:str}/meta", sync_to_thread=True, dependencies=VIEWER)
def get_meta(project_id: FromPath[UUID], sha256: Sha256, state: State, viewer: Viewer) -> FileMeta:
    """What is known of a file: type, size, the photo's own claims, what could not be read, what lists it.

    Open to links, which are told of the objects in their scope alone.
    Problems: not-found (also for strangers), link-expired, link-revoked.
    """
    with db.reading(state.engine) as session:
        sight = sight_of(session, viewer, project_id)
        sight.file(sha256)
        known = showing.meta(session, project_id, sha256)
        known.attached = [listed for listed in known.attached if sight.opens(listed.id)]
        return known


handlers = [
    intend_uploads,
    receive_content,
    complete_upload,
    *piece_routes.handlers,
    get_file,
    get_preview,
    get_meta,
    *originals.handlers,
    *orphan_routes.handlers,
]
