"""Figures: one line each on the screen, and all of them as JSON in build/bench.json.

A bench asserts that what it measured was right, never that it was fast: `aim` is printed beside the value, and a
person judges. A limit is measured in the same run on the same machine, so that the ratio says something elsewhere.
"""

import json
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Protocol

import pytest

from plumbline.settings import ROOT

OUT = ROOT / "build" / "bench.json"
_figures: list["Figure"] = []


@dataclass(frozen=True)
class Figure:
    """One measurement. `ratio` is value over limit; None without a limit."""

    name: str
    value: float
    unit: str
    aim: str
    limit: float | None
    limit_name: str | None
    ratio: float | None
    load: float

    def line(self) -> str:
        """The figure as it is printed."""
        beside = "" if self.limit is None else f"; {self.limit_name or 'limit'} {_shown(self.limit)}"
        ratio = "" if self.ratio is None else f", ratio {self.ratio:.3g}"
        aim = f"; aim {self.aim}" if self.aim else ""
        return f"{self.name}: {_shown(self.value)} {self.unit}{beside}{ratio}{aim}   [load {self.load:.1f}]"


class Report(Protocol):
    """What the fixture `figure` is."""

    def __call__(
        self,
        name: str,
        value: float,
        unit: str,
        limit: float | None = None,
        limit_name: str | None = None,
        aim: str = "",
    ) -> None:
        """Print one figure and keep it for build/bench.json.

        `limit` is what the machine itself gave in this run, in the same unit (pgbench, Pillow's decode …), and
        `limit_name` says what it is; `aim` is words: "≥ 900/s", "≤ 3 × decode".
        """


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


@pytest.fixture
def figure(capsys: pytest.CaptureFixture[str]) -> Report:
    """Report a figure: `figure("steps, SQLite", 905, "acts/s", limit=11000, limit_name="pgbench", aim="≥ 800/s")`."""

    def report(
        name: str,
        value: float,
        unit: str,
        limit: float | None = None,
        limit_name: str | None = None,
        aim: str = "",
    ) -> None:
        ratio = value / limit if limit else None
        load = os.getloadavg()[0]
        found = Figure(name, round(value, 4), unit, aim, limit and round(limit, 4), limit_name, ratio, round(load, 2))
        _figures.append(found)
        with capsys.disabled():
            sys.stdout.write(f"\n  {found.line()}")
            sys.stdout.flush()

    return report


@pytest.fixture(scope="session", autouse=True)
def _written() -> Iterator[None]:
    """Write what was measured when the run ends; figures of benches that were not run this time stay."""
    yield
    if not _figures:
        return
    measured = {figure.name: asdict(figure) for figure in _figures}
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    for entry in measured.values():
        entry["at"] = datetime.now(UTC).isoformat(timespec="seconds")
    before = json.loads(OUT.read_text("utf-8"))["figures"] if OUT.exists() else []
    kept = [f for f in before if f["name"] not in measured]
    OUT.parent.mkdir(exist_ok=True)
    text = json.dumps({**machine, "figures": [*kept, *measured.values()]}, indent=1, ensure_ascii=False)
    OUT.write_text(text + "\n", "utf-8")
