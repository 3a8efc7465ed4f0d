"""One look of Lighthouse at the first visit; `make bench` and `make soak` take five each at three pages."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from tests.e2e.site import Site
from tests.support.lighthouse import CATEGORIES, installed, judged, score, short_of


def test_the_first_visit(
    site_of: Callable[[str], Site], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    try:
        command = installed()
    except CalledProcessError as failed:
        pytest.skip(f"Lighthouse cannot be had from the registry: {failed}")
    report = judged(command, f"{site_of('sqlite').url}/sign-in", tmp_path / "report.json")

    scores = {category: score(report, category) for category in CATEGORIES}
    said = ", ".join(f"{category} {value:.0f}" for category, value in scores.items())
    record_property("Lighthouse, first visit, one run beside other tests (aim of the median of five: 95)", said)
    assert scores["accessibility"] >= 95, short_of(report, "accessibility")
    assert scores["best-practices"] >= 95, short_of(report, "best-practices")
