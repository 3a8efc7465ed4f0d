"""The service worker: what it keeps, a new version that asks and waits, messages that open their screen."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browsers import DESK, PHONE, Browsers, Window
from tests.e2e.build import ROOT
from tests.e2e.hands import until
from tests.e2e.server import free_port, serving
from tests.e2e.site import PASSWORD, Site, make_site
from tests.support.engine_pages import RECORD, at_server, engine_script
from tests.support.service_worker import Worker, controlled

KEPT = """async () => {
  const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((request) => new URL(request.url).pathname);
}"""
CREW = ["/", "/scan", "/lots", "/receive", "/tasks", "/outbox", "/me"]


@pytest.fixture(scope="module")
def built(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built front end, of which a test may make a new version."""
    return Path(shutil.copytree(ROOT / "pwa" / "dist", tmp_path_factory.mktemp("built") / "dist"))


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("versions")
    with serving("sqlite", data, free_port(), {"pwa_dir": str(built)}) as house:
        yield make_site(house)


def signed_in(window: Window, login: str) -> Page:
    """The app under its service worker, with somebody signed in."""
    window.sign_in(login, PASSWORD)
    return controlled(window.page, window.url)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_screen_of_the_crew_opens_without_a_line_though_it_was_never_opened_before(
    browsers: Browsers, site: Site, language: str
) -> None:
    with browsers.window(site.url, PHONE, language) as phone:
        page = signed_in(phone, "foreman")
        kept = page.evaluate(KEPT)
        assert any(path.endswith(".wasm") for path in kept)
        assert not any("/elk-" in path for path in kept)
        phone.context.set_offline(True)
        for path in CREW:
            phone.open(path)
            expect(page.locator("h1").first).to_be_visible()


def test_a_screen_of_the_desk_is_kept_from_its_first_use(browsers: Browsers, site: Site) -> None:
    with browsers.window(site.url, DESK) as desk:
        page = signed_in(desk, "project_manager")
        before = set(page.evaluate(KEPT))
        desk.open("/inbox")
        expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
        assert any("/Inbox-" in path for path in set(page.evaluate(KEPT)) - before)
        desk.context.set_offline(True)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")


def test_a_new_version_asks_and_waits_while_something_is_being_sent_or_written(
    browsers: Browsers, site: Site, built: Path
) -> None:
    held: list[Route] = []
    is_held = True
    with browsers.window(site.url, PHONE) as phone:
        phone.context.add_init_script(path=engine_script())
        page = signed_in(phone, "foreman")
        # A request that is cut by going offline would be held by the old worker, and it would not give way.
        page.wait_for_load_state("networkidle")
        phone.context.route("**/api/acts", lambda route: held.append(route) if is_held else route.continue_())
        phone.context.set_offline(True)
        ids: list[str] = page.evaluate(RECORD, [str(site.wall), str(site.project), 1, 0, 0])
        phone.context.set_offline(False)
        until(page, lambda: bool(held))

        new_version(built)
        page.evaluate("() => { globalThis.before = true; }")
        page.evaluate("() => navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => 1)")
        page.get_by_role("button", name="Update now").click(timeout=60_000)
        page.wait_for_timeout(1_000)
        assert page.evaluate("() => globalThis.before === true"), "The page was loaded anew in the middle of a send."
        assert at_server(site.house.engine, ids)["lost"] == 1

        # The send is over, and by now somebody is in the middle of a form: the update waits for that as well.
        phone.follow(f"/tasks/{site.wall}/log/concrete_pour.pouring")
        note = page.get_by_role("textbox", name="Note")
        note.fill("Slump again at 10:20")
        is_held = False
        for route in held:
            route.continue_()
        until(page, lambda: at_server(site.house.engine, ids)["lost"] == 0)
        page.wait_for_timeout(1_000)
        expect(note).to_have_value("Slump again at 10:20")
        assert page.evaluate("() => globalThis.before === true"), "The page was loaded anew in the middle of a form."
        expect(page.get_by_role("button", name="Update now")).to_have_count(0)

        phone.follow("/lots")
        until(page, lambda: not page.evaluate("() => globalThis.before === true"))
        waiting = "() => navigator.serviceWorker.getRegistration().then((found) => found.waiting === null)"
        assert page.evaluate(waiting)
        assert at_server(site.house.engine, ids)["lost"] == 0


def new_version(built: Path) -> None:
    """What an operator does: other files in the folder of the front end."""
    worker = built / "sw.js"
    worker.write_text(worker.read_text(encoding="utf-8") + "// The next version.\n", encoding="utf-8")


def test_a_message_is_shown_and_a_tap_opens_its_screen(browsers: Browsers, site: Site) -> None:
    with browsers.window(site.url, PHONE, "zh") as phone:
        phone.context.grant_permissions(["notifications"], origin=site.url)
        worker = Worker.of(phone.context)
        page = signed_in(phone, "foreman")
        message = {"title": "已退回", "text": "请补拍钢筋保护层。", "path": "/outbox", "lang": "zh-CN"}
        worker.message(site.url, json.dumps(message))
        shown = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
          .map(({ title, body, lang, tag, data }) => [title, body, lang, tag, data.path])"""
        until(page, lambda: page.evaluate(shown) == [["已退回", "请补拍钢筋保护层。", "zh-CN", "/outbox", "/outbox"]])
        tap = """async () => {
          const [notification] = await self.registration.getNotifications();
          self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
        }"""
        phone.context.service_workers[0].evaluate(tap)
        page.wait_for_url(f"{site.url}/outbox")
        assert page.evaluate(shown) == []
