"""A process that runs jobs as `plumbline worker` does, with one slow job that writes down how far it came.

`version` stands for a later release: the job has other code, and the product says another version of itself.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from plumbline import db, jobs
from plumbline.settings import Settings
from tests.support.photos import ROOT
from tests.support.programs import Program

SOURCE = """
import sys, time
from pathlib import Path
import plumbline
from plumbline import abandoned, db, jobs
from plumbline.serve.worker import run_jobs
from plumbline.settings import load

plumbline.__version__ = {version!r}
abandoned.LOOK_SECONDS, jobs.END_SECONDS = 0.5, {end_s}

@jobs.job("slow")
def slow(context, marker):
    def note(word):
        with Path(marker).open("a") as out:
            out.write(word + {version!r} + "\\n")
    note("begun ")
    while not Path(marker + ".go").exists():
        time.sleep(0.05)
    note("done ")

settings = load()
run_jobs(db.make_engine(settings), settings)
"""


def runner(settings: Settings, folder: Path, name: str = "runner", *, version: str = "1", end_s: int = 10) -> Program:
    """The process, not yet started."""
    env = {
        "PYTHONPATH": str(ROOT / "backend"),
        "PLUMBLINE_DATA_DIR": str(settings.data_dir),
        "PLUMBLINE_DATABASE_URL": settings.database,
        "PLUMBLINE_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-c", SOURCE.format(version=version, end_s=end_s)]
    return Program(name, command, folder / f"{name}.log", env=env)


@contextmanager
def running(*programs: Program) -> Iterator[None]:
    """Start them; nothing of them is left after the block."""
    try:
        for program in programs:
            program.start()
        yield
    finally:
        for program in programs:
            program.close()


def enqueue_slow(engine: Engine, *markers: Path) -> None:
    """One slow job for each marker, which is also its key."""
    jobs.JOBS["slow"] = lambda *_: None
    try:
        with db.writing(engine) as session:
            for marker in markers:
                jobs.enqueue(session, "slow", str(marker), str(marker))
    finally:
        del jobs.JOBS["slow"]


def go(marker: Path) -> None:
    """Let the job of this marker end."""
    Path(f"{marker}.go").touch()


def wait_for(marker: Path, *lines: str, seconds: float = 25) -> list[str]:
    """The lines of a marker, as soon as they are these, at the latest after `seconds`."""
    end = time.monotonic() + seconds
    while (found := lines_of(marker)) != list(lines) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def lines_of(marker: Path) -> list[str]:
    """How far the job of this marker has come."""
    return marker.read_text().splitlines() if os.path.exists(marker) else []
