"""Having pictures opened by other processes (forking.py, derive.py), and judging how that ended.

No decoder runs in a process that serves or works: what a picture does to the one that opens it ends there.
"""

import atexit
import json
import logging
import os
import queue
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)
SIZES_PX = (1600, 320)
WALL_SECONDS = 20
GRACE_SECONDS = 10  # For the helper itself to start and to kill its child.
HELPER = Path(__file__).with_name("forking.py")


def probe(path: Path) -> dict[str, Any]:
    """`width`, `height`, `decodable`, `note`, `claims`, `notes` of a picture; never raises for what it holds."""
    unknown: dict[str, Any] = {"width": None, "height": None, "decodable": False, "note": "too-large-to-decode"}
    return _asked(["probe", str(path)]) or {**unknown, "claims": {}, "notes": ["not-decoded"]}


def derive(path: Path, folder: Path) -> dict[str, Any]:
    """`made` (a list of size, width, height; files `<size>.jpg` in `folder`) and `note` when nothing could be made."""
    answer = _asked(["derive", str(path), str(folder), *map(str, SIZES_PX)])
    return answer or {"made": [], "note": "too-large-to-decode"}


def has_heic() -> bool:
    """Whether the optional HEIC decoder is installed; asked without loading it."""
    from importlib.util import find_spec

    return find_spec("pillow_heif") is not None


class Helper:
    """One warm process, started when it is first asked and again after it ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, arguments: list[str]) -> dict[str, Any] | None:
        """The answer for one picture; None when its child died or took too long.

        A helper that is gone says nothing of the picture: another one is asked, once.
        """
        for _ in range(2):
            answer = self._said(arguments)
            if answer:
                found: dict[str, Any] | None = json.loads(answer)
                return found
            self.stop()
            if answer is None:
                break
        log.warning("The process that opens pictures did not answer.")
        return None

    def _said(self, arguments: list[str]) -> bytes | None:
        """The helper's line; empty when it has ended, None when it is silent for too long."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(arguments).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            return b""
        if not select.select([process.stdout], [], [], WALL_SECONDS + GRACE_SECONDS)[0]:
            return None
        return process.stdout.readline()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is not None:
            self.stop()  # It had nothing to do for a while.
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(HELPER), str(WALL_SECONDS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", "")},
                start_new_session=True,  # Ctrl-C in a terminal is for us; we end it ourselves.
            )
        return self._process

    def stop(self) -> None:
        """End the process, and with it whatever it forked."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # It was gone with something unsaid.
                    pipe.close()
        process.wait()


# Each child may take 1 GB; more than two at once would starve a small machine. The last one used is warm.
_free: "queue.LifoQueue[Helper]" = queue.LifoQueue()
_helpers = (Helper(), Helper())
for _one in _helpers:
    _free.put(_one)


def _asked(arguments: list[str]) -> dict[str, Any] | None:
    helper = _free.get()
    try:
        return helper.ask(arguments)
    finally:
        _free.put(helper)


@atexit.register
def stop() -> None:
    """End the processes that open pictures; the next picture starts one anew."""
    for helper in _helpers:
        helper.stop()
