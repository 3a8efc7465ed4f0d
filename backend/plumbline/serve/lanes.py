"""Lanes of threads: what only reads never waits for what writes, or for a snapshot that is being made.

Handlers run in threads, and a write may wait long in its thread: for the write lock, or for a project's row. In one
pool as many waiting writes as it has threads would stop every read as well, at whatever size. Some reads write too:
a public page is counted, a view by link is logged, and twenty phones wait for one first snapshot.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from litestar.concurrency import set_asyncio_executor

from plumbline.serve.asgi import AsgiApp, Receive, Scope, Send

READERS = 8
APART = {"write": 6, "snapshot": 2}  # Threads of each further lane.
READS = ("GET", "HEAD", "OPTIONS")
_lane: ContextVar[str] = ContextVar("lane", default="read")


class Lanes(ThreadPoolExecutor):
    """The pool of reads, with the others beside it."""

    def __init__(self) -> None:
        super().__init__(READERS, thread_name_prefix="read")
        self._apart = {name: ThreadPoolExecutor(size, thread_name_prefix=name) for name, size in APART.items()}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run it in the lane of the request that asks."""
        apart = self._apart.get(_lane.get())
        return super().submit(fn, *args, **kwargs) if apart is None else apart.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all lanes."""
        for pool in self._apart.values():
            pool.shutdown(wait, cancel_futures=cancel_futures)
        super().shutdown(wait, cancel_futures=cancel_futures)


def lane_of(method: str, path: str) -> str:
    """The lane of a request as a whole."""
    if method not in READS or path.startswith("/api/public/"):
        return "write"
    return "snapshot" if path.startswith("/api/projects/") and path.endswith("/snapshot") else "read"


@contextmanager
def writing() -> Iterator[None]:
    """For what a read has to write: a thread that is taken inside the block is one that may wait."""
    before = _lane.set("write")
    try:
        yield
    finally:
        _lane.reset(before)


class KeepApart:
    """Notes for each request in which lane its handlers run."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _lane.set(lane_of(scope["method"], scope["path"]))
        await self._app(scope, receive, send)


# Once for the process, when this is imported: Litestar refuses it where a loop runs.
set_asyncio_executor(Lanes())
