"""The front end's scanner in a real browser, before pictures of our choice."""

import base64
import functools
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.support.photos import folder

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "build" / "scanner"
PATIENCE_LOOKS = 14


@dataclass(frozen=True)
class Reading:
    """What was read of one picture, after how many milliseconds, and how often the worker was asked."""

    texts: list[str]
    ms: float
    looks: int


@dataclass(frozen=True)
class Scanner:
    """A page with the scanner in it, and the process that it runs in."""

    page: Page
    process: int

    def still(self, picture: bytes) -> Reading:
        """Read a picture as from the gallery."""
        return Reading(**self.page.evaluate("picture => window.still(picture)", base64.b64encode(picture).decode()))

    def live(self, picture: bytes) -> Reading:
        """Hold a picture before the camera until something is read, or two rounds of looks found nothing."""
        self.page.evaluate("picture => window.prepare(picture)", base64.b64encode(picture).decode())
        answer = self.page.evaluate("looks => window.live(looks)", PATIENCE_LOOKS)
        self.page.evaluate("() => window.rest()")
        return Reading(**answer)

    def reported(self) -> set[str]:
        """Every text that the camera's scanner has reported so far, whatever was shown."""
        return set(self.page.evaluate("() => window.reported"))


def _renderer(browser: Browser) -> int:
    """The youngest process of a page."""
    session = browser.new_browser_cdp_session()
    known = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return int(max(one["id"] for one in known if one["type"] == "renderer"))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def scanner(browser: Browser) -> Iterator[Scanner]:
    """The scanner, its camera open and its reader loaded."""
    vite = ROOT / "pwa" / "node_modules" / ".bin" / "vite"
    arguments = [str(vite), "build", "--config", "tests/scanner/vite.config.ts", "--logLevel", "warn"]
    subprocess.run(arguments, cwd=ROOT / "pwa", check=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(PAGE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    try:
        page.goto(f"http://localhost:{server.server_port}/index.html")
        page.evaluate("() => window.begin()")
        yield Scanner(page, _renderer(browser))
    finally:
        page.close()
        server.shutdown()
        server.server_close()


def photographs() -> list[tuple[str, bytes, str]]:
    """Photographs of QR codes that lie beside the repository: name, bytes, the text within; none is no error."""
    found = sorted((folder().parent / "qr").glob("*.png"))
    return [(one.name, one.read_bytes(), one.with_suffix(".txt").read_text("utf-8").strip()) for one in found]
