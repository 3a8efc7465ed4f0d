"""A full disk: people are told so, what was acknowledged stays, reading goes on, and room is all it takes to go on."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from litestar.testing import TestClient
from uuid_utils.compat import uuid7

from plumbline.app import make_app
from plumbline.db import make_engine
from plumbline.settings import Settings, load
from plumbline.storage.interface import AREAS
from plumbline.storage.service import open_store
from tests.faults import whole
from tests.faults.small_disks import Limited, NotMounted, SmallDisk, mounted, small_disk
from tests.support.cast import Cast, make_cast
from tests.support.databases import make_tables
from tests.support.device import Envelope
from tests.support.evidence import complete, intend, put, send, sha256_of, slug
from tests.support.houses import s3_program
from tests.support.postgres import syncing_postgres
from tests.support.works import receive_lot

MANY = 400
LENGTH = 9_000_000  # Longer than the limit that stands in for a small disk.
CHUNK = 256 * 1024
SERVER_MB = 160  # Room for an empty PostgreSQL with our tables; and for a store that copies what it moves and caches.


@dataclass
class Small:
    """A server whose database lies on one small disk and whose files lie on another."""

    cast: Cast
    settings: Settings
    database: SmallDisk
    store: SmallDisk

    @property
    def is_embedded(self) -> bool:
        """SQLite and a folder; else PostgreSQL and S3."""
        return self.settings.is_sqlite


@pytest.fixture(scope="module")
def embedded_small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """SQLite and a folder."""
    home = tmp_path_factory.mktemp("embedded")
    with small_disk(home / "database") as database, small_disk(home / "store") as store:
        url = f"sqlite:///{database.folder / 'plumbline.db'}"
        yield from _manned(load(data_dir=store.folder / "data", database_url=url, jobs="off"), database, store)


@pytest.fixture(scope="module")
def grown_up_small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """PostgreSQL with all that it writes, its log included, and an S3 store with its cache."""
    home = tmp_path_factory.mktemp("grown-up")
    with ExitStack() as stack:
        try:
            database = stack.enter_context(mounted(home / "database", SERVER_MB))
            store = stack.enter_context(mounted(home / "store", SERVER_MB))
        except NotMounted as refused:
            pytest.skip(f"No small disk could be mounted for other processes to fill: {refused}")
        server = stack.enter_context(syncing_postgres(database.folder))
        program, values = s3_program(store.folder)
        stack.callback(program.close)
        program.start()
        settings = load(data_dir=home / "data", database_url=server.url, jobs="off", **values)
        yield from _manned(settings, database, store)


def _manned(settings: Settings, database: SmallDisk, store: SmallDisk) -> Iterator[Small]:
    make_tables(settings)
    engine = make_engine(settings)
    if isinstance(database, Limited):
        database.govern(engine)
    with TestClient(make_app(settings, engine), raise_server_exceptions=False) as client:
        yield Small(make_cast(client, engine), settings, database, store)
    engine.dispose()


@pytest.fixture(params=["embedded_small", "grown_up_small"])
def small(request: pytest.FixtureRequest) -> Small:
    """Both in turn, each with room again after every test."""
    found: Small = request.getfixturevalue(request.param)
    return found


def _receipt(cast: Cast) -> Envelope:
    body = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3", "note": "n" * 1500}
    return cast.storekeeper.act("lot:receive", uuid7(), body)


def test_a_full_database_says_so_keeps_what_it_has_and_goes_on_when_there_is_room(small: Small) -> None:
    cast, keeper = small.cast, small.cast.storekeeper
    lot = receive_lot(keeper)
    small.database.fill()
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
    keeper.language = "en"
    assert cast.foreman.row("lot", lot) is not None
    for told, result in kept:
        act = cast.foreman.get(cast.foreman.at(f"/acts/{result['id']}"))
        assert act.json()["number"] == result["number"], told

    small.database.free()
    for told, result in kept:
        assert keeper.send(told) == [result]
    assert keeper.send(envelope)[0]["verdict"] == "applied"
    assert whole.half_applied(cast.engine, cast.project_id, []) == []


def test_a_batch_that_half_fits_is_not_applied_by_half(small: Small) -> None:
    cast, keeper = small.cast, small.cast.storekeeper
    small.database.fill()
    batches = [[_receipt(cast) for _ in range(40)] for _ in range(MANY // 40)]
    answers = [keeper.post("/api/acts", {"envelopes": batch}) for batch in batches]

    assert {answer.status_code for answer in answers} <= {200, 507}
    assert answers[-1].status_code == 507
    assert whole.half_applied(cast.engine, cast.project_id, []) == []

    small.database.free()
    for batch, before in zip(batches, answers, strict=True):
        results = keeper.send(*batch)
        assert {result["verdict"] for result in results} == {"applied"}
        assert before.status_code != 200 or before.json()["results"] == results
    assert whole.half_applied(cast.engine, cast.project_id, []) == []


def test_a_full_store_says_so_and_takes_the_same_file_when_there_is_room(small: Small) -> None:
    cast, keeper = small.cast, small.cast.storekeeper
    here = send(keeper, b"%PDF-1.7 before", "application/pdf")
    content = b"%PDF-1.7 " + b"x" * LENGTH
    upload = intend(keeper, content, "application/pdf")
    before = _keys(small)
    small.store.fill()

    assert put(keeper, upload, content).status_code == (507 if small.is_embedded else 500)  # S3 answers for itself.
    start = {"Upload-Offset": "0", "Accept-Language": "en"}
    full = cast.client.patch(upload["chunks"]["url"], content=content[:CHUNK], headers=start)
    told = (507, "store-full") if small.is_embedded else (503, "store-unavailable")
    assert (full.status_code, slug(full)) == told
    assert "administrator" in full.json()["detail"] or not small.is_embedded
    assert full.headers["content-type"] == "application/problem+json"
    assert slug(complete(keeper, upload)) == "file-not-arrived"
    assert keeper.get(keeper.at(f"/files/{here}")).content == b"%PDF-1.7 before"
    receive_lot(keeper)  # Acts go on: the database has room.
    assert _keys(small) == before, "what was cut off left a rest"

    small.store.free()
    assert put(keeper, upload, content).is_success
    assert complete(keeper, upload).json() == {"sha256": sha256_of(content), "status": "verified"}
    assert whole.unread(cast.engine, open_store(small.settings), cast.project_id) == []


def _keys(small: Small) -> list[str]:
    """What the store says it has; of a folder every file in it, whatever it is called."""
    if small.is_embedded:
        return sorted(str(path) for path in (small.settings.data_dir / "files").rglob("*") if path.is_file())
    return [key for area in AREAS for key in open_store(small.settings).list(area)]


def test_a_disk_that_fills_between_arrival_and_verification_loses_nothing(small: Small) -> None:
    keeper = small.cast.storekeeper
    content = b"%PDF-1.7 " + b"y" * LENGTH
    upload = intend(keeper, content, "application/pdf")
    assert put(keeper, upload, content).is_success
    small.store.fill()

    first = complete(keeper, upload)
    small.store.free()

    # A folder moves within the little room that an entry takes; S3 copies. It went through, or is said and done later.
    assert (first.status_code, first.json().get("status")) in ((200, "verified"), (507, 507), (503, 503)), first.text
    assert complete(keeper, upload).json()["status"] == "verified"
    assert keeper.get(keeper.at(f"/files/{sha256_of(content)}")).content == content
