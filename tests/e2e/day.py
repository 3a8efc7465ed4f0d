"""`make day`: a day in a basement on a phone of 360×740 without a line, killed three times, in both languages.

Join, receive a truck with photos, record a pour and an inspection with photos, raise a defect; the browser is ended by
`kill -9` in the middle of two forms and right after a record was called kept, and opened again with the same profile.
Then the line comes back: everything must be at the server once, every photo verified. Each page that the crew saw
lies in tests/shots/day-<language>/.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import expect, sync_playwright

from tests.e2e import build
from tests.e2e.camera import Camera
from tests.e2e.held import gates
from tests.e2e.pocket import WAIT_MS, WORDS, Phone
from tests.e2e.server import free_port, serving
from tests.e2e.shots import SHOTS
from tests.e2e.site import make_site


def the_day(phone: Phone) -> None:
    """From the invitation in the morning to the third tick in the evening."""
    joins(phone)
    phone.line(on=False)
    receives(phone)
    pours(phone)
    inspects(phone)
    finds_a_defect(phone)
    comes_up(phone)


def joins(phone: Phone) -> None:
    """The only part that needs a line: the invitation, and the project onto the phone."""
    site, name = phone.site, phone.word("name")
    manager = site.cast.project_manager
    wish = {"display_name": name, "organization": str(site.cast.contractor), "roles": ["foreman", "storekeeper"]}
    code = manager.post(manager.at("/invites"), wish).json()["code"]
    phone.start(f"/join/{code}")
    phone.page.locator("input[autocomplete=name]").fill(name)
    phone.shot("join")
    phone.press("join")
    phone.page.locator("form").wait_for(state="detached")
    phone.shot("join-waiting")
    person = next(i["person_id"] for i in manager.get(manager.at("/invites")).json() if i["display_name"] == name)
    body = {"person": person, "organization": str(site.cast.contractor), "roles": ["foreman", "storekeeper"]}
    manager.did("member:admit", person, body)
    phone.page.wait_for_url(f"{site.url}/")
    phone.open("/tasks")
    phone.page.locator("main li").first.wait_for()
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    phone.page.reload()
    phone.page.locator("main li").first.wait_for()
    phone.open("/")
    phone.shot("work")


def receives(phone: Phone) -> None:
    """A truck: its label scanned, its note photographed, its quantity, kept without a line."""
    phone.camera.sees_code(phone.site.blank_label()[1])
    phone.open("/scan")
    phone.page.get_by_role("link", name=phone.word("label")).wait_for()
    phone.shot("scan-unknown")
    phone.press("label")
    phone.photograph(0)
    phone.press("material")
    dialog = phone.page.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill(phone.word("concrete"))
    phone.shot("receive-material")
    dialog.get_by_role("button", name=phone.word("concrete")).first.click()
    choose(phone, "grade", "C30")
    phone.fill("batch", "T-014")
    phone.fill("quantity", "8")
    phone.photograph(1)
    phone.shot("receive")
    phone.keep("receive")


def choose(phone: Phone, group: str, option: str) -> None:
    """Press one of a field's buttons, or take it from its list."""
    buttons = phone.page.get_by_role("group", name=phone.word(group))
    if buttons.count():
        buttons.get_by_role("button", name=option).first.click()
    else:
        phone.page.get_by_label(phone.word(group)).select_option(option)


def pours(phone: Phone) -> None:
    """The pour with its photos; the browser is killed in the middle, and the form goes on where it was."""
    path = f"/tasks/{phone.site.wall}/log/concrete_pour.pouring"
    phone.open(f"/tasks/{phone.site.wall}")
    phone.shot("task")
    phone.open(path)
    phone.photograph(0, 3)
    phone.photograph(1)
    phone.fill("note", "B2")
    phone.page.wait_for_timeout(800)  # A draft is kept half a second after the last key.
    phone.kill()
    phone.start(path)
    expect(phone.page.locator(".slot").nth(0).get_by_role("img")).to_have_count(3)
    expect(phone.page.get_by_role("textbox", name=phone.word("note")).first).to_have_value("B2")
    phone.shot("pour-after-kill")
    phone.photograph(2)
    phone.press("list")
    phone.shot("pour-lots")
    phone.page.get_by_role("dialog").get_by_role("listitem").first.get_by_role("button").click()
    phone.fill("quantity", "7.5")
    phone.shot("pour")
    phone.keep("pour")


