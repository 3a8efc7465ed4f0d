"""Scanning on a phone: what is known opens, what is not known opens nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

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
