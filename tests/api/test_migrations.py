"""The migrations make exactly the tables that the code speaks of, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, inspect, text

from plumbline import schema
from plumbline.db import make_engine
from plumbline.settings import Settings, load


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engine, Settings]]:
    """An engine on a database without any table, and its settings."""
    url = ""
    if request.param == "postgresql":
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS migrated WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE migrated"))
        url = server.url.set(database="migrated").render_as_string(hide_password=False)
        server.dispose()
    settings = load(data_dir=tmp_path, database_url=url, jobs="off")
    engine = make_engine(settings)
    yield engine, settings
    engine.dispose()


def test_migrations_make_the_tables_of_the_code(empty: tuple[Engine, Settings]) -> None:
    engine, settings = empty

    assert schema.upgrade(engine, settings) is True
    # Raises when a table, column, index or constraint differs. Then: make migration NAME=what-changed
    command.check(schema.configuration(engine))


def test_a_second_start_finds_nothing_to_do(empty: tuple[Engine, Settings]) -> None:
    engine, settings = empty
    schema.upgrade(engine, settings)

    assert schema.upgrade(engine, settings) is False
    assert schema.current(engine) == schema.head()


def test_going_back_leaves_nothing_behind(empty: tuple[Engine, Settings]) -> None:
    engine, settings = empty
    schema.upgrade(engine, settings)

    command.downgrade(schema.configuration(engine), "base")

    left = set(inspect(engine).get_table_names()) - schema.jobs.JOB_TABLES
    assert left <= {"alembic_version"}


def test_two_newest_migrations_are_refused(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    for name in ("a", "b"):
        (versions / f"{name}.py").write_text(f'revision: str = "{name}"\ndown_revision: str | None = "root"\n')
    (versions / "root.py").write_text('revision: str = "root"\ndown_revision: str | None = None\n')

    with pytest.raises(ValueError, match="a, b"):
        schema.head(tmp_path)
