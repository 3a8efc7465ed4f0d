"""Logs: one JSON object a line, a request id on everything that a request caused, no secrets.

Query strings are never logged, since upload and download links carry their key there; codes in a path
(`/join/…`, `/q/…`, `/g/…`) are blotted out for the same reason.
"""

import json
import logging
import re
import sys
import time
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from plumbline.problems import Unexpected, language
from plumbline.serve.asgi import AsgiApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from litestar import Request, Response

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
access = logging.getLogger("plumbline.access")
errors = logging.getLogger("plumbline.errors")

_CODES = re.compile(r"^(/join|/q|/g|/api/codes)/[^/]+")
_ORDINARY = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonLine(logging.Formatter):
    """A record as one line of JSON: at, level, logger, message, request_id, extra fields, error with its stack."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (known := request_id.get()) is not None:
            line["request_id"] = known
        line |= {k: v for k, v in record.__dict__.items() if k not in _ORDINARY}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str = "INFO", file: Path | None = None) -> None:
    """Send everything that is logged in this process, warnings too, to stderr as JSON lines.

    With `file` it goes there (five files of 10 MB), and stderr gets errors alone: a person is reading it.
    """
    on_screen = logging.StreamHandler(sys.stderr)
    handlers: list[logging.Handler] = [on_screen]
    if file is not None:
        on_screen.setLevel(logging.ERROR)
        handlers.append(RotatingFileHandler(file, maxBytes=10_000_000, backupCount=4, encoding="utf-8"))
    for handler in handlers:
        handler.setFormatter(JsonLine())
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(level)
    # These say on INFO what they did for each request or poll; our access line already tells it once.
    for chatty in ("httpx", "botocore", "boto3", "urllib3", "s3transfer", "alembic", "dbos"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)


def shown_path(path: str) -> str:
    """A path as it may stand in a log: codes that open something are blotted out."""
    return _CODES.sub(r"\1/*", path)


class RequestLog:
    """The outermost layer: names each request, writes its access line, and never lets an error pass unlogged."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Two of these stand in each other's way when the server adds its own pages around the application.
        if scope["type"] != "http" or "request_id" in scope:
            await self._app(scope, receive, send)
            return
        name = uuid4().hex
        scope["request_id"] = name
        token = request_id.set(name)
        started = time.perf_counter()
        status = 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), (b"x-request-id", name.encode())]
            await send(message)

        # The router replaces scope["path"] by what it matched, so it is read before.
        method, path = scope["method"], shown_path(scope["path"])
        try:
            await self._app(scope, receive, send_named)
        except Exception as bug:
            log_unexpected(bug, method, path)
            if status:
                # The answer has begun; cutting the connection is the only honest end of it.
                raise
            await _send_problem(scope, send_named)
        finally:
            spent_ms = round((time.perf_counter() - started) * 1000, 1)
            access.info(
                "%s %s %s",
                method,
                path,
                status,
                extra={"method": method, "path": path, "status": status, "ms": spent_ms},
            )
            request_id.reset(token)


def log_unexpected(bug: BaseException, method: str, path: str) -> None:
    """Write one line for an error of ours, with its stack and the request it happened in."""
    errors.error(
        "unhandled %s in %s %s",
        type(bug).__name__,
        method,
        shown_path(path),
        exc_info=bug,
        extra={"method": method, "path": shown_path(path)},
    )


def unexpected_document(accept_language: str | None) -> dict[str, Any]:
    """The problem document of an unhandled error; `instance` and `request` carry the id of the log line."""
    name = request_id.get() or "unknown"
    return {**Unexpected(request=name).document(language(accept_language)), "instance": f"urn:request:{name}"}


def answer_unexpected(request: "Request[Any, Any, Any]", bug: Exception) -> "Response[dict[str, Any]]":
    """Exception handler of the application: log an error of ours and answer with its request id."""
    from litestar import Response

    log_unexpected(bug, request.method, request.url.path)
    document = unexpected_document(request.headers.get("accept-language"))
    return Response(document, status_code=500, media_type="application/problem+json")


async def _send_problem(scope: Scope, send: Send) -> None:
    headers = dict(scope["headers"])
    accepted = headers.get(b"accept-language", b"").decode("latin-1")
    body = json.dumps(unexpected_document(accepted), ensure_ascii=False).encode()
    head = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": head})
    await send({"type": "http.response.body", "body": body, "more_body": False})
