"""32 writers at once, in two processes of sixteen threads, while a phone polls: each number once, in order, no gap."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from uuid_utils.compat import uuid7

from plumbline.settings import ROOT, Settings
from tests.support.cast import Actor, Cast
from tests.support.device import Envelope, TestDevice

PROCESSES, THREADS, ACTS = 2, 16, 4
PLACE = {"name": "二号料场", "kind": "yard"}
SECONDS = 90


def phones(cast: Cast) -> list[Actor]:
    """As many phones as there are processes, all of them the foreman's."""
    actors = [replace(cast.foreman, device=TestDevice()) for _ in range(PROCESSES)]
    return [actor.sign_in() for actor in actors]


def work(actor: Actor) -> list[list[Envelope]]:
    return [[actor.act("place:add", uuid7(), PLACE) for _ in range(ACTS)] for _ in range(THREADS)]


@contextmanager
def writers(cast: Cast, settings: Settings, folder: Path) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Processes that all began to write at the same moment; none outlives the test."""
    names = ("data_dir", "store", "s3_endpoint", "s3_bucket", "s3_access_key", "s3_secret_key")
    values = {f"PLUMBLINE_{name.upper()}": str(getattr(settings, name)) for name in names}
    values |= {"PLUMBLINE_DATABASE_URL": settings.database, "PLUMBLINE_JOBS": "off"}
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'backend'}{os.pathsep}{ROOT}", **values}
    paths = [folder / f"{n}.acts" for n in range(PROCESSES)]
    for path, actor in zip(paths, phones(cast), strict=True):
        path.write_text("\n".join(json.dumps(thread) for thread in work(actor)))
    running = [
        subprocess.Popen([sys.executable, "-m", "tests.faults.feed_writers", str(p)], env=env, stdout=subprocess.PIPE)
        for p in paths
    ]
    try:
        wait_for([path.with_suffix(".ready") for path in paths])
        for path in paths:
            path.with_suffix(".go").touch()
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


def wait_for(paths: list[Path]) -> None:
    end = time.monotonic() + SECONDS
    while not all(path.exists() for path in paths):
        assert time.monotonic() < end, "the writers did not come up"
        time.sleep(0.05)


def test_a_phone_that_polls_sees_every_number_of_32_writers_once_and_in_order(
    cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    reader = cast.inspector
    began = cursor = reader.feed()["head"]
    seen: list[int] = []
    polls_with_news = 0
    with writers(cast, settings, tmp_path) as running:
        end = time.monotonic() + SECONDS
        is_over = False
        while not is_over and time.monotonic() < end:
            is_over = all(process.poll() is not None for process in running)  # Then one more look.
            page = reader.feed(cursor, limit=50)
            numbers = [change["number"] for change in page["changes"]]
            assert all(cursor < number <= page["cursor"] <= page["head"] for number in numbers)
            assert all(change["row"] for change in page["changes"])
            polls_with_news += bool(numbers)
            seen += numbers
            cursor = page["cursor"]
            is_over = is_over and not page["more"]
            time.sleep(0.005)  # A reader that never rests would only slow the writers down.
        assert [process.poll() for process in running] == [0] * PROCESSES

    assert seen == list(range(began + 1, began + PROCESSES * THREADS * ACTS + 1))
    assert polls_with_news > 1
