"""Each command of the operations page is run as it stands there, in the order of an operator's life, or excused.

What runs is the page's own text, given to a shell; only paths and ports are other ones. A command that is neither run
nor in `EXCUSED` fails the test. `make soak` does it on both shapes; `make test` on PostgreSQL with S3, which needs more
to be right, since one life takes as long as ten other tests. What backup, restore and rebuild say and do on SQLite is
held by tests/api/test_backup.py, too.
"""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from plumbline.cli import settings_table
from plumbline.db import make_engine
from plumbline.settings import load
from tests.faults.operating import PAGE, Operator
from tests.support.cast import make_cast
from tests.support.device import TestDevice
from tests.support.evidence import send
from tests.support.photos import jpeg
from tests.support.postgres import pg_bin
from tests.support.programs import free_port
from tests.support.s3 import ORIGIN
from tests.support.works import receive_lot

BY_HAND = "needs an engine for containers, which a test machine may not have; its parts are held by tests/unit"
EXCUSED = {
    "git clone <this repository> && cd plumbline": "the checkout in which this runs came so",
    "apt install git make python3 python3-venv": "changes the machine",
    "apt install postgresql-client": "changes the machine; the tests' server brings pg_dump along",
    "make run": "make's part is .ci/run's; `plumbline run` is run by tests/api/test_serving.py",
    'make run ARGS="--port 8001 --tls-port 8444"': "as before, with these options",
    "make install pwa": "done by .ci/run before any test",
    "make soak": "takes hours",
    "git pull": "changes the checkout in which this runs",
    "cp infra/example.env infra/.env": "the file is for containers; what it must have is held by tests/unit",
    "docker compose -f infra/compose.yaml up --build -d": BY_HAND,
    "docker compose -f infra/compose.yaml run --rm api …": BY_HAND,
    '15 2 * * * plumbline backup /backups/plumbline || mail -s "No backup" you@example.org': "a line for cron",
    "grep 5b70… plumbline.log": "the number is an example",
    "plumbline serve --tls": "served by tests/e2e/server.py and tests/api/test_tls_renewal.py",
    ".venv/bin/pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http": "asks a package index",
    "PLUMBLINE_TRACES_ENDPOINT=http://127.0.0.1:4318/v1/traces plumbline serve": (
        "needs the exporter, which is no part of the lock; the spans are held by tests/unit/test_telemetry.py"
    ),
}


@pytest.fixture(params=os.environ.get("SHAPES", "postgresql").split(","))
def operator(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Operator]:
    """At a machine on which nothing is but the program, an empty database and an empty store."""
    values: dict[str, str] = {"data_dir": str(tmp_path / "data"), "database_url": "", "base_url": ORIGIN}
    if request.param == "postgresql":
        grown_up = request.getfixturevalue("grown_up").house
        values |= {k: v for k, v in grown_up.values.items() if k.startswith("s3_")}
        values |= {"store": "s3", "s3_bucket": "operated", "pg_bin": pg_bin()}
        values |= {"database_url": another_database(grown_up.database.url, "operated")}
    (tmp_path / "data").mkdir()
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "plumbline"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m plumbline "$@"\n')
    program.chmod(0o755)
    settings = load(**values)
    engine = make_engine(settings)
    drawn = f"sqlite:///{tmp_path / 'drawn.db'}"
    if request.param == "postgresql":
        drawn = another_database(settings.database, "drawn")
    examples = {"/backups/plumbline": str(tmp_path / "backup"), "9464": str(free_port()), "URL": drawn}
    yield Operator(tmp_path, settings, engine, instead=examples)
    engine.dispose()


def another_database(url: str, name: str) -> str:
    """The URL of an empty database on the same server."""
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    return server.url.set(database=name).render_as_string(hide_password=False)


