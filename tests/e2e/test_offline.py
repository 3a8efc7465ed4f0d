"""Without a line: the app opens, records are kept, nothing is lost, and each arrives once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import PHONE, Browsers, Window
from tests.e2e.hands import SEND_MS, choose, first_in_outbox, kept_on_this_phone, photograph
from tests.e2e.site import PASSWORD, Site


@pytest.fixture
def phone(browsers: Browsers, site: Site) -> Iterator[Window]:
    """The foreman's phone: synced, and the app is kept on it by the service worker."""
    with browsers.window(site.url, PHONE) as window:
        page = window.sign_in("foreman", PASSWORD)
        window.open("/tasks")
        expect(page.get_by_text("Storey 8")).to_be_visible(timeout=30_000)
        # The first load is not in the worker's hands yet; from the second on all screens come from the phone.
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        yield window


def test_a_record_made_without_a_line_survives_a_reload_and_arrives_once(
    browsers: Browsers, phone: Window, site: Site
) -> None:
    page = phone.page
    phone.context.set_offline(True)
    phone.open(f"/tasks/{site.wall}/log/concrete_pour.finishing")
    photograph(page, browsers.camera, "Other photo")
    choose(page, "Crew", "Rebar crew 1")
    page.get_by_role("textbox", name="Note").fill("recorded in the basement")
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)
    assert records(site) == []

    page.reload()
    phone.open("/outbox")
    newest = page.get_by_role("article").first
    expect(newest).to_contain_text("Step record")
    expect(newest).to_contain_text("Waiting to send")

    phone.context.set_offline(False)
    expect(page.get_by_role("article").first).not_to_contain_text("(not yet)", timeout=SEND_MS)
    page.reload()
    first_in_outbox(page)
    assert len(records(site)) == 1


def records(site: Site) -> list[dict[str, object]]:
    """What the server has of this test's record."""
    return [row for row in site.rows("step") if row["note"] == "recorded in the basement"]


def test_signing_out_is_refused_while_something_is_unsent(browsers: Browsers, phone: Window, site: Site) -> None:
    page = phone.page
    phone.context.set_offline(True)
    phone.open(f"/tasks/{site.wall}/defect")
    photograph(page, browsers.camera, "Photos")
    page.get_by_role("textbox", name="What is wrong").fill("Honeycomb at the foot")
    choose(page, "Severity", "Minor")
    page.get_by_role("button", name="Save on this phone").click()
    kept_on_this_phone(page)
    phone.open("/me")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Outbox").first).to_be_visible()
    expect(page.get_by_role("heading", name="Me", level=1)).to_be_visible()
    assert "/sign-in" not in page.url
    phone.context.set_offline(False)
    page.reload()
    at_home = first_in_outbox(page)
    expect(at_home).not_to_contain_text("(not yet)", timeout=SEND_MS)
