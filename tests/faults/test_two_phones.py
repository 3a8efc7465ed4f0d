"""Two phones, three days without a line, the same 40 lots; they send while 32 writers write and a third phone reads.

The days are scaled: nothing in an outbox counts them but the access token, and theirs has ended.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.acts.models import ActRow, Change
from plumbline.projects.models import Project
from tests.faults.conftest import Manned
from tests.faults.test_feed_under_writers import ACTS, PROCESSES, THREADS, writers
from tests.faults.working import by_id, ended_token, foreman, told
from tests.support import engine
from tests.support.cast import Actor
from tests.support.houses import House
from tests.support.works import add_task

LOTS = 40
TRUCK = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3"}


@contextmanager
def two_phones(manned: Manned, folder: Path, lots: list[UUID]) -> Iterator[list[tuple[engine.Phone, list[str]]]]:
    """Two people who have recorded without a line what they used of each lot; they send when `folder`/go is there."""
    place, cast = manned.house, manned.cast
    task = add_task(cast, code=f"DAYS-{place.kind}")
    running: list[tuple[engine.Phone, Path]] = []
    try:
        for n in range(2):
            actor = foreman(manned, f"days-{place.kind}-{n}")
            asked = {"LOGIN": actor.login, "PROJECT": cast.project_id, "TASK": task, "LOTS": ",".join(map(str, lots))}
            asked |= {"ENDED": ended_token(place, actor), "GO": folder / "go", "REPORT": folder / f"{n}.json"}
            running.append((engine.begin("days", place.url, **asked), folder / f"{n}.json"))
        yield [(phone, told(path, phone)["acts"]) for phone, path in running]
    finally:
        for phone, _ in running:
            phone.kill()


def follow(reader: Actor, cursor: int, phones: list[Any]) -> tuple[int, dict[tuple[str, str], int], int]:
    """Poll the feed as a phone does until nobody writes: last cursor, number last seen of each object, disorders."""
    seen: dict[tuple[str, str], int] = {}
    disorders = 0
    is_over = False
    while not is_over:
        is_over = all(phone.poll() is not None for phone in phones)
        page = reader.feed(cursor, limit=50)
        numbers = [change["number"] for change in page["changes"]]
        disorders += numbers != sorted(numbers) or any(not cursor <= n <= page["cursor"] for n in numbers)
        seen |= {(change["kind"], change["id"]): change["number"] for change in page["changes"]}
        cursor = page["cursor"]
        is_over = is_over and not page["more"]
        time.sleep(0.01)
    return cursor, seen, disorders


def gaps(place: House, project_id: UUID, began: int, seen: dict[tuple[str, str], int]) -> list[str]:
    """Numbers that no act has, and objects whose newest state the reader never got."""
    with Session(place.engine) as session:
        last = session.exec(select(Project.feed_seq).where(Project.id == project_id)).one()
        numbers = select(ActRow.number).where(ActRow.project_id == project_id, col(ActRow.number).is_not(None))
        missing = set(range(1, last + 1)) - set(session.exec(numbers))
        newest: dict[tuple[str, str], int] = {}
        changes = select(Change).where(Change.project_id == project_id, Change.number > began)
        for change in session.exec(changes.order_by(col(Change.number))):
            newest[change.kind, str(change.object_id)] = change.number
    said = [f"no act has number {n}" for n in sorted(missing)]
    return said + [f"{key} stands at {n}, seen {seen.get(key)}" for key, n in newest.items() if seen.get(key) != n]


def test_two_phones_offline_on_the_same_lots_keep_all_and_flag_each_conflict(
    manned: Manned, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    place, cast = manned.house, manned.cast
    lots = [uuid7() for _ in range(LOTS)]
    received = cast.storekeeper.send(*[cast.storekeeper.act("lot:receive", lot, TRUCK) for lot in lots])
    assert {one["verdict"] for one in received} == {"applied"}
    with two_phones(manned, tmp_path, lots) as phones:
        began = cast.inspector.feed(limit=5000)["head"]
        with writers(cast, place.settings, tmp_path) as others:
            (tmp_path / "go").touch()
            everybody = [phone for phone, _ in phones] + others
            _, seen, disorders = follow(cast.inspector, began, everybody)
            assert [process.poll() for process in others] == [0] * PROCESSES
        for phone, _ in phones:
            engine.finish(phone)

    sent = [id for _, ids in phones for id in ids]
    kept = by_id(place, sent)
    flagged = [row for row in kept.values() if "overdrawn" in row.flags]
    lacking = gaps(place, cast.project_id, began, seen)
    record_property(
        f"two phones, 3 days offline, {place.kind}",
        f"{LOTS} lots, {len(sent)} acts, {PROCESSES * THREADS} writers with {PROCESSES * THREADS * ACTS} acts besides: "
        f"lost {len(sent) - len(kept)}, conflicts {LOTS}, flagged {len(flagged)}, gaps in the feed {len(lacking)}, "
        f"pages out of order {disorders}",
    )
    assert len(sent) == 2 * LOTS
    assert {row.verdict for row in kept.values()} == {"applied"}
    assert len(kept) == len(sent)
    assert sorted(lot_used(row) for row in flagged) == sorted(map(str, lots))
    assert (lacking, disorders) == ([], 0)


def lot_used(row: ActRow) -> str:
    """The lot of a pour."""
    return str(json.loads(row.payload)["body"]["lots"][0]["lot"])
