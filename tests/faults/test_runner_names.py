"""Names under which processes run jobs: one holder each, free as soon as the holder is gone."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import Engine, text

from plumbline import abandoned, db, jobs, runners
from plumbline.settings import Settings
from plumbline.storage.errors import StoreUnavailable
from tests.faults.whole import waiting_jobs

RAN: list[tuple[str, ...]] = []
DOWN: list[Exception] = []


def _note(_context: jobs.Context, *args: str) -> None:
    if DOWN:
        raise DOWN.pop()
    RAN.append(args)


@contextmanager
def launched(engine: Engine, settings: Settings) -> Iterator[None]:
    jobs.JOBS["test-names"] = _note
    RAN.clear()
    jobs.launch(engine, settings)
    try:
        yield
    finally:
        jobs.stop()
        del jobs.JOBS["test-names"]


def enqueue(engine: Engine, key: str) -> None:
    with db.writing(engine) as session:
        jobs.enqueue(session, "test-names", key, key)


def test_the_second_process_gets_a_name_of_its_own(engine: Engine, settings: Settings) -> None:
    with closing(runners.names(settings)) as first, closing(runners.names(settings)) as second:
        assert runners.take_first(first, "plumbline-1") == "plumbline-1"
        assert runners.take_first(second, "plumbline-1") == "plumbline-1.2"
        assert second.is_held("plumbline-1")
        assert not second.is_held("plumbline-1.3")


def test_the_name_of_a_process_that_is_gone_is_taken_again(engine: Engine, settings: Settings) -> None:
    with closing(runners.names(settings)) as gone:
        runners.take_first(gone, "plumbline-1")
    with closing(runners.names(settings)) as here:
        assert not here.is_held("plumbline-1")
        assert runners.take_first(here, "plumbline-1") == "plumbline-1"


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)  # A file lock depends on no server.
def test_a_name_is_held_again_after_the_database_was_restarted(engine: Engine, settings: Settings) -> None:
    with closing(runners.names(settings)) as held, closing(runners.names(settings)) as other:
        runners.take_first(held, "plumbline-1")
        with engine.connect() as conn:
            conn.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
        held.keep()

        assert other.is_held("plumbline-1")


def test_a_job_that_ended_and_could_not_be_noted_is_done_again_by_the_process_that_had_it(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk: the work was done, and DBOS could not write that down."""
    monkeypatch.setattr(abandoned, "LOOK_SECONDS", 0.2)
    with launched(engine, settings):
        enqueue(engine, "a")
        assert waiting_jobs(engine, 15) == []
        prefix = "" if settings.is_sqlite else f"{jobs.SCHEMA}."
        with engine.begin() as conn:
            conn.execute(text(f"DELETE FROM {prefix}operation_outputs"))
            conn.execute(text(f"UPDATE {prefix}workflow_status SET status = 'PENDING', completed_at = NULL"))

        assert waiting_jobs(engine, 15) == []
    assert RAN == [("a",), ("a",)]


def test_a_job_that_meets_a_store_that_is_away_is_done_later(engine: Engine, settings: Settings) -> None:
    DOWN.append(StoreUnavailable())
    with launched(engine, settings):
        enqueue(engine, "b")

        assert waiting_jobs(engine, 20) == []
    assert RAN == [("b",)]
