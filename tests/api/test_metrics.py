"""The page for Prometheus: what happened and what waits, across processes, and nothing that names anybody."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from plumbline import metrics
from plumbline.app import make_app
from plumbline.metrics.counting import Counts
from plumbline.metrics.state import State, engine_of
from plumbline.settings import ROOT, Settings
from tests.api.test_receive_lot import receipt
from tests.api.test_serving import free_port, wait_for
from tests.support.cast import Cast


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counts:
    """Counting is on, with counters of this test's own."""
    fresh = Counts()
    monkeypatch.setattr(metrics, "_counts", fresh)
    return fresh


def said(*collectors: Any) -> str:
    """The page as a monitor reads it."""
    registry = CollectorRegistry()
    for one in collectors:
        registry.register(one)
    return generate_latest(registry).decode()


def value(page: str, series: str) -> float:
    """The value of one series; fails when it is not there."""
    found = re.search(rf"^{re.escape(series)} (\S+)$", page, re.MULTILINE)
    assert found, f"{series} is not in\n{page}"
    return float(found[1])


def test_acts_are_counted_by_type_and_verdict(cast: Cast, counts: Counts) -> None:
    keeper = cast.storekeeper
    keeper.did("lot:receive", uuid7(), receipt(cast))
    keeper.refusal("lot:receive", uuid7(), {**receipt(cast), "material": "unheard-of"})
    keeper.refusal("made:up-by-somebody", uuid7(), {})

    page = said(counts.registry)
    assert value(page, 'plumbline_acts_total{type="lot:receive",verdict="applied"}') == 1
    assert value(page, 'plumbline_acts_total{type="lot:receive",verdict="refused"}') == 1
    assert value(page, 'plumbline_acts_total{type="unknown",verdict="refused"}') == 1


def test_requests_are_timed_by_the_template_of_their_route(cast: Cast, counts: Counts, settings: Settings) -> None:
    watched = make_app(settings.model_copy(update={"metrics_port": 9464, "jobs": "off"}), cast.engine)
    # No lifespan: its end would close the engine that other tests use.
    client = TestClient(watched)
    client.get(cast.foreman.at("/invites"), headers=cast.foreman.headers)
    client.get("/api/somebody/tries/names")
    client.get("/join/8f3k2n9q")
    client.request("INVENTED", "/api/me")

    page = said(counts.registry)
    route = "/api/projects/{project_id}/invites"
    assert value(page, f'plumbline_requests_total{{method="GET",route="{route}",status="200"}}') == 1
    assert value(page, f'plumbline_request_seconds_count{{method="GET",route="{route}"}}') == 1
    assert 'route="unknown",status="404"' in page
    assert 'route="front end"' in page
    assert "8f3k2n9q" not in page
    assert str(cast.project_id) not in page
    assert "INVENTED" not in page


def test_what_waits_is_told_from_the_database(cast: Cast, settings: Settings) -> None:
    keeper = cast.storekeeper
    file = {"sha256": "0" * 64, "bytes": 1000, "mime": "image/jpeg", "role": "photo", "capture": "camera"}
    keeper.refusal("lot:receive", uuid7(), {**receipt(cast), "material": "unheard-of"})
    waiting = keeper.do("lot:receive", uuid7(), receipt(cast), depends_on=[str(uuid7())], files=[file])
    engine = engine_of(settings)
    page = said(State(settings, engine))
    engine.dispose()

    assert waiting["verdict"] == "deferred"
    assert value(page, "plumbline_database_up") == 1
    assert value(page, "plumbline_acts_deferred") == 1
    assert value(page, "plumbline_acts_quarantined") == 1
    assert value(page, f'plumbline_feed_head{{project="{cast.project_id}"}}') > 10
    assert value(page, 'plumbline_jobs{state="waiting"}') >= 0
    assert value(page, "plumbline_jobs_oldest_seconds") >= 0
    assert value(page, "plumbline_disk_free_bytes") > 0


def test_a_database_that_is_away_is_told_and_the_rest_comes_all_the_same(tmp_path: Path, settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"})
    engine = engine_of(away)
    page = said(State(away, engine))
    engine.dispose()

    assert value(page, "plumbline_database_up") == 0
    assert value(page, "plumbline_disk_free_bytes") > 0
    assert "plumbline_acts_deferred" not in page


def test_switched_off_nothing_is_counted_and_no_library_is_loaded() -> None:
    asked = "import sys; from plumbline.app import make_app; print('prometheus_client' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend")}
    answer = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "False"


@contextmanager
def serving(data: Path, arguments: list[str], **more: str) -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PLUMBLINE_DATA_DIR": str(data)}
    process = subprocess.Popen(
        [sys.executable, "-m", "plumbline", *arguments], env={**env, **more}, text=True, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_one_page_tells_of_all_worker_processes(tmp_path: Path) -> None:
    port, figures = free_port(), free_port()
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PLUMBLINE_DATA_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "plumbline", "migrate"], env=env, check=True, stdout=subprocess.DEVNULL)
    arguments = ["serve", "--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    chosen = {"PLUMBLINE_METRICS_PORT": str(figures), "PLUMBLINE_JOBS": "worker"}
    with serving(tmp_path, arguments, **chosen) as process:
        wait_for(f"http://127.0.0.1:{port}/api/ready", process)
        series = 'plumbline_requests_total{method="GET",route="/api/health",status="200"}'
        for _ in range(20):  # Each a connection of its own, so that both processes get some.
            assert httpx.get(f"http://127.0.0.1:{port}/api/health").status_code == 200
        end = time.monotonic() + 10
        page = ""
        while series not in page and time.monotonic() < end:
            page = httpx.get(f"http://127.0.0.1:{figures}/metrics").text

    assert value(page, series) == 20
    assert value(page, "plumbline_database_up") == 1


def test_the_product_s_own_port_shows_no_figures(client: TestClient[Any], engine: Engine) -> None:
    assert "plumbline_requests" not in client.get("/metrics").text
