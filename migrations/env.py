"""How Alembic runs our migrations: on the engine it is given, with our locks, leaving the tables of jobs alone."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from plumbline.app import import_packages
from plumbline.db import Instant, Quantity
from plumbline.jobs import JOB_TABLES, SCHEMA
from plumbline.settings import load_or_stop

import_packages()
OURS = SQLModel.metadata
# A migration that waits for a lock keeps every writer behind it waiting: better to fail and be run again.
LIMITS = ("SET lock_timeout = '10s'", "SET statement_timeout = '15min'")


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Whether a table of the database is looked at when models and database are compared."""
    if kind == "schema":
        return name != SCHEMA
    return not (kind == "table" and name in JOB_TABLES)


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Our column types as plain ones: a migration must mean the same when the code has moved on."""
    if kind != "type":
        return False
    if isinstance(item, Quantity):
        return "sa.BigInteger()"
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


def run() -> None:
    """Run the migrations in one transaction."""
    engine = context.config.attributes.get("engine")
    if engine is None:
        from plumbline.db import make_engine

        engine = make_engine(load_or_stop())
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=OURS,
            include_name=include_name,
            compare_type=True,
            render_item=render_item,
            # SQLite cannot change a column in place; Alembic then copies the table. New tables need none of it.
            render_as_batch=context.config.attributes.get("is_change", True),
        )
        with context.begin_transaction():
            if not is_sqlite:
                for limit in LIMITS:
                    connection.exec_driver_sql(limit)
            context.run_migrations()


run()
