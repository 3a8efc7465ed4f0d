"""A site where eight foremen record steps at once: real server processes, real HTTP, acts signed beforehand."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
from litestar.testing import TestClient
from uuid_utils.compat import uuid7

from plumbline.app import make_app
from plumbline.db import make_engine
from plumbline.settings import ROOT, Settings
from tests.support.cast import Actor, Cast, make_cast, newcomer
from tests.support.databases import make_tables
from tests.support.works import HERE, add_task, pour, receive_lot

BATCH = 50
LOTS, TASKS = 10, 20  # Of each foreman: a crew works on its own elements with its own trucks.


@dataclass
class Load:
    """Requests of one foreman, signed and encoded, and the token to send them with."""

    token: str
    bodies: list[bytes]


def prepare(settings: Settings, clients: int, batches: int) -> tuple[UUID, list[Load]]:
    """Fill an empty database with a site and sign every act. Returns the project and one load for each client."""
    make_tables(settings)
    engine = make_engine(settings)
    with TestClient(make_app(settings, engine)) as client:
        cast = make_cast(client, engine)
        foremen = [_foreman(cast, n) for n in range(clients)]
        loads = [_load(cast, foreman, n, batches) for n, foreman in enumerate(foremen)]
    return cast.project_id, loads


def _foreman(cast: Cast, n: int) -> Actor:
    actor = newcomer(cast.client, cast.engine, f"foreman{n}", cast.project_id)
    body = {"person": str(actor.person_id), "organization": str(cast.contractor), "roles": ["foreman"], "crew": None}
    cast.administrator.did("member:admit", actor.person_id, body)
    return actor


def _load(cast: Cast, foreman: Actor, n: int, batches: int) -> Load:
    lots = [receive_lot(foreman, "100000") for _ in range(LOTS)]
    tasks = [add_task(cast, f"{n}-{k}") for k in range(TASKS)]
    answers = {"concrete_temp": "21", "no_water_added": True}
    bodies = []
    for b in range(batches):
        acts = []
        for k in range(BATCH):
            at = b * BATCH + k
            body = pour(tasks[at % TASKS], (lots[at % LOTS], "0.5"), people=[str(foreman.person_id)], answers=answers)
            acts.append(foreman.act("step:record", uuid7(), body, where=HERE))
        bodies.append(json.dumps({"envelopes": acts}).encode())
    return Load(foreman.token, bodies)


@contextmanager
def served(settings: Settings, port: int, workers: int, log: Path) -> Iterator[None]:
    """Granian as `plumbline serve` starts it, with one job more for each step (see served.py)."""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "backend"), str(ROOT)]),
        "PLUMBLINE_DATA_DIR": str(settings.data_dir),
        "PLUMBLINE_DATABASE_URL": settings.database,
        "PLUMBLINE_JOBS": "off",
        "PLUMBLINE_LOG_LEVEL": "WARNING",
        "PLUMBLINE_ACCESS_TOKEN_MINUTES": "60",
    }
    command = [sys.executable, "-m", "tests.bench.served", str(port), str(workers)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=env, stdout=out, stderr=out)
    try:
        _wait(port, server, log)
        yield
    finally:
        server.terminate()
        server.wait()


def _wait(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/api/ready", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8", "replace")[-3000:])


@dataclass
class Sent:
    """What came of a run: acts applied, seconds of it all, seconds of each batch, and what was not applied."""

    acts: int
    spent_s: float
    took_s: list[float]
    wrong: list[str]

    @property
    def per_second(self) -> float:
        """Acts per second over all clients."""
        return self.acts / self.spent_s

    def p99_s(self) -> float:
        """The 99th percentile of the batches, seconds."""
        return percentile(self.took_s, 0.99)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def send(port: int, loads: Sequence[Load]) -> Sent:
    """All clients at once, each on a connection of its own, one batch after the other."""
    sent = Sent(0, 0.0, [], [])
    lock, gate = threading.Lock(), threading.Barrier(len(loads) + 1)

    def one(load: Load) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        headers = {"Authorization": f"Bearer {load.token}", "Content-Type": "application/json"}
        gate.wait()
        for body in load.bodies:
            began = time.perf_counter()
            connection.request("POST", "/api/acts", body, headers)
            answer = connection.getresponse().read()
            took = time.perf_counter() - began
            applied = answer.count(b'"verdict":"applied"')
            with lock:
                sent.acts += applied
                sent.took_s.append(took)
                if applied != BATCH:
                    sent.wrong.append(answer[:400].decode("utf-8", "replace"))
        connection.close()

    threads = [threading.Thread(target=one, args=(load,)) for load in loads]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    sent.spent_s = time.perf_counter() - began
    return sent
