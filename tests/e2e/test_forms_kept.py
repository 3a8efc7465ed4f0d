"""A delivery, a defect and a certificate lose nothing behind a camera, nor on a phone without room for photos."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import PHONE, Browsers, Window
from tests.e2e.hands import SEND_MS, choose, kept_on_this_phone, photograph, verified_row
from tests.e2e.site import PASSWORD, Site
from tests.support.engine_pages import engine_script
from tests.support.photos import jpeg
from tests.support.works import receive_lot


@pytest.fixture(scope="module")
def phone(browsers: Browsers, site_of: Callable[[str], Site]) -> Iterator[Window]:
    """The foreman's phone, synced."""
    with browsers.window(site_of("sqlite").url, PHONE) as window:
        window.sign_in("foreman", PASSWORD)
        page = window.open("/tasks")
        expect(page.get_by_text("Storey 8")).to_be_visible(timeout=30_000)
        yield window


# The timer that keeps a draft after the last key never runs here: what is kept, the camera's opening has kept.
TYPE_AND_OPEN_THE_CAMERA = """([field, slot]) => {
  const real = window.setTimeout;
  window.setTimeout = (run, ms, ...given) => (ms === 400 ? 0 : real(run, ms, ...given));
  field.value = "typed at the last moment";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  slot.click();
}"""


def test_what_was_typed_is_kept_before_the_camera_opens(phone: Window, site: Site) -> None:
    lot = receive_lot(site.cast.storekeeper)
    forms = [
        ("/receive", "Vehicle", "Photo of tag"),
        (f"/tasks/{site.wall}/defect", "Details", "Photos"),
        (f"/tasks/{site.wall}/defect", "Details", "Attach a drawing"),
        (f"/lots/{lot}/certificate", "Certificate number", "Certificate"),
    ]
    for path, field, slot in forms:
        page = phone.open(path)
        if path == "/receive":
            page.get_by_text("More facts").click()
        typed = page.get_by_role("textbox", name=field)
        typed.fill("typed just before")
        camera = page.locator(".slot").filter(has_text=slot).first.locator(".ways button").first
        page.evaluate(TYPE_AND_OPEN_THE_CAMERA, [typed.element_handle(), camera.element_handle()])
        page.get_by_role("dialog").wait_for()
        page.reload()
        if path == "/receive":
            page.get_by_text("More facts").click()
        expect(page.get_by_role("textbox", name=field)).to_have_value("typed at the last moment")


def test_a_receipt_that_was_begun_waits_while_another_delivery_is_scanned(phone: Window) -> None:
    for path, typed in (("/receive", "first truck"), ("/receive?mark=24J0815&read=typed", "second truck")):
        page = phone.open(path)
        page.get_by_text("More facts").click()
        vehicle = page.get_by_role("textbox", name="Vehicle")
        expect(vehicle).not_to_have_value("first truck")
        vehicle.fill(typed)
        page.wait_for_timeout(800)

    for path, kept in (("/receive", "first truck"), ("/receive?mark=24J0815&read=typed", "second truck")):
        page = phone.open(path)
        page.get_by_text("More facts").click()
        expect(page.get_by_role("textbox", name="Vehicle")).to_have_value(kept)


