"""A manager finds what was refused, answers it, and sees how the device's chain stands."""

from playwright.sync_api import expect
from uuid_utils.compat import uuid7

from tests.e2e.browsers import DESK, Browsers
from tests.e2e.site import PASSWORD, Site

PLACE = {"name": "二号料场", "kind": "yard"}


def test_a_manager_answers_a_refused_record_and_looks_at_the_devices_chain(browsers: Browsers, site: Site) -> None:
    foreman = site.cast.foreman
    task = {"parent": None, "code": "8F-W3", "name": "八层3号墙", "level": "element"}
    refused = foreman.do("task:add", uuid7(), task)
    late = foreman.act("place:add", uuid7(), PLACE)
    foreman.did("place:add", uuid7(), PLACE)

    with browsers.window(site.url, DESK) as window:
        page = window.sign_in(site.cast.project_manager.login, PASSWORD)
        entry = page.get_by_role("navigation", name="Main").get_by_role("link", name="Refused")
        expect(entry).to_contain_text("1 open")
        entry.click()
        page.get_by_role("link", name="New task").click()
        expect(page.get_by_text("The task code “8F-W3” is already there.")).to_be_visible()
        page.get_by_role("button", name="Sign and save the answer").click()
        expect(page.get_by_text("Say why, or what is asked.")).to_be_visible()
        page.get_by_label("Note").fill("Look at 8F-W3 again")
        page.get_by_role("button", name="Sign and save the answer").click()
        expect(page.get_by_role("button", name="Take the answer back")).to_be_visible()
        expect(entry).not_to_contain_text("open")
        row = foreman.row("answer", refused["id"])
        assert row is not None
        assert (row["decision"], row["note"]) == ("asked", "Look at 8F-W3 again")

        page.get_by_role("link", name="test phone").click()
        expect(page.get_by_text("Not whole")).to_be_visible()
        expect(page.get_by_text("No. 2", exact=True)).to_be_visible()
        foreman.send(late)
        page.reload()
        expect(page.get_by_text("Whole: no gap, no fork, no broken link")).to_be_visible()
