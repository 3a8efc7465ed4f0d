"""The feed: each number once and in order, pages that end anywhere, and what left the project's view."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline import db
from plumbline.acts import compaction, feed
from plumbline.acts.models import ActRow, Change
from tests.support.bulk import fill
from tests.support.cast import Actor, Cast
from tests.support.works import add_task, pour

PLACE = {"name": "二号料场", "kind": "yard"}
DAYS = 90


def page(actor: Actor, cursor: int, **more: Any) -> dict[str, Any]:
    answer = actor.get("/api/feed", params={"project": str(actor.project_id), "cursor": cursor, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def everything(actor: Actor, cursor: int, limit: int) -> list[dict[str, Any]]:
    """All changes after a cursor, asked for as a phone does: page by page."""
    found, after, base = [], None, 0
    while True:
        one = page(actor, cursor, limit=limit, base=base, **({"after": after} if after else {}))
        found += one["changes"]
        base = base or (one["head"] if cursor == 0 else 0)
        cursor, after = one["cursor"], one["after"]
        if not one["more"]:
            assert (cursor, after) == (one["head"], None)
            return found


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_pages_of_any_size_bring_every_object_once_and_in_order(cast: Cast, limit: int) -> None:
    head = cast.foreman.feed()["head"]
    fill(cast.engine, cast.project_id, lots=12, tasks=25)

    found = everything(cast.foreman, head, limit)

    assert [c["number"] for c in found] == [*range(head + 1, head + 13), *[head + 13] * 25]
    assert len({(c["kind"], c["id"]) for c in found}) == 37


def test_an_act_that_changes_more_than_a_page_holds_loses_nothing(cast: Cast) -> None:
    head = cast.foreman.feed()["head"]
    fill(cast.engine, cast.project_id, lots=0, tasks=30)

    first = page(cast.foreman, head, limit=10)

    assert (len(first["changes"]), first["more"], first["cursor"]) == (10, True, head)
    assert first["after"]
    assert len(everything(cast.foreman, head, 10)) == 30


def test_a_change_that_comes_between_two_pages_is_told_once_by_its_newest_number(cast: Cast) -> None:
    head = cast.foreman.feed()["head"]
    places = [uuid7() for _ in range(4)]
    for place in places:
        cast.foreman.did("place:add", place, PLACE)
    first = page(cast.foreman, head, limit=2)

    cast.foreman.did("place:add", uuid7(), PLACE)
    rest = everything(cast.foreman, first["cursor"], 2)

    assert [c["number"] for c in [*first["changes"], *rest]] == list(range(head + 1, head + 6))


def test_nothing_beyond_the_head_that_was_read_first_is_told(cast: Cast) -> None:
    """What is committed between two statements of one page would otherwise come twice."""
    head = cast.foreman.feed()["head"]
    cast.foreman.did("place:add", uuid7(), PLACE)

    with db.reading(cast.engine) as session:
        early = feed.entries(session, cast.project_id, feed.Position(0), head, 1000)

    assert max(e.number for e in early) == head


def test_an_object_changed_again_is_told_once_by_its_newest_number(cast: Cast) -> None:
    person = cast.quality.person_id
    head = cast.foreman.feed()["head"]
    for roles in (["contractor_qc"], ["contractor_qc", "sampler"]):
        body = {"person": str(person), "organization": str(cast.contractor), "roles": roles, "crew": None}
        cast.administrator.did("member:admit", person, body)

    found = everything(cast.foreman, head, 1)

    assert [(c["number"], c["row"]["roles"]) for c in found] == [(head + 2, ["contractor_qc", "sampler"])]


def remove(cast: Cast, person: UUID) -> None:
    cast.project_manager.did("member:remove", person, {"person": str(person), "reason": "left"})


def test_a_removed_member_whom_nothing_names_leaves_the_phones(cast: Cast) -> None:
    head = cast.foreman.feed()["head"]
    remove(cast, cast.storekeeper.person_id)

    assert page(cast.foreman, head)["changes"] == [
        {"number": head + 1, "kind": "member", "id": str(cast.storekeeper.person_id), "row": None}
    ]


def test_a_removed_member_comes_back_by_name_when_a_late_record_names_them(cast: Cast) -> None:
    task = add_task(cast)
    keeper = cast.storekeeper.person_id
    remove(cast, keeper)

    cast.foreman.did("step:record", uuid7(), pour(task, people=[str(keeper)]))

    row = cast.foreman.row("member", keeper)
    assert row is not None
    assert (row["state"], row["display_name"]) == ("removed", "库管员 陈静")


def test_an_answer_that_is_taken_back_leaves_the_phones(cast: Cast) -> None:
    refused = cast.foreman.do("place:add", uuid7(), {"name": ""})["id"]
    cast.project_manager.did("quarantine:answer", refused, {"decision": "dismissed", "note": "重复"})
    head = cast.foreman.feed()["head"]

    cast.project_manager.did("quarantine:reopen", refused, {})

    assert page(cast.foreman, head)["changes"] == [{"number": head + 1, "kind": "answer", "id": refused, "row": None}]


def compact(cast: Cast) -> None:
    compaction.compact(cast.engine, cast.project_id, DAYS)


def numbers(cast: Cast) -> list[int]:
    with Session(cast.engine) as session:
        wanted = select(Change.number).where(Change.project_id == cast.project_id)
        return sorted(session.exec(wanted))


def age(cast: Cast, up_to: int) -> None:
    """Make all acts up to a number look applied long ago."""
    with Session(cast.engine) as session, session.begin():
        mine = (col(ActRow.project_id) == cast.project_id, col(ActRow.number) <= up_to)
        session.execute(update(ActRow).where(*mine).values(applied_at=db.now() - 2 * DAYS * compaction.DAY))


def test_compaction_takes_superseded_changes_and_no_position_notices(cast: Cast) -> None:
    admit = {"person": str(cast.quality.person_id), "organization": str(cast.contractor), "crew": None}
    for _ in range(5):
        roles = {"roles": ["contractor_qc"]}
        cast.administrator.did("member:admit", cast.quality.person_id, admit | roles)
    head = cast.foreman.feed()["head"]
    before = {cursor: everything(cast.foreman, cursor, 1000) for cursor in range(head + 1)}
    stored = len(numbers(cast))

    compact(cast)

    assert len(numbers(cast)) == stored - 5
    assert {cursor: everything(cast.foreman, cursor, 1000) for cursor in range(head + 1)} == before


def test_a_deletion_is_told_as_long_as_it_is_kept_and_then_the_position_has_expired(cast: Cast) -> None:
    before = cast.foreman.feed()["head"]
    remove(cast, cast.storekeeper.person_id)
    cast.foreman.did("place:add", uuid7(), PLACE)
    compact(cast)
    assert page(cast.foreman, before)["changes"][0]["row"] is None

    age(cast, before + 2)
    compact(cast)

    answer = cast.foreman.get("/api/feed", params={"project": str(cast.project_id), "cursor": before})
    assert (answer.status_code, answer.json()["type"]) == (410, "/problems/cursor-expired")
    assert answer.json()["snapshot"] == f"/api/projects/{cast.project_id}/snapshot"
    assert [c["kind"] for c in page(cast.foreman, before + 1)["changes"]] == ["place"]
    assert str(cast.storekeeper.person_id) not in {c["id"] for c in page(cast.foreman, 0)["changes"]}


def test_a_load_from_nothing_in_many_pages_does_not_expire_by_what_was_deleted_before_it_began(cast: Cast) -> None:
    remove(cast, cast.storekeeper.person_id)
    age(cast, cast.foreman.feed()["head"])
    compact(cast)

    assert all(c["row"] for c in everything(cast.foreman, 0, 3))


def test_compaction_in_small_pages_forgets_every_old_deletion(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "PAGE", 2)
    monkeypatch.setattr(compaction, "STRETCH", 3)
    for person in (cast.storekeeper, cast.inspector, cast.supervisor):
        remove(cast, person.person_id)
    head = cast.foreman.feed()["head"]
    age(cast, head)
    compact(cast)

    assert set(numbers(cast)).isdisjoint(range(head - 2, head + 1))
    assert (
        cast.foreman.get("/api/feed", params={"project": str(cast.project_id), "cursor": head - 1}).status_code == 410
    )
