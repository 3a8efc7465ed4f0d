"""What was sent and belongs to nothing: listed at once, swept when old, and never what an act names."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch as instead
from uuid import UUID

import pytest
from sqlmodel import select
from uuid_utils.compat import uuid7

from plumbline import db, jobs
from plumbline.acts import house
from plumbline.acts.models import ActRow
from plumbline.evidence import acts, orphans, sweeping
from plumbline.evidence.models import Derivative, Upload, UploadPart
from plumbline.evidence.orphans import Orphan
from plumbline.jobs import Context
from plumbline.settings import Settings
from plumbline.storage.interface import AREAS, incoming_key
from plumbline.storage.service import open_store
from tests.api.test_receive_lot import receipt
from tests.support import photos
from tests.support.cast import Cast
from tests.support.evidence import claim, complete, intend, meta, put, run_jobs, send, slug

PHOTO = photos.jpeg()


@contextmanager
def later(days: float) -> Iterator[None]:
    """So many days from now, for everything that asks the clock."""
    then = db.now() + timedelta(days=days)
    with instead.object(db, "now", lambda: then):
        yield


def context(cast: Cast, settings: Settings) -> Context:
    return Context(cast.engine, settings, open_store(settings))


def swept(cast: Cast, settings: Settings, days: float) -> list[Orphan]:
    """What a sweep so many days from now has swept, but for parts in the store that other tests have left there."""
    with later(days):
        found = sweeping.sweep(context(cast, settings))
    return [one for one in found if one.kind != "parts"]


def objects(settings: Settings) -> list[str]:
    return [key for area in AREAS for key in open_store(settings).list(area)]


def listed(cast: Cast) -> list[dict[str, Any]]:
    answer = cast.project_manager.get(cast.project_manager.at("/orphans"))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["orphans"]
    return found


def test_a_file_that_no_act_names_is_listed_at_once_and_swept_after_thirty_days(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, PHOTO)
    run_jobs(cast, settings)
    assert [(one["kind"], one["name"], one["bytes"]) for one in listed(cast)] == [("file", sha256, len(PHOTO))]

    early = swept(cast, settings, 29)
    gone = swept(cast, settings, 31)

    assert early == []
    assert [one.name for one in gone] == [sha256]
    assert objects(settings) == []
    assert listed(cast) == []
    assert cast.foreman.get(cast.foreman.at(f"/files/{sha256}")).status_code == 404
    with db.reading(cast.engine) as session:
        assert session.exec(select(Derivative)).all() == []


def test_a_file_that_was_swept_comes_again_like_a_new_one(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, PHOTO)
    run_jobs(cast, settings)
    swept(cast, settings, 31)

    assert intend(cast.foreman, PHOTO)["state"] == "upload"
    send(cast.foreman, PHOTO)
    run_jobs(cast, settings)

    assert cast.foreman.get(cast.foreman.at(f"/files/{sha256}/preview")).status_code == 200


def test_what_an_act_names_stays_for_ever(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.storekeeper, PHOTO)
    cast.storekeeper.did("lot:receive", uuid7(), receipt(cast), files=[claim(PHOTO)])

    assert listed(cast) == []
    assert swept(cast, settings, 4000) == []
    assert meta(cast.storekeeper, sha256)["status"] == "verified"


@pytest.mark.parametrize("verdict", ["refused", "deferred"])
def test_what_a_refused_or_waiting_act_names_stays_too(cast: Cast, settings: Settings, verdict: str) -> None:
    send(cast.storekeeper, PHOTO)
    depends_on = [uuid7()] if verdict == "deferred" else []
    body = receipt(cast) if verdict == "deferred" else {**receipt(cast), "quantity": "-1"}
    result = cast.storekeeper.do("lot:receive", uuid7(), body, files=[claim(PHOTO)], depends_on=depends_on)
    assert result["verdict"] == verdict

    assert swept(cast, settings, 4000) == []
    assert objects(settings) != []


def test_an_act_that_comes_between_looking_and_sweeping_keeps_its_file(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.storekeeper, PHOTO)
    with db.reading(cast.engine) as session:
        found = orphans.everywhere(session, open_store(settings))
    assert [one.name for one in found] == [sha256]

    cast.storekeeper.did("lot:receive", uuid7(), receipt(cast), files=[claim(PHOTO)])

    assert sweeping.swept(context(cast, settings), found) == []
    assert meta(cast.storekeeper, sha256)["status"] == "verified"


def test_the_house_itself_refuses_to_forget_what_is_named(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.storekeeper, PHOTO)
    cast.storekeeper.did("lot:receive", uuid7(), receipt(cast), files=[claim(PHOTO)])
    object_id = acts.object_id(cast.project_id, sha256)

    result = house.post(cast.engine, settings, cast.project_id, "evidence:forget", object_id, {"sha256": sha256})

    assert result.verdict == "refused"
    assert result.problem is not None
    assert result.problem["slug"] == "file-named"
    assert meta(cast.storekeeper, sha256)["status"] == "verified"


def test_an_act_that_comes_after_forgetting_gets_its_file_back(cast: Cast, settings: Settings) -> None:
    """The bytes are still there: they are read again, verified again, and the act that waited is complete."""
    sha256 = send(cast.storekeeper, PHOTO)
    object_id = acts.object_id(cast.project_id, sha256)
    house.post(cast.engine, settings, cast.project_id, "evidence:forget", object_id, {"sha256": sha256})
    lot = uuid7()
    cast.storekeeper.did("lot:receive", lot, receipt(cast), files=[claim(PHOTO)])

    assert sweeping.delete_bytes(context(cast, settings), cast.project_id, sha256) is False

    row = cast.storekeeper.row("lot", lot)
    assert row is not None
    assert [file["status"] for file in row["files"]] == ["verified"]
    assert cast.storekeeper.get(cast.storekeeper.at(f"/files/{sha256}")).content == PHOTO


def test_bytes_of_a_file_that_is_being_sent_again_are_left_alone(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.storekeeper, PHOTO)
    object_id = acts.object_id(cast.project_id, sha256)
    house.post(cast.engine, settings, cast.project_id, "evidence:forget", object_id, {"sha256": sha256})
    upload = intend(cast.foreman, PHOTO)

    assert sweeping.delete_bytes(context(cast, settings), cast.project_id, sha256) is False

    put(cast.foreman, upload, PHOTO)
    assert complete(cast.foreman, upload).status_code == 200


def test_an_upload_given_up_half_way_is_listed_and_swept(cast: Cast, settings: Settings) -> None:
    upload = intend(cast.foreman, PHOTO)
    cast.client.patch(upload["chunks"]["url"], content=PHOTO[:1000], headers={"Upload-Offset": "0"})
    assert listed(cast) == []  # Its address has not ended.

    with later(1):
        assert [(one["kind"], one["name"], one["bytes"]) for one in listed_by_service(cast)] == [
            ("upload", upload["upload_id"], 1000)
        ]
    assert swept(cast, settings, 29) == []
    gone = swept(cast, settings, 31)

    assert [one.kind for one in gone] == ["upload"]
    assert objects(settings) == []
    with db.reading(cast.engine) as session:
        assert (session.exec(select(Upload)).all(), session.exec(select(UploadPart)).all()) == ([], [])


def listed_by_service(cast: Cast) -> list[dict[str, Any]]:
    with db.reading(cast.engine) as session:
        return [vars(one) for one in orphans.of_project(session, cast.project_id)]


def test_a_phone_that_comes_back_in_time_keeps_its_upload(cast: Cast, settings: Settings) -> None:
    upload = intend(cast.foreman, PHOTO)
    cast.client.patch(upload["chunks"]["url"], content=PHOTO[:1000], headers={"Upload-Offset": "0"})
    with later(31), db.reading(cast.engine) as session:
        found = orphans.everywhere(session, open_store(settings))
        assert [one.kind for one in found] == ["upload"]

    with later(31):
        with db.writing(cast.engine) as session:  # Asking again renews the address.
            row = session.exec(select(Upload)).one()
            row.expires_at = db.now() + timedelta(minutes=15)
            session.add(row)
        assert sweeping.swept(context(cast, settings), found) == []

    assert intend(cast.foreman, PHOTO)["chunks"]["offset"] == 1000


def test_what_was_sent_once_more_after_it_was_verified_is_swept(cast: Cast, settings: Settings) -> None:
    upload = intend(cast.foreman, PHOTO)
    put(cast.foreman, upload, PHOTO)
    complete(cast.foreman, upload)
    cast.storekeeper.did("lot:receive", uuid7(), receipt(cast), files=[claim(PHOTO)])
    open_store(settings).put(incoming_key(UUID(upload["upload_id"])), [PHOTO])

    assert swept(cast, settings, 29) == []
    assert [one.name for one in swept(cast, settings, 31)] == [incoming_key(UUID(upload["upload_id"]))]
    assert [key.split("/")[0] for key in objects(settings)] == ["evidence"]


def test_parts_of_an_upload_that_nobody_knows_are_swept(cast: Cast, settings: Settings) -> None:
    store, id = open_store(settings), uuid7()
    name = store.begin_parts(id)

    with later(31):
        mine = [one for one in sweeping.sweep(context(cast, settings)) if one.upload_id == id]

    assert [(one.kind, one.name) for one in mine] == [("parts", name)]
    assert id not in {upload_id for upload_id, _ in store.unjoined()}


def test_the_durable_job_of_each_day_sweeps_what_is_older_than_thirty_days(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, PHOTO)
    job = jobs.JOBS["sweep-orphans"]
    assert "sweep-orphans" in jobs.DAILY

    for days, status in ((29, 200), (31, 404)):
        with later(days):
            job(context(cast, settings))
        assert cast.foreman.get(cast.foreman.at(f"/files/{sha256}")).status_code == status


def test_only_those_who_look_after_the_project_see_its_orphans(cast: Cast) -> None:
    send(cast.foreman, PHOTO)
    path = cast.foreman.at("/orphans")

    assert cast.administrator.get(path).status_code == 200
    assert slug(cast.foreman.get(path)) == "not-allowed"
    assert slug(cast.stranger.get(path)) == "not-found"


def test_nobody_but_the_house_may_forget_a_file(cast: Cast) -> None:
    sha256 = send(cast.foreman, PHOTO)

    said = cast.administrator.do("evidence:forget", acts.object_id(cast.project_id, sha256), {"sha256": sha256})

    assert said["verdict"] == "refused"
    assert meta(cast.foreman, sha256)["status"] == "verified"
    with db.reading(cast.engine) as session:
        assert session.exec(select(ActRow).where(ActRow.type == "evidence:forget")).one().verdict == "refused"
