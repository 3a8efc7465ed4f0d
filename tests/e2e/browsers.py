"""Phones and desks: browser windows of one Chromium that fail the test when the page reports an error."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, WebError, sync_playwright

from tests.e2e.camera import Camera
from tests.support.browser import find_browser

SITE = {"latitude": 31.2308, "longitude": 121.4711, "accuracy": 6}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "permissions": ["camera", "geolocation", "microphone"],
    "geolocation": SITE,
}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "permissions": ["clipboard-write"]}
# For windows that only look at screens: a worker would fetch the whole app once more in each of them.
UNKEPT: dict[str, Any] = {"service_workers": "block"}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
# Marks what is on show and clicks a link to a path. The app leaves a screen where it is until the next one is there.
FOLLOW = """path => {
  document.querySelectorAll("main h1, main h2").forEach((title) => title.setAttribute("data-old", ""));
  const link = document.createElement("a");
  link.href = path;
  document.body.append(link);
  link.click();
  link.remove();
}"""
# The browser itself notes each answer of 4xx and each request without a line; the app shows both to people in words.
EXPECTED = re.compile(r"^Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_)")


@dataclass
class Window:
    """One person's browser: `page` is what they look at, `errors` what must stay empty."""

    context: BrowserContext
    page: Page
    url: str
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the app."""
        self.page.goto(f"{self.url}{path}")
        return self.page

    def follow(self, path: str) -> Page:
        """Go to a path as a link inside the app does: nothing is loaded again. Waits till the old screen is gone."""
        old = self.page.url.split("?")[0]
        self.page.evaluate(FOLLOW, path)
        self.page.wait_for_url(f"{self.url}{path}")
        if self.page.url.split("?")[0] != old:
            self.page.locator("[data-old]").first.wait_for(state="detached")
        return self.page

    def sign_in(self, login: str, password: str) -> Page:
        """Sign in as office people do; English or Chinese by the window's language."""
        page = self.open("/sign-in")
        page.locator("input[autocomplete=username]").fill(login)
        page.locator("input[autocomplete=current-password]").fill(password)
        page.locator("form").filter(has=page.locator("input[autocomplete=username]")).locator(
            "button[type=submit]"
        ).click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.locator("h1").first.wait_for()
        return page

    def check(self) -> None:
        """Fail on anything that the page reported: errors of scripts, refusals by the security policy, 5xx answers."""
        assert not self.errors, "\n".join(self.errors)


def _listen(window: Window) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.match(message.text):
            window.errors.append(f"console: {message.text} ({message.location.get('url')})")

    def thrown(error: WebError) -> None:
        window.errors.append(f"page: {error.error}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            window.errors.append(f"server: {response.status} {response.request.method} {response.url}")

    window.context.on("console", said)
    window.context.on("weberror", thrown)
    window.context.on("response", answered)


@dataclass(frozen=True)
class Browsers:
    """Opens windows; all phones see through the same camera."""

    chromium: Browser
    camera: Camera

    def open(self, url: str, shape: dict[str, Any], language: str = "en", **more: Any) -> Window:
        """A window of its own: nothing in it is shared with others. The caller closes its context."""
        context = self.chromium.new_context(locale=LOCALES[language], timezone_id="Asia/Shanghai", **{**shape, **more})
        context.set_default_timeout(15_000)
        window = Window(context, context.new_page(), url)
        _listen(window)
        return window

    @contextmanager
    def window(self, url: str, shape: dict[str, Any], language: str = "en", **more: Any) -> Iterator[Window]:
        """A window that is checked for errors and closed at the end."""
        window = self.open(url, shape, language, **more)
        try:
            yield window
            window.check()
        finally:
            window.context.close()


@contextmanager
def chromium(folder: Path) -> Iterator[Browsers]:
    """One Chromium with a fake camera; its picture lies in `folder`."""
    camera = Camera(folder / "camera.mjpeg")
    camera.sees_scene()
    flags = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera.path}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()), args=flags)
        yield Browsers(browser, camera)
        browser.close()
