"""The warm process that forks one child for each picture; only the children open any.

Reads one line of JSON for each request (the arguments of derive.py) and answers one line. Pillow is loaded once;
a child that dies, or works longer than it may, takes nothing with it. Ends when nobody asks for a while.
"""

import importlib.util
import json
import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

IDLE_SECONDS = 120
MAX_ANSWER_BYTES = 256 * 1024


def load() -> ModuleType:
    """derive.py beside this file: started isolated, nothing of Plumbline is on the path, and nothing should be."""
    spec = importlib.util.spec_from_file_location("derive", Path(__file__).with_name("derive.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def forked(derive: ModuleType, arguments: list[str], wall_seconds: float) -> dict[str, Any] | None:
    """The answer of a child of its own; None when it died or took too long, and then it is dead."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        with suppress(BaseException):
            os.close(reading)
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):  # They belong to the conversation of our parent.
                os.dup2(nothing, stream)
            derive.limit_myself()
            with os.fdopen(writing, "wb") as out:
                out.write(json.dumps(derive.run(arguments)).encode())
            status = 0
        os._exit(status)
    os.close(writing)
    try:
        answer = _read(reading, time.monotonic() + wall_seconds)
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    try:
        found = json.loads(answer or b"")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _read(pipe: int, end: float) -> bytes | None:
    """Everything that the child says before it ends; None when it takes too long or says too much."""
    said = b""
    while (left := end - time.monotonic()) > 0:
        if not select.select([pipe], [], [], left)[0]:
            return None
        part = os.read(pipe, 65536)
        if not part:
            return said
        said += part
        if len(said) > MAX_ANSWER_BYTES:
            return None
    return None


def main(wall_seconds: float) -> int:
    """Serve until standard input ends or nobody asks for a while."""
    derive = load()
    derive.warm_up()
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        line = sys.stdin.readline()
        if not line:
            break
        sys.stdout.write(json.dumps(forked(derive, json.loads(line), wall_seconds)) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
