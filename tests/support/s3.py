"""A real S3 server for tests: `rclone serve s3` on a folder, one for the whole run, a bucket for each test."""

import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ACCESS_KEY = "plumbline-test"
SECRET_KEY = "a-secret-for-tests-only"
ORIGIN = "http://localhost:8000"
START_SECONDS = 20


@dataclass(frozen=True)
class S3Server:
    """Where it listens, where it keeps its buckets and what it is still writing, and how to hold it for a moment."""

    endpoint: str
    folder: Path
    process: subprocess.Popen[bytes]

    def settings(self, bucket: str | None = None) -> dict[str, str]:
        """The settings that point at this server; a fresh bucket unless one is named."""
        return {
            "store": "s3",
            "s3_endpoint": self.endpoint,
            "s3_bucket": bucket or f"test-{uuid.uuid4()}",
            "s3_access_key": ACCESS_KEY,
            "s3_secret_key": SECRET_KEY,
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("rclone serve s3 did not start")


def serve(folder: Path, origin: str = ORIGIN) -> S3Server:
    """Start a server; the caller terminates `process`."""
    port = _free_port()
    command = [
        str(Path(sys.executable).with_name("rclone")),
        *("serve", "s3", str(folder / "data"), "--config", "/dev/null", "--addr", f"127.0.0.1:{port}"),
        *("--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", "--allow-origin", origin),
        *("--vfs-cache-mode", "writes", "--vfs-write-back", "0s", "--cache-dir", str(folder / "cache")),
    ]
    (folder / "data").mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait(port, process)
    return S3Server(f"http://127.0.0.1:{port}", folder, process)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """One server for the run."""
    with tempfile.TemporaryDirectory(prefix="plumbline-s3-") as folder:
        server = serve(Path(folder))
        yield server
        server.process.terminate()
        server.process.wait(timeout=10)
