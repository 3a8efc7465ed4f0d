"""`plumbline doctor` finds what is wrong, and nothing where all is well: on both databases and both stores."""

import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from plumbline import schema
from plumbline.db import make_engine
from plumbline.serve import trials
from plumbline.serve.authority import LEAF_DAYS, Authority
from plumbline.serve.doctor import NAMES, Finding, examine
from plumbline.serve.network import Reach
from plumbline.settings import ROOT, Settings, load
from tests.support.s3 import ORIGIN, S3Server


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<!doctype html>")
    (tmp_path / "dist" / "assets" / "a.js.br").write_bytes(b"")
    return tmp_path / "dist"


@pytest.fixture(params=["folder", "s3"])
def house(request: pytest.FixtureRequest, tmp_path: Path, dist: Path) -> Settings:
    more: dict[str, Any] = {}
    if request.param == "s3":
        more = request.getfixturevalue("s3_server").settings("examined")
    settings = load(data_dir=tmp_path / "var", database_url="", pwa_dir=dist, base_url=ORIGIN, jobs="off", **more)
    if request.param == "s3":
        from plumbline.storage.service import open_store

        open_store(settings).prepare([ORIGIN])
    return settings


@pytest.fixture
def migrated(house: Settings) -> Iterator[Engine]:
    engine = make_engine(house)
    schema.upgrade(engine, house)
    yield engine
    engine.dispose()


def wrong(findings: Iterator[Finding]) -> dict[str, str]:
    for finding in (found := list(findings)):
        assert re.search("[\u4e00-\u9fff]", finding.line("zh")), "each finding has a Chinese sentence"
    return {finding.what: finding.said["en"] for finding in found if not finding.is_right}


def test_nothing_is_wrong_where_all_is_well(migrated: Engine, house: Settings) -> None:
    assert wrong(examine(migrated, house)) == {}


def test_an_old_schema_is_found(house: Settings) -> None:
    engine = make_engine(house)

    assert "plumbline migrate" in wrong(examine(engine, house))["schema"]
    engine.dispose()


def test_a_front_end_that_is_not_built_is_found(migrated: Engine, house: Settings, tmp_path: Path) -> None:
    found = wrong(examine(migrated, house.model_copy(update={"pwa_dir": tmp_path / "nowhere"})))

    assert "make pwa" in found["front end"]


def test_an_address_without_tls_is_found(migrated: Engine, house: Settings) -> None:
    found = wrong(examine(migrated, house.model_copy(update={"base_url": "http://site.example.org"})))

    assert "https" in found["address"]


def test_a_store_that_refuses_our_pages_is_found(s3_server: S3Server, tmp_path: Path) -> None:
    settings = load(
        data_dir=tmp_path, base_url="https://other.example.org", jobs="off", **s3_server.settings("examined")
    )

    said = wrong(examine(make_engine(settings), settings))["upload"]
    assert "CORS" in said or "OPTIONS" in said


def test_a_store_that_is_down_is_found(tmp_path: Path) -> None:
    nowhere = {"store": "s3", "s3_endpoint": "http://127.0.0.1:9", "s3_access_key": "a", "s3_secret_key": "b"}
    settings = load(data_dir=tmp_path, base_url=ORIGIN, jobs="off", **nowhere)

    found = wrong(examine(make_engine(settings), settings))

    assert {"store", "upload"} <= set(found)


def test_a_database_that_is_away_is_found_and_everything_else_is_tried_all_the_same(house: Settings) -> None:
    away = house.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"})
    engine = make_engine(away)

    found = list(examine(engine, away))

    assert "PLUMBLINE_DATABASE_URL" in wrong(iter(found))["database"]
    assert [finding.what for finding in found] == list(NAMES)
    engine.dispose()


def test_a_store_that_is_away_is_found(migrated: Engine, house: Settings) -> None:
    away = {"store": "s3", "s3_endpoint": "http://127.0.0.1:1", "s3_access_key": "a", "s3_secret_key": "b"}
    found = wrong(examine(migrated, house.model_copy(update=away)))

    assert "PLUMBLINE_S3" in found["store"]
    assert "cannot be reached" in found["upload"]


def test_a_public_address_of_another_store_is_found(s3_server: S3Server, migrated: Engine, house: Settings) -> None:
    other = {**s3_server.settings("examined"), "s3_public_endpoint": "http://127.0.0.1:1"}

    assert "S3_PUBLIC_ENDPOINT" in wrong(examine(migrated, house.model_copy(update=other)))["upload"]


