"""The snapshot: a whole project as one file, fetched in pieces, after which the feed goes on.

`make soak` fills the large one with 20,000 lots and 20,000 tasks: ROWS.
"""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline import db, jobs
from plumbline.acts import feed, snapshot
from plumbline.acts.models import FeedHorizon, FeedSnapshot
from plumbline.settings import Settings
from plumbline.storage.service import open_store
from tests.support.bulk import fill
from tests.support.cast import Actor, Cast

PLACE = {"name": "二号料场", "kind": "yard"}
LOTS = TASKS = int(os.environ.get("ROWS", "1000"))
CUT = 10 * LOTS  # Bytes; the file has some twenty for each row.


def fetch(actor: Actor, **headers: str) -> Any:
    path = actor.at("/snapshot")
    return actor.client.get(path, headers=actor.headers | {k.replace("_", "-"): v for k, v in headers.items()})


def lines(packed: bytes) -> Iterator[dict[str, Any]]:
    for line in gzip.decompress(packed).splitlines():
        yield json.loads(line)


def context(cast: Cast, settings: Settings) -> jobs.Context:
    return jobs.Context(cast.engine, settings, open_store(settings))


def test_a_large_project_comes_down_whole_in_two_pieces_and_the_feed_brings_the_rest(cast: Cast) -> None:
    fill(cast.engine, cast.project_id, LOTS, TASKS)
    first = fetch(cast.foreman, Range=f"bytes=0-{CUT - 1}")
    etag, whole = first.headers["etag"], int(first.headers["content-range"].split("/")[1])
    changed = cast.foreman.did("place:add", uuid7(), PLACE)["number"]

    rest = fetch(cast.foreman, Range=f"bytes={CUT}-", If_Range=etag)

    assert (first.status_code, rest.status_code, rest.headers["etag"]) == (206, 206, etag)
    packed = first.content + rest.content
    assert CUT < len(packed) == whole
    assert packed == fetch(cast.foreman).content
    header, *rows, end = lines(packed)
    kinds = [row["kind"] for row in rows]
    assert (kinds.count("lot"), kinds.count("task"), end) == (LOTS, TASKS, {"rows": len(rows)})
    assert len({(row["kind"], row["id"]) for row in rows}) == len(rows)
    page = cast.foreman.feed(header["cursor"])
    assert [c["number"] for c in page["changes"]] == [changed]


def test_postgresql_knows_how_much_there_is_before_it_reads_it(cast: Cast) -> None:
    fill(cast.engine, cast.project_id, LOTS, 0)

    assert fetch(cast.foreman).status_code == 200

    if cast.engine.dialect.name == "postgresql":  # SQLite is told at each migration (planner.py).
        with cast.engine.connect() as conn:
            known = conn.execute(text("SELECT reltuples FROM pg_class WHERE oid = 'change'::regclass")).scalar_one()
        assert known > LOTS


def test_rows_are_those_of_the_feed(cast: Cast) -> None:
    fill(cast.engine, cast.project_id, lots=3, tasks=3)
    told = cast.foreman.feed(limit=5000)["changes"]

    header, *rows, _ = lines(fetch(cast.foreman).content)

    assert rows == told
    assert header == {"v": 1, "project": str(cast.project_id), "cursor": cast.foreman.feed()["head"]}


def test_what_has_left_the_view_is_not_in_it(cast: Cast) -> None:
    person = cast.storekeeper.person_id
    cast.project_manager.did("member:remove", person, {"person": str(person), "reason": "left"})

    assert str(person) not in {row.get("id") for row in lines(fetch(cast.foreman).content)}


def test_one_file_serves_all_until_it_is_far_behind_and_then_a_job_makes_the_next(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "BEHIND", 3)
    first = fetch(cast.foreman)
    cast.foreman.did("place:add", uuid7(), PLACE)
    assert fetch(cast.inspector).content == first.content
    fill(cast.engine, cast.project_id, lots=4, tasks=0)

    assert fetch(cast.foreman).content == first.content
    assert jobs.run_pending(context(cast, settings)) == 1

    newer = fetch(cast.foreman)
    assert newer.headers["etag"] != first.headers["etag"]
    assert next(lines(newer.content))["cursor"] == cast.foreman.feed()["head"]


