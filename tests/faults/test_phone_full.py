"""20 MB for the app and forty photos: each text is kept, each photo is kept or named, and sending makes room again."""

import sys
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.faults.conftest import Manned
from tests.support.cast import PASSWORD
from tests.support.engine_pages import MISSING, SIGN_IN, at_server, browser, send_everything, steps_of
from tests.support.works import add_task

QUOTA_BYTES = 20 * 1000 * 1000
STEPS, PHOTOS, PHOTO_BYTES = 10, 4, 1_000_000
TEXTS = 20

# Records steps as the screen does on a full phone: the text in any case, and what did not fit is told.
FILL = """async ([task, project, count, photos, bytes]) => {
  const definition = { key: "concrete_pour", version: 1 };
  const body = { task, kind: "concrete_pour.delivery_check", definition, lots: [], note: "满了" };
  const told = [];
  for (let at = 0; at < count; at += 1) {
    const files = Array.from({ length: photos }, () => {
      const data = new Uint8Array(bytes);
      for (let from = 0; from < bytes; from += 50_000) crypto.getRandomValues(data.subarray(from, from + 50_000));
      return { data: data.buffer, mime: "image/jpeg", role: "photo", subject: "e1", capture: "camera" };
    });
    const options = { project, files, textFirst: true };
    const { act_id, left_out } = await engine.record("step:record", engine.uuid7(), body, options);
    const { file_hashes } = await engine.db.acts.get(act_id);
    told.push({ id: act_id, kept: file_hashes.length, named: left_out.length });
  }
  return told;
}"""


def limit(page: Page, url: str, quota_bytes: int) -> CDPSession:
    """The browser lets our origin have no more, for as long as the session lives."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": url, "quotaSize": quota_bytes})
    return session


def test_a_full_phone_keeps_each_text_and_names_each_photo(
    embedded: Manned, capsys: pytest.CaptureFixture[str]
) -> None:
    house, cast = embedded.house, embedded.cast
    task, project = str(add_task(cast, code="FULL")), str(cast.project_id)
    with browser() as context:
        page = context.new_page()
        # Before the database is opened: the browser asks how much there is then, and remembers it for a while.
        limit(page, house.url, QUOTA_BYTES)
        page.goto(house.url)
        page.evaluate(SIGN_IN, ["foreman", PASSWORD, project])
        context.set_offline(True)
        with_photos: list[dict[str, Any]] = page.evaluate(FILL, [task, project, STEPS, PHOTOS, PHOTO_BYTES])
        texts: list[dict[str, Any]] = page.evaluate(FILL, [task, project, TEXTS, 0, 0])
        ids = [one["id"] for one in (*with_photos, *texts)]
        missing = page.evaluate(MISSING, ids)
        context.set_offline(False)
        send_everything(page)
        context.set_offline(True)
        healed: list[dict[str, Any]] = page.evaluate(FILL, [task, project, 1, PHOTOS, PHOTO_BYTES])
        context.set_offline(False)
        send_everything(page)
    kept, named = total(with_photos, "kept"), total(with_photos, "named")
    found = at_server(house.engine, [*ids, healed[0]["id"]])
    silent = STEPS * PHOTOS - kept - named
    with capsys.disabled():
        sys.stdout.write(
            f"\n  {QUOTA_BYTES // 10**6} MB quota, {STEPS * PHOTOS} photos of 1 MB: "
            f"texts saved {len(ids)} of {STEPS + TEXTS}, photos kept {kept}, named as left out {named}, "
            f"lost in silence {silent + len(missing)}; "
            f"after sending {healed[0]['kept']} of {PHOTOS} photos fit again\n"
        )
    assert kept > 0, "Nothing fitted: the run says nothing."
    assert named > 0, "Everything fitted: the run says nothing."
    assert (silent, missing) == (0, [])
    assert healed[0]["named"] == 0
    assert found == {"lost": 0, "not_applied": 0, "files": kept + PHOTOS, "unverified": 0}
    assert steps_of(house.engine, task) == STEPS + TEXTS + 1


def total(told: Sequence[dict[str, Any]], what: str) -> int:
    return sum(one[what] for one in told)
