"""Real processes for tests, each of which can be killed, stopped and started again on the same port and files."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from plumbline.settings import ROOT

START_SECONDS = 60
Ready = Callable[[], bool]


class NotStarted(RuntimeError):
    """A program did not come up; the message has what it wrote."""


@dataclass
class Program:
    """A command in a process group of its own; what it writes goes to the end of `said`."""

    name: str
    command: Sequence[str]
    said: Path
    ready: Ready = lambda: True
    env: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self, wait: bool = True) -> float:
        """Start it; returns the seconds until it was ready. Raises NotStarted."""
        began = time.monotonic()
        with self.said.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if wait:
            self.wait_ready()
        return time.monotonic() - began

    def wait_ready(self) -> None:
        """Wait until it does its work. Raises NotStarted."""
        assert self.process is not None
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if self.ready():
                return
            time.sleep(0.05)
        raise NotStarted(f"{self.name} did not start:\n{self.said.read_text('utf-8', 'replace')[-4000:]}")

    @property
    def is_running(self) -> bool:
        """Whether its first process lives."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL for it and every process it started, as the kernel or a power cut would."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds: float = 60) -> int:
        """SIGTERM, and its exit status; killed when it takes longer than `seconds`, which raises TimeoutExpired."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def close(self) -> None:
        """Make sure that nothing of it is left."""
        if self.process is not None:
            self.kill()


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether a GET of the URL is answered with 200."""
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def listens(port: int) -> bool:
    """Whether somebody takes connections on the port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def plumbline(
    name: str, arguments: Sequence[str], values: Mapping[str, str], said: Path, ready: Ready = lambda: True
) -> Program:
    """A command of the product with settings from its environment alone."""
    env = {"PYTHONPATH": str(ROOT / "backend"), "PYTHONUNBUFFERED": "1"}
    env |= {f"PLUMBLINE_{key.upper()}": value for key, value in values.items()}
    return Program(name, [sys.executable, "-m", "plumbline", *arguments], said, ready, env)
