"""A full disk: people are told so, what was acknowledged stays, reading goes on, and room is all it takes to go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from litestar.testing import TestClient
from uuid_utils.compat import uuid7

from plumbline.app import make_app
from plumbline.db import make_engine
from plumbline.settings import Settings, load
from plumbline.storage.service import open_store
from tests.faults import whole
from tests.faults.small_disks import Limited, Mounted, small_disk
from tests.support.cast import Cast, make_cast
from tests.support.databases import make_tables
from tests.support.device import Envelope
from tests.support.evidence import complete, intend, put, send, sha256_of, slug
from tests.support.works import receive_lot

MANY = 400
LENGTH = 9_000_000  # Longer than the limit that stands in for a small disk.


@dataclass
class Small:
    """A server whose database, files or both lie on a small disk."""

    cast: Cast
    settings: Settings
    disk: Mounted | Limited


def _small(tmp_path: Path, *, database: bool) -> Iterator[Small]:
    with small_disk(tmp_path / "small") as disk:
        elsewhere = f"sqlite:///{tmp_path / 'plumbline.db'}"
        settings = load(data_dir=disk.folder / "data", database_url="" if database else elsewhere, jobs="off")
        make_tables(settings)
        engine = make_engine(settings)
        if isinstance(disk, Limited) and database:
            disk.govern(engine)
        with TestClient(make_app(settings, engine), raise_server_exceptions=False) as client:
            yield Small(make_cast(client, engine), settings, disk)
        engine.dispose()


@pytest.fixture
def small_database(tmp_path: Path) -> Iterator[Small]:
    yield from _small(tmp_path, database=True)


@pytest.fixture
def small_store(tmp_path: Path) -> Iterator[Small]:
    yield from _small(tmp_path, database=False)


def _receipt(cast: Cast) -> Envelope:
    body = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3", "note": "n" * 1500}
    return cast.storekeeper.act("lot:receive", uuid7(), body)


def test_a_full_database_says_so_keeps_what_it_has_and_goes_on_when_there_is_room(small_database: Small) -> None:
    cast, keeper = small_database.cast, small_database.cast.storekeeper
    lot = receive_lot(keeper)
    small_database.disk.fill()
    kept, envelope, answer = [], _receipt(cast), None
    for _ in range(MANY):  # The write-ahead log may still have room of its own.
        answer = keeper.post("/api/acts", {"envelopes": [envelope]})
        if answer.status_code != 200:
            break
        kept.append((envelope, answer.json()["results"][0]))
        envelope = _receipt(cast)

    assert answer is not None
    assert (answer.status_code, slug(answer)) == (507, "disk-full")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "administrator" in answer.json()["detail"]
    keeper.language = "zh"
    assert "管理员" in keeper.post("/api/acts", {"envelopes": [envelope]}).json()["detail"]
    assert cast.foreman.row("lot", lot) is not None
    for told, result in kept:
        act = cast.foreman.get(cast.foreman.at(f"/acts/{result['id']}"))
        assert act.json()["number"] == result["number"], told

    small_database.disk.free()
    for told, result in kept:
        assert keeper.send(told) == [result]
    assert keeper.send(envelope)[0]["verdict"] == "applied"
    assert whole.half_applied(cast.engine, cast.project_id, []) == []


def test_a_batch_that_half_fits_is_not_applied_by_half(small_database: Small) -> None:
    cast, keeper = small_database.cast, small_database.cast.storekeeper
    small_database.disk.fill()
    batches = [[_receipt(cast) for _ in range(40)] for _ in range(MANY // 40)]
    answers = [keeper.post("/api/acts", {"envelopes": batch}) for batch in batches]

    assert {answer.status_code for answer in answers} <= {200, 507}
    assert answers[-1].status_code == 507
    assert whole.half_applied(cast.engine, cast.project_id, []) == []

    small_database.disk.free()
    for batch, before in zip(batches, answers, strict=True):
        results = keeper.send(*batch)
        assert {result["verdict"] for result in results} == {"applied"}
        assert before.status_code != 200 or before.json()["results"] == results
    assert whole.half_applied(cast.engine, cast.project_id, []) == []


def test_a_full_store_says_so_and_takes_the_same_file_when_there_is_room(small_store: Small) -> None:
    cast, keeper = small_store.cast, small_store.cast.storekeeper
    here = send(keeper, b"%PDF-1.7 before", "application/pdf")
    content = b"%PDF-1.7 " + b"x" * LENGTH
    upload = intend(keeper, content, "application/pdf")
    small_store.disk.fill()

    full = put(keeper, upload, content)
    assert (full.status_code, slug(full)) == (507, "store-full")
    assert "administrator" in full.json()["detail"]
    assert slug(complete(keeper, upload)) == "file-not-arrived"
    assert keeper.get(keeper.at(f"/files/{here}")).content == b"%PDF-1.7 before"
    receive_lot(keeper)  # Acts go on: the database has room.

    small_store.disk.free()
    assert put(keeper, upload, content).is_success
    assert complete(keeper, upload).json() == {"sha256": sha256_of(content), "status": "verified"}
    assert whole.unread(cast.engine, open_store(small_store.settings), cast.project_id) == []


def test_a_disk_that_fills_between_arrival_and_verification_loses_nothing(small_store: Small) -> None:
    keeper = small_store.cast.storekeeper
    content = b"%PDF-1.7 " + b"y" * LENGTH
    upload = intend(keeper, content, "application/pdf")
    assert put(keeper, upload, content).is_success
    small_store.disk.fill()

    first = complete(keeper, upload)
    small_store.disk.free()

    # Moving a file needs room for a folder's entry at most; either it went through, or it is said and done later.
    assert first.status_code in (200, 507), first.text
    assert complete(keeper, upload).json()["status"] == "verified"
    assert keeper.get(keeper.at(f"/files/{sha256_of(content)}")).content == content


def test_what_a_full_disk_cuts_off_leaves_no_rest(small_store: Small) -> None:
    keeper = small_store.cast.storekeeper
    content = b"%PDF-1.7 " + b"z" * LENGTH
    upload = intend(keeper, content, "application/pdf")
    small_store.disk.fill()
    assert put(keeper, upload, content).status_code == 507
    small_store.disk.free()

    files = small_store.settings.data_dir / "files"
    assert [path for path in files.rglob("*") if path.is_file()] == []
