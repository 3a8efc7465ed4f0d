"""Traces: a request, its batch at the door and its SQL belong together, and nothing that people wrote travels."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from uuid_utils.compat import uuid7

from plumbline import telemetry
from plumbline.serve import outside
from plumbline.settings import ROOT, Settings, load
from tests.api.test_receive_lot import receipt
from tests.support.cast import Cast


@pytest.fixture
def spans(cast: Cast, settings: Settings) -> Iterator[InMemorySpanExporter]:
    """Traces are on and kept in memory."""
    exporter = InMemorySpanExporter()
    telemetry.switch_on(settings, cast.engine, SimpleSpanProcessor(exporter))
    yield exporter
    telemetry.switch_off()


def children(spans: list[ReadableSpan], of: ReadableSpan) -> list[ReadableSpan]:
    return [s for s in spans if s.parent and of.context and s.parent.span_id == of.context.span_id]


def test_a_batch_is_traced_from_the_request_to_its_sql(cast: Cast, spans: InMemorySpanExporter) -> None:
    app = cast.client.app
    inner = app.asgi_handler
    app.asgi_handler = outside.RequestLog(telemetry.Traced(inner))
    try:
        answer = TestClient(app).post(
            "/api/acts",
            json={"envelopes": [cast.storekeeper.act("lot:receive", uuid7(), receipt(cast))]},
            headers=cast.storekeeper.headers,
        )
    finally:
        app.asgi_handler = inner
    found = list(spans.get_finished_spans())

    (request,) = [s for s in found if s.name == "POST /api/acts"]
    (door,) = children(found, request)[-1:]
    sql = children(found, door)
    attributes = request.attributes or {}
    assert attributes["http.response.status_code"] == 200
    assert attributes["plumbline.request_id"] == answer.headers["x-request-id"]
    assert door.name == "door"
    assert (door.attributes or {})["plumbline.acts"] == 1
    assert any(s.name == "sql INSERT" for s in sql)
    assert str(receipt(cast)["heat_no"]) not in str([s.to_json() for s in found])


def test_off_a_span_is_nothing_and_no_library_is_loaded() -> None:
    asked = "import sys; from plumbline.app import make_app; print('opentelemetry' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend")}
    answer = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "False"
    assert telemetry.span("door", acts=3) is telemetry.span("other")


def test_asked_for_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    settings = load(data_dir=tmp_path, database_url="", traces_endpoint="http://127.0.0.1:4318/v1/traces")
    from plumbline.db import make_engine

    engine = make_engine(settings)
    with pytest.raises(telemetry.ExtraMissing, match=r"pip install 'plumbline\[otel\]'"):
        telemetry.switch_on(settings, engine)
    engine.dispose()
