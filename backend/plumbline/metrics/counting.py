"""Counters and histograms of this process, and the layer that times requests."""

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram

from plumbline.acts.registry import ACTS
from plumbline.serve.asgi import AsgiApp, Message, Receive, Scope, Send
from plumbline.serve.static import is_ours

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
COMPLETE = "/api/projects/{project_id}/uploads/{upload_id}/complete"
# Names that strangers choose would make a series each, without end.
UNKNOWN = "unknown"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Counts:
    """What is counted; names and labels are what dashboards are built on, so they stay as they are."""

    def __init__(self) -> None:
        """`registry` is for a page in the same process; where processes share their counts it reads the folder."""
        self.registry = registry = CollectorRegistry()
        self.requests = Counter(
            "plumbline_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self.seconds = Histogram(
            "plumbline_request_seconds",
            "Time from the request's head to the end of its answer.",
            ["method", "route"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        self.acts = Counter("plumbline_acts", "Acts answered by the door.", ["type", "verdict"], registry=registry)
        self.uploads = Counter(
            "plumbline_uploads",
            "Files said to be sent, by what the check made of them.",
            ["outcome"],
            registry=registry,
        )

    def note_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        known = method if method in METHODS else UNKNOWN
        self.requests.labels(known, route, str(status)).inc()
        self.seconds.labels(known, route).observe(seconds)
        if route == COMPLETE and status:
            outcome = "verified" if status < 400 else "refused" if status < 500 else "failed"
            self.uploads.labels(outcome).inc()

    def note_acts(self, answered: Iterable[tuple[str, str]]) -> None:
        """Count acts by type and verdict."""
        for type, verdict in answered:
            self.acts.labels(type if type in ACTS else UNKNOWN, verdict).inc()


class Timed:
    """Counts and times each request by the template of its route, never by its path."""

    def __init__(self, app: AsgiApp, counts: Counts) -> None:
        self._app, self._counts = app, counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, path = time.perf_counter(), 0, scope["path"]

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            spent = time.perf_counter() - started
            self._counts.note_request(scope["method"], _route(scope, path), status or 500, spent)


def _route(scope: Scope, path: str) -> str:
    if not is_ours(path):
        return "front end"
    return scope.get("path_template") or UNKNOWN
