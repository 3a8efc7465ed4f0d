"""A worker that is killed in the middle of a job: the next one with the same name does the job again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import Engine

from plumbline import db, jobs
from plumbline.settings import Settings
from tests.support.photos import ROOT

WORKER = """
import os, sys, time
from pathlib import Path
from plumbline import db, jobs
from plumbline.settings import load

@jobs.job("slow")
def slow(context, marker):
    with Path(marker).open("a") as out:
        out.write("begun\\n")
    while not Path(marker + ".go").exists():
        time.sleep(0.05)
    with Path(marker).open("a") as out:
        out.write("done\\n")

settings = load()
jobs.launch(db.make_engine(settings), settings)
time.sleep(60)
"""


def start(settings: Settings) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "backend"),
        "PLUMBLINE_DATA_DIR": str(settings.data_dir),
        "PLUMBLINE_DATABASE_URL": settings.database,
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], env=env)


def wait_for(marker: Path, text: str, seconds: float = 20) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if marker.exists() and marker.read_text() == text:
            return text
        time.sleep(0.05)
    return marker.read_text() if marker.exists() else ""


def test_a_killed_job_is_done_after_a_restart(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    jobs.JOBS["slow"] = lambda *_: None
    with db.writing(engine) as session:
        jobs.enqueue(session, "slow", tmp_path.name, str(marker))
    del jobs.JOBS["slow"]

    first = start(settings)
    begun = wait_for(marker, "begun\n")
    first.send_signal(signal.SIGKILL)
    first.wait()
    (tmp_path / "marker.go").touch()
    second = start(settings)
    try:
        assert begun == "begun\n"
        assert wait_for(marker, "begun\nbegun\ndone\n") == "begun\nbegun\ndone\n"
    finally:
        second.terminate()
        second.wait()
