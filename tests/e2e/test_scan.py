"""Scanning on a phone: what is known opens, what is not known opens nothing."""

import secrets
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from uuid_utils.compat import uuid7

from plumbline.marks.service import codes_of_roll
from tests.e2e.browsers import PHONE, Browsers, Window
from tests.e2e.site import PASSWORD, Site


@pytest.fixture
def phone(browsers: Browsers, site: Site) -> Iterator[Window]:
    """The storekeeper's phone, signed in and synced."""
    with browsers.window(site.url, PHONE) as window:
        window.sign_in("storekeeper", PASSWORD)
        yield window


def test_the_label_of_a_wall_opens_the_wall(browsers: Browsers, phone: Window, site: Site) -> None:
    browsers.camera.sees_code(site.label_of_wall)
    page = phone.open("/scan")
    page.wait_for_url(f"**/tasks/{site.wall}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wall 3, 8F")


def test_an_unknown_label_opens_nothing_and_can_be_bound(browsers: Browsers, phone: Window, site: Site) -> None:
    code, text = site.blank_label()
    browsers.camera.sees_code(text)
    page = phone.open("/scan")
    expect(page.get_by_text("Unknown code")).to_be_visible()
    expect(page.get_by_text(code)).to_be_visible()
    assert page.url == f"{site.url}/scan"
    page.get_by_role("link", name="Receive material with this label").click()
    expect(page.get_by_text(f"Bound to {code[:8]}")).to_be_visible()


FOREIGN = [
    "https://evil.example/q/00000000000000000000000000?go=1",
    "http://evil.example/",
    "javascript:alert(1)",
    "HRB400E 25 heat 24A",
]


def test_a_foreign_code_is_shown_and_never_opened(browsers: Browsers, phone: Window, site: Site) -> None:
    asked: list[str] = []
    phone.context.on("request", lambda request: asked.append(request.url))
    for text in FOREIGN:
        browsers.camera.sees_code(text)
        page = phone.open("/scan")
        expect(page.get_by_text("Not a code of this system")).to_be_visible()
        expect(page.get_by_text(text)).to_be_visible()
        assert page.url == f"{site.url}/scan"
    assert [url for url in asked if not url.startswith((site.url, "blob:"))] == []


def test_a_label_of_another_site_looks_unknown(browsers: Browsers, phone: Window, site: Site) -> None:
    """A stranger's lot is bound to this code; who is no member learns nothing of it."""
    code, text = site.blank_label()
    stranger = site.cast.stranger
    lot = "019a0000-0000-7000-8000-000000000001"
    stranger.did(
        "lot:receive", lot, {"material": "rebar_ribbed_cn", "quantity": "1", "unit": "t", "qr": code, "heat_no": "H1"}
    )
    assert stranger.get(f"/api/codes/{code}").json()["id"] == lot
    browsers.camera.sees_code(text)
    page = phone.open("/scan")
    expect(page.get_by_text("Unknown code")).to_be_visible()
    assert page.url == f"{site.url}/scan"


def test_a_code_can_be_typed_when_the_label_is_dirty(browsers: Browsers, phone: Window, site: Site) -> None:
    browsers.camera.sees_scene()
    page = phone.open("/scan")
    page.get_by_role("button", name="Type").click()
    typed = site.label_of_wall.rsplit("/", 1)[1].upper()
    page.get_by_label("Code on the label, or lot number").fill("-".join(typed[i : i + 5] for i in range(0, 26, 5)))
    page.get_by_role("button", name="Find").click()
    page.wait_for_url(f"**/tasks/{site.wall}")


BUNDLE = "(01)09506000134352(10)B7-24A(11)261101(21)S-77"


def test_a_makers_data_matrix_fills_the_receipt_and_finds_the_lot_again_as_its_digital_link_does(
    browsers: Browsers, phone: Window, site: Site
) -> None:
    browsers.camera.sees_data_matrix(BUNDLE)
    page = phone.open("/scan")
    expect(page.get_by_text("Not a code of this system")).to_be_visible()
    expect(page.get_by_text("B7-24A", exact=True)).to_be_visible()
    page.get_by_role("link", name="Receive material with this mark").click()
    expect(page.get_by_text("GS1 code: (01)09506000134352(10)B7-24A(21)S-77")).to_be_visible()

    lot = marked_lot(site, {"kind": "gs1", "text": BUNDLE, "value": "(01)09506000134352(10)B7-24A(21)S-77"})
    page = sync_and_scan(phone, lot)
    page.wait_for_url(f"**/lots/{lot}")
    browsers.camera.sees_code("https://id.gs1.org/01/09506000134352/10/B7-24A/21/S-77?11=261101")
    page = phone.open("/scan")
    page.wait_for_url(f"**/lots/{lot}")


