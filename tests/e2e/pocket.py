"""A phone in somebody's pocket: a browser of its own whose profile outlives `kill -9`, in either language."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, expect

from tests.e2e.browsers import LOCALES, PHONE
from tests.e2e.camera import Camera
from tests.e2e.site import Site
from tests.support.browser import find_browser

WAIT_MS = 60_000
WORDS = {
    "zh": {
        "shutter": "拍照", "done": "完成", "join": "加入", "label": "用这个标签登记进场材料",
        "material": "选择材料",
        "concrete": "预拌混凝土", "grade": "牌号或等级", "batch": "批号", "quantity": "数量", "save": "保存在本机",
        "kept": "在本机", "list": "从列表选", "note": "备注", "what": "是什么问题", "major": "较重",
        "later": "（尚未）", "name": "周强",
    },
    "en": {
        "shutter": "Take photo", "done": "Done", "join": "Join", "label": "Receive material with this label",
        "material": "Choose material", "concrete": "Ready-mixed concrete", "grade": "Grade", "batch": "Batch number",
        "quantity": "Quantity", "save": "Save on this phone", "kept": "On this phone", "list": "Pick from list",
        "note": "Note", "what": "What is wrong", "major": "Major", "later": "(not yet)",
        "name": "Zhou Qiang",
    },
}  # fmt: skip


@dataclass
class Phone:
    """A phone whose browser can be killed: the profile is what stays."""

    playwright: Playwright
    site: Site
    language: str
    profile: Path
    camera: Camera
    shots: Path
    offline: bool = False
    context: BrowserContext | None = None
    taken: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """What the person looks at."""
        assert self.context is not None
        return self.context.pages[0]

    def word(self, name: str) -> str:
        """What a button or a field is called in this phone's language."""
        return WORDS[self.language][name]

    def start(self, path: str = "/") -> None:
        """Open the browser with what its profile holds, and the app at a path."""
        for left in self.profile.glob("Singleton*"):
            left.unlink()
        flags = [
            "--no-sandbox",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={self.camera.path}",
        ]
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=str(find_browser()),
            args=flags,
            locale=LOCALES[self.language],
            timezone_id="Asia/Shanghai",
            **PHONE,
        )
        self.context.set_default_timeout(WAIT_MS)
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.context.set_offline(self.offline)
        self.open(path)

    def open(self, path: str) -> None:
        """Go to a path of the app and wait for its heading."""
        self.page.goto(f"{self.site.url}{path}")
        self.page.locator("h1").first.wait_for()

    def line(self, *, on: bool) -> None:
        """Leave the basement, or go down."""
        assert self.context is not None
        self.offline = not on
        self.context.set_offline(self.offline)

    def kill(self) -> None:
        """End the browser as a phone does that runs out of memory: kill -9, nothing is said to the page."""
        for pid in browsers_of(self.profile):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while browsers_of(self.profile):
            time.sleep(0.05)
        with suppress(Error):
            assert self.context is not None
            self.context.close()

    def shot(self, name: str) -> None:
        """Keep the page as a picture, its whole length."""
        self.taken += 1
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=self.shots / f"{self.taken:02d}-{name}.png", full_page=True)

    def press(self, name: str) -> None:
        """Press the button or follow the link of that word."""
        word = self.word(name)
        self.page.get_by_role("button", name=word).or_(self.page.get_by_role("link", name=word)).last.click()

    def fill(self, name: str, text: str) -> None:
        """Write into the field of that word."""
        self.page.get_by_role("textbox", name=self.word(name)).first.fill(text)

    def photograph(self, slot: int, times: int = 1) -> None:
        """Fill a photo slot of the form with the app's own camera."""
        place: Locator = self.page.locator(".slot").nth(slot)
        self.camera.sees_scene(7 * self.taken + slot)
        place.locator(".ways button").first.click()
        dialog = self.page.get_by_role("dialog")
        for taken in range(1, times + 1):
            dialog.get_by_role("button", name=self.word("shutter")).click()
            expect(dialog.get_by_role("button", name=self.word("done"))).to_contain_text(str(taken))
        dialog.get_by_role("button", name=self.word("done")).click()
        expect(place.get_by_role("img")).to_have_count(times)

    def keep(self, name: str) -> None:
        """Save, and see that it is on this phone."""
        self.press("save")
        expect(self.page.get_by_role("status").filter(has_text=self.word("kept"))).to_be_visible()
        self.shot(f"{name}-kept")


def browsers_of(profile: Path) -> list[int]:
    """The processes of the browser that uses a profile."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            said = (entry / "cmdline").read_bytes()
            if f"--user-data-dir={profile}".encode() in said and (entry / "stat").read_text().split(")")[1][1] != "Z":
                found.append(int(entry.name))
    return found
