"""Every dialog of recalls, nonconformances, suppliers, moves and assemblies, opened in turn. For axe and pictures."""

from collections.abc import Collection, Iterator

from playwright.sync_api import Page, TimeoutError

from tests.e2e.browsers import UNKEPT, Browsers, Window
from tests.e2e.screens import SIZES, SampleHouse, settle

# Name: (who, path). Each button of the page that opens a dialog is pressed; buttons that say the same once.
PAGES: dict[str, tuple[str, str]] = {
    "lot": ("manager", "/lots/{lot}"),
    "assembly": ("manager", "/lots/{assembly}"),
    "suppliers": ("manager", "/quality?tab=list"),
    "recall-room": ("manager", "/recalls/{recall}"),
    "ncr": ("manager", "/office/defects/{ncr}"),
    "defect": ("manager", "/office/defects/{defect}"),
    "recalled-lot": ("foreman", "/lots/{recalled}"),
    "ncr-phone": ("foreman", "/defects/{ncr}"),
}
# Not the way back, tabs and switches.
BUTTONS = "main button" + "".join(f":not({one})" for one in (
    ".back", "[role=tab]", "[role=switch]", "[aria-pressed]", "[aria-expanded]", "[disabled]"))  # fmt: skip
OPENS_MS = 1_000


def walk_dialogs(
    house: SampleHouse, browsers: Browsers, language: str, size: str, names: Collection[str] = tuple(PAGES)
) -> Iterator[tuple[str, Window]]:
    """Each dialog of the pages, open; yields its name and the window. The keyboard closes it."""
    for who in ("manager", "foreman"):
        mine = {name: path for name, (by, path) in PAGES.items() if by == who and name in names}
        if not mine:
            continue
        with browsers.window(house.url, SIZES[size], language, **UNKEPT) as window:
            house.sign_in(window, language, who)
            for name, path in mine.items():
                window.follow(house.path(path, language))
                settle(window.page)
                for number in _opening(window.page):
                    yield f"{name}-{number}", window
                    _close(window.page)


def _opening(page: Page) -> Iterator[int]:
    """Press each button that looks as if it opened a dialog; yields when one is open."""
    pressed: set[str] = set()
    buttons = page.locator(BUTTONS)
    at = 0
    while at < buttons.count():
        button, at = buttons.nth(at), at + 1
        said = button.inner_text().split(":")[0].split("：")[0].strip()
        if not button.is_visible() or not said or said in pressed:
            continue
        pressed.add(said)
        button.click()
        if _is_open(page):
            yield at


def _is_open(page: Page) -> bool:
    try:
        page.get_by_role("dialog").wait_for(timeout=OPENS_MS)
    except TimeoutError:  # A button that does something else.
        return False
    return True


def _close(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
