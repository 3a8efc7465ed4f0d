"""What people do on the screens, told once: photographing, waiting for the server, decisions of the outbox."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from playwright.sync_api import Error, Locator, Page, expect

from tests.e2e.camera import Camera
from tests.e2e.site import Site

SEND_MS = 60_000
T = TypeVar("T")


def photograph(page: Page, camera: Camera, slot: str, times: int = 1) -> None:
    """Photograph what a slot of a form asks for, with the app's own camera."""
    camera.sees_scene(sum(map(ord, slot)))
    place = page.locator(".slot").filter(has_text=slot).first
    place.locator(".ways button").first.click()
    dialog = page.get_by_role("dialog")
    shutter = dialog.get_by_role("button", name="Take photo")
    for taken in range(1, times + 1):
        expect(shutter).to_be_enabled()
        shutter.click()
        expect(dialog.get_by_role("button", name=f"Done ({taken})")).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()
    expect(place.get_by_role("img")).to_have_count(times)


def choose(page: Page, group: str, option: str) -> None:
    """Press one of a field's big buttons, or choose from its list."""
    buttons = page.get_by_role("group", name=group)
    if buttons.count():
        buttons.get_by_role("button", name=re.compile(rf"^{re.escape(option)}\b")).click()
    else:
        page.get_by_label(group).select_option(label=option)


def kept_on_this_phone(page: Page) -> None:
    """After saving, the screen says that the record is on this phone: the first of three ticks."""
    kept = page.get_by_role("status").filter(has_text="On this phone")
    expect(kept).to_be_visible()


def first_in_outbox(page: Page) -> Locator:
    """The outbox's newest record."""
    page.get_by_role("link", name="Outbox").first.click()
    expect(page.get_by_role("heading", name="Outbox", level=1)).to_be_visible()
    return page.get_by_role("article").first


def at_the_server_and_verified(page: Page) -> None:
    """The outbox's newest record has reached the third tick: the server has read back and hashed each photo."""
    newest = first_in_outbox(page)
    expect(newest).to_contain_text("Verified", timeout=SEND_MS)
    expect(newest).not_to_contain_text("(not yet)", timeout=SEND_MS)


def until(page: Page, ask: Callable[[], T]) -> T:
    """The first answer that says something; a page that is just being loaded anew gives none."""
    for _ in range(SEND_MS // 250):
        with suppress(Error):
            if answer := ask():
                return answer
        page.wait_for_timeout(250)
    raise AssertionError("It did not come to be.")


def verified_row(page: Page, site: Site, kind: str, **said: str) -> dict[str, Any]:
    """The row that says this, when the server has it and has verified all its files; waits for both."""

    def there() -> list[dict[str, Any]]:
        rows = [row for row in site.rows(kind) if all(row[name] == value for name, value in said.items())]
        return [row for row in rows if all(file["status"] == "verified" for file in row["files"])]

    return until(page, there)[0]