def test_the_page_s_commands_do_what_the_page_says(operator: Operator) -> None:
    installs(operator)
    serve = "PLUMBLINE_METRICS_PORT=9464 PLUMBLINE_JOBS=worker plumbline serve --workers 4"
    options = f"--host 127.0.0.1 --port {operator.port}"
    worker = operator.begins("plumbline worker")
    server = operator.begins(serve, options, f"{operator.url}/api/ready")
    operator.ran.add("plumbline serve --workers 4")
    try:
        people_work(operator)
        watches(operator)
        backs_up(operator)
        assert [server.stop(), worker.stop()] == [0, 0], "SIGTERM ends them in order"
    finally:
        server.close()
        worker.close()
    restores(operator)
    rebuilds(operator)

    assert [c for c in PAGE if c not in operator.ran and c not in EXCUSED] == [], "run it here, or excuse it"
    assert [c for c in EXCUSED if c not in PAGE or c in operator.ran] == [], "needs no excuse"


def installs(operator: Operator) -> None:
    assert settings_table() in operator.does("plumbline settings")
    assert "present schema now" in operator.does("plumbline migrate")
    operator.types("plumbline admin create --login zhang --name 张敏", "the first password")
    operator.types("plumbline admin password --login zhang", "the second password")


def people_work(operator: Operator) -> None:
    with httpx.Client(base_url=operator.url, timeout=30) as client:
        for password, status in (("the first password", 401), ("the second password", 200)):
            who = {"login": "zhang", "password": password, "device": TestDevice().enrolment()}
            answer = client.post("/api/sign-in", json=who)
            assert answer.status_code == status, answer.text
        cast = make_cast(client, operator.engine)  # type: ignore[arg-type]  # The same requests, over a real network.
        receive_lot(cast.storekeeper)
        send(cast.foreman, jpeg(seed=1))


def watches(operator: Operator) -> None:
    for path in ("/api/health", "/api/ready"):
        assert httpx.get(operator.url + path).status_code == 200
    figures = operator.does("curl -s http://127.0.0.1:9464/metrics")
    assert "plumbline_database_up 1.0" in figures
    assert 'plumbline_acts_total{type="lot:receive",verdict="applied"} 1.0' in figures
    language, name = ("zh", "正常  数据库") if operator.settings.is_sqlite else ("en", "ok     database")
    assert name in operator.does("plumbline doctor", f"--language {language}", PLUMBLINE_JOBS="worker")


def backs_up(operator: Operator) -> None:
    assert "settings" in operator.does("plumbline backup /backups/plumbline")
    assert "Whole: " in operator.does("plumbline backup --verify /backups/plumbline")


def restores(operator: Operator) -> None:
    operator.engine.dispose()
    assert "--yes" in operator.does("plumbline restore /backups/plumbline --check", status=2)
    if operator.settings.store == "folder":
        shutil.rmtree(operator.settings.data_dir / "files")
        lost = operator.does("plumbline restore /backups/plumbline --check --yes", status=2)
        assert "The database is as it was" in lost
        (operator.settings.data_dir / "files.known").unlink()  # As the page says, when it is lost for good.
    said = operator.does("plumbline restore /backups/plumbline --check --yes")
    assert ", 0 differences." in said


def rebuilds(operator: Operator) -> None:
    """A row is altered by hand: it is found and named, an empty database gets it as it was, and it is put right."""
    with operator.engine.begin() as connection:
        assert connection.execute(text("UPDATE lot SET grade = 'C99'")).rowcount == 1
    said = operator.does("plumbline rebuild --check --into URL", status=1)
    assert "column grade: stored 'C99', drawn from acts 'C30'" in said
    assert ", 1 differences." in said
    assert grades(operator.instead["URL"]) == ["C30"]

    assert "as the acts draw them now" in operator.does("plumbline rebuild --yes")
    assert ", 0 differences." in operator.does("plumbline rebuild --check")
    assert grades(operator.settings.database) == ["C30"]


def grades(url: str) -> list[str]:
    """The grade of every lot."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(text("SELECT grade FROM lot")).scalars())
    engine.dispose()
    return found
