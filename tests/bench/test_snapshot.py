"""A large project as one file: how big, how long to make, how long until its first byte, how long as pages instead."""

import time

from plumbline import jobs
from plumbline.acts import snapshot
from plumbline.settings import Settings
from plumbline.storage.service import open_store
from tests.bench.conftest import Report
from tests.support.bulk import fill
from tests.support.cast import Cast

LOTS = TASKS = 20_000


def test_a_snapshot_of_a_large_project(cast: Cast, settings: Settings, figure: Report) -> None:
    kind = cast.engine.dialect.name
    fill(cast.engine, cast.project_id, LOTS, TASKS)

    began = time.perf_counter()
    made = snapshot.build(jobs.Context(cast.engine, settings, open_store(settings)), cast.project_id)
    build_s = time.perf_counter() - began
    began = time.perf_counter()
    with cast.client.stream("GET", cast.foreman.at("/snapshot"), headers=cast.foreman.headers) as answer:
        next(answer.iter_bytes(1))
        first_byte_s = time.perf_counter() - began
        assert int(answer.headers["content-length"]) == made.bytes
    began = time.perf_counter()
    page = cast.foreman.feed(limit=1000)
    page_s = time.perf_counter() - began

    assert made.rows >= LOTS + TASKS
    assert page["more"]
    figure(f"snapshot of {LOTS} lots and {TASKS} tasks, {kind}", made.bytes / 1e6, "MB")
    figure(f"making that snapshot, {kind}", build_s, "s")
    figure(f"first byte of a snapshot that is made, {kind}", first_byte_s * 1000, "ms")
    figure(f"one page of 1,000 rows of the feed, {kind}", page_s * 1000, "ms")
