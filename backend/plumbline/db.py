"""The database: one engine for SQLite and PostgreSQL, exact column types, and who may write when.

SQLite writers take a thread lock, then a file lock, then BEGIN IMMEDIATE: inside one process busy_timeout
alone starves somebody for seconds, and a lock inside a process does not help across processes.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import JSON as SaJson
from sqlalchemy import BigInteger, DateTime, Dialect, Engine, Uuid, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Session

from plumbline.settings import Settings

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000")
MICRO = Decimal(1_000_000)


def json_text(value: Any) -> str:
    """JSON without spaces, text as it is written: half the bytes of escaped Chinese."""
    return to_json(value).decode()


AS_JSON: dict[str, Any] = {"json_serializer": json_text, "json_deserializer": from_json}  # How engines carry JSON.
Json: TypeEngine[Any] = SaJson().with_variant(JSONB(), "postgresql")


class Quantity(TypeDecorator[Decimal]):
    """An exact decimal with ≤ 6 places, stored as a whole number of millionths: summable on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = value * MICRO
        if scaled != scaled.to_integral_value():
            raise ValueError(f"more than six decimals: {value}")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else (Decimal(int(value)) / MICRO)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; refuses naive datetimes, which would mean another moment on another machine."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


UuidType = Uuid


def now() -> datetime:
    """The present instant in UTC, to the millisecond, as acts and answers print it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class WriteLock:
    """One writer at a time, across threads and processes, for the embedded database.

    A threading.Lock and not an RLock: commit and reset may run in another thread than begin.
    """

    def __init__(self, path: Path) -> None:
        self._thread = threading.Lock()
        self._path = path

    def take(self) -> int:
        """Wait for the lock; returns the handle that `release` needs."""
        self._thread.acquire()
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX)
        except BaseException:
            self._thread.release()
            raise
        return handle

    def release(self, handle: int) -> None:
        """Give the lock back; closing the file ends the flock."""
        os.close(handle)
        self._thread.release()


def make_engine(settings: Settings) -> Engine:
    """An engine for the settings' database; SQLite gets its locks and pragmas."""
    if not settings.is_sqlite:
        return create_engine(
            settings.database,
            pool_size=settings.pool_size,
            max_overflow=settings.pool_size,
            pool_pre_ping=True,
            hide_parameters=True,  # A logged SQL error must not show what people wrote, or hashes of their secrets.
            **AS_JSON,
        )
    path = settings.database_file
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        settings.database, connect_args={"check_same_thread": False}, hide_parameters=True, **AS_JSON
    )
    _govern_sqlite(engine, _write_lock(path.with_suffix(".lock")))
    return engine


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """An engine for one command: its connections are closed with the block."""
    engine = make_engine(settings)
    try:
        yield engine
    finally:
        engine.dispose()


@cache
def _write_lock(path: Path) -> WriteLock:
    """The one lock of this process for a database: each of its engines waits in the same line."""
    return WriteLock(path)


def _lock_of(settings: Settings) -> WriteLock:
    return _write_lock(settings.database_file.with_suffix(".lock"))


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the write lock of the embedded database while somebody else's code writes; nothing on PostgreSQL."""
    if not settings.is_sqlite:
        yield
        return
    lock = _lock_of(settings)
    handle = lock.take()
    try:
        yield
    finally:
        lock.release(handle)


def make_lazy_engine(settings: Settings) -> Engine:
    """A second SQLite engine for a library that polls (DBOS): the write lock is taken before the first write.

    Python's sqlite3 begins a transaction there, as the library expects, and its reads wait for nobody.
    """
    engine = create_engine(settings.database, connect_args={"check_same_thread": False}, hide_parameters=True)
    lock = _lock_of(settings)

    @event.listens_for(engine, "connect")
    def _connect(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = "IMMEDIATE"
        for pragma in PRAGMAS:
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "before_cursor_execute")
    def _before(conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        is_read = statement.lstrip()[:6].upper() in ("SELECT", "PRAGMA")
        if not is_read and "write_lock" not in conn.info:
            conn.info["write_lock"] = lock.take()

    _release_at_reset(engine, lock)
    return engine


def _govern_sqlite(engine: Engine, lock: WriteLock) -> None:
    @event.listens_for(engine, "connect")
    def _connect(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None
        for pragma in PRAGMAS:
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(conn: Any) -> None:
        if conn.get_execution_options().get("ro"):
            conn.exec_driver_sql("BEGIN")
            return
        # Still held when this connection had a transaction before: it goes back when the connection does.
        if "write_lock" not in conn.info:
            conn.info["write_lock"] = lock.take()
        conn.exec_driver_sql("BEGIN IMMEDIATE")

    _release_at_reset(engine, lock)


def _release_at_reset(engine: Engine, lock: WriteLock) -> None:
    # Commit and rollback both end in reset; rolling back here first also covers raises in between.
    @event.listens_for(engine, "reset")
    def _reset(dbapi: Any, record: Any, _state: Any) -> None:
        try:
            dbapi.rollback()
        finally:  # On a full or failing disk the rollback may fail too; a lock kept then would stop every writer.
            handle = record.info.pop("write_lock", None)
            if handle is not None:
                lock.release(handle)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A read-only session: never waits for a writer on SQLite, and keeps nothing that is written in it.

    On PostgreSQL it ends with a commit, though it has nothing to commit: on a rollback psycopg forgets the statements
    that it has prepared, and the same trace was planned anew each time, which took longer than walking it.
    """
    with Session(engine.execution_options(ro=True, postgresql_readonly=True)) as session:
        yield session
        if engine.dialect.name == "postgresql":
            session.expunge_all()  # What was read stays as it is.
            session.commit()


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session in one transaction, committed at the end of the block, in the caller's thread."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
