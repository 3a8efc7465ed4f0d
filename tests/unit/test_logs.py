"""Logs: an error of ours always leaves a line with the id that the person was shown, and no secret gets in."""

import io
import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from plumbline import logs
from plumbline.serve.outside import wrap
from plumbline.settings import load


@get("/api/breaks", sync_to_thread=True)
def breaks() -> None:
    raise RuntimeError("the formwork gave way")


@get("/api/works", sync_to_thread=True)
def works() -> dict[str, str | None]:
    time.sleep(0.001)
    logging.getLogger("plumbline.test").info("inside", extra={"lot": "R-0231"})
    return {"id": logs.request_id.get()}


@pytest.fixture
def lines() -> Iterator[Any]:
    """Call it for the lines logged so far, as objects."""
    root = logging.getLogger()
    held, level = root.handlers[:], root.level
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLine())
    root.handlers[:] = [handler]
    root.setLevel("INFO")
    # The test client's own line about what it sent is not the server's.
    logging.getLogger("httpx").setLevel("WARNING")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = held
    root.setLevel(level)
    logging.getLogger("httpx").setLevel(logging.NOTSET)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    app = Litestar(
        [breaks, works],
        exception_handlers={Exception: logs.answer_unexpected},
        logging_config=None,
        openapi_config=None,
    )
    with TestClient(wrap(app, load(pwa_dir=tmp_path)), raise_server_exceptions=False) as client:
        yield client


def test_an_unhandled_error_leaves_a_line_with_its_request_id(client: TestClient[Litestar], lines: Any) -> None:
    answer = client.get("/api/breaks", headers={"accept-language": "en"})

    (line,) = [entry for entry in lines() if entry["logger"] == "plumbline.errors"]
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert line["request_id"] == answer.headers["x-request-id"]
    assert answer.json()["instance"] == f"urn:request:{line['request_id']}"
    assert line["request_id"] in answer.json()["detail"]
    assert "RuntimeError: the formwork gave way" in line["error"]
    assert "formwork" not in answer.text, "what broke inside is for the log, not for the world"


def test_an_error_outside_the_application_is_logged_too(lines: Any) -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError

    answer = TestClient(logs.RequestLog(broken), raise_server_exceptions=False).get("/api/x")

    assert answer.status_code == 500
    assert answer.json()["request"] == answer.headers["x-request-id"] == lines()[0]["request_id"]


def test_each_request_has_one_access_line(client: TestClient[Litestar], lines: Any) -> None:
    answer = client.get("/api/works?token=do-not-log-me")

    (line,) = [entry for entry in lines() if entry["logger"] == "plumbline.access"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/works", 200)
    assert line["ms"] >= 1
    assert line["request_id"] == answer.headers["x-request-id"]


def test_lines_written_inside_a_request_carry_its_id(client: TestClient[Litestar], lines: Any) -> None:
    answer = client.get("/api/works")

    (line,) = [entry for entry in lines() if entry["logger"] == "plumbline.test"]
    assert line["request_id"] == answer.json()["id"] == answer.headers["x-request-id"]
    assert line["lot"] == "R-0231"


def test_two_requests_have_two_ids(client: TestClient[Litestar]) -> None:
    assert client.get("/api/works").json() != client.get("/api/works").json()


@pytest.mark.parametrize(
    "path", ["/join/8f3k2n9q", "/q/8f3k2n9q", "/api/codes/8f3k2n9q", "/api/works?access_token=8f3k2n9q"]
)
def test_codes_and_query_strings_never_reach_the_log(client: TestClient[Litestar], lines: Any, path: str) -> None:
    client.get(path)

    assert lines()
    assert "8f3k2n9q" not in json.dumps(lines())


def test_a_line_break_in_a_path_cannot_forge_a_line(client: TestClient[Litestar], lines: Any) -> None:
    client.get("/x%0a%7B%22level%22:%22ERROR%22%7D")

    assert len(lines()) == 1
    assert lines()[0]["logger"] == "plumbline.access"


def test_unknown_paths_are_named_and_logged(client: TestClient[Litestar], lines: Any) -> None:
    answer = client.get("/api/nothing-here")

    assert answer.headers["x-request-id"] == lines()[-1]["request_id"]
