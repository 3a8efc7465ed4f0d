"""What tests count while they run: `record_property("statements of …", 38)`."""

from typing import Any

import pytest


def counted(reporter: pytest.TerminalReporter) -> list[dict[str, Any]]:
    """Name, value and the test's outcome of everything that was counted, also in other processes."""
    reports = [r for some in reporter.stats.values() for r in some if isinstance(r, pytest.TestReport)]
    return [
        {"name": name, "value": value, "outcome": report.outcome}
        for report in reports
        if report.when == "call"
        for name, value in report.user_properties
    ]