# A phone that has no room for photos, as the browser tells it; texts still fit.
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...given) {
    if (this.name === "bytes") throw new DOMException("full", "QuotaExceededError");
    return put.call(this, value, ...given);
  };
}"""


def test_a_full_phone_keeps_the_defect_and_its_photos_wait_in_the_form(
    browsers: Browsers, phone: Window, site: Site
) -> None:
    page = phone.open(f"/tasks/{site.wall}/defect")
    photograph(page, browsers.camera, "Photos")
    page.get_by_role("textbox", name="What is wrong").fill("Honeycomb at the foot")
    choose(page, "Severity", "Major")
    page.evaluate(FULL)
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)
    expect(page.get_by_text("1 photo did not fit and stays in the form.")).to_be_visible()
    page = phone.open(f"/tasks/{site.wall}/defect")
    expect(page.locator(".slot img")).to_have_count(1)
    expect(page.get_by_role("textbox", name="What is wrong")).to_have_value("")


def test_a_full_phone_keeps_the_delivery_and_its_photos_wait_at_the_lot(
    browsers: Browsers, phone: Window, site: Site
) -> None:
    page = phone.open("/receive")
    page.get_by_role("button", name="No label: use a new code").click()
    photograph(page, browsers.camera, "Photo of tag")
    page.get_by_role("button", name="Choose material").click()
    page.get_by_role("dialog").get_by_role("searchbox").fill("ready-mixed")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Ready-mixed concrete")).click()
    page.get_by_role("textbox", name="Quantity").fill("8")
    photograph(page, browsers.camera, "Certificate")
    page.get_by_role("textbox", name="Certificate number").fill("C-2026-11")
    page.evaluate(FULL)
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)
    expect(page.get_by_text("2 photos did not fit and wait at the lot.")).to_be_visible()
    lot = page.get_by_role("link", name="See this lot").get_attribute("href")

    page = phone.open(f"{lot}/certificate")
    expect(page.get_by_role("textbox", name="Certificate number")).to_have_value("C-2026-11")
    expect(page.locator(".slot img")).to_have_count(2)
    page.get_by_role("button", name="Save on this phone").click()
    page.wait_for_url(f"**{lot}")
    page = phone.open("/receive")
    expect(page.locator(".slot").first).to_be_visible()
    expect(page.locator(".slot img")).to_have_count(0)
    paper = verified_row(page, site, "certificate", number="C-2026-11")
    assert len(paper["files"]) == 2


# A delivery of an unknown supplier and a defect at an unknown record, as of what was taken away meanwhile.
REFUSED = """async ([task, project, picture]) => {
  const data = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0)).buffer;
  const file = (role) => ({ data, mime: "image/jpeg", role, capture: "camera" });
  const truck = { material: "concrete_readymix_cn", grade: "C30", quantity: "7", unit: "m3", vehicle: "沪B 77777" };
  const wrong = { task, title: "Rust at the splice", severity: "major", step: engine.uuid7() };
  const lot = engine.uuid7(), qr = engine.newCode(), supplier = engine.uuid7();
  await engine.record("lot:receive", lot, { ...truck, qr, supplier }, { project, files: [file("photo:tag")] });
  await engine.record("defect:raise", engine.uuid7(), wrong, { project, files: [file("photo")] });
  return lot;
}"""


def test_what_was_refused_is_mended_by_a_form_that_begins_with_it(phone: Window, site: Site) -> None:
    phone.context.add_init_script(path=engine_script())
    page = phone.open("/outbox")
    picture = jpeg(seed=3)
    lot = page.evaluate(REFUSED, [str(site.wall), str(site.project), b64encode(picture).decode()])
    cards = page.get_by_role("article").filter(has_text="did not accept it")
    page.get_by_role("button", name="Send now").click()
    expect(cards).to_have_count(2, timeout=SEND_MS)

    cards.filter(has_text="C30").get_by_role("link", name="Log again as asked").click()
    expect(page.get_by_role("textbox", name="Quantity")).to_have_value("7")
    expect(page.locator(".slot img")).to_have_count(1)
    page.get_by_text("More facts").click()
    choose(page, "Supplier", "Baoshan Steel")
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)
    page = phone.open("/outbox")
    cards.filter(has_text="Rust at the splice").get_by_role("link", name="Log again as asked").click()
    expect(page.get_by_role("textbox", name="What is wrong")).to_have_value("Rust at the splice")
    expect(page.locator(".slot img")).to_have_count(1)
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)

    there = verified_row(page, site, "lot", id=lot)
    wrong = verified_row(page, site, "defect", title="Rust at the splice")
    phone.open("/outbox")
    expect(page.get_by_role("heading", name="Outbox", level=1)).to_be_visible()
    expect(cards).to_have_count(0)
    held = [[file["sha256"] for file in row["files"]] for row in (there, wrong)]
    assert (there["vehicle"], held) == ("沪B 77777", [[sha256(picture).hexdigest()]] * 2)
