"""The processes that open pictures: what one of them takes, or how long it works, is its own end and nobody else's."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from plumbline.evidence import derive, forking, pictures
from tests.support import photos


def forked(run: Callable[[list[str]], Any], wall_seconds: float = 10) -> dict[str, Any] | None:
    module: Any = SimpleNamespace(run=run, limit_myself=derive.limit_myself)
    return forking.forked(module, ["probe", "x"], wall_seconds)


def test_a_child_answers() -> None:
    assert forked(lambda arguments: {"asked": arguments}) == {"asked": ["probe", "x"]}


TAKING = """
import json, sys
from types import SimpleNamespace
from plumbline.evidence import derive, forking
module = SimpleNamespace(run=lambda bytes: {"took": len(bytearray(int(bytes[0])))}, limit_myself=derive.limit_myself)
print(json.dumps([forking.forked(module, [bytes], 10) for bytes in sys.argv[1:]]))
"""


def test_a_child_that_wants_more_than_a_gigabyte_dies_alone() -> None:
    # The limit counts addresses, those of the parent too: a small parent, as in production, and not the tests' own.
    sizes = ("1200000000", "200000000")
    said = subprocess.run([sys.executable, "-c", TAKING, *sizes], capture_output=True, check=True, text=True)

    assert json.loads(said.stdout) == [None, {"took": 200_000_000}]


def test_a_child_that_computes_too_long_is_ended_by_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(_: list[str]) -> None:
        while True:
            pass

    monkeypatch.setattr(derive, "CPU_SECONDS", 1)
    before = time.monotonic()

    assert forked(compute, wall_seconds=600) is None

    assert time.monotonic() - before < 300


def test_the_limits_are_those_of_the_design() -> None:
    assert (derive.MEMORY_BYTES, derive.MAX_PIXELS) == (1024**3, 60_000_000)
    assert (derive.CPU_SECONDS, pictures.WALL_SECONDS) == (20, 20)


def test_a_sound_picture_is_opened_up_to_60_megapixels(tmp_path: Path) -> None:
    for name, width in (("just fits", 60_000), ("too large", 60_001)):
        Image.new("1", (width, 1_000)).save(tmp_path / name, "PNG")

    fits, large = pictures.probe(tmp_path / "just fits"), pictures.probe(tmp_path / "too large")

    assert (fits["width"], fits["decodable"], fits["note"]) == (60_000, True, None)
    assert (large["width"], large["decodable"], large["note"]) == (60_001, False, "too-many-pixels")
    assert [made["size"] for made in pictures.derive(tmp_path / "just fits", tmp_path)["made"]] == [1600, 320]
    assert pictures.derive(tmp_path / "too large", tmp_path)["made"] == []


def test_a_child_stands_behind_who_waits_for_an_answer() -> None:
    mine = os.getpriority(os.PRIO_PROCESS, 0)

    assert forked(lambda _: {"step": os.getpriority(os.PRIO_PROCESS, 0)}) == {"step": min(19, mine + derive.BEHIND)}


def test_a_child_that_works_too_long_is_killed() -> None:
    before = time.monotonic()

    assert forked(lambda _: time.sleep(600), wall_seconds=0.5) is None

    assert time.monotonic() - before < 300


@pytest.mark.parametrize(
    "end",
    [lambda _: os.abort(), lambda _: os._exit(0), lambda _: 1 / 0, lambda _: {"much": "x" * 300_000}, lambda _: "no"],
    ids=["crash", "silence", "error", "chatter", "nonsense"],
)
def test_a_child_that_ends_badly_is_no_answer(end: Callable[[list[str]], Any]) -> None:
    assert forked(end) is None


def test_a_child_writes_no_more_than_a_picture_needs(tmp_path: Path) -> None:
    def write(_: list[str]) -> dict[str, int]:
        return {"wrote": (tmp_path / "large").write_bytes(bytes(40_000_000))}

    assert forked(write) is None


def test_pictures_go_on_after_the_helper_was_killed(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(photos.jpeg())
    assert pictures.probe(tmp_path / "photo")["decodable"] is True

    for helper in pictures._helpers:
        if helper._process is not None:
            os.kill(helper._process.pid, 9)

    assert pictures.probe(tmp_path / "photo")["decodable"] is True


def test_a_helper_that_never_answers_is_given_up_and_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "photo").write_bytes(photos.jpeg())
    (tmp_path / "silent.py").write_text("import time\ntime.sleep(600)\n")
    helper = pictures.Helper()
    monkeypatch.setattr(pictures, "HELPER", tmp_path / "silent.py")
    monkeypatch.setattr(pictures, "WALL_SECONDS", 0)
    monkeypatch.setattr(pictures, "GRACE_SECONDS", 0.3)

    assert helper.ask(["probe", str(tmp_path / "photo")]) is None
    monkeypatch.undo()
    try:
        assert helper.ask(["probe", str(tmp_path / "photo")]) is not None
    finally:
        helper.stop()


def test_what_opens_pictures_is_started_without_our_environment(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(photos.jpeg())
    helper = pictures.Helper()
    helper.ask(["probe", str(tmp_path / "photo")])
    assert helper._process is not None

    named = Path(f"/proc/{helper._process.pid}/environ").read_bytes().split(b"\0")

    helper.stop()
    assert {name.partition(b"=")[0] for name in named} <= {b"", b"PATH", b"LC_CTYPE"}
