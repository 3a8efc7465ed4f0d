"""Scanning on a phone: what is known opens, what is not known opens nothing."""

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
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


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/q/00000000000000000000000000?go=1",
        "http://evil.example/",
        "javascript:alert(1)",
        "HRB400E 25 heat 24A",
    ],
)
def test_a_foreign_code_is_shown_and_never_opened(browsers: Browsers, phone: Window, site: Site, text: str) -> None:
    asked: list[str] = []
    phone.context.on("request", lambda request: asked.append(request.url))
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


def test_a_makers_data_matrix_fills_the_receipt_and_is_found_again(
    browsers: Browsers, phone: Window, site: Site
) -> None:
    browsers.camera.sees_data_matrix(BUNDLE)
    page = phone.open("/scan")
    expect(page.get_by_text("Not a code of this system")).to_be_visible()
    expect(page.get_by_text("B7-24A", exact=True)).to_be_visible()
    page.get_by_role("link", name="Receive material with this mark").click()
    expect(page.get_by_text("GS1 code: (01)09506000134352(10)B7-24A(21)S-77")).to_be_visible()

    lot, keeper = uuid7(), site.cast.storekeeper
    keeper.did("lot:receive", lot, {"material": "rebar_ribbed_cn", "quantity": "1", "unit": "t", "heat_no": "H7"})
    body = {"kind": "gs1", "text": BUNDLE, "value": "(01)09506000134352(10)B7-24A(21)S-77"}
    keeper.did("mark:bind", uuid7(), {**body, "thing_kind": "lot", "thing": str(lot)})
    phone.open("/lots")
    page.get_by_text("H7").first.wait_for(timeout=60_000)
    page = phone.open("/scan")
    page.wait_for_url(f"**/lots/{lot}")


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