@contextmanager
def store_with_a_clock(seconds_off: float) -> Iterator[str]:
    """A server that refuses everything and tells the time of a clock that is off."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(403)
            self.send_header("Date", format_datetime(datetime.now(UTC) + timedelta(seconds=seconds_off), usegmt=True))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_PUT = do_HEAD = do_OPTIONS = do_DELETE = do_GET  # noqa: N815 - the names are the library's.

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("seconds_off", "word"), [(3600, "behind"), (-3600, "ahead of")])
def test_a_clock_that_differs_from_the_store_s_is_found(
    migrated: Engine, house: Settings, seconds_off: float, word: str
) -> None:
    with store_with_a_clock(seconds_off) as endpoint:
        chosen = {"store": "s3", "s3_endpoint": endpoint, "s3_access_key": "a", "s3_secret_key": "b"}
        said = wrong(examine(migrated, house.model_copy(update=chosen)))["clock"]

    assert f"{word} S3's" in said
    assert "NTP" in said


def test_a_clock_that_differs_from_the_database_s_is_found(
    postgres_url: str, tmp_path: Path, dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load(data_dir=tmp_path, database_url=postgres_url, pwa_dir=dist, jobs="off")
    engine = make_engine(settings)
    assert "clock" not in wrong(examine(engine, settings))

    monkeypatch.setattr(trials.db, "now", lambda: datetime.now(UTC) + timedelta(minutes=5))

    assert "ahead of PostgreSQL's" in wrong(examine(engine, settings))["clock"]
    engine.dispose()


def test_jobs_that_nobody_does_are_found(migrated: Engine, house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "JOB_WAIT_S", 0.5)

    assert "plumbline worker" in wrong(examine(migrated, house.model_copy(update={"jobs": "worker"})))["jobs"]


@pytest.mark.parametrize("house", ["folder"], indirect=True)  # The worker's own start is what takes time here.
def test_a_worker_that_does_them_is_found_well(migrated: Engine, house: Settings, monkeypatch: Any) -> None:
    monkeypatch.setattr(trials, "JOB_WAIT_S", 30)
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PLUMBLINE_DATA_DIR": str(house.data_dir)}
    worker = subprocess.Popen([sys.executable, "-m", "plumbline", "worker"], env=env, stderr=subprocess.DEVNULL)
    try:
        assert "jobs" not in wrong(examine(migrated, house.model_copy(update={"jobs": "worker"})))
    finally:
        worker.terminate()
        worker.wait(30)


def test_a_full_disk_is_found(migrated: Engine, house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "LEAST_FREE_BYTES", 10**18)

    assert "GB are free" in wrong(examine(migrated, house))["disk"]


@contextmanager
def shown_at(authority: Authority) -> Iterator[str]:
    """Somebody who shows the authority's server certificate on a port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate_path, authority.key_path)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            try:
                raw, _ = server.accept()
                with raw, context.wrap_socket(raw, server_side=True) as secure:
                    secure.recv(1)
            except OSError:
                return

        thread = threading.Thread(target=greet)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


@pytest.mark.parametrize(
    ("days_old", "word"), [(0, None), (LEAF_DAYS - 7, "ends in"), (LEAF_DAYS + 1, "does not hold")]
)
def test_a_certificate_that_nobody_renews_is_found(tmp_path: Path, days_old: int, word: str | None) -> None:
    here = Reach(names=("localhost",), addresses=("127.0.0.1",))
    authority = Authority(tmp_path / "tls", here)
    authority.renew(here, at=datetime.now(UTC) - timedelta(days=days_old))
    with shown_at(authority) as url:
        settings = load(data_dir=tmp_path, base_url=url, jobs="off")
        if word is None:
            assert "good for 39" in trials.certificate(settings)["en"]
        else:
            with pytest.raises(trials.Wrong, match=word):
                trials.certificate(settings)


def test_a_missing_font_is_found(migrated: Engine, house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from plumbline.reports import typesetting

    typesetting.font.cache_clear()
    monkeypatch.setattr(typesetting, "sans_path", lambda: "/nowhere.ttf")

    assert "font is missing" in wrong(examine(migrated, house))["fonts"]
    typesetting.font.cache_clear()


@pytest.mark.parametrize(("language", "line"), [("zh", "异常  前端: 没有"), ("en", "WRONG  front end: There is no")])
def test_the_command_says_it_in_the_language_of_the_terminal(tmp_path: Path, language: str, line: str) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PLUMBLINE_DATA_DIR": str(tmp_path), "LC_ALL": ""}
    env |= {"PLUMBLINE_PWA_DIR": str(tmp_path / "none"), "LANG": {"zh": "zh_CN.UTF-8", "en": "C.UTF-8"}[language]}
    told = subprocess.run([sys.executable, "-m", "plumbline", "doctor"], env=env, capture_output=True, check=False)

    assert told.returncode == 1
    assert line in told.stdout.decode()
    assert b"Traceback" not in told.stderr
