"""A real server for the tests: `plumbline serve` under Granian, on a free port of localhost."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import Engine

from plumbline.db import make_engine
from plumbline.settings import load
from tests.e2e.build import ROOT
from tests.support.databases import make_tables

START_SECONDS = 90


@dataclass(frozen=True)
class House:
    """A running server: its address, a client for the API, its database, and where its output goes."""

    name: str
    url: str
    client: httpx.Client
    engine: Engine
    data_dir: Path


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(name: str, data_dir: Path, port: int, chosen: dict[str, str]) -> Iterator[House]:
    """Serve an empty house with the settings `chosen`, till the block ends. Localhost is a secure context."""
    url = f"http://localhost:{port}"
    values = {"data_dir": str(data_dir), "base_url": url, "log_level": "WARNING", "database_url": "", **chosen}
    values.setdefault("access_token_minutes", "60")  # The actors of the API do not renew theirs.
    settings = load(**values)
    make_tables(settings)
    with running(data_dir, values, ["serve", "--host", "127.0.0.1", "--port", str(port)], url):
        engine = make_engine(settings)
        with httpx.Client(base_url=url, timeout=30) as client:
            yield House(name, url, client, engine, data_dir)
        engine.dispose()


@contextmanager
def running(data_dir: Path, values: dict[str, str], arguments: list[str], url: str) -> Iterator[Path]:
    """Run a command of plumbline that serves `url`; gives the file with its output. Ends with the block."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PYTHONUNBUFFERED": "1"}
    env |= {f"PLUMBLINE_{name.upper()}": value for name, value in values.items()}
    said = data_dir / "server.out"
    with said.open("w", encoding="utf-8") as out:
        command = [sys.executable, "-m", "plumbline", *arguments]
        process = subprocess.Popen(command, env=env, cwd=data_dir, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(url, process, said)
            yield said
        finally:
            process.terminate()
            try:
                process.wait(timeout=25)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], said: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/api/ready", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{said.read_text('utf-8')}")
