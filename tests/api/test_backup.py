"""A backup taken while the server runs comes back whole elsewhere; a damaged or half-made one is refused and named."""

import itertools
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from litestar.testing import TestClient
from sqlalchemy import Engine, create_engine, text, update
from sqlmodel import col

from plumbline import db, jobs, schema
from plumbline.app import make_app
from plumbline.backup import files, service
from plumbline.backup.manifest import NAME, BackupRefused, Manifest, read
from plumbline.cli import main
from plumbline.materials.models import Lot
from plumbline.rebuild import service as rebuild
from plumbline.settings import Settings, load
from plumbline.storage.interface import AREAS, evidence_key
from plumbline.storage.service import open_store, set_up
from tests.support.cast import PASSWORD, Cast, Client
from tests.support.evidence import claim, run_jobs, send
from tests.support.photos import jpeg
from tests.support.postgres import pg_bin
from tests.support.works import add_task, receive_lot, recorded

Place = tuple[Engine, Settings]
numbers = itertools.count(1)


def quiet(_: str) -> None:
    """Says nothing."""


@pytest.fixture
def here(settings: Settings) -> Settings:
    """The settings of the running server."""
    return settings if settings.is_sqlite else settings.model_copy(update={"pg_bin": pg_bin()})


@pytest.fixture
def elsewhere(here: Settings, tmp_path: Path) -> Iterator[Callable[[], Place]]:
    """Empty databases and stores of the same shape, as on other machines."""
    made: list[Engine] = []

    def make() -> Place:
        name = f"elsewhere_{next(numbers)}"
        url = ""
        if not here.is_sqlite:
            server = create_engine(here.database, isolation_level="AUTOCOMMIT")
            with server.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            url = server.url.set(database=name).render_as_string(hide_password=False)
            server.dispose()
        there = {"data_dir": tmp_path / name, "database_url": url, "s3_bucket": name.replace("_", "-")}
        settings = here.model_copy(update=there)
        made.append(db.make_engine(settings))
        return made[-1], settings

    yield make
    for engine in made:
        engine.dispose()


def work(cast: Cast, settings: Settings) -> tuple[UUID, str]:
    """A lot, a step with a photo that was sent and looked at, something used: (lot, hash of the photo)."""
    task, lot = add_task(cast), receive_lot(cast.storekeeper, "20")
    picture = jpeg(seed=1)
    recorded(cast.foreman, task, (lot, "2.5"), files=[claim(picture)])
    sha256 = send(cast.foreman, picture)
    run_jobs(cast, settings)
    return lot, sha256


def backed_up(cast: Cast, here: Settings, folder: Path) -> Manifest:
    return service.back_up(cast.engine, here, folder, quiet)


def seen(client: Client, cast: Cast, sha256: str) -> dict[str, Any]:
    """Sign in with password and phone, and look at everything."""
    who = {"login": "foreman", "password": PASSWORD, "device": cast.foreman.device.enrolment()}
    answer = client.post("/api/sign-in", json=who)
    assert answer.status_code == 200, answer.text
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    photo = f"/api/projects/{cast.project_id}/files/{sha256}"
    original, preview = client.get(photo, headers=headers), client.get(f"{photo}/preview/320", headers=headers)
    feed = client.get(
        "/api/feed", params={"project": str(cast.project_id), "cursor": 0, "limit": 5000}, headers=headers
    )
    assert [original.status_code, feed.status_code] == [200, 200]
    return {"feed": feed.json(), "original": original.content, "preview": preview.content}


def test_a_backup_of_the_running_server_comes_back_whole_elsewhere(
    cast: Cast, here: Settings, elsewhere: Callable[[], Place], tmp_path: Path
) -> None:
    lot, sha256 = work(cast, here)
    backed_up(cast, here, tmp_path / "backup")
    before = seen(cast.client, cast, sha256)
    engine, there = elsewhere()

    service.restore(engine, there, tmp_path / "backup", quiet)

    with TestClient(make_app(there, engine), raise_server_exceptions=False) as client:
        after = seen(client, cast, sha256)
        assert after == before
        assert after["original"] == jpeg(seed=1)
        assert next(c["row"]["on_hand"] for c in after["feed"]["changes"] if c["id"] == str(lot)) == "17.5"
        # The phone goes on where it was: its key, its chain and its session are known there.
        cast.storekeeper.client = client
        moved = cast.storekeeper.did("lot:move", lot, {"place": str(cast.place)})
        assert moved["number"] == before["feed"]["head"] + 1
        report = rebuild.check(engine, there, quiet)
        assert report.is_same, report.lines()


def test_a_second_backup_copies_only_what_is_new_and_stays_private(cast: Cast, here: Settings, tmp_path: Path) -> None:
    said: list[str] = []
    folder = tmp_path / "backup"
    for seed in (1, 2):
        send(cast.foreman, jpeg(seed=seed))
        run_jobs(cast, here)
        service.back_up(cast.engine, here, folder, said.append)

    assert [line for line in said if line.startswith("Files")] == [
        "Files: 3, of which 3 are new.",
        "Files: 6, of which 3 are new.",
    ]
    assert service.check(folder).files == 6
    assert sorted(p.name.split("-")[0] for p in folder.iterdir()) == [
        "backup.lock",
        "database",
        "files",
        "files",
        "keys",
        NAME,
    ]
    private = [p for p in folder.rglob("*") if p.is_file()]
    assert {p.stat().st_mode & 0o077 for p in [folder, *private]} == {0}


def test_a_damaged_backup_is_refused_and_the_file_named(
    cast: Cast, here: Settings, elsewhere: Callable[[], Place], tmp_path: Path
) -> None:
    _, sha256 = work(cast, here)
    folder = tmp_path / "backup"
    manifest = backed_up(cast, here, folder)
    engine, there = elsewhere()
    photo = f"files/{evidence_key(cast.project_id, sha256)}"
    for name in (photo, manifest.dump.name, manifest.keys.name, manifest.listing.name):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))

        with pytest.raises(BackupRefused, match=name):
            service.restore(engine, there, folder, quiet)
        (folder / name).write_bytes(whole)
    (folder / photo).unlink()
    with pytest.raises(BackupRefused, match="is not there"):
        service.check(folder)

    assert schema.current(engine) is None
    assert open_store(there).size(evidence_key(cast.project_id, sha256)) is None


def test_a_backup_that_was_cut_off_is_none_and_the_one_before_it_stays_whole(
    cast: Cast, here: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(cast, here)
    before = backed_up(cast, here, tmp_path / "first")

    def cut_off(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "copy_out", cut_off)
    for folder in (tmp_path / "first", tmp_path / "second"):
        with pytest.raises(KeyboardInterrupt):
            backed_up(cast, here, folder)

    assert service.check(tmp_path / "first") == before
    with pytest.raises(BackupRefused, match="cut off"):
        service.check(tmp_path / "second")


def test_what_is_in_use_is_replaced_only_when_told_so(cast: Cast, here: Settings, tmp_path: Path) -> None:
    lot, _ = work(cast, here)
    backed_up(cast, here, tmp_path)
    cast.storekeeper.did("lot:move", lot, {"place": str(cast.place)})
    now = cast.foreman.feed(limit=5000)["head"]

    with pytest.raises(BackupRefused, match="--yes"):
        service.restore(cast.engine, here, tmp_path, quiet)
    assert cast.foreman.feed(limit=5000)["head"] == now
    service.restore(cast.engine, here, tmp_path, quiet, replace=True)
    assert cast.storekeeper.feed(limit=5000)["head"] == now - 1


def test_a_file_that_a_row_names_and_the_store_lost_is_said_to_be_missing(
    cast: Cast, here: Settings, tmp_path: Path
) -> None:
    lost, altered = (evidence_key(cast.project_id, send(cast.foreman, jpeg(seed=seed))) for seed in (1, 2))
    open_store(here).delete(lost)
    open_store(here).put(altered, [b"other bytes"])

    manifest = backed_up(cast, here, tmp_path)

    assert manifest.missing == sorted([lost, altered])
    assert read(tmp_path) == manifest


def test_a_backup_taken_while_people_write_is_one_moment(
    cast: Cast, here: Settings, elsewhere: Callable[[], Place], tmp_path: Path
) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper, "900")
    is_over = threading.Event()

    def write() -> None:
        while not is_over.is_set():
            recorded(cast.foreman, task, (lot, "0.5"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        manifest = backed_up(cast, here, tmp_path / "backup")
    finally:
        is_over.set()
        writer.join()
    engine, there = elsewhere()

    service.restore(engine, there, tmp_path / "backup", quiet)

    report = rebuild.check(engine, there, quiet)
    assert report.is_same, report.lines()
    assert report.acts == sum(project["acts"] for project in manifest.standing.projects.values())


def test_an_older_backup_is_brought_to_the_present_schema(elsewhere: Callable[[], Place], tmp_path: Path) -> None:
    old, there = elsewhere()
    set_up(there)
    first = ScriptDirectory.from_config(schema.configuration(old)).get_bases()[0]
    command.upgrade(schema.configuration(old), first)
    jobs.prepare(there)
    manifest = service.back_up(old, there, tmp_path / "backup", quiet)
    engine, target = elsewhere()
    schema.upgrade(engine, target)  # Tables that the backup does not know are there already.

    service.restore(engine, target, tmp_path / "backup", quiet)

    assert manifest.schema == first
    assert schema.current(engine) == schema.head()


def test_a_backup_of_a_newer_version_or_another_database_is_refused(
    cast: Cast, here: Settings, elsewhere: Callable[[], Place], tmp_path: Path
) -> None:
    backed_up(cast, here, tmp_path)
    engine, there = elsewhere()
    path = tmp_path / NAME
    text_of = path.read_text("utf-8")
    other = "postgresql" if here.is_sqlite else "sqlite"

    path.write_text(text_of.replace(str(schema.head()), "from-the-future"), "utf-8")
    with pytest.raises(BackupRefused, match="newer version"):
        service.restore(engine, there, tmp_path, quiet)
    path.write_text(text_of.replace(f'"database": "{engine.dialect.name}"', f'"database": "{other}"'), "utf-8")
    with pytest.raises(BackupRefused, match="same kind of database"):
        service.restore(engine, there, tmp_path, quiet)


def test_the_commands_tell_by_their_status_how_it_ended(
    cast: Cast,
    here: Settings,
    elsewhere: Callable[[], Place],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(at: Settings, *arguments: object) -> int:
        for name, value in at.model_dump(exclude_defaults=True).items():
            monkeypatch.setenv(f"PLUMBLINE_{name.upper()}", str(value))
        return main([str(argument) for argument in arguments])

    lot, sha256 = work(cast, here)
    (_, there), good, altered = elsewhere(), tmp_path / "good", tmp_path / "altered"
    assert run(here, "rebuild", "--check") == 0
    assert run(here, "backup", good) == 0
    with db.writing(cast.engine) as session:
        session.execute(update(Lot).where(col(Lot.id) == lot).values(grade="C99"))
    open_store(here).delete(evidence_key(cast.project_id, sha256))

    assert run(here, "rebuild", "--check") == 1
    assert "column grade: stored 'C99', drawn from acts 'C30'" in capsys.readouterr().out
    assert run(here, "rebuild", "--check", "--into", here.database) == 2
    assert run(here, "backup", altered) == 1
    assert f"MISSING: evidence/{cast.project_id}" in capsys.readouterr().out
    assert run(here, "backup", good, "--verify") == 0
    assert run(here, "backup", tmp_path, "--verify") == 2
    assert run(there, "restore", tmp_path) == 2
    assert run(there, "restore", good) == 0
    assert run(there, "restore", good) == 2
    assert "--yes" in capsys.readouterr().err
    assert run(there, "restore", altered, "--yes", "--check") == 1


def test_every_area_of_the_store_is_backed_up_or_left_out_for_a_reason() -> None:
    assert sorted([*files.AREAS, *files.LEFT]) == sorted(AREAS)


def test_without_the_programs_of_postgresql_it_is_said_what_to_install(
    cast: Cast, here: Settings, tmp_path: Path
) -> None:
    if here.is_sqlite:
        return
    with pytest.raises(BackupRefused, match="postgresql-client"):
        service.back_up(cast.engine, here.model_copy(update={"pg_bin": str(tmp_path)}), tmp_path, quiet)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "secrets/../../evil", "other/key"])
def test_keys_go_where_keys_are_and_nowhere_else(name: str, tmp_path: Path) -> None:
    packed = tmp_path / "keys.tar"
    with tarfile.open(packed, "w") as out:
        out.addfile(tarfile.TarInfo(name))
    with pytest.raises(BackupRefused, match="no key of this server"):
        service._unpack_keys(load(data_dir=tmp_path / "data"), packed)
    assert list((tmp_path / "data").iterdir()) == []
