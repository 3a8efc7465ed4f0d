"""SIGTERM lets acts in flight end and be answered; a request that never ends does not keep the process alive.

The one act in flight is held up where writers wait: at the write lock of the embedded database, at the project's row
on PostgreSQL.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlmodel import col, select
from uuid_utils.compat import uuid7

from plumbline.db import writing
from plumbline.projects.models import Project
from tests.faults import whole
from tests.faults.conftest import Manned
from tests.support.cast import Actor
from tests.support.device import Envelope
from tests.support.houses import House
from tests.support.programs import Program, answers

RECEIPT = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3"}
IMPATIENT = (
    "from plumbline.serve import launch; launch.DRAIN_S = 1; from plumbline.cli import main; main({arguments!r})"
)


@contextmanager
def writers_wait(place: House, project_id: object) -> Iterator[None]:
    """Nobody can take a number in the project till the block ends."""
    with writing(place.engine) as session:
        session.execute(select(Project.feed_seq).where(col(Project.id) == project_id).with_for_update())
        yield


class InFlight(threading.Thread):
    """One act on its way; `got` is its answer, or the error that stood in for one."""

    def __init__(self, place: House, keeper: Actor, envelope: Envelope) -> None:
        super().__init__(daemon=True)
        self._place, self._keeper, self._envelope = place, keeper, envelope
        self.got: httpx.Response | httpx.TransportError | None = None
        self.start()
        time.sleep(0.7)  # Long enough to be read and to wait.

    def run(self) -> None:
        with self._place.client(60) as client:
            try:
                body = {"envelopes": [self._envelope]}
                self.got = client.post("/api/acts", json=body, headers=self._keeper.headers)
            except httpx.TransportError as cut:
                self.got = cut

    def result(self) -> dict[str, Any]:
        """The act's result."""
        self.join(30)
        assert isinstance(self.got, httpx.Response), self.got
        assert self.got.status_code == 200, self.got.text
        result: dict[str, Any] = self.got.json()["results"][0]
        return result


def test_an_act_in_flight_is_answered_before_the_server_ends(manned: Manned) -> None:
    place, keeper = manned.house, manned.cast.storekeeper
    envelope = keeper.act("lot:receive", uuid7(), RECEIPT)
    assert place.api.process is not None
    with writers_wait(place, manned.cast.project_id):
        flight = InFlight(place, keeper, envelope)
        place.api.process.terminate()
        time.sleep(0.7)
        assert place.api.is_running
        assert not answers(f"{place.url}/api/health")  # Nobody new is let in.

    assert flight.result()["verdict"] == "applied"
    assert place.api.process.wait(30) == 0
    place.api.start()
    assert keeper.send(envelope) == [flight.result()]


def test_a_request_that_never_ends_is_cut_and_done_once_when_it_is_sent_again(manned: Manned) -> None:
    place, keeper = manned.house, manned.cast.storekeeper
    place.api.stop()
    impatient = _impatient(place.api)
    impatient.start()
    envelope = keeper.act("lot:receive", uuid7(), RECEIPT)
    assert impatient.process is not None
    try:
        with writers_wait(place, manned.cast.project_id):
            flight = InFlight(place, keeper, envelope)
            impatient.process.terminate()
            impatient.process.wait(30)
            flight.join(30)
            assert isinstance(flight.got, httpx.TransportError)
    finally:
        impatient.close()

    place.api.start()
    assert keeper.send(envelope)[0]["verdict"] == "applied"
    assert whole.half_applied(place.engine, manned.cast.project_id, []) == []


def _impatient(api: Program) -> Program:
    """The same server, whose patience is one second."""
    arguments = list(api.command)[3:]  # After `python -m plumbline`.
    command = [sys.executable, "-c", IMPATIENT.format(arguments=arguments)]
    return Program("impatient", command, api.said, api.ready, api.env)


def test_a_killed_process_of_the_server_is_replaced_by_its_parent(embedded: Manned) -> None:
    api = embedded.house.api
    before = _children(api)
    for child in before:
        os.kill(child, signal.SIGKILL)
    api.wait_ready()

    end = time.monotonic() + 30
    while not answers(f"{embedded.house.url}/api/ready") and time.monotonic() < end:
        time.sleep(0.1)
    assert embedded.cast.storekeeper.did("lot:receive", uuid7(), RECEIPT)
    assert api.is_running
    assert not set(before) & set(_children(api))


def test_a_server_whose_parent_was_killed_frees_its_port(embedded: Manned) -> None:
    api = embedded.house.api
    assert api.process is not None
    children = _children(api)
    api.process.kill()  # The parent alone: nobody tells its children.
    api.process.wait()
    end = time.monotonic() + 20
    while any(Path(f"/proc/{child}/cmdline").exists() for child in children) and time.monotonic() < end:
        time.sleep(0.1)

    api.start()
    assert embedded.cast.storekeeper.did("lot:receive", uuid7(), RECEIPT)


def _children(program: Program) -> list[int]:
    """The server processes below the first one; Python's own helper beside them does not count."""
    assert program.process is not None
    pid = program.process.pid
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()]
