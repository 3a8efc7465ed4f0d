"""Two lanes of threads: what reads never waits for what writes.

Handlers run in threads, and a write may wait long in its thread: for the write lock, or for a project's row. In one
pool as many waiting writes as it has threads would stop every read as well, at whatever size.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any

from litestar.concurrency import set_asyncio_executor

from plumbline.serve.asgi import AsgiApp, Receive, Scope, Send

READERS, WRITERS = 8, 6
READS = ("GET", "HEAD", "OPTIONS")
_is_write: ContextVar[bool] = ContextVar("is_write", default=False)


class Lanes(ThreadPoolExecutor):
    """The pool of reads, with one beside it for requests that may write."""

    def __init__(self) -> None:
        super().__init__(READERS, thread_name_prefix="read")
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="write")

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run it in the lane of the request that asks."""
        if _is_write.get():
            return self._writers.submit(fn, *args, **kwargs)
        return super().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End both lanes."""
        self._writers.shutdown(wait, cancel_futures=cancel_futures)
        super().shutdown(wait, cancel_futures=cancel_futures)


class KeepApart:
    """Notes for each request in which lane its handlers run."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _is_write.set(scope["method"] not in READS)
        await self._app(scope, receive, send)


# Once for the process, when this is imported: Litestar refuses it where a loop runs.
set_asyncio_executor(Lanes())
