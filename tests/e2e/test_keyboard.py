"""The office without a mouse: Tab reaches every control in sight of its focus, Enter opens, Escape leads back.

By default some screens in English and dialogs in Chinese; all with SCREENS=all, as `make soak` does.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.browsers import DESK, UNKEPT, Browsers, Window
from tests.e2e.keyboard import arrows_move, closed, opened, walked
from tests.e2e.screens import SCREENS, SampleHouse, sample_house, settle

ALL = os.environ.get("SCREENS") == "all"
OFFICE = [name for name, (who, _) in SCREENS.items() if who == "manager"]
SOME = ["inbox", "office-tasks", "trace-graph", "recall-room", "people"]
# screen, and what opens a dialog there: in Chinese, in English.
DIALOGS = [
    ("inbox", "退回", "Reject"),
    ("office-tasks", "新增节点", "Add node"),
    ("materials", "选择列", "Columns"),
    ("material", "查看凭证", "Show proof"),
    ("causes", "选择缺陷", "Choose defects"),
    ("suppliers", "对照其他系统的名称", "Match names of other systems"),
    ("recall-room", "处理", "Settle"),
    ("labels", "登记一卷新标签", "New roll of labels"),
    ("people", "邀请一个人", "Invite a person"),
    ("devices", "吊销", "Revoke"),
    ("links", "给一个链接", "Give a link"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, front_end: None, loaded_sample: Path) -> Iterator[SampleHouse]:
    """The sample, served as `make run` serves it."""
    with sample_house(tmp_path_factory.mktemp("sample"), loaded_sample) as served:
        yield served


@pytest.fixture
def desk(browsers: Browsers, house: SampleHouse, language: str) -> Iterator[Window]:
    """The project manager's desk."""
    with browsers.window(house.url, DESK, language, **UNKEPT) as window:
        house.sign_in(window, language, "manager")
        yield window


def look_at(desk: Window, house: SampleHouse, language: str, name: str) -> Page:
    """Follow a link to a screen."""
    desk.follow(house.path(SCREENS[name][1], language))
    settle(desk.page)
    return desk.page


@pytest.mark.parametrize("language", ["en"])
def test_tab_reaches_every_control_of_the_office(desk: Window, house: SampleHouse, language: str) -> None:
    found = []
    for name in OFFICE if ALL else SOME:
        page = look_at(desk, house, language, name)
        walk = walked(page)
        assert walk.stops > 5, name
        found += [f"{name}: {fault}" for fault in [*walk.faults(), *arrows_move(page)]]
    assert found == []


@pytest.mark.parametrize("language", ["zh", "en"] if ALL else ["zh"])
def test_dialogs_open_and_close_by_keyboard_and_pass_axe(desk: Window, house: SampleHouse, language: str) -> None:
    found = []
    for name, *words in DIALOGS:
        page = look_at(desk, house, language, name)
        word = words[language == "en"]
        opener = page.get_by_role("main").get_by_role("button", name=re.compile(rf"^{word}")).first
        expect(opener).to_be_visible()
        dialog = opened(page, opener)
        found += [f"{name}, {word}: {line}" for line in [*violations(page), *closed(page, dialog, opener)]]
    assert found == []
