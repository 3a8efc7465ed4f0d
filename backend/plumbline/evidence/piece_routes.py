"""Routes for files that come in pieces.

Chunks follow the IETF's resumable uploads (draft-ietf-httpbis-resumable-upload): HEAD tells the offset, PATCH with
Upload-Offset appends, a wrong offset is answered 409 with the true one. Parts are those of S3 multipart uploads.
"""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, head, patch, post, put
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.params import FromHeader, FromPath, FromQuery, HeaderParameter, JSONBody, Parameter

from plumbline import db
from plumbline.evidence import bodies, chunks, errors, uploads
from plumbline.evidence.models import Upload
from plumbline.evidence.schemas import PartOut, PartsIn, PartsOut
from plumbline.identity.access import Reader, member_of
from plumbline.jobs import Context
from plumbline.problems import NotFound, language
from plumbline.storage.service import open_store

AnyRequest = Request[Any, Any, State]
Token = FromQuery[Annotated[str, Parameter(max_length=100)]]
Offset = FromHeader[Annotated[int, HeaderParameter(name="Upload-Offset", ge=0, le=2**53)]]


def _context(state: State) -> Context:
    return Context(state.engine, state.settings, open_store(state.settings))


def _progress(upload: Upload, offset: int) -> dict[str, str]:
    return {
        "Upload-Offset": str(offset),
        "Upload-Length": str(upload.bytes),
        "Upload-Complete": "?1" if offset == upload.bytes else "?0",
        "Cache-Control": "no-store",
    }


def answer_offset(request: AnyRequest, problem: errors.UploadOffsetWrong) -> Response[dict[str, Any]]:
    """The refusal with the true offset also as a header, where clients of the IETF draft look for it."""
    document = problem.document(language(request.headers.get("accept-language")))
    headers = {"Upload-Offset": str(problem.extra["offset"])}
    return Response(document, status_code=problem.status, media_type="application/problem+json", headers=headers)


@head("/api/uploads/{upload_id:uuid}/content", status_code=204)
async def ask_offset(upload_id: FromPath[UUID], token: Token, state: State) -> Response[None]:
    """Say how many bytes of an upload are here (Upload-Offset). The token is the right.

    Problems: upload-token-wrong, upload-expired, store-unavailable.
    """
    upload = await sync_to_thread(uploads.opened, state.engine, state.settings, upload_id, token)
    offset = await sync_to_thread(chunks.reached, open_store(state.settings), upload)
    headers = _progress(upload, offset)
    return Response(None, status_code=204, headers=headers)


@patch(
    "/api/uploads/{upload_id:uuid}/content",
    status_code=204,
    request_max_body_size=None,
    exception_handlers={errors.UploadOffsetWrong: answer_offset},
)
async def receive_chunk(
    upload_id: FromPath[UUID], token: Token, upload_offset: Offset, request: AnyRequest, state: State
) -> Response[None]:
    """Append a chunk of any length, 256 KiB is good, that begins at Upload-Offset. The token is the right.

    Each 256 KiB are durable as soon as they are here, and so is what came before the line was cut.
    Problems: upload-token-wrong, upload-expired, upload-offset-wrong, upload-length-wrong, store-full,
    store-unavailable.
    """
    upload = await sync_to_thread(uploads.opened, state.engine, state.settings, upload_id, token)
    chunks.check_start(upload, upload_offset)
    context, offset = _context(state), upload_offset
    async for piece in bodies.pieces(request):
        offset = await sync_to_thread(chunks.keep, context, upload, offset, piece)
    return Response(None, status_code=204, headers=_progress(upload, offset))


def _parts(state: State, upload: Upload, numbers: list[int]) -> PartsOut:
    if upload.state != "open":
        numbers = []
    store = open_store(state.settings)
    return PartsOut(
        part_bytes=uploads.PART_BYTES,
        count=chunks.count(upload),
        done=[part.number for part in chunks.done(store, upload)],
        parts=[_part(state, upload, number) for number in numbers],
        expires_at=upload.expires_at,
    )


def _part(state: State, upload: Upload, number: int) -> PartOut:
    size_bytes, seconds = chunks.length(upload, number), state.settings.upload_minutes * 60
    store = open_store(state.settings)
    signed = store.presign_part(upload.id, str(upload.multipart_id), number, size_bytes, seconds)
    url = signed.url if signed else uploads.own_url(state.settings, upload, f"parts/{number}")
    return PartOut(number=number, bytes=size_bytes, url=url, headers=signed.headers if signed else {})


@post("/api/projects/{project_id:uuid}/uploads/{upload_id:uuid}/parts", sync_to_thread=True, status_code=200)
def address_parts(
    project_id: FromPath[UUID], upload_id: FromPath[UUID], data: JSONBody[PartsIn], state: State, reader: Reader
) -> PartsOut:
    """Say where to send parts of a large file, and which are here. Addresses are asked for just before use.

    An address that has ended answers 403 or 410: ask again. When all parts are here the upload is completed like any
    other. Problems: not-found (also for strangers), upload-part-unknown, store-unavailable.
    """
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
    upload = chunks.begun(_context(state), project_id, upload_id)
    for number in data.numbers:
        chunks.length(upload, number)
    if upload.state == "open":
        with db.writing(state.engine) as session:
            upload = uploads.renewed(session, state.settings, project_id, upload_id)
    return _parts(state, upload, data.numbers)


@get("/api/projects/{project_id:uuid}/uploads/{upload_id:uuid}/parts", sync_to_thread=True)
def list_parts(project_id: FromPath[UUID], upload_id: FromPath[UUID], state: State, reader: Reader) -> PartsOut:
    """Which parts of a large file are here. Problems: not-found (also for strangers), store-unavailable."""
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
        upload = uploads.get(session, project_id, upload_id)
    return _parts(state, upload, [])


@put("/api/uploads/{upload_id:uuid}/parts/{number:int}", status_code=204, request_max_body_size=None)
async def receive_part(
    upload_id: FromPath[UUID], number: FromPath[int], token: Token, request: AnyRequest, state: State
) -> None:
    """Take one part, of exactly its length, in place of an earlier one. The token is the right.

    Problems: upload-token-wrong, upload-expired, upload-part-unknown, upload-length-wrong, not-found (nobody began
    in parts), store-full, store-unavailable.
    """
    upload = await sync_to_thread(uploads.opened, state.engine, state.settings, upload_id, token)
    if upload.state != "open" or upload.multipart_id is None:
        raise NotFound
    store, multipart_id = open_store(state.settings), upload.multipart_id
    await bodies.take_whole(
        request, lambda: store.part_writer(upload_id, multipart_id, number), chunks.length(upload, number)
    )


@delete("/api/projects/{project_id:uuid}/uploads/{upload_id:uuid}", sync_to_thread=True)
def drop_upload(project_id: FromPath[UUID], upload_id: FromPath[UUID], state: State, reader: Reader) -> None:
    """Give up one's own upload that is not complete: what came of it is deleted. One that is gone is no error.

    Problems: not-found (for strangers), file-being-checked, store-unavailable.
    """
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
    chunks.drop(_context(state), project_id, upload_id, reader.person_id)


handlers = [ask_offset, receive_chunk, address_parts, list_parts, receive_part, drop_upload]
