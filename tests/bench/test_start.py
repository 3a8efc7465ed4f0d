"""How long a second `plumbline run` takes until its first answer. Promised: 3 s on a machine that does nothing else."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from plumbline.settings import ROOT
from tests.bench.conftest import Report

LIBRARIES = "import granian, litestar, pydantic, sqlmodel, sqlalchemy.orm, cryptography"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started_s(data: Path) -> float:
    port, tls_port = free_port(), free_port()
    arguments = ["run", "--no-sample", "--host", "127.0.0.1", "--port", str(port), "--tls-port", str(tls_port)]
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "plumbline", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PLUMBLINE_DATA_DIR": str(data)},
        stdout=subprocess.DEVNULL,
    )
    try:
        while server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/ready", timeout=2):
                    return time.perf_counter() - began
            except urllib.error.URLError:
                time.sleep(0.02)
        raise AssertionError("the server ended by itself")
    finally:
        server.terminate()
        server.wait()


def imported_s() -> float:
    """How long a process takes that only imports the libraries which every server is made of."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True)
    return time.perf_counter() - began


def test_a_second_start(tmp_path: Path, figure: Report) -> None:
    first_s = started_s(tmp_path)
    again_s = min(started_s(tmp_path) for _ in range(3))

    limit, named = min(imported_s() for _ in range(3)), "importing its libraries alone"
    figure("start to first answer, empty folder", first_s, "s", limit, named)
    figure("start to first answer, again", again_s, "s", limit, named, "≤ 3 s")
