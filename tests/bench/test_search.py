"""What a letter of a search costs among 20,000 lots and as many tasks, in the phone's own engine."""

import json
from pathlib import Path

from tests.bench.conftest import Report
from tests.support import engine

ROWS = 20_000


def test_searching_while_somebody_types(tmp_path: Path, figure: Report) -> None:
    said = tmp_path / "said.json"
    engine.run("search", "", ROWS=ROWS, REPORT=said)
    found = json.loads(said.read_text())
    about = f"of a search among {ROWS} lots and {ROWS} tasks"
    bare = {"limit": found["scan"], "limit_name": "bare scan"}
    figure(f"a letter {about}, median of {found['keys']}", found["middle"], "ms", **bare, aim="< 50 ms")
    figure(f"the slowest letter {about}", found["worst"], "ms", **bare, aim="< 50 ms")
    figure(f"the first letter {about}, which reads everything", found["first"], "ms")
    figure(f"the first letter {about} after the feed brought a row", found["fresh"], "ms", aim="< 50 ms")
