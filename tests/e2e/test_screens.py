"""Every screen with the sample behind it: accessible to everybody, and in Chinese without left-over English."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e.axe import violations
from tests.e2e.browsers import Browsers
from tests.e2e.screens import SampleHouse, sample_house, walk

ENGLISH = re.compile(r"[A-Za-z][A-Za-z'-]+(?: [A-Za-z][A-Za-z'-]+)+")
# What a browser calls the machine it runs on, which is the label of a device.
DEVICES = re.compile(r"^(Linux|Windows|Android|macOS) Chrome$")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, front_end: None) -> Iterator[SampleHouse]:
    """The sample, served as `make run` serves it."""
    with sample_house(tmp_path_factory.mktemp("sample")) as served:
        yield served


def english(page: Page, names: str) -> list[str]:
    """Runs of two and more English words that can be read on the page and are nobody's name."""
    read = ENGLISH.findall(page.locator("body").inner_text())
    return [run for run in read if run not in names and not DEVICES.match(run)]


def test_chinese_screens_hold_no_english_and_pass_axe(browsers: Browsers, house: SampleHouse) -> None:
    found = []
    for name, window in walk(house, browsers, "zh", "360x740"):
        # The page that installs the authority is in both languages at once.
        found += [f"{name}: {run}" for run in english(window.page, house.names) if name != "ca"]
        found += [f"{name}: {line}" for line in violations(window.page)]
    assert found == []


def test_english_screens_pass_axe_at_the_desk(browsers: Browsers, house: SampleHouse) -> None:
    found = []
    for name, window in walk(house, browsers, "en", "1440x900"):
        found += [f"{name}: {line}" for line in violations(window.page)]
    assert found == []
