"""How long reading takes on a site of a million acts: 20,000 tasks, 20,000 lots, 200,000 steps.

Each is asked through a served API on one connection, beside the time of an answer that reads nothing.
"""

import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlalchemy import Connection, text
from uuid_utils.compat import uuid7

from plumbline.app import make_app
from plumbline.db import make_engine
from plumbline.settings import Settings, load
from tests.bench.arena import percentile
from tests.bench.conftest import Report
from tests.bench.test_memory import running, wait_until_it_answers
from tests.bench.test_start import free_port
from tests.support.cast import Actor, make_cast
from tests.support.databases import make_tables
from tests.support.postgres import syncing_postgres
from tests.support.works import HERE, add_task, pour, receive_lot

ACTS, TASKS, LOTS, STEPS = 1_000_000, 20_000, 20_000, 200_000
READS, WARM = 200, 20
AIM = "≤ 50 ms"


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


class Copies:
    """Rows made inside the database, as copies of one that came through the door."""

    def __init__(self, conn: Connection, head: int) -> None:
        self._conn = conn
        self._is_sqlite = conn.dialect.name == "sqlite"
        self._head = head

    def id(self, kind: str, n: str) -> str:
        """The SQL of the n-th id of a kind: one hex digit, then the number."""
        if self._is_sqlite:
            return f"printf('{kind}%031x', {n})"
        return f"('{kind}' || lpad(to_hex({n}), 31, '0'))::uuid"

    def make(self, table: str, count: int, template: str, **changed: str) -> None:
        """Insert `count` copies of the row that `template` (a WHERE) finds; `changed` gives SQL in terms of s.n."""
        found = self._conn.execute(text(f"SELECT * FROM {table} WHERE {template} LIMIT 1"))
        columns = list(found.keys())
        chosen = ", ".join(changed.get(c, f't."{c}"') for c in columns)
        names = ", ".join(f'"{c}"' for c in columns)
        series = f"(SELECT * FROM generate_series(1, {count}) AS g(n))"
        if self._is_sqlite:
            series = (
                f"(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < {count}) SELECT n FROM g)"
            )
        one = f"(SELECT * FROM {table} WHERE {template} LIMIT 1)"
        self._conn.execute(text(f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {series} AS s, {one} AS t"))


def fill(conn: Connection, project: str, head: int) -> None:
    """A million acts and what they drew."""
    copies = Copies(conn, head)
    mine = f"project_id = '{project}'"
    number = f"s.n + {head}"
    step, lot, task = (
        copies.id(k, n) for k, n in (("3", "s.n"), ("2", f"s.n % {LOTS} + 1"), ("1", f"s.n % {TASKS} + 1"))
    )
    act = copies.id("a", "s.n")
    stepped = copies.id("3", f"s.n % {STEPS} + 1")
    copies.make("task", TASKS, mine, id=copies.id("1", "s.n"), code="'T-' || s.n", act_id=act, parent_id="NULL")
    own = copies.id("2", "s.n")
    copies.make("lot", LOTS, mine, id=own, root_id=own, code="'Q-' || s.n", act_id=act)
    copies.make("step", STEPS, mine, id=step, task_id=task, act_id=act)
    copies.make("step_lot", STEPS, mine, step_id=step, lot_id=lot)
    copies.make("step_person", STEPS, mine, step_id=step)
    copies.make("lot_movement", STEPS, f"{mine} AND step_id IS NOT NULL", id=act, lot_id=lot, step_id=step, act_id=act)
    copies.make("trace_node", STEPS, f"{mine} AND kind = 'step'", id=step)
    copies.make("trace_node", LOTS, f"{mine} AND kind = 'lot'", id=own)
    copies.make("trace_node", TASKS, f"{mine} AND kind = 'task'", id=copies.id("1", "s.n"))
    edge = {"act_id": act}
    copies.make(
        "trace_edge", STEPS, f"{mine} AND kind = 'consume'", id=copies.id("b", "s.n"), source=lot, target=step, **edge
    )
    copies.make(
        "trace_edge", STEPS, f"{mine} AND kind = 'build'", id=copies.id("c", "s.n"), source=step, target=task, **edge
    )
    recorded = f"{mine} AND type = 'step:record'"
    copies.make("act", ACTS, recorded, id=act, number=number, object_id=stepped, seq="s.n + 1000")
    copies.make("change", ACTS, f"{mine} AND kind = 'step'", number=number, object_id=stepped)
    conn.execute(text(f"UPDATE project SET feed_seq = {head + ACTS} WHERE id = '{project}'"))


def test_reading_with_a_million_acts(settings: Settings, figure: Report, tmp_path: Path) -> None:
    engine = make_engine(settings)
    kind = engine.dialect.name
    with TestClient(make_app(settings, engine)) as client:
        cast = make_cast(client, engine)
        task, lot = add_task(cast), receive_lot(cast.storekeeper, "1000")
        people = [str(cast.crew_member.person_id)]
        head = cast.foreman.did("step:record", uuid7(), pour(task, (lot, "1"), people=people), where=HERE)["number"]
        project = cast.project_id.hex if kind == "sqlite" else str(cast.project_id)
        with engine.begin() as conn:
            fill(conn, project, head)
        if kind == "postgresql":  # As its own housekeeping would; nobody does that on SQLite.
            with engine.begin() as conn:
                conn.execute(text("ANALYZE"))
    engine.dispose()
    port = free_port()
    more = {"PLUMBLINE_DATABASE_URL": settings.database, "PLUMBLINE_JOBS": "off"}
    with running(tmp_path, ["serve", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"], **more):
        wait_until_it_answers(port)
        reader = Reader(port, cast.foreman)
        nothing = percentile(reader.all_ms(Page("nothing", "/api/health")), 0.5)
        beside_it = (nothing, "an answer that reads nothing")
        for page in _pages(cast.foreman, head):
            took_ms = reader.all_ms(page)
            name = f"{page.name}, 1 million acts, {kind}"
            figure(f"p50 of {name}", percentile(took_ms, 0.5), "ms", *beside_it)
            figure(f"p99 of {name}", percentile(took_ms, 0.99), "ms", *beside_it, AIM)
        reader.close()


@dataclass(frozen=True)
class Page:
    """Something to read again and again; `{id}` in the path is another thing each time."""

    name: str
    path: str
    kind: str = "0"


class Reader:
    """One connection of one person."""

    def __init__(self, port: int, by: Actor) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self._headers = by.headers

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def all_ms(self, page: Page) -> list[float]:
        """Milliseconds of each of READS readings, by a server that has answered such for a while."""
        for n in range(WARM):
            self._ms(page, READS + 1 + n)
        return [self._ms(page, n) for n in range(1, READS + 1)]

    def _ms(self, page: Page, n: int) -> float:
        path = page.path.format(id=UUID(f"{page.kind}{n:031x}"))
        began = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - began
        assert answer.status == 200, body
        return took * 1000


def _pages(by: Actor, head: int) -> list[Page]:
    feed = {"project": str(by.project_id), "limit": 100}
    newest, missed = (urlencode(feed | {"cursor": head + ACTS - n}) for n in (100, 10_000))
    return [
        Page("the newest 100 changes", f"/api/feed?{newest}"),
        Page("100 changes of 10,000 missed", f"/api/feed?{missed}"),
        Page("a lot's record", by.at("/lots/{id}/record"), "2"),
        Page("a task's record", by.at("/tasks/{id}/record"), "1"),
        Page("a step's record", by.at("/steps/{id}"), "3"),
        Page("an act with its proof", by.at("/acts/{id}"), "a"),
        Page("the quarantine", by.at("/acts?verdict=refused")),
        Page("finding among 20,000 tasks", by.at("/contents?q=T-19&limit=20")),
    ]
