"""Every screen with the sample behind it: accessible to everybody, and in Chinese without left-over English.

Of the dialogs `make test` opens those of recalls and suppliers on a phone in Chinese; `make soak` sets DIALOGS and SETS
and opens all of them in both languages and sizes. SCREENS=all looks at the crew's screens at a desk, too.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.axe import violations
from tests.e2e.browsers import Browsers
from tests.e2e.dialogs import PAGES, walk_dialogs
from tests.e2e.screens import EVERYBODY, SampleHouse, sample_house, walk

ENGLISH = re.compile(r"[A-Za-z][A-Za-z'-]+(?: [A-Za-z][A-Za-z'-]+)+")
DIALOGS = os.environ.get("DIALOGS", "suppliers,recall-room").split(",")
SETS = os.environ.get("SETS", "zh-360x740").split(",")
WHOSE = EVERYBODY if os.environ.get("SCREENS") == "all" else ("manager", "inspector")
# What a browser calls the machine it runs on, which is the label of a device.
DEVICES = re.compile(r"^(Linux|Windows|Android|macOS) Chrome$")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, front_end: None, loaded_sample: Path) -> Iterator[SampleHouse]:
    """The sample, served as `make run` serves it."""
    with sample_house(tmp_path_factory.mktemp("sample"), loaded_sample) as served:
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
    for name, window in walk(house, browsers, "en", "1440x900", WHOSE):
        found += [f"{name}: {line}" for line in violations(window.page)]
    assert found == []


@pytest.mark.parametrize("one", SETS)
def test_dialogs_pass_axe_and_hold_no_english_in_chinese(browsers: Browsers, house: SampleHouse, one: str) -> None:
    language, size = one.split("-")
    found, opened = [], set()
    for name, window in walk_dialogs(house, browsers, language, size, DIALOGS):
        opened.add(name.rsplit("-", 1)[0])
        found += [f"{name}: {line}" for line in violations(window.page)]
        if language == "zh":
            found += [f"{name}: {run}" for run in english(window.page, house.names)]
    assert found == []
    assert opened == PAGES.keys() & set(DIALOGS)
