"""The inspector's link: a wall with its evidence in a fresh browser, without sign-in, until it is taken back."""

from playwright.sync_api import expect
from uuid_utils.compat import uuid7

from tests.e2e.browsers import PHONE, Browsers
from tests.e2e.site import Site
from tests.support.evidence import claim, send
from tests.support.links import issue, make_link, scope_of
from tests.support.photos import jpeg
from tests.support.works import HERE, pour

READY_MS = 30_000


def test_an_inspector_reads_a_wall_by_a_link_until_it_is_taken_back(browsers: Browsers, site: Site) -> None:
    cast, content = site.cast, jpeg()
    send(cast.foreman, content)
    cast.foreman.did("step:record", uuid7(), pour(site.wall), files=[claim(content, role="photo:e1")], where=HERE)
    link = make_link(cast.project_manager, issue(cast.project_manager, scope_of(cast, "task", site.wall)))

    with browsers.window(site.url, PHONE) as window:
        page = window.open(f"/g/{link.code}")
        expect(page.get_by_role("heading", name="8F-W3 Wall 3, 8F", level=1)).to_be_visible()
        expect(page.get_by_text("This link is for Mary Jones")).to_be_visible()
        expect(page.get_by_role("img", name="Photo 1")).to_be_visible(timeout=READY_MS)
        page.get_by_role("button", name="Show proof").first.click()
        expect(page.get_by_role("dialog").get_by_text("The signature holds")).to_be_visible()
        page.keyboard.press("Escape")

        cast.project_manager.did("grant:revoke", link.grant_id, {})
        page.get_by_role("link", name="Trace").click()
        expect(page.get_by_text("The project has taken this link back")).to_be_visible()
        page.reload()
        expect(page.get_by_text("The project has taken this link back")).to_be_visible()
        expect(page.get_by_role("img", name="Photo 1")).to_have_count(0)
