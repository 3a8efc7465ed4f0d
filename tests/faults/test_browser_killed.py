"""Chromium killed with -9 at random moments of capture and sync: what was called saved is there, and arrives once.

The profile is one and the same through all rounds, as on a phone. In turn the whole browser is killed, and only its
first process with the next start at once. KILLS and SEED choose; `make soak` kills 100 times.
"""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright

from tests.faults.conftest import Manned
from tests.support.browser import find_browser
from tests.support.cast import PASSWORD
from tests.support.engine_pages import (
    FLAGS,
    MISSING,
    RECORD,
    SIGN_IN,
    at_server,
    engine_script,
    send_everything,
    steps_of,
)
from tests.support.works import add_task

KILLS = int(os.environ.get("KILLS", "2"))
SEED = int(os.environ.get("SEED", "7"))
PHOTOS, PHOTO_BYTES = 2, 60_000


@dataclass
class Phone:
    """One profile on disk, and the ids of the steps that the engine called saved, as the page told them."""

    playwright: Playwright
    profile: Path
    url: str
    script: Path
    saved: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[Page]:
        """A browser on this profile, on the app, with the engine in the page. It may be dead at the end."""
        program = str(find_browser())
        context = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path=program, args=FLAGS, service_workers="allow"
        )
        try:
            context.add_init_script(path=self.script)
            context.expose_binding("told", lambda _source, act_id: self.saved.append(act_id))
            page = context.pages[0]
            page.goto(self.url)
            page.wait_for_function("() => globalThis.engine !== undefined")
            yield page
        finally:
            _close(context)

    def kill(self, whole: bool = True) -> None:
        """End all processes of the browser at once, as an empty battery does, or only the first and wait for none."""
        first = int(os.readlink(self.profile / "SingletonLock").rpartition("-")[2])
        family = [first, *_children(first)]
        if not whole:
            os.kill(first, signal.SIGKILL)
            return
        os.killpg(os.getpgid(first), signal.SIGKILL)
        while any(Path(f"/proc/{process}/exe").exists() for process in family):
            time.sleep(0.02)

    def tear(self, size: int) -> None:
        """Cut the end of the browser database's log away: a kill in the middle of the last record leaves it so."""
        log = max(self.profile.glob("Default/IndexedDB/*.leveldb/*.log"))
        os.truncate(log, log.stat().st_size - size)


def _children(process: int) -> list[int]:
    own = [int(found) for found in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return own + [further for child in own for further in _children(child)]


def _close(context: BrowserContext) -> None:
    with suppress(Error):
        context.close()


def capture_until_killed(phone: Phone, page: Page, task: str, project: str, after_s: float, whole: bool) -> None:
    """Record steps while the app sends; kill the browser after `after_s`. What fails before the kill is raised."""
    killed = threading.Event()

    def strike() -> None:
        killed.set()
        phone.kill(whole)

    timer = threading.Timer(after_s, strike)
    timer.start()
    try:
        page.evaluate(RECORD, [task, project, 10_000, PHOTOS, PHOTO_BYTES])
    except Error:
        if not killed.is_set():
            raise
    finally:
        timer.join(30)


def test_a_step_that_was_called_saved_outlives_a_killed_browser(
    embedded: Manned, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, cast = embedded.house, embedded.cast
    task, project = str(add_task(cast, code="KILLED")), str(cast.project_id)
    chance = random.Random(SEED)
    missing: list[str] = []
    with sync_playwright() as playwright:
        phone = Phone(playwright, tmp_path / "profile", house.url, engine_script())
        for at in range(KILLS):
            with phone.running() as page:
                if at == 0:
                    page.evaluate(SIGN_IN, ["foreman", PASSWORD, project])
                    page.evaluate(RECORD, [task, project, 1, PHOTOS, PHOTO_BYTES])
                missing += page.evaluate(MISSING, phone.saved)
                capture_until_killed(phone, page, task, project, chance.uniform(0.05, 2), at % 2 == 0)
        with phone.running() as page:
            missing += page.evaluate(MISSING, phone.saved)
            send_everything(page)
            ids = page.evaluate("async () => (await engine.db.acts.toArray()).map((act) => act.id)")
    found = at_server(house.engine, phone.saved)
    recorded = at_server(house.engine, ids)
    duplicated = steps_of(house.engine, task) - len(ids)
    with capsys.disabled():
        sys.stdout.write(
            f"\n  browser killed -9: {KILLS} times, {len(phone.saved)} steps × {PHOTOS} photos called saved: "
            f"missing on the phone {len(missing)}, lost {found['lost']}, files not verified {found['unverified']}, "
            f"duplicated {duplicated}; aim 0\n"
        )
    assert missing == []
    assert found == {"lost": 0, "not_applied": 0, "files": len(phone.saved) * PHOTOS, "unverified": 0}
    # What was stored but not yet called saved when the browser died arrives as well, and also once.
    assert (recorded["lost"], recorded["not_applied"], duplicated) == (0, 0, 0)


# Something that may be lost, large enough to be written in several parts.
JUNK = """() => {
  const value = crypto.getRandomValues(new Uint8Array(60_000)).buffer;
  return engine.db.cache.put({ name: "junk", etag: null, value, saved_at: new Date().toISOString() });
}"""


def test_what_is_saved_after_a_kill_in_the_middle_of_a_record_is_there_at_every_later_start(
    embedded: Manned, tmp_path: Path
) -> None:
    """Chromium goes on with the torn log; what it wrote there it drops at the start after that, or all there is."""
    task, project = str(add_task(embedded.cast, code="TORN")), str(embedded.cast.project_id)
    with sync_playwright() as playwright:
        phone = Phone(playwright, tmp_path / "profile", embedded.house.url, engine_script())
        with phone.running() as page:
            page.evaluate(SIGN_IN, ["foreman", PASSWORD, project])
            page.context.set_offline(True)
            page.evaluate(RECORD, [task, project, 1, PHOTOS, PHOTO_BYTES])
            page.evaluate(JUNK)
        phone.tear(20_000)
        with phone.running() as page:
            page.context.set_offline(True)
            assert page.evaluate(MISSING, phone.saved) == []
            page.evaluate(RECORD, [task, project, 1, PHOTOS, PHOTO_BYTES])
        with phone.running() as page:
            assert page.evaluate(MISSING, phone.saved) == []
            send_everything(page)
    assert len(phone.saved) == 2
    assert at_server(embedded.house.engine, phone.saved)["lost"] == 0
