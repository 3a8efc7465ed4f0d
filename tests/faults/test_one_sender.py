"""Two windows and the service worker share one outbox: each act goes once, and the worker sends when no page is open.

ITEMS chooses how many steps are recorded without a line; `make soak` takes 500.
"""

import json
import os
import sys
from collections import Counter

import pytest
from playwright.sync_api import Page, Response

from tests.faults.conftest import Manned
from tests.support.cast import PASSWORD
from tests.support.engine_pages import (
    RECORD,
    SIGN_IN,
    at_server,
    browser,
    send_everything,
    steps_of,
    until,
)
from tests.support.service_worker import Worker, controlled
from tests.support.works import add_task

ITEMS = int(os.environ.get("ITEMS", "60"))
WITH_PHOTO = 10  # One step in ten has a photo.
# The engine's own numbers, as the screens of this window show them.
COUNTS = "new Promise((done) => engine.outboxCounts.subscribe((counts) => counts && done(counts)))"


def test_two_windows_and_the_worker_send_each_act_once(embedded: Manned, capsys: pytest.CaptureFixture[str]) -> None:
    house, cast = embedded.house, embedded.cast
    task, project = str(add_task(cast, code="TABS")), str(cast.project_id)
    answered: Counter[str] = Counter()
    senders: set[str] = set()

    def count(response: Response) -> None:
        request = response.request
        if request.url.endswith("/api/acts") and request.post_data:
            answered.update(one["signature"] for one in json.loads(request.post_data)["envelopes"])
            senders.add("worker" if request.service_worker else "window")

    with browser() as context:
        worker = Worker.of(context)
        first = controlled(context.new_page(), house.url)
        first.evaluate(SIGN_IN, ["foreman", PASSWORD, project])
        second = controlled(context.new_page(), house.url)
        context.on("response", count)
        context.set_offline(True)
        ids = [id for page in (first, second) for id in in_two_sorts(page, task, project, ITEMS // 2)]
        for page in (first, second):
            until(page, f"async () => (await {COUNTS}).waiting_acts === {ITEMS}")
        assert at_server(house.engine, ids)["lost"] == ITEMS
        context.set_offline(False)
        # All at once: nobody waits for another.
        worker.there_is_a_line(house.url)
        for page in (first, second):
            page.evaluate("() => { for (let at = 0; at < 5; at += 1) void engine.syncNow(); }")
            worker.there_is_a_line(house.url)
        for page in (first, second):
            send_everything(page)
            until(page, f"async () => Object.values(await {COUNTS}).every((count) => count === 0)")
    found = at_server(house.engine, ids)
    duplicates = steps_of(house.engine, task) - ITEMS
    twice = sum(1 for times in answered.values() if times > 1)
    with capsys.disabled():
        sys.stdout.write(
            f"\n  two windows and a service worker: {ITEMS} items, lost {found['lost']}, "
            f"duplicate effects {duplicates}, acts sent more than once {twice}; aim 0; "
            f"sent by {' and '.join(sorted(senders))}\n"
        )
    assert found == {"lost": 0, "not_applied": 0, "files": ITEMS // WITH_PHOTO, "unverified": 0}
    assert (len(answered), duplicates, twice) == (ITEMS, 0, 0)


def in_two_sorts(page: Page, task: str, project: str, count: int) -> list[str]:
    """Record steps, one in ten with a photo; their ids."""
    photographed: list[str] = page.evaluate(RECORD, [task, project, count // WITH_PHOTO, 1, 20_000])
    plain: list[str] = page.evaluate(RECORD, [task, project, count - count // WITH_PHOTO, 0, 0])
    return photographed + plain


def test_the_worker_sends_when_no_page_is_open(embedded: Manned) -> None:
    house, cast = embedded.house, embedded.cast
    task, project = str(add_task(cast, code="CLOSED")), str(cast.project_id)
    with browser() as context:
        worker = Worker.of(context)
        page = controlled(context.new_page(), house.url)
        page.evaluate(SIGN_IN, ["foreman", PASSWORD, project])
        context.set_offline(True)
        ids: list[str] = page.evaluate(RECORD, [task, project, 3, 1, 20_000])
        page.close()
        context.set_offline(False)
        watcher = context.pages[0]
        for _ in range(100):
            if at_server(house.engine, ids)["unverified"] == 0 and at_server(house.engine, ids)["files"] == 3:
                break
            worker.there_is_a_line(house.url)
            watcher.wait_for_timeout(200)
    assert at_server(house.engine, ids) == {"lost": 0, "not_applied": 0, "files": 3, "unverified": 0}
    assert steps_of(house.engine, task) == 3
