"""The database in one file, as it stood at one moment, and back. SQLite's own backup; pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, create_engine, func, inspect, make_url, select, text
from sqlmodel import SQLModel

from plumbline.backup.manifest import BackupRefused, Standing
from plumbline.db import WriteLock
from plumbline.jobs import SCHEMA
from plumbline.rebuild.scratch import PREFIX, standing_still
from plumbline.settings import Settings
from plumbline.storage.interface import evidence_key

TABLES = SQLModel.metadata.tables


@contextmanager
def dumped(engine: Engine, settings: Settings, path: Path) -> Iterator[Connection]:
    """Write the database to `path`; the connection inside the block sees just what was written. Raises BackupRefused.

    Writers go on meanwhile. What the file holds is readable by its owner only.
    """
    path.touch(mode=0o600)
    if engine.dialect.name == "sqlite":
        _copy_sqlite(settings.database_file, path)
        copy = create_engine(f"sqlite:///{path}")
        with copy.connect() as connection:
            yield connection
        copy.dispose()
    else:
        with standing_still(engine) as connection:
            moment = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            _run(settings, "pg_dump", "-Fc", f"--snapshot={moment}", f"--exclude-schema={PREFIX}*", "-f", str(path))
            yield connection


def standing(connection: Connection) -> Standing:
    """How far the database is."""
    act, project, kept = (TABLES[name] for name in ("act", "project", "kept_act"))
    counts = connection.execute(select(act.c.project_id, func.count()).group_by(act.c.project_id))
    acts = {row[0]: int(row[1]) for row in counts}
    heads = {row[0]: int(row[1]) for row in connection.execute(select(project.c.id, project.c.feed_seq))}
    projects = {str(id): {"acts": acts.get(id, 0), "head": heads.get(id, 0)} for id in sorted({*acts, *heads})}
    return Standing(projects, int(connection.execute(select(func.count()).select_from(kept)).scalar_one()))


def verified_keys(connection: Connection) -> set[str]:
    """Where the store has every file that a row calls verified."""
    t = TABLES["file"].c
    found = connection.execute(select(t.project_id, t.sha256).where(t.status == "verified"))
    return {evidence_key(project_id, sha256) for project_id, sha256 in found}


def is_in_use(engine: Engine) -> bool:
    """Whether the database has people in it."""
    with engine.connect().execution_options(ro=True) as connection:
        if not inspect(connection).has_table("person"):
            return False
        return connection.execute(text("SELECT 1 FROM person LIMIT 1")).first() is not None


def check_alone(engine: Engine, settings: Settings) -> None:
    """Raises BackupRefused when another process has the embedded database open; what it wrote then would be lost."""
    engine.dispose()
    if not settings.is_sqlite or not settings.database_file.exists():
        return
    try:
        with closing(sqlite3.connect(settings.database_file, timeout=2)) as target:
            target.execute("PRAGMA journal_mode=DELETE")  # Which SQLite does for nobody but the only one.
    except sqlite3.OperationalError as bad:
        raise BackupRefused(
            f"The database is open in another process ({bad}). Stop the server and the workers, then restore."
        ) from bad


def put_back(engine: Engine, settings: Settings, path: Path) -> None:
    """Make the database what `path` holds; whatever was in it is gone. Raises BackupRefused."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        target = settings.database_file
        lock = WriteLock(target.with_suffix(".lock"))
        handle = lock.take()
        try:
            check_alone(engine, settings)
            _copy_sqlite(path, target)
        finally:
            lock.release(handle)
        return
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        for name in inspect(connection).get_table_names():
            connection.execute(text(f'DROP TABLE "{name}" CASCADE'))
    _run(settings, "pg_restore", "--exit-on-error", "--single-transaction", str(path))


def _copy_sqlite(source: Path, target: Path) -> None:
    """All pages in one step: one read transaction, so that writers neither wait nor make it begin again."""
    with closing(sqlite3.connect(source, timeout=30)) as have, closing(sqlite3.connect(target, timeout=30)) as copy:
        have.backup(copy, pages=-1)
        # One file without companions, and durable before anybody counts on it.
        copy.execute("PRAGMA journal_mode=DELETE")
    handle = os.open(target, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _run(settings: Settings, tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on our database; the password travels in its environment alone."""
    found = shutil.which(tool, path=settings.pg_bin or None)
    if found is None:
        raise BackupRefused(
            f"{tool} was not found. Install PostgreSQL's client programs, at least as new as the server "
            f"(postgresql-client), or set PLUMBLINE_PG_BIN to the folder that has them."
        )
    url = make_url(settings.database)
    given: dict[str, Any] = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    where = make_conninfo("", **{k: v for k, v in {**given, **url.query}.items() if v is not None})
    env = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    command = [found, "--no-owner", "--no-privileges", "--no-password", f"--dbname={where}", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupRefused(f"{tool} failed: {done.stderr.strip()[-600:]}")
