"""The second database that rows are drawn into, and a view of the first one that stands still meanwhile."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlmodel import SQLModel

from plumbline import db
from plumbline.settings import Settings

PREFIX = "plumbline_rebuild"


class NotEmpty(Exception):
    """The database named for the drawing has tables already; the message says so."""


@contextmanager
def second_database(engine: Engine, settings: Settings, into: str | None) -> Iterator[Engine]:
    """An empty database with our tables, gone at the end.

    SQLite: a temporary file beside the data. PostgreSQL: a schema of its own in the same database, which needs the
    right to create one. `into`: the SQLAlchemy URL of an empty database, which is left as drawn. Raises NotEmpty.
    """
    if into:
        with _named(settings, into) as target:
            yield target
    elif engine.dialect.name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="rebuild-", dir=settings.data_dir) as folder:
            target = _file(settings, f"sqlite:///{Path(folder).absolute() / 'drawn.db'}")
            try:
                SQLModel.metadata.create_all(target)
                yield target
            finally:
                target.dispose()
    else:
        with _schema(engine, settings) as target:
            yield target


@contextmanager
def _named(settings: Settings, url: str) -> Iterator[Engine]:
    target = _file(settings, url) if url.startswith("sqlite") else create_engine(url, hide_parameters=True)
    try:
        with target.connect().execution_options(ro=True) as connection:
            if inspect(connection).get_table_names():
                raise NotEmpty("The database named with --into has tables already. Name an empty one.")
        SQLModel.metadata.create_all(target)
        yield target
    finally:
        target.dispose()


def _file(settings: Settings, url: str) -> Engine:
    target = db.make_engine(settings.model_copy(update={"database_url": url}))

    @event.listens_for(target, "connect")
    def _quick(dbapi: Any, _record: object) -> None:
        dbapi.execute("PRAGMA synchronous=OFF")  # A drawing that a power cut loses is simply drawn again.

    return target


@contextmanager
def _schema(engine: Engine, settings: Settings) -> Iterator[Engine]:
    name = f"{PREFIX}_{os.getpid()}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {name}"))
    target = create_engine(
        settings.database,
        connect_args={"options": f"-csearch_path={name}"},
        pool_size=2,
        hide_parameters=True,
        **db.AS_JSON,
    )
    try:
        SQLModel.metadata.create_all(target)
        yield target
    finally:
        target.dispose()
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))


@contextmanager
def standing_still(engine: Engine) -> Iterator[Connection]:
    """One view of the database for as long as the block lasts, while others go on writing."""
    if engine.dialect.name == "sqlite":
        still = engine.execution_options(ro=True)  # A read transaction of SQLite's WAL sees one moment.
    else:
        still = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with still.connect() as connection:
        yield connection


@contextmanager
def locked(engine: Engine) -> Iterator[Connection]:
    """One transaction in which nobody else applies an act; readers go on, phones keep what they have."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Whoever writes acts begins with this table, so this waits for those in flight and holds new ones.
            connection.execute(text("LOCK TABLE act IN SHARE ROW EXCLUSIVE MODE"))
        yield connection
