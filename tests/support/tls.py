"""`plumbline serve --tls` for tests: in a process of its own, looking at addresses and certificate all the time."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from plumbline.settings import ROOT

# The same command as people type, only less patient: nobody waits 20 s in a test.
IMPATIENT = """
import sys
from plumbline.cli import main
from plumbline.serve import launch
launch.LOOK_AGAIN_S = 0.3
raise SystemExit(main(sys.argv[1:]))
"""
START_S = 40


@contextmanager
def serving_tls(data: Path, arguments: Sequence[str], inside: Sequence[str] = (), **more: str) -> Iterator[Path]:
    """Serve with these arguments, by the commands `inside` when it is somewhere else; gives what it prints."""
    screen = data / "screen"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PLUMBLINE_DATA_DIR": str(data), **more}
    with screen.open("w") as out:
        process = subprocess.Popen(
            [*inside, sys.executable, "-c", IMPATIENT, "serve", "--tls", *arguments],
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(screen, "Stop 停止", START_S, process)
        yield screen
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(path: Path, text: str, seconds: float = 20, process: subprocess.Popen[bytes] | None = None) -> str:
    """What the file holds once `text` is in it. Raises AssertionError, at once when the writing process has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and (process is None or process.poll() is None):
        said = path.read_text("utf-8")
        if text in said:
            return said
        time.sleep(0.05)
    raise AssertionError(f"{text!r} never came: {path.read_text('utf-8')}")
