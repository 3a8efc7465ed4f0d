"""Figures: one line each on the screen, and all of them as JSON in build/bench.json.

A bench asserts that what it measured was right, never that it was fast: `aim` is printed beside the value, and a
person judges. A limit is measured in the same run on the same machine, so that the ratio says something elsewhere.
"""

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Protocol

import pytest

from plumbline.settings import ROOT
from tests.support.counting import counted

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write what this run measured, and what its tests counted (`record_property`); nothing of an earlier one."""
    if not _figures:
        return
    at = datetime.now(UTC).isoformat(timespec="seconds")
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version(), "at": at}
    found = {**machine, "figures": [asdict(figure) for figure in _figures], "counted": counted(terminalreporter)}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
