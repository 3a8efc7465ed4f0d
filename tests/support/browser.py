"""The browser of the end-to-end tests: one on this machine, else Playwright's own.

Without any the tests fail with a sentence; a run that skipped them would look like one that passed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "End-to-end tests need Chromium or Chrome. Install it (Debian, Ubuntu: apt install chromium), "
    "or let Playwright fetch one (python -m playwright install chromium), or name it in PLUMBLINE_BROWSER."
)


class NoBrowser(Exception):
    """No browser was found; the message says how to get one."""


def find_browser() -> Path:
    """The browser's program: PLUMBLINE_BROWSER, then one on PATH, then Playwright's. Raises NoBrowser."""
    named = os.environ.get("PLUMBLINE_BROWSER")
    candidates = [named, *(shutil.which(name) for name in NAMES)]
    found = next((Path(c) for c in candidates if c and Path(c).is_file()), None) or _playwrights()
    if found is None:
        raise NoBrowser(MISSING)
    return found


def _playwrights() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.is_file() else None


def main(arguments: list[str]) -> int:
    """Print the browser in use; with --install let Playwright fetch one when there is none."""
    try:
        browser = find_browser()
    except NoBrowser as missing:
        if "--install" not in arguments:
            sys.stderr.write(f"{missing}\n")
            return 1
        # Its failure is told by the tests themselves, with the sentence above.
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        return 0
    sys.stdout.write(f"Browser: {browser}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
