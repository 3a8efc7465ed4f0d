"""Chinese input methods compose a word from syllables: nothing is searched before the word stands."""

from playwright.sync_api import expect

from tests.e2e.browsers import DESK, Browsers
from tests.e2e.site import PASSWORD, Site


def test_half_typed_syllables_search_for_nothing_and_enter_chooses_no_hit(browsers: Browsers, site: Site) -> None:
    with browsers.window(site.url, DESK, "zh") as window:
        window.sign_in("project_manager", PASSWORD)
        page = window.open("/office/tasks")
        expect(page.get_by_text("八层主体结构").first).to_be_visible(timeout=30_000)
        field = page.get_by_role("combobox").first
        hits = page.get_by_role("listbox", name="查找结果").get_by_role("option")
        field.click()
        keys = window.context.new_cdp_session(page)
        for syllables in ("b", "ba", "ba'ce", "ba'ceng"):
            keys.send(
                "Input.imeSetComposition",
                {"text": syllables, "selectionStart": len(syllables), "selectionEnd": len(syllables)},
            )
            expect(field).to_have_value(syllables)
        expect(hits).to_have_count(0)
        expect(field).to_have_attribute("aria-expanded", "false")
        keys.send("Input.insertText", {"text": "八层"})
        expect(field).to_have_value("八层")
        expect(hits.first).to_contain_text("八层")
        assert page.url == f"{site.url}/office/tasks"
        field.press("Enter")
        page.wait_for_url(lambda url: "/office/tasks" not in url)
