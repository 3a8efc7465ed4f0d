"""Request bodies as they arrive: whole files and parts of them, and chunks of which every byte is kept."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.exceptions import InternalServerException

from plumbline.evidence.uploads import CHUNK_BYTES, Reception
from plumbline.storage.interface import CHUNK_BYTES as GATHER_BYTES
from plumbline.storage.interface import Writer

AnyRequest = Request[Any, Any, State]
SILENCE_SECONDS = 60.0  # A phone that says nothing for so long has lost its line, whatever TCP still believes.


async def take_whole(request: AnyRequest, writer: Callable[[], Writer], expected_bytes: int) -> None:
    """Write a body of exactly so many bytes, about 1 MiB at a time, so that the event loop never waits for a disk.

    Raises UploadLengthWrong, StoreFull, StoreUnavailable; then nothing is kept.
    """
    reception = Reception(await sync_to_thread(writer), expected_bytes)
    try:
        waiting = bytearray()
        async for chunk in request.stream():
            waiting += chunk
            if len(waiting) >= GATHER_BYTES:
                await sync_to_thread(reception.write, bytes(waiting))
                waiting.clear()
        await sync_to_thread(reception.write, bytes(waiting))
        await sync_to_thread(reception.finish)
    finally:
        await sync_to_thread(reception.close)


async def pieces(request: AnyRequest) -> AsyncIterator[bytes]:
    """The body in pieces of at most 256 KiB. When the line is cut the last one is what had come until then."""
    waiting = bytearray()
    stream = request.stream()
    while True:
        try:
            chunk = await asyncio.wait_for(anext(stream), SILENCE_SECONDS)
        except (StopAsyncIteration, TimeoutError, InternalServerException):
            break
        waiting += chunk
        while len(waiting) >= CHUNK_BYTES:
            yield bytes(waiting[:CHUNK_BYTES])
            del waiting[:CHUNK_BYTES]
    if waiting:
        yield bytes(waiting)
