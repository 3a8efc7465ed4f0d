"""Figures on the screen: one line each, with what was measured on."""

import os
import sys
from collections.abc import Callable

import pytest


@pytest.fixture
def report(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a line past pytest's capture."""

    def say(line: str) -> None:
        with capsys.disabled():
            load = os.getloadavg()[0]
            sys.stdout.write(f"\n  {line}   [{os.cpu_count()} cores, load {load:.1f}]")

    return say
