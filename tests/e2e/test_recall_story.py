"""The bad lot from the late result to the end: recall, stop, balance, nonconformance, corrective action, closed."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from uuid_utils.compat import uuid7

from tests.e2e.browsers import DESK, PHONE, Browsers, Window
from tests.e2e.hands import SEND_MS, choose
from tests.e2e.site import PASSWORD, Site
from tests.support.photos import jpeg
from tests.support.works import pour, receive_lot, recorded


@dataclass
class BadLot:
    """A truck of 8 m3, of which 5 went to the crew and 4 into the wall; and the windows of those who deal with it."""

    site: Site
    desk: Window
    phone: Window
    lot: UUID
    part: UUID
    recall: str = ""
    ids: dict[str, UUID] = field(default_factory=dict)

    def row(self, kind: str, id: UUID | str) -> dict[str, object]:
        """One present row of the feed."""
        return next(row for row in self.site.rows(kind) if row["id"] == str(id))


# SQLite with the folder store in `make test`, PostgreSQL with S3 besides in `make soak`.
SHAPES = os.environ.get("SHAPES", "sqlite").split(",")


@pytest.fixture(scope="module", params=SHAPES)
def told(request: pytest.FixtureRequest, site_of: object, browsers: Browsers) -> Iterator[BadLot]:
    """What was there before anybody knew, and two windows: the manager's desk, and the foreman's phone."""
    site: Site = site_of(request.param)  # type: ignore[operator]
    cast = site.cast
    lot = receive_lot(cast.storekeeper, "8", supplier=str(cast.supplier), batch_no="T-014", place=str(cast.place))
    part = uuid7()
    cast.storekeeper.did("lot:issue", lot, {"lot": str(part), "quantity": "5", "crew": str(cast.crew)})
    recorded(cast.foreman, site.wall, (part, "4"))
    with browsers.window(site.url, DESK) as desk, browsers.window(site.url, PHONE) as phone:
        phone.sign_in("foreman", PASSWORD)
        phone.open("/tasks")
        expect(phone.page.get_by_text("Storey 8")).to_be_visible(timeout=30_000)
        phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        phone.page.reload()
        desk.sign_in("project_manager", PASSWORD)
        yield BadLot(site, desk, phone, lot, part)


def pressed(scope: Page | Locator, word: str) -> None:
    """Choose one of the big buttons of a field."""
    scope.get_by_role("button", name=re.compile(f"^{re.escape(word)}")).click()


def fresh(told: BadLot) -> None:
    """Ask for what is new, as a person does who does not want to wait for the next half minute."""
    told.desk.page.get_by_title("Sync now").first.click()


def signed(page: Page) -> None:
    """Sign what the dialog holds, and see that it was kept."""
    page.get_by_role("dialog").get_by_role("button", name="Sign, keep on this phone").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def ended_behind_the_camera(page: Page) -> None:
    """The system ends the page while the camera is open; what the dialog held is there when it opens again."""
    page.locator(".slot .ways button").first.click()
    page.locator(".shutter").wait_for()
    page.reload()


def test_1_a_late_result_fails_while_a_phone_is_away(told: BadLot) -> None:
    told.phone.open(f"/lots/{told.part}")
    expect(told.phone.page.get_by_role("heading", level=1)).to_be_visible()
    told.phone.context.set_offline(True)
    result = {"lot": str(told.lot), "kind": "strength_28d", "result": "fail", "report_no": "28-014"}
    told.site.cast.quality.did("test:record", test := uuid7(), result)
    told.ids["test"] = test


def test_2_the_trace_from_the_failed_test_leads_to_the_wall(told: BadLot) -> None:
    page = told.desk.page
    fresh(told)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Trace").click()
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_role("region", name="Test").get_by_role("link", name=re.compile("28-014")).click(timeout=SEND_MS)
    page.keyboard.press("l")
    expect(page.locator("main").get_by_text("Wall 3, 8F").first).to_be_visible(timeout=SEND_MS)
    expect(page.get_by_text("4 nodes, 3 ties")).to_be_visible()


def test_3_the_inbox_asks_for_a_recall_and_the_lots_stop(told: BadLot) -> None:
    page = told.desk.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Inbox").click()
    expect(page.get_by_text("1 failed test asks for a recall")).to_be_visible(timeout=SEND_MS)
    page.get_by_role("link", name=re.compile("failed its test and is stopped")).click()
    expect(page.get_by_text("Stops 2 lots; without a trace it would be 2.")).to_be_visible(timeout=30_000)
    page.get_by_role("textbox", name="Reason").fill("28-day strength of T-014 failed")
    page.get_by_role("button", name="Stop use and open the recall").click()
    page.wait_for_url(re.compile(r"/recalls/[0-9a-f-]{36}$"))
    told.recall = page.url.rsplit("/", 1)[1]
    expect(page.get_by_role("heading", name="RC-0001", level=1)).to_be_visible(timeout=SEND_MS)
    expect(page.get_by_text("0 m³ of 8 m³ accounted for").first).to_be_visible(timeout=SEND_MS)
    assert told.row("lot", told.part)["status"] == "stopped"
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Overview").click()
    page.get_by_role("link", name=re.compile("^RC-0001")).first.click()
    expect(page.get_by_role("heading", name="RC-0001", level=1)).to_be_visible()


def test_4_what_a_phone_poured_meanwhile_joins_the_recall(told: BadLot) -> None:
    foreman = told.site.cast.foreman
    late = foreman.do("step:record", uuid7(), pour(told.site.wall, (told.part, "0.5")), seen=0)
    assert (late["verdict"], late["flags"]) == ("applied", ["lot-stopped-unseen"])
    used = told.desk.page.get_by_text(re.compile("Used in 1 more place after the stop"))
    # A pass that is under way has asked already: whoever wants the newest asks again.
    wait_for(told, lambda: fresh(told) or used.is_visible())


def test_5_the_phone_returns_is_stopped_and_says_what_it_has(told: BadLot) -> None:
    page = told.phone.page
    expect(page.get_by_text("stop using this")).to_have_count(0)
    told.phone.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("Recall RC-0001: stop using this")).to_be_visible(timeout=SEND_MS)
    page.get_by_role("button", name="I know").click()
    expect(page.get_by_text("You have acknowledged")).to_be_visible()
    told.phone.context.set_offline(True)
    item = page.get_by_role("button", name=re.compile(r"Say what was found: 0.5 m³ built into"))
    item.click()
    pressed(page.get_by_role("dialog"), "Removed or scrapped")
    page.get_by_role("dialog").get_by_role("textbox", name="Note").fill("Broken out on Monday")
    ended_behind_the_camera(page)
    item.click()
    expect(page.get_by_role("dialog").get_by_role("textbox", name="Note")).to_have_value("Broken out on Monday")
    signed(page)
    told.phone.context.set_offline(False)
    page.reload()
    wait_for(told, lambda: told.row("recall", told.recall)["balance"][0]["accounted"] == "0.5")  # type: ignore[index]
    fresh(told)
    expect(told.desk.page.get_by_text("0.5 m³ of 8 m³ accounted for").first).to_be_visible(timeout=SEND_MS)


def test_6_every_cubic_metre_is_accounted_for_and_the_recall_closes(told: BadLot) -> None:
    page = told.desk.page
    expect(page.get_by_text(re.compile("acknowledged"), exact=False).first).to_be_visible()
    page.get_by_role("button", name="Close the recall").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign and close").click()
    expect(page.get_by_text("Say why the balance differs.")).to_be_visible()
    page.keyboard.press("Escape")
    for left in range(3, 0, -1):
        settle = page.get_by_role("button", name=re.compile("^Settle"))
        expect(settle).to_have_count(left)
        is_stock = "built into" not in str(settle.first.get_attribute("aria-label"))
        settle.first.click()
        pressed(page.get_by_role("dialog"), "Quarantined" if is_stock else "Removed or scrapped")
        signed(page)
    expect(page.get_by_text("8 m³ of 8 m³ accounted for").first).to_be_visible(timeout=SEND_MS)
    page.get_by_role("button", name="Close the recall").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign and close").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    wait_for(told, lambda: told.row("recall", told.recall)["status"] == "closed")
    assert told.row("lot", told.lot)["status"] == "quarantined"
    with page.expect_download(timeout=30_000) as report:
        page.get_by_role("button", name="Report (PDF)").click()
    assert report.value.suggested_filename == "RC-0001.pdf"


def test_7_the_crack_is_confirmed_and_the_trace_names_the_supplier(told: BadLot) -> None:
    defect = told.ids["defect"] = uuid7()
    found = {"task": str(told.site.wall), "title": "Crack at axis 4", "severity": "major", "lots": [str(told.part)]}
    told.site.cast.inspector.did("defect:raise", defect, {**found, "kind": "crack"})
    page = told.desk.page
    fresh(told)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Defects").click()
    page.get_by_role("link", name="Crack at axis 4").first.click(timeout=SEND_MS)
    page.get_by_role("button", name="Confirm nonconformance").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("GB 50204-2015, 7.4.1")
    signed(page)
    party = page.get_by_role("region", name="Responsible side").get_by_role("listitem").filter(has_text="Baoshan Steel")
    expect(party.first).to_contain_text("28-day strength failed, report 28-014", timeout=SEND_MS)
    party.first.get_by_role("button", name=re.compile("Name as responsible")).click()
    page.get_by_role("dialog").get_by_role("textbox").fill("The cubes of the truck failed")
    signed(page)
    page.get_by_role("button", name="Analyse the cause").click()
    page.get_by_role("textbox", name="Why 1").fill("Too much water")
    page.get_by_role("textbox", name="Why 2").fill("Slump was not measured")
    page.get_by_role("textbox", name="Measurement").fill("Slump cone was missing")
    signed(page)
    page.get_by_role("button", name="Plan an action").click()
    pressed(page.get_by_role("dialog"), "Corrective")
    page.get_by_role("textbox", name="What is done").fill("Break out and pour again")
    choose(page, "Owner", "施工员 李伟")
    page.get_by_label("Due").fill("2026-12-20")
    signed(page)
    wait_for(told, lambda: bool(told.row("defect", defect)["actions"]))
    assert told.row("defect", defect)["ncr_code"] == "NCR-0001"


def test_8_the_foreman_proves_it_done_and_it_is_closed(told: BadLot) -> None:
    page = told.phone.open(f"/defects/{told.ids['defect']}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    deed = page.get_by_role("button", name=re.compile("^Report it done"))
    deed.click(timeout=SEND_MS)
    picked = {"name": "done.jpg", "mimeType": "image/jpeg", "buffer": jpeg(800, 600, seed=5)}
    page.get_by_role("dialog").locator("input[type=file]").first.set_input_files([picked])
    expect(page.locator(".slot img")).to_be_visible()
    ended_behind_the_camera(page)
    deed.click(timeout=SEND_MS)
    expect(page.locator(".slot img")).to_be_visible()
    signed(page)

    wait_for(told, lambda: told.row("defect", told.ids["defect"])["actions"][0]["status"] == "done")  # type: ignore[index]
    desk = told.desk.page
    fresh(told)
    desk.get_by_role("button", name=re.compile("^Check the effect")).click(timeout=SEND_MS)
    pressed(desk.get_by_role("dialog"), "Effective")
    signed(desk)
    desk.get_by_role("button", name="Re-inspection").click()
    pressed(desk.get_by_role("dialog"), "Passed")
    signed(desk)
    desk.get_by_role("button", name="Close the nonconformance").click()
    signed(desk)
    wait_for(told, lambda: told.row("defect", told.ids["defect"])["status"] == "closed")
    told.desk.check()
    told.phone.check()


def wait_for(told: BadLot, is_so: object) -> None:
    """Wait until the server has it."""
    for _ in range(60):
        if is_so():  # type: ignore[operator]
            return
        told.desk.page.wait_for_timeout(500)
    raise AssertionError("the server did not get it")
