"""Durable jobs with the real library on both databases: in the caller's transaction, once, and tried again."""

import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel

from plumbline import db, jobs
from plumbline.settings import Settings
from plumbline.storage.service import open_store

DONE: list[tuple[str, ...]] = []
FAILURES: list[str] = []
CAME = threading.Event()


def _note(_context: jobs.Context, *args: str) -> None:
    if FAILURES:
        raise RuntimeError(FAILURES.pop())
    DONE.append(args)
    CAME.set()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    jobs.JOBS["test-note"] = _note
    DONE.clear()
    FAILURES.clear()
    CAME.clear()
    yield
    jobs.stop()
    del jobs.JOBS["test-note"]


def context(engine: Engine, settings: Settings) -> jobs.Context:
    return jobs.Context(engine, settings, open_store(settings))


def enqueue(engine: Engine, key: str, *args: str) -> None:
    with db.writing(engine) as session:
        jobs.enqueue(session, "test-note", key, *args)


def test_a_job_runs_with_its_strings(engine: Engine, settings: Settings) -> None:
    enqueue(engine, "a", "材料", "b")

    assert jobs.run_pending(context(engine, settings)) == 1
    assert DONE == [("材料", "b")]


def test_a_rollback_leaves_no_job(engine: Engine, settings: Settings) -> None:
    def fail() -> None:
        with db.writing(engine) as session:
            jobs.enqueue(session, "test-note", "a", "x")
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        fail()

    assert jobs.run_pending(context(engine, settings)) == 0


def test_the_same_name_and_key_is_one_job(engine: Engine, settings: Settings) -> None:
    enqueue(engine, "a", "first")
    enqueue(engine, "a", "second")

    jobs.run_pending(context(engine, settings))

    assert DONE == [("first",)]


def test_a_job_that_nobody_knows_is_refused_at_once(engine: Engine) -> None:
    with db.writing(engine) as session, pytest.raises(ValueError, match="no such job"):
        jobs.enqueue(session, "nonsense", "a")


def test_the_tables_of_jobs_are_those_that_migrations_leave_alone(engine: Engine) -> None:
    found = set(inspect(engine).get_table_names()) - set(SQLModel.metadata.tables) - {"alembic_version"}

    # On PostgreSQL they have a schema of their own.
    assert found == (set(jobs.JOB_TABLES) if engine.dialect.name == "sqlite" else set())


def test_a_launched_process_runs_what_is_enqueued_before_and_after(engine: Engine, settings: Settings) -> None:
    enqueue(engine, "before", "1")
    jobs.launch(engine, settings)
    enqueue(engine, "after", "2")

    end = time.monotonic() + 15
    while len(DONE) < 2 and time.monotonic() < end:
        time.sleep(0.05)

    assert sorted(DONE) == [("1",), ("2",)]


def test_a_daily_job_is_on_the_clock_and_is_done_when_its_hour_comes(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbos import DBOS

    monkeypatch.setitem(jobs.DAILY, "test-note", 5)
    jobs.launch(engine, settings)

    schedules = {one["schedule_name"]: one for one in DBOS.list_schedules()}
    assert schedules["test-note"]["schedule"] == "0 5 * * *"
    assert schedules["feed:compact"]["automatic_backfill"]  # Days on which the machine was off are made up for.
    DBOS.trigger_schedule("test-note")
    assert CAME.wait(15)
    assert DONE == [()]
    DBOS.delete_schedule("test-note")


def test_a_job_that_fails_is_tried_again(engine: Engine, settings: Settings) -> None:
    FAILURES.append("the store was down")
    key = str(uuid4())
    jobs.launch(engine, settings)
    enqueue(engine, key, "in the end")

    assert CAME.wait(15)
    assert DONE == [("in the end",)]


def test_one_process_runs_jobs_once(engine: Engine, settings: Settings) -> None:
    jobs.launch(engine, settings)

    with pytest.raises(RuntimeError, match="already run"):
        jobs.launch(engine, settings)