def test_a_piece_of_an_older_file_is_continued_from_that_file(cast: Cast, settings: Settings) -> None:
    older = fetch(cast.foreman)
    cast.foreman.did("place:add", uuid7(), PLACE)
    snapshot.build(context(cast, settings), cast.project_id)

    rest = fetch(cast.foreman, Range="bytes=10-", If_Range=older.headers["etag"])

    assert (rest.status_code, older.content[:10] + rest.content) == (206, older.content)


def test_a_piece_of_a_file_that_is_gone_begins_anew(cast: Cast) -> None:
    gone = fetch(cast.foreman, Range="bytes=10-", If_Range=f'"{"0" * 64}"')

    assert gone.status_code == 200
    assert next(lines(gone.content))["v"] == 1


def test_the_same_project_is_the_same_bytes(cast: Cast, settings: Settings) -> None:
    fill(cast.engine, cast.project_id, lots=5, tasks=5)
    first = snapshot.build(context(cast, settings), cast.project_id)
    again = snapshot.build(context(cast, settings), cast.project_id)

    assert (first.sha256, first.bytes) == (again.sha256, again.bytes)


def test_old_files_are_swept_but_not_the_newest(cast: Cast, settings: Settings) -> None:
    here = context(cast, settings)
    first = snapshot.build(here, cast.project_id)
    with Session(cast.engine) as session, session.begin():
        session.execute(update(FeedSnapshot).values(built_at=db.now() - timedelta(days=2)))
    cast.foreman.did("place:add", uuid7(), PLACE)
    second = snapshot.build(here, cast.project_id)

    with Session(cast.engine) as session:
        assert [s.sha256 for s in session.exec(select(FeedSnapshot))] == [second.sha256]
    assert here.store.list("snapshot") == [f"snapshot/{cast.project_id}/{second.sha256}.ndjson.gz"]
    assert first.sha256 != second.sha256


def test_a_file_that_the_store_lost_is_made_again(cast: Cast, settings: Settings) -> None:
    first = fetch(cast.foreman)
    store = open_store(settings)
    store.delete(store.list("snapshot")[0])

    assert fetch(cast.foreman).content == first.content


def test_a_file_from_before_forgotten_deletions_is_not_served(cast: Cast) -> None:
    old = next(lines(fetch(cast.foreman).content))["cursor"]
    head = cast.foreman.did("place:add", uuid7(), PLACE)["number"]
    with Session(cast.engine) as session, session.begin():
        session.add(FeedHorizon(project_id=cast.project_id, floor=head, looked_up_to=head))

    assert next(lines(fetch(cast.foreman).content))["cursor"] == head > old


def test_who_has_the_file_gets_no_bytes(cast: Cast) -> None:
    etag = fetch(cast.foreman).headers["etag"]
    again = fetch(cast.foreman, If_None_Match=etag)

    assert (again.status_code, again.content) == (304, b"")


def test_a_range_beyond_the_end_is_refused(cast: Cast) -> None:
    assert fetch(cast.foreman, Range="bytes=99999999-").status_code == 416


def test_a_snapshot_is_for_members_as_the_feed_is(cast: Cast) -> None:
    fetch(cast.foreman)
    assert cast.stranger.get(cast.foreman.at("/snapshot")).status_code == 404
    assert cast.client.get(cast.foreman.at("/snapshot")).status_code == 401
    remove = {"person": str(cast.quality.person_id), "reason": "left"}
    cast.project_manager.did("member:remove", cast.quality.person_id, remove)
    assert fetch(cast.quality).status_code == 404


def test_a_building_of_many_pages_holds_one_page_in_memory(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    entries = feed.entries

    def counted(session: Session, project_id: UUID, start: feed.Position, head: int, limit: int) -> list[feed.Entry]:
        found = entries(session, project_id, start, head, limit)
        asked.append(len(found))
        return found

    monkeypatch.setattr(snapshot, "PAGE", 7)
    monkeypatch.setattr(feed, "entries", counted)
    fill(cast.engine, cast.project_id, lots=10, tasks=30)

    made = snapshot.build(context(cast, settings), cast.project_id)

    assert max(asked) == 7
    assert made.rows == sum(asked)
    with Session(cast.engine) as session:
        mine = select(FeedSnapshot.rows).where(col(FeedSnapshot.project_id) == cast.project_id)
        assert session.exec(mine).one() == made.rows
