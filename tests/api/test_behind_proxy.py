"""Several processes on PostgreSQL and S3 behind a proxy: one house, whoever answers, and only the proxy is believed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, make_url, text
from uuid_utils.compat import uuid7

from plumbline.settings import ROOT
from tests.api.test_serving import free_port, wait_for
from tests.support.device import TestDevice
from tests.support.s3 import S3Server

CLIENT = "203.0.113.7"


@pytest.fixture
def address(postgres_url: str, s3_server: S3Server, tmp_path: Path) -> Iterator[str]:
    """Two processes on a database of their own; the proxy is whoever comes from 127.0.0.1."""
    name = f"proxied_{uuid7().hex}"
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    chosen = {"data_dir": str(tmp_path), "database_url": url, "jobs": "worker", "token_secret": "0123456789abcdef" * 4}
    chosen |= {"proxies": "1", "proxy_networks": "127.0.0.1", **s3_server.settings()}
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend")}
    env |= {f"PLUMBLINE_{name.upper()}": value for name, value in chosen.items()}
    plumbline, port = [sys.executable, "-m", "plumbline"], free_port()
    subprocess.run([*plumbline, "migrate"], env=env, check=True, stdout=subprocess.DEVNULL)
    serve = [*plumbline, "serve", "--host", "0.0.0.0", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(serve, env=env, text=True, stderr=subprocess.DEVNULL)
    wait_for(f"http://127.0.0.1:{port}/api/ready", process)
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    process.wait(40)


def guesses(address: str, comes_from: str, forwarded: list[str]) -> list[int]:
    """Wrong sign-ins of one login, each over a connection of its own, so that any process may answer."""
    wish = {"login": f"somebody-{comes_from}", "password": "a guess", "device": TestDevice().enrolment()}
    statuses = []
    for said in forwarded:
        with httpx.Client(transport=httpx.HTTPTransport(local_address=comes_from)) as client:
            answer = client.post(f"{address}/api/sign-in", json=wish, headers={"X-Forwarded-For": said})
            statuses.append(answer.status_code)
    return statuses


def test_the_proxy_is_believed_and_nobody_else(address: str) -> None:
    by_the_proxy = guesses(address, "127.0.0.1", [*[CLIENT] * 11, "203.0.113.8"])
    around_it = guesses(address, "127.0.0.2", [f"198.51.100.{n}" for n in range(11)])

    assert by_the_proxy == [401] * 10 + [429, 401], "ten tries for each client, whichever process counts them"
    assert around_it == [401] * 10 + [429], "another name each time helps nobody who comes around the proxy"
