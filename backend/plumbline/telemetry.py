"""Traces for an OpenTelemetry collector, when `traces_endpoint` is set: each request, its batch at the door, its SQL.

Off, a span is one shared object that does nothing, and no library of OpenTelemetry is imported. SQL is told as the
text with placeholders; what people wrote never travels. A trace begins here: what callers send along is not believed.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from plumbline.serve.asgi import AsgiApp, Message, Receive, Scope, Send
from plumbline.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import Span, Tracer

_NOTHING: AbstractContextManager[None] = nullcontext()
_running: "list[tuple[TracerProvider, Tracer]]" = []  # At most one for each process.
_watched: list[Engine] = []
LONGEST_SQL = 2000


class ExtraMissing(Exception):
    """Traces were asked for and OpenTelemetry is not installed; the message says how."""


def span(name: str, **facts: str | int) -> AbstractContextManager[Any]:
    """A span around a block; costs nothing where traces are off."""
    if not _running:
        return _NOTHING
    return _running[0][1].start_as_current_span(name, attributes={f"plumbline.{k}": v for k, v in facts.items()})


def switch_on(settings: Settings, engine: Engine, processor: "SpanProcessor | None" = None) -> None:
    """Trace this process from now on; `processor` replaces the collector in tests. Raises ExtraMissing."""
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        chosen = processor or _to_collector(settings.traces_endpoint)
    except ImportError as missing:
        raise ExtraMissing(
            "PLUMBLINE_TRACES_ENDPOINT is set, and OpenTelemetry is not installed: pip install 'plumbline[otel]'"
        ) from missing
    provider = TracerProvider(resource=Resource.create({"service.name": "plumbline"}))
    provider.add_span_processor(chosen)
    switch_off()
    _running.append((provider, provider.get_tracer("plumbline")))
    _watch_sql(engine)


def switch_off() -> None:
    """Send what is still here, and trace no more."""
    while _watched:
        engine = _watched.pop()
        event.remove(engine, "before_cursor_execute", _begin_sql)
        event.remove(engine, "after_cursor_execute", _end_sql)
        event.remove(engine, "handle_error", _fail_sql)
    while _running:
        _running.pop()[0].shutdown()


def _to_collector(endpoint: str) -> "SpanProcessor":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # type: ignore[import-not-found,unused-ignore]
        OTLPSpanExporter,  # Of the extra alone; checks run without it.
    )
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint))


class Traced:
    """The layer that makes one span of each request, named by its route's template."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _running:
            await self._app(scope, receive, send)
            return
        with _running[0][1].start_as_current_span(scope["method"]) as current:

            async def send_noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    current.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await self._app(scope, receive, send_noted)
            route = scope.get("path_template")
            if route:
                current.update_name(f"{scope['method']} {route}")
                current.set_attribute("http.route", route)
            current.set_attribute("plumbline.request_id", scope.get("request_id", ""))


def _watch_sql(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", _begin_sql)
    event.listen(engine, "after_cursor_execute", _end_sql)
    event.listen(engine, "handle_error", _fail_sql)
    _watched.append(engine)


def _begin_sql(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
    if context is None:  # A statement of the driver's own kind, such as BEGIN: no span could be ended.
        return
    begun: Span = _running[0][1].start_span(f"sql {statement.split(None, 1)[0].upper()}")
    begun.set_attribute("db.query.text", statement[:LONGEST_SQL])
    context.plumbline_span = begun


def _end_sql(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
    begun = getattr(context, "plumbline_span", None)
    if begun is not None:
        begun.end()


def _fail_sql(failed: Any) -> None:
    begun = getattr(failed.execution_context, "plumbline_span", None)
    if begun is not None:
        begun.set_attribute("error.type", type(failed.original_exception).__name__)
        begun.end()
