"""Seventy-two clients post at once to the server as it is started by default: every one is answered."""

import http.client
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from uuid_utils.compat import uuid7

from plumbline.settings import Settings
from tests.support.cast import Cast
from tests.support.programs import answers, free_port, plumbline

CLIENTS = 72
# Where the database and the store are; everything else is as it comes.
PLACES = {"data_dir", "database_url", "store", "s3_endpoint", "s3_bucket", "s3_access_key", "s3_secret_key"}
PLACE = {"name": "二号料场", "kind": "yard"}


@pytest.fixture
def port(cast: Cast, settings: Settings, tmp_path: Path) -> Iterator[int]:
    """The port of `plumbline serve` on the cast's own database and store; nothing else is set."""
    number = free_port()
    values = {name: str(getattr(settings, name)) for name in settings.model_fields_set & PLACES}
    arguments = ["serve", "--host", "127.0.0.1", "--port", str(number)]
    ready = f"http://127.0.0.1:{number}/api/ready"
    server = plumbline("api", arguments, values, tmp_path / "api.log", lambda: answers(ready))
    server.start()
    try:
        yield number
    finally:
        server.stop()


def test_seventy_two_clients_that_post_at_once_are_all_answered(
    cast: Cast, port: int, record_property: Callable[[str, object], None]
) -> None:
    head = cast.foreman.feed()["head"]
    acts = [cast.foreman.act("place:add", uuid7(), PLACE) for _ in range(CLIENTS)]
    gate = Barrier(CLIENTS)
    headers = {**cast.foreman.headers, "Content-Type": "application/json"}

    def one(n: int) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        gate.wait()
        connection.request("POST", "/api/acts", json.dumps({"envelopes": [acts[n]]}), headers)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return str(answer["results"][0]["verdict"])

    with ThreadPoolExecutor(CLIENTS) as pool:
        verdicts = list(pool.map(one, range(CLIENTS)))
    record_property(f"clients that post at once, {cast.engine.dialect.name}", f"{CLIENTS}, answered {len(verdicts)}")
    assert verdicts == ["applied"] * CLIENTS
    assert cast.foreman.feed(head)["head"] == head + CLIENTS
