"""`plumbline run` as a person starts it: a process, two ports, its own certificate, a clean end."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from plumbline.settings import ROOT

# One server for all tests here, which end it: they belong into one process.
pytestmark = pytest.mark.xdist_group("serving")

START_SECONDS = 60
STOP_SECONDS = 30


@dataclass(frozen=True)
class Running:
    """A started server: where it answers, where it keeps its data."""

    process: subprocess.Popen[str]
    http: str
    https: str
    data: Path

    def trusting(self) -> httpx.Client:
        """A client like a phone that installed the authority, and nothing else."""
        context = ssl.create_default_context(cafile=str(self.data / "tls" / "ca.crt"))
        return httpx.Client(base_url=self.https, verify=context, http2=False)

    def line_of(self, request_id: str) -> dict[str, object]:
        """The access line of a request; it is written after the answer has left."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            lines = [json.loads(line) for line in (self.data / "plumbline.log").read_text("utf-8").splitlines()]
            for line in lines:
                if line.get("request_id") == request_id:
                    return dict(line)
            time.sleep(0.05)
        raise AssertionError(f"no line for request {request_id}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start; it ended with {process.poll()}")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("served")
    ports = free_port(), free_port()
    arguments = ["run", "--no-sample", "--host", "127.0.0.1", "--port", str(ports[0]), "--tls-port", str(ports[1])]
    with (data / "screen").open("w") as screen:
        process = subprocess.Popen(
            [sys.executable, "-m", "plumbline", *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PLUMBLINE_DATA_DIR": str(data)},
            stdout=screen,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{ports[0]}/api/ready", process)
        yield Running(process, f"http://127.0.0.1:{ports[0]}", f"https://localhost:{ports[1]}", data)
    finally:
        process.kill()
        process.wait()


def test_this_machine_gets_the_product_over_http(running: Running) -> None:
    assert httpx.get(f"{running.http}/api/health").json()["status"] == "ok"


def test_a_phone_that_installed_the_authority_gets_it_over_https(running: Running) -> None:
    with running.trusting() as phone:
        assert phone.get("/api/ready").json()["status"] == "ready"


def test_a_phone_that_did_not_is_warned(running: Running) -> None:
    with pytest.raises(httpx.ConnectError, match="certificate"):
        httpx.get(f"{running.https}/api/ready")


def test_the_trust_page_offers_this_server_s_authority(running: Running) -> None:
    offered = httpx.get(f"{running.http}/ca/plumbline-ca.crt").content

    assert ssl.DER_cert_to_PEM_cert(offered).split() == (running.data / "tls" / "ca.crt").read_text().split()


def test_an_unknown_route_is_a_problem_and_its_line_is_in_the_log(running: Running) -> None:
    answer = httpx.get(f"{running.http}/api/nothing-here")

    line = running.line_of(answer.headers["x-request-id"])
    assert answer.status_code == line["status"] == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_second_server_on_the_same_port_is_refused_in_a_sentence(running: Running) -> None:
    port = running.http.rpartition(":")[2]

    second = subprocess.run(
        [sys.executable, "-m", "plumbline", "run", "--no-sample", "--host", "127.0.0.1", "--port", port],
        env={**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PLUMBLINE_DATA_DIR": str(running.data)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 2
    assert f"port {port}" in second.stderr


def test_it_ends_cleanly_when_asked(running: Running) -> None:
    running.process.send_signal(signal.SIGTERM)

    assert running.process.wait(STOP_SECONDS) == 0
    assert "Traceback" not in (running.data / "screen").read_text("utf-8")
