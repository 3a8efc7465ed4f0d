"""What Lighthouse says of the built app: a first visit, a foreman's phone and a manager's desk, median of five."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.bench.conftest import Report
from tests.e2e import build
from tests.e2e.browsers import DESK, PHONE, Window
from tests.e2e.screens import SampleHouse, sample_house
from tests.e2e.server import free_port
from tests.support.browser import find_browser
from tests.support.lighthouse import CATEGORIES, HOME, installed, judged, score, short_of

RUNS = int(os.environ.get("RUNS", "5"))
# name: (who is signed in, path, how wide, options)
PAGES: dict[str, tuple[str | None, str, dict[str, Any], list[str]]] = {
    "first visit": (None, "/sign-in", PHONE, []),
    "My work": ("foreman", "/", PHONE, []),
    "Inbox": ("manager", "/inbox", DESK, ["--preset=desktop"]),
}


@contextmanager
def signed_in(house: SampleHouse, folder: Path, who: str | None, shape: dict[str, Any]) -> Iterator[int]:
    """A browser with somebody signed in, or nobody; gives the port of its debugger."""
    port = free_port()
    flags = ["--no-sandbox", f"--remote-debugging-port={port}"]
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=str(find_browser()), args=flags, locale="en-GB", **shape
        )
        if who:
            house.sign_in(Window(context, context.pages[0], house.url), "en", who)
            context.pages[0].goto("about:blank")
        yield port
        context.close()


def test_lighthouse(figure: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build.build()
    command = installed()
    with sample_house(tmp_path / "sample") as house:
        for name, (who, path, shape, options) in PAGES.items():
            out = HOME / f"{name}.json".replace(" ", "-")
            with signed_in(house, tmp_path / (who or "nobody"), who, shape) as port:
                reports = [judged(command, house.url + path, out, f"--port={port}", *options) for _ in range(RUNS)]
            for category in CATEGORIES:
                middle = median(score(report, category) for report in reports)
                figure(f"Lighthouse, {name}, {category}", middle, "of 100", aim="≥ 95")
                # How fast it is depends on what else the machine does; that is told and not judged.
                assert category == "performance" or middle >= 95, short_of(reports[-1], category)
                with capsys.disabled():
                    sys.stdout.write("".join(f"\n    {line}" for line in short_of(reports[-1], category)))
