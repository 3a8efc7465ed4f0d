"""Who does the job of a worker that was killed: the same worker, another one, or the next version of it. Once."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from plumbline.settings import Settings
from tests.faults.jobs_process import enqueue_slow, go, lines_of, runner, running, wait_for


def test_a_killed_job_is_done_after_a_restart(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    marker, worker = tmp_path / "marker", runner(settings, tmp_path)
    enqueue_slow(engine, marker)
    with running(worker):
        assert wait_for(marker, "begun 1") == ["begun 1"]
        worker.kill()
        go(marker)
        worker.start()

        assert wait_for(marker, "begun 1", "begun 1", "done 1") == ["begun 1", "begun 1", "done 1"]


def test_a_killed_job_is_done_by_the_version_that_comes_after(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    before, after = (runner(settings, tmp_path, f"runner-{n}", version=n) for n in ("1", "2"))
    enqueue_slow(engine, marker)
    with running(before):
        assert wait_for(marker, "begun 1") == ["begun 1"]
        before.kill()
    go(marker)
    with running(after):
        assert wait_for(marker, "begun 1", "begun 2", "done 2") == ["begun 1", "begun 2", "done 2"]


def test_workers_with_the_same_settings_leave_each_others_jobs_alone_until_one_is_dead(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    """Two jobs fill the first worker, so the third is the second worker's. No job is begun twice while both live."""
    markers = [tmp_path / f"marker-{n}" for n in range(3)]
    first, second = runner(settings, tmp_path, "first"), runner(settings, tmp_path, "second")
    enqueue_slow(engine, *markers[:2])
    with running(first):
        for marker in markers[:2]:
            assert wait_for(marker, "begun 1") == ["begun 1"]
        with running(second):
            enqueue_slow(engine, markers[2])
            assert wait_for(markers[2], "begun 1") == ["begun 1"]
            time.sleep(1.5)  # Three looks of each at what the other has begun.
            assert [lines_of(marker) for marker in markers] == [["begun 1"]] * 3
        go(markers[0])
        assert wait_for(markers[2], "begun 1", "begun 1") == ["begun 1", "begun 1"]
        for marker in markers[1:]:
            go(marker)

        assert wait_for(markers[2], "begun 1", "begun 1", "done 1") == ["begun 1", "begun 1", "done 1"]
        assert wait_for(markers[1], "begun 1", "done 1") == ["begun 1", "done 1"]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # Stopping asks no database.
def test_a_worker_that_is_stopped_ends_its_job_first(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    marker, worker = tmp_path / "marker", runner(settings, tmp_path)
    enqueue_slow(engine, marker)
    with running(worker):
        assert wait_for(marker, "begun 1") == ["begun 1"]
        assert worker.process is not None
        worker.process.terminate()
        time.sleep(0.5)
        go(marker)

        assert worker.process.wait(25) == 0
    assert lines_of(marker) == ["begun 1", "done 1"]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # Stopping asks no database.
def test_a_worker_whose_job_never_ends_stops_all_the_same_and_the_next_does_it(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    stubborn, after = runner(settings, tmp_path, end_s=1), runner(settings, tmp_path, "after")
    enqueue_slow(engine, marker)
    with running(stubborn):
        assert wait_for(marker, "begun 1") == ["begun 1"]
        assert stubborn.stop(25) == 0
    go(marker)
    with running(after):
        assert wait_for(marker, "begun 1", "begun 1", "done 1") == ["begun 1", "begun 1", "done 1"]
