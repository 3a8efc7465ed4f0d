"""How long traces take on a graph of EDGES edges (a million; the figures of ten million by EDGES=10000000).

Each is asked through a served API on one connection, beside the bare recursive query of the same run, which says
nothing of the nodes and sends them nowhere.
"""

import http.client
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from plumbline.app import make_app
from plumbline.db import make_engine
from plumbline.serve.launch import collect_seldom
from plumbline.settings import Settings, load
from tests.bench.arena import percentile
from tests.bench.conftest import OUT, Report
from tests.bench.graph import MILLION, Asked, bare, make, told
from tests.bench.test_memory import pss_mb, running, wait_until_it_answers
from tests.bench.test_start import free_port
from tests.support.cast import Actor, Cast, make_cast
from tests.support.databases import make_tables
from tests.support.postgres import syncing_postgres
from tests.support.works import receive_lot

EDGES = int(os.environ.get("EDGES", "1000000"))
SAID = f"{EDGES / 1e6:g} million edges"


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An empty database with tables, on a disk that syncs."""
    if request.param == "sqlite":
        made = load(data_dir=tmp_path, database_url="", jobs="off", access_token_minutes=60)
        make_tables(made)
        yield made
        return
    with syncing_postgres() as server:
        made = load(data_dir=tmp_path, database_url=server.url, jobs="off", access_token_minutes=60)
        make_tables(made)
        yield made


class Door:
    """One connection of one reader."""

    def __init__(self, port: int, by: Actor) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self._path, self._headers = by.at("/trace"), by.headers

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def ask(self, kind: str, node: UUID, direction: str, limit: int = 20_000, more: str = "") -> tuple[bytes, float]:
        """The answer, and milliseconds."""
        path = f"{self._path}?kind={kind}&node={node}&direction={direction}&limit={limit}{more}"
        began = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        assert answer.status == 200, body[:300]
        return body, took

    def stream(self, node: UUID) -> tuple[int, float, float]:
        """Nodes of a stream; seconds to its first bytes and to its end."""
        path = f"{self._path}/stream?kind=lot&node={node}&direction=forward"
        began = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        first = answer.read1(65536)
        first_s, rest, tail = time.perf_counter() - began, first.count(b'"line":"node"'), first
        while piece := answer.read1(1 << 20):
            rest += (tail[-12:] + piece).count(b'"line":"node"') - tail[-12:].count(b'"line":"node"')
            tail = piece
        end = json.loads(tail.splitlines()[-1])
        assert end["line"] == "end", tail[-300:]
        assert end["value"]["nodes"] >= rest
        return end["value"]["nodes"], first_s, time.perf_counter() - began


def bare_ms(engine: Engine, cast: Cast, start: UUID, forward: bool, times: int) -> float:
    """The median of the walk alone."""
    took = []
    with engine.execution_options(ro=True).connect() as conn:
        sql = bare(conn, cast.project_id, start, forward)
        for _ in range(times):
            began = time.perf_counter()
            conn.exec_driver_sql(sql).fetchall()
            took.append((time.perf_counter() - began) * 1000)
    return percentile(took, 0.5)


def told_ms(engine: Engine, cast: Cast, start: UUID, times: int) -> float:
    """The median of the walk and of reading the rows that the answer is made of, without making it."""
    took = []
    with engine.execution_options(ro=True).connect() as conn:
        statements = told(conn, cast.project_id, start)
        for _ in range(times):
            began = time.perf_counter()
            for sql in statements:
                conn.exec_driver_sql(sql).fetchall()
            took.append((time.perf_counter() - began) * 1000)
    return percentile(took, 0.5)


def grown(figure: Report, name: str, value: float) -> None:
    """Beside the same figure of a million edges, when that was measured before and this is of more."""
    if EDGES == MILLION or not OUT.exists():
        return
    before = {one["name"]: one["value"] for one in json.loads(OUT.read_text("utf-8"))["figures"]}
    if first := before.get(name.replace(SAID, "1 million edges")):
        figure(f"growth: {name}", value, "ms", first, "1 million edges", "≤ 1.5 ×")


def test_traces_of_a_large_site(settings: Settings, figure: Report, tmp_path: Path) -> None:
    engine = make_engine(settings)
    kind = engine.dialect.name
    with TestClient(make_app(settings, engine)) as client:
        collect_seldom()  # Or what the bare walk takes is this process looking through its own memory.
        cast = make_cast(client, engine)
        began = time.perf_counter()
        asked = make(engine, cast, EDGES, min(EDGES, MILLION))
        figure(f"making the graph, {SAID}, {kind}", time.perf_counter() - began, "s")
    port = free_port()
    more = {"PLUMBLINE_DATABASE_URL": settings.database, "PLUMBLINE_JOBS": "off"}
    with running(tmp_path, ["serve", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"], **more) as pid:
        wait_until_it_answers(port)
        door = Door(port, cast.inspector)
        _elements(door, engine, cast, asked, figure)
        _lots(door, engine, cast, asked, figure)
        _hub(door, asked, figure, kind)
        _scope(door, asked, figure, kind, lambda: pss_mb(pid))
        door.close()
    engine.dispose()


def _elements(door: Door, engine: Engine, cast: Cast, asked: Asked, figure: Report) -> None:
    kind = engine.dialect.name
    for element in asked.elements:  # Once before, so that what is measured is not the disk of a database just made.
        door.ask("task", element, "backward")
    took, alone = [], []
    for element in asked.elements:
        body, ms = door.ask("task", element, "backward")
        assert 10 < len(json.loads(body)["nodes"]) <= 100
        took.append(ms)
        alone.append(bare_ms(engine, cast, element, False, 1))
    limit = percentile(alone, 0.5)
    name = f"backward trace of an element, {SAID}, {kind}"
    figure(f"{name}, p50", percentile(took, 0.5), "ms", limit, "bare walk", "≤ 10 ms, and ≤ bare + 10 ms")
    grown(figure, f"{name}, p50", percentile(took, 0.5))
    figure(f"{name}, p99", percentile(took, 0.99), "ms", aim="≤ 30 ms")


def _lots(door: Door, engine: Engine, cast: Cast, asked: Asked, figure: Report) -> None:
    kind = engine.dialect.name
    for nodes, times, aim in ((1_000, 60, "≤ 30 / 80 ms"), (17_000, 12, "≤ 3 × bare")):
        lot = asked.lots[nodes]
        body, _ = door.ask("lot", lot, "forward")
        answer = json.loads(body)
        assert abs(len(answer["nodes"]) - nodes) < nodes / 50, len(answer["nodes"])
        assert not answer["truncated"]
        took = [door.ask("lot", lot, "forward")[1] for _ in range(times)]
        limit = bare_ms(engine, cast, lot, True, 10)
        name = f"forward trace of a lot with {nodes:,} nodes, {SAID}, {kind}"
        figure(f"{name}, p50", percentile(took, 0.5), "ms", limit, "bare walk", aim)
        figure(f"{name}, p99", percentile(took, 0.99), "ms", aim=aim)
        # A walk inside this process tells nobody anything; an answer of 10 MB is at least read from the tables.
        limit = told_ms(engine, cast, lot, 5)
        figure(f"{name}, {len(body):,} bytes, p50", percentile(took, 0.5), "ms", limit, "reading the same rows alone")
        grown(figure, f"{name}, p50", percentile(took, 0.5))


def _hub(door: Door, asked: Asked, figure: Report, kind: str) -> None:
    took = []
    for _ in range(3):
        body, ms = door.ask("lot", asked.hub, "forward", 2000)
        answer = json.loads(body)
        assert (len(answer["nodes"]), answer["truncated"]) == (2000, True)
        took.append(ms)
    figure(f"a lot with {min(EDGES, MILLION):,} parts, cut at 2,000 nodes, {SAID}, {kind}", max(took), "ms")


def _scope(door: Door, asked: Asked, figure: Report, kind: str, memory: Callable[[], float]) -> None:
    door.stream(asked.lots[17_000])  # What a process loads once is not the stream's.
    before, peak, done = memory(), [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        nodes, first_s, all_s = door.stream(asked.lots[100_000])
    finally:
        done.set()
        watcher.join()
    assert nodes >= 99_000
    name = f"stream of {nodes:,} nodes, {SAID}, {kind}"
    figure(f"{name}, first bytes", first_s * 1000, "ms", aim="≤ 600 ms")
    figure(f"{name}, nodes", nodes / all_s, "/s", aim="≥ 20,000/s")
    figure(f"{name}, memory", peak[0] - before, "MB", aim="+ ≤ 100 MB")


def test_the_five_hundredth_split_takes_as_long_as_the_first(settings: Settings, figure: Report) -> None:
    engine = make_engine(settings)
    with TestClient(make_app(settings, engine)) as client:
        cast = make_cast(client, engine)
        lot, took = receive_lot(cast.storekeeper, "1000"), []
        for _ in range(520):
            act = cast.storekeeper.act("lot:split", lot, {"parts": [{"lot": str(uuid7()), "quantity": "1"}]})
            began = time.perf_counter()
            (result,) = cast.storekeeper.send(act)
            took.append((time.perf_counter() - began) * 1000)
            assert result["verdict"] == "applied", result
    first, last = percentile(took[5:25], 0.5), percentile(took[500:], 0.5)
    figure(f"the 500th split of a lot, {engine.dialect.name}", last, "ms", first, "the first splits", "≤ 1.3 ×")
    engine.dispose()