def test_a_heat_number_in_code_128_is_read_and_opens_its_lot(browsers: Browsers, phone: Window, site: Site) -> None:
    browsers.camera.sees_code128("2411-08731")
    page = phone.open("/scan")
    expect(page.get_by_text("Not a code of this system")).to_be_visible()
    page.get_by_role("link", name="Receive material with this mark").click()
    expect(page.get_by_text("Bar code: 2411-08731")).to_be_visible()

    lot = marked_lot(site, {"kind": "code128", "text": "2411-08731", "value": "2411-08731"})
    sync_and_scan(phone, lot)
    page.wait_for_url(f"**/lots/{lot}")


# A tag's reader as Chrome on Android has it; the test holds the tag to it, or the person has said no.
NFC = """
globalThis.NDEFReader = class extends EventTarget {
  async scan({ signal }) {
    if (globalThis.refuses) throw new DOMException("denied", "NotAllowedError");
    globalThis.hold = (serialNumber) => {
      if (!signal.aborted) this.dispatchEvent(Object.assign(new Event("reading"), { serialNumber }));
    };
  }
};
"""


def test_an_nfc_tag_opens_its_lot(browsers: Browsers, phone: Window, site: Site) -> None:
    phone.context.add_init_script(NFC)
    browsers.camera.sees_scene()
    lot = marked_lot(site, {"kind": "nfc", "text": "04:a2:3b:9c", "value": "04A23B9C"})
    page = sync_and_scan(phone, lot)
    page.get_by_role("button", name="NFC tag").click()
    expect(page.get_by_text("Hold the phone to the tag.")).to_be_visible()
    page.evaluate("hold('04:A2:3B:9C')")
    page.wait_for_url(f"**/lots/{lot}")


def test_nfc_that_was_not_allowed_says_what_to_do(browsers: Browsers, phone: Window, site: Site) -> None:
    phone.context.add_init_script(NFC + "globalThis.refuses = true;")
    browsers.camera.sees_scene()
    page = phone.open("/scan")
    page.get_by_role("button", name="NFC tag").click()
    expect(page.get_by_text("NFC did not start. Switch it on in the phone's settings")).to_be_visible()
    expect(page.get_by_text("Hold the phone to the tag.")).to_have_count(0)


def marked_lot(site: Site, mark: dict[str, str]) -> UUID:
    """A lot that carries this mark."""
    lot, keeper = uuid7(), site.cast.storekeeper
    body = {"material": "rebar_ribbed_cn", "quantity": "1", "unit": "t", "heat_no": "H7"}
    keeper.did("lot:receive", lot, body)
    keeper.did("mark:bind", uuid7(), {**mark, "thing_kind": "lot", "thing": str(lot)})
    return lot


def sync_and_scan(phone: Window, lot: UUID) -> Page:
    """The scan page of a phone that has the lot."""
    phone.open("/lots").locator(f"a[href$='{lot}']").first.wait_for(timeout=60_000)
    return phone.open("/scan")


def test_a_blank_label_of_a_roll_is_known_without_a_line_and_goes_onto_a_wall(
    browsers: Browsers, phone: Window, site: Site
) -> None:
    seed = secrets.token_hex(32)
    site.cast.storekeeper.did("roll:reserve", uuid7(), {"count": 20, "seed": seed})
    code = codes_of_roll(seed, 17, 17)[0]
    page = phone.open("/labels")
    page.get_by_text("LR-0001").wait_for(timeout=60_000)
    # From the second load on all screens come from the phone.
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.get_by_text("LR-0001").wait_for()
    phone.context.set_offline(True)
    browsers.camera.sees_code(f"{site.url}/q/{code}")
    page.get_by_role("link", name="Scan").first.click()
    expect(page.get_by_text("Blank label, on nothing yet")).to_be_visible()
    expect(page.get_by_text("LR-0001-0017")).to_be_visible()
    page.get_by_role("button", name="Put it on a lot, task, place or equipment that is here").click()
    page.get_by_label("Code, heat or name").fill("8F-W3")
    page.get_by_role("dialog").get_by_role("button", name="8F-W3").click()
    page.get_by_role("button", name="Put it on 8F-W3").click()
    page.wait_for_url(f"**/tasks/{site.wall}")
    phone.context.set_offline(False)
    row = None
    for _ in range(60):
        row = next(one for one in site.rows("task") if one["id"] == str(site.wall))
        if row["qr"] == code:
            break
        page.wait_for_timeout(500)
    assert row is not None
    assert row["qr"] == code


def test_a_reader_that_types_works_anywhere_on_the_scan_page(browsers: Browsers, phone: Window, site: Site) -> None:
    browsers.camera.sees_scene()
    page = phone.open("/scan")
    page.get_by_role("heading", level=1).wait_for()
    # All keys from within the page: through the browser's own protocol a busy machine types no faster than a hand.
    page.evaluate(
        """text => [...text, "Enter"].forEach(key =>
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })))""",
        site.label_of_wall.rsplit("/", 1)[1],
    )
    page.wait_for_url(f"**/tasks/{site.wall}")
