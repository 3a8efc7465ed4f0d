"""Whether hostile files make everybody else wait: a reader's answers while they are sent, checked and opened.

Beside them, in the same run, the same reader while as many sound photos of the size that phones send go the same way,
and while nothing does. Real processes: API, worker.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles

import pytest

from tests.bench.conftest import Report
from tests.faults import whole
from tests.support import hostile, photos
from tests.support.cast import Actor, Cast
from tests.support.evidence import complete, put, sha256_of
from tests.support.hostile import Hostile
from tests.support.houses import House, house

SENDERS = 4
PAUSE_S = 0.02
SHOT = (2048, 1536)
ALONE_S = 6


def sent(actor: Actor, one: Hostile) -> None:
    """Offer a file, send it, and have it checked; a refusal on the way is an answer as well."""
    file = {"sha256": sha256_of(one.content), "bytes": len(one.content), "mime": one.mime}
    asked = actor.post(actor.at("/uploads"), {"files": [file]})
    if asked.status_code == 200:
        upload = asked.json()["uploads"][0]
        put(actor, upload, one.content)
        asked = complete(actor, upload)
    assert asked.status_code < 500, (one.name, asked.text)


def answers_ms(reader: Actor, until: Callable[[], bool]) -> list[float]:
    """How long each answer to a reader takes, asked without a pause but a short one."""
    took: list[float] = []
    while not until() or len(took) < 50:
        began = time.perf_counter()
        assert reader.get(reader.at("/acts")).status_code == 200
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(PAUSE_S)
    return took


def while_sending(place: House, cast: Cast, files: list[Hostile]) -> dict[str, list[float]]:
    """The reader's answers while all files are sent and checked, and then while the worker opens them for previews."""
    with ThreadPoolExecutor(SENDERS) as pool:
        sending = beside(cast.inspector, lambda: list(pool.map(lambda one: sent(cast.foreman, one), files)))
    opening = beside(cast.inspector, lambda: whole.waiting_jobs(place.engine, 120))
    assert whole.waiting_jobs(place.engine, 0) == []
    return {"sent and checked": sending, "opened": opening}


def beside(reader: Actor, work: Callable[[], object]) -> list[float]:
    """The reader's answers while the work is done."""
    done = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(answers_ms, reader, done.is_set)
        try:
            work()
        finally:
            done.set()
        return reading.result(timeout=60)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_readers_beside_hostile_files(kind: str, tmp_path: Path, figure: Report) -> None:
    files = hostile.every()
    shot = photos.jpeg(*SHOT)
    sound = [Hostile(f"photo {n}", "image/jpeg", shot + f"{n}".encode()) for n in range(len(files))]
    with house(kind, tmp_path) as place, place.client(60) as client:
        cast = place.cast(client)
        end = time.monotonic() + ALONE_S
        alone = answers_ms(cast.inspector, lambda: time.monotonic() > end)
        beside_sound = while_sending(place, cast, sound)
        beside_hostile = while_sending(place, cast, files)
    for name, at in (("p50", 49), ("p99", 98)):
        for stage in beside_hostile:
            figure(
                f"reading while {len(files)} hostile files are {stage}, {kind}, {name}",
                quantiles(beside_hostile[stage], n=100)[at],
                "ms",
                limit=quantiles(beside_sound[stage], n=100)[at],
                limit_name="while as many sound photos are",
                aim="ratio ≤ 1.2",
            )
        figure(f"reading while nothing is sent, {kind}, {name}", quantiles(alone, n=100)[at], "ms")
