"""How much JavaScript the first visit loads, and how soon a slow phone can be used without a network."""

import gzip
import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, expect

from tests.bench.conftest import Report
from tests.e2e import build
from tests.e2e.browsers import PHONE, chromium
from tests.e2e.server import free_port, serving
from tests.e2e.site import PASSWORD, make_site

SLOWER = 4
RUNS = 5
# The page's own clock, which begins with the navigation, at the moment when the screen's heading and its list or empty
# notice are there. Read by an observer in the page: asking from outside would be slowed down too.
WATCH = """
window.usableAt = null;
new MutationObserver(() => {
  const isThere = document.querySelector("h1") && document.querySelector("nav a[href='/scan']");
  if (isThere && window.usableAt === null)
    requestAnimationFrame(() => { window.usableAt ??= performance.now(); });
}).observe(document, { childList: true, subtree: true });
"""


def gzip_kb(paths: set[str]) -> float:
    """What these files of the built front end weigh on the wire, KB, gzip at its highest level."""
    return sum(len(gzip.compress((build.PWA / "dist" / p.lstrip("/")).read_bytes(), 9)) for p in paths) / 1000


def named_in_the_page() -> set[str]:
    """The scripts that every first visit loads, whichever screen it is for."""
    return set(re.findall(r'/(assets/[^"]+\.js)"', (build.PWA / "dist" / "index.html").read_text("utf-8")))


def usable_s(context: BrowserContext, url: str, slower: int) -> float:
    """The middle of RUNS: seconds from the navigation to a screen that can be used, on a processor so much slower."""
    took_ms: list[float] = []
    for _ in range(RUNS):
        fresh = context.new_page()
        context.new_cdp_session(fresh).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        fresh.goto(url, wait_until="commit")
        expect(fresh.get_by_role("heading", name="My work", level=1)).to_be_visible(timeout=30_000)
        took_ms.append(fresh.evaluate("() => window.usableAt ?? performance.now()"))
        fresh.close()
    return sorted(took_ms)[RUNS // 2] / 1000


def test_the_first_visit_and_the_next_ones(figure: Report) -> None:
    build.build()
    with tempfile.TemporaryDirectory() as folder, chromium(Path(folder)) as browsers:
        data = Path(folder) / "data"
        data.mkdir()
        with serving("bench", data, free_port(), {}) as house:
            site = make_site(house)
            with browsers.window(site.url, PHONE) as phone:
                scripts: set[str] = set()
                phone.page.on(
                    "request", lambda r: scripts.add(urlsplit(r.url).path) if r.resource_type == "script" else None
                )
                phone.open("/sign-in").locator("h1").first.wait_for()
                scripts.discard("/sw.js")  # The service worker itself runs beside the page.
                figure("first load, JavaScript, gzip", gzip_kb(named_in_the_page()), "KB", aim="≤ 100 KB")
                figure("first load, JavaScript, gzip, with the sign-in screen", gzip_kb(scripts), "KB")
                page = phone.sign_in("foreman", PASSWORD)
                expect(page.get_by_role("heading", name="My work", level=1)).to_be_visible(timeout=30_000)
                scripts.discard("/sw.js")
                figure("first load, JavaScript, gzip, signed in at My work", gzip_kb(scripts), "KB")
                page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
                page.reload()
                page.wait_for_function("() => navigator.serviceWorker.controller !== null")
                page.close()
                phone.context.add_init_script(WATCH)
                phone.context.set_offline(True)
                at_full_speed, slower = (usable_s(phone.context, site.url, rate) for rate in (1, SLOWER))
                phone.errors.clear()  # Without a network the browser itself notes each request.
        name = f"usable from the service worker, offline, {SLOWER}× slower"
        figure(name, slower, "s", at_full_speed, "at full speed", "≤ 1.5 s")