def inspects(phone: Phone) -> None:
    """Appearance and dimensions after striking: a hold point, four faces."""
    phone.open(f"/tasks/{phone.site.wall}/log/concrete_pour.dimension_appearance")
    phone.photograph(0, 4)
    phone.shot("inspection")
    phone.keep("inspection")


def finds_a_defect(phone: Phone) -> None:
    """A defect, and the browser killed as soon as it is called kept."""
    path = f"/tasks/{phone.site.wall}/defect"
    phone.open(path)
    phone.photograph(0)
    phone.fill("what", "B2")
    phone.page.wait_for_timeout(800)
    phone.kill()
    phone.start(path)
    expect(phone.page.get_by_role("textbox", name=phone.word("what")).first).to_have_value("B2")
    phone.page.get_by_role("button", name=phone.word("major")).first.click()
    phone.shot("defect")
    phone.keep("defect")
    phone.kill()
    phone.start("/outbox")
    expect(phone.page.get_by_role("article")).to_have_count(4)
    phone.shot("outbox-waiting")
    phone.open("/me")
    phone.shot("me")


def comes_up(phone: Phone) -> None:
    """The line is back: everything arrives once, and every photo is verified."""
    phone.line(on=True)
    phone.open("/outbox")
    for record, photos in enumerate((1, 4, 5, 2)):  # The newest first: defect, inspection, pour, receipt.
        item = phone.page.get_by_role("article").nth(record)
        expect(item).to_contain_text(re.compile(rf"{photos}(/| of ){photos}"), timeout=3 * WAIT_MS)
        expect(item).not_to_contain_text(phone.word("later"), timeout=3 * WAIT_MS)
    phone.shot("outbox-verified")
    phone.open("/")
    phone.shot("work-evening")
    rows = {kind: phone.site.rows(kind) for kind in ("lot", "step", "defect")}
    mine = {
        "lot": [row for row in rows["lot"] if row["batch_no"] == "T-014"],
        "step": [row for row in rows["step"] if row["task_id"] == str(phone.site.wall)],
        "defect": [row for row in rows["defect"] if row["title"] == "B2"],
    }
    assert {kind: len(found) for kind, found in mine.items()} == {"lot": 1, "step": 2, "defect": 1}
    files: list[dict[str, Any]] = [file for found in mine.values() for row in found for file in row["files"]]  # type: ignore[attr-defined]
    assert all(row["files"] for found in mine.values() for row in found)
    assert {file["status"] for file in files} == {"verified"}
    assert phone.errors == []


@contextmanager
def phone_on_site(language: str) -> Iterator[Phone]:
    """A server with the tests' site, and a phone that nobody has used yet."""
    shots = SHOTS / f"day-{language}"
    shutil.rmtree(shots, ignore_errors=True)
    shots.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="plumbline-day-") as made, sync_playwright() as playwright:
        folder = Path(made)
        (folder / "data").mkdir()
        with serving("day", folder / "data", free_port(), {}) as house:
            camera = Camera(folder / "camera.mjpeg")
            camera.sees_scene()
            phone = Phone(playwright, make_site(house), language, folder / "profile", camera, shots)
            try:
                yield phone
            finally:
                phone.kill()


def main(languages: list[str]) -> int:
    """The day in each language; the exit status is 0 when nothing was lost."""
    build.build()
    for language in languages or list(WORDS):
        with phone_on_site(language) as phone:
            the_day(phone)
            sys.stdout.write(f"day, {language}: 4 records and 12 files, killed 3 times, all verified\n")
            gates(phone)
        sys.stdout.write(f"Pictures: {phone.shots}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
