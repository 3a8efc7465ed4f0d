"""Running the child process that opens pictures (derive.py), and judging how it ended."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

SIZES_PX = (1600, 320)
WALL_SECONDS = 20
CHILD = Path(__file__).with_name("derive.py")
# Each child may take 1 GB; more than two at once would starve a small machine.
_slots = threading.BoundedSemaphore(2)


def probe(path: Path) -> dict[str, Any]:
    """`width`, `height`, `decodable`, `note`, `claims`, `notes` of a picture; never raises for what it holds."""
    unknown: dict[str, Any] = {"width": None, "height": None, "decodable": False, "note": "too-large-to-decode"}
    return _run(["probe", str(path)], {**unknown, "claims": {}, "notes": ["not-decoded"]})


def derive(path: Path, folder: Path) -> dict[str, Any]:
    """`made` (a list of size, width, height; files `<size>.jpg` in `folder`) and `note` when nothing could be made."""
    return _run(["derive", str(path), str(folder), *map(str, SIZES_PX)], {"made": [], "note": "too-large-to-decode"})


def has_heic() -> bool:
    """Whether the optional HEIC decoder is installed; asked without loading it."""
    from importlib.util import find_spec

    return find_spec("pillow_heif") is not None


def _run(arguments: list[str], when_it_died: dict[str, Any]) -> dict[str, Any]:
    with _slots:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(CHILD), *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=WALL_SECONDS,
                env={"PATH": os.environ.get("PATH", "")},
                check=False,
            )
        except subprocess.TimeoutExpired:
            return when_it_died
    if done.returncode != 0:
        return when_it_died
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer
