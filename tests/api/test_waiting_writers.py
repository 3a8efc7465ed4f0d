"""Writers wait in line: readers never wait for them, and every engine of a process stands in the same line."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from plumbline import codes, db, job_rows, jobs
from plumbline.acts import snapshot
from plumbline.projects.models import Project
from plumbline.settings import ROOT, Settings
from tests.support.cast import Cast
from tests.support.databases import make_tables
from tests.support.links import given, scope_of
from tests.support.works import add_task

WAITERS, MANY = 40, 10
PLACE = {"name": "二号料场", "kind": "yard"}


def test_readers_read_while_many_writers_wait_and_then_all_are_answered(cast: Cast) -> None:
    acts = [cast.foreman.act("place:add", uuid7(), PLACE) for _ in range(WAITERS)]
    with ThreadPoolExecutor(WAITERS) as pool:
        with Session(cast.engine) as session, session.begin():
            # The lock that every batch of the project needs: on SQLite of the database, on PostgreSQL of its row.
            session.exec(select(Project).where(Project.id == cast.project_id).with_for_update()).one()
            sending = [pool.submit(cast.foreman.send, act) for act in acts]
            for _ in range(3):
                assert cast.inspector.get(cast.inspector.at("/acts")).status_code == 200
            assert not any(one.done() for one in sending)
        results = [one.result(timeout=60)[0] for one in sending]
    assert {result["verdict"] for result in results} == {"applied"}


def test_readers_read_while_reads_that_write_wait(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Public pages are counted, views by link are logged, and a first snapshot is made: each may wait long."""
    qr = codes.make_code()
    wall = add_task(cast, qr=qr)
    cast.project_manager.did("project:publish", cast.project_id, {"is_open": True, "takes_faults": False})
    link = given(cast.project_manager, scope_of(cast, "task", wall))
    public, shown = f"/api/public/{qr}", f"/tasks/{wall}/record"
    assert [cast.client.get(public).status_code, link.get(shown).status_code] == [200, 200]
    done, build = threading.Event(), snapshot.build

    def slowly(*given: Any) -> Any:
        assert done.wait(60)
        return build(*given)

    monkeypatch.setattr(snapshot, "build", slowly)
    asked = [
        lambda: cast.client.get(public),
        lambda: link.get(shown),
        lambda: cast.foreman.get(cast.foreman.at("/snapshot")),
    ]
    with ThreadPoolExecutor(len(asked) * MANY + 1) as pool:
        try:
            with db.writing(cast.engine) as session:
                session.execute(text("DELETE FROM place"))
                waiting = [pool.submit(ask) for ask in asked * MANY]
                time.sleep(1)  # Till they have come in; those that wait wait on.
                reading = pool.submit(cast.inspector.get, cast.inspector.at("/acts"))
                assert reading.result(timeout=20).status_code == 200
        finally:
            done.set()
        assert {one.result(timeout=60).status_code for one in waiting} == {200}


def test_what_is_written_in_a_session_for_reading_is_not_kept(cast: Cast) -> None:
    cast.foreman.did("place:add", uuid7(), PLACE)
    with suppress(DBAPIError), db.reading(cast.engine) as session:
        session.execute(text("DELETE FROM place"))
    with db.reading(cast.engine) as session:
        assert session.execute(text("SELECT count(*) FROM place")).scalar_one() > 0


def embedded(settings: Settings, home: Path) -> Settings:
    other = settings.model_copy(update={"data_dir": home, "database_url": ""})
    make_tables(other)
    return other


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # PostgreSQL has no such lock.
def test_a_command_in_another_process_waits_while_the_embedded_database_is_written(
    settings: Settings, tmp_path: Path
) -> None:
    engine = db.make_engine(embedded(settings, tmp_path))
    env = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PLUMBLINE_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "plumbline", "admin", "create", "--login", "zhang", "--name", "张敏"]

    def people() -> int:
        with db.reading(engine) as session:
            return int(session.execute(text("SELECT count(*) FROM person WHERE display_name = '张敏'")).scalar_one())

    with db.writing(engine) as session:
        session.execute(text("DELETE FROM place"))
        creating = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            creating.communicate("a long enough one\n", timeout=3)
        assert people() == 0
    assert "zhang can sign in" in creating.communicate(timeout=30)[0]
    assert (creating.returncode, people()) == (0, 1)
    engine.dispose()


def test_an_engine_for_jobs_writes_only_when_nobody_else_does(settings: Settings, tmp_path: Path) -> None:
    embedded_settings = embedded(settings, tmp_path)
    ours, theirs = db.make_engine(embedded_settings), db.make_lazy_engine(embedded_settings)
    began, ended = threading.Event(), threading.Event()

    def job() -> int:
        with theirs.begin() as conn:
            seen = int(conn.execute(text("SELECT count(*) FROM place")).scalar_one())
            began.set()
            conn.execute(text("DELETE FROM place WHERE 1 = 0"))
            ended.set()
            return seen

    with ThreadPoolExecutor(1) as pool:
        with db.writing(ours) as session:
            session.execute(text("DELETE FROM place"))
            running = pool.submit(job)
            assert began.wait(10), "its reads wait for nobody"
            assert not ended.wait(0.3), "its writes wait for ours"
        assert running.result(timeout=10) == 0
    for engine in (ours, theirs):
        engine.dispose()


def test_what_others_write_alone_keeps_everybody_waiting(settings: Settings, tmp_path: Path) -> None:
    embedded_settings = embedded(settings, tmp_path)
    engine = db.make_engine(embedded_settings)
    done = threading.Event()

    def write() -> None:
        with db.writing(engine) as session:
            session.execute(text("DELETE FROM place"))
        done.set()

    with ThreadPoolExecutor(1) as pool:
        with db.alone(embedded_settings):
            pool.submit(write)
            assert not done.wait(0.3)
        assert done.wait(10)
    engine.dispose()


def rows_of(engine: Engine, id: str) -> dict[str, dict[str, object]]:
    schema = "" if engine.dialect.name == "sqlite" else f"{jobs.SCHEMA}."
    with engine.connect() as conn:
        found = {}
        for name in ("workflow_status", "workflow_input"):
            row = conn.execute(text(f"SELECT * FROM {schema}{name} WHERE workflow_uuid = :id"), {"id": id}).one()
            found[name] = dict(row._mapping)
    own = ("workflow_uuid", "created_at", "updated_at", "creator_xid", "retention_timestamp")
    # On SQLite the library writes JSON's null where it has nothing to say.
    return {
        name: {k: None if v == "null" else v for k, v in row.items() if k not in own} for name, row in found.items()
    }


def test_jobs_enqueued_in_a_set_are_the_rows_that_the_library_itself_writes(engine: Engine) -> None:
    jobs.JOBS["listed"] = lambda *_: None
    try:
        with db.writing(engine) as session:
            jobs.enqueue(session, "listed", "one", "甲", "b")
            job_rows.enqueue_all(session, [("listed", "two", ("甲", "b")), ("listed", "two", ("甲", "b"))])
    finally:
        del jobs.JOBS["listed"]
    assert rows_of(engine, "listed:two") == rows_of(engine, "listed:one")
