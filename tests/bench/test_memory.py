"""What a server keeps when nobody asks anything: the proportional share (PSS) of all its processes."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from plumbline.settings import ROOT
from tests.bench.conftest import Report
from tests.bench.test_start import LIBRARIES, free_port

SETTLE_S = 6
BARE = "one process with its libraries alone"


@contextmanager
def running(data: Path, arguments: list[str], **more: str) -> Iterator[int]:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PLUMBLINE_DATA_DIR": str(data), **more}
    command = [sys.executable, "-m", "plumbline", *arguments]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(40)


def wait_until_it_answers(port: int) -> None:
    for _ in range(400):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/ready", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def family(pid: int) -> list[int]:
    """A process and everything that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        children = task / "children"
        found += [one for child in children.read_text().split() for one in family(int(child))]
    return found


def pss_mb(pid: int) -> float:
    """Proportional set size of a process and its children, MB: memory shared by n processes counts 1/n for each."""
    kib = 0
    for one in family(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            kib += int(line.split()[1]) if line.startswith("Pss:") else 0
    return kib * 1024 / 1e6


def bare_mb() -> float:
    """What one process keeps that has imported the libraries which every server is made of, and does nothing."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"{LIBRARIES}; print(flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdin
    process.stdout.readline()
    try:
        return pss_mb(process.pid)
    finally:
        process.communicate(b"\n")


def test_the_embedded_server(tmp_path: Path, figure: Report) -> None:
    ports = free_port(), free_port()
    arguments = ["run", "--no-sample", "--host", "127.0.0.1", "--port", str(ports[0]), "--tls-port", str(ports[1])]
    with running(tmp_path, arguments) as pid:
        wait_until_it_answers(ports[0])
        time.sleep(SETTLE_S)  # Jobs are launched beside the first answers.
        figure("idle memory, embedded, jobs inside", pss_mb(pid), "MB PSS", bare_mb(), BARE, "≤ 350 MB")


def test_api_and_worker(tmp_path: Path, figure: Report, request: pytest.FixtureRequest) -> None:
    more = {
        "PLUMBLINE_DATABASE_URL": request.getfixturevalue("postgres_url"),
        "PLUMBLINE_JOBS": "worker",
        **{f"PLUMBLINE_{k.upper()}": v for k, v in request.getfixturevalue("s3_server").settings().items()},
    }
    port = free_port()
    with ExitStack() as stack:
        serve = ["serve", "--host", "127.0.0.1", "--port", str(port)]
        api = stack.enter_context(running(tmp_path, serve, **more))
        worker = stack.enter_context(running(tmp_path, ["worker"], **more))
        wait_until_it_answers(port)
        time.sleep(SETTLE_S)
        figure("idle memory, API", pss_mb(api), "MB PSS")
        figure("idle memory, worker", pss_mb(worker), "MB PSS")
        figure("idle memory, API and worker", pss_mb(api) + pss_mb(worker), "MB PSS", bare_mb(), BARE, "≤ 350 MB")
