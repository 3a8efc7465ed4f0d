"""Many rows in one statement, on both databases.

SQLite takes a list of rows as it is. On PostgreSQL the driver would send one statement for each row; there the rows
go as one JSON parameter that the database unfolds, so that the statement is prepared once, whatever the number of rows.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import to_json
from sqlalchemy import JSON, Column, Connection, FromClause, LargeBinary, TextClause, bindparam, insert, text, update
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from plumbline import db

Row = dict[str, Any]
Names = tuple[str, ...]
# Without a driver: values become what JSON can say, not what a driver's own classes wrap.
_DIALECT = PGDialect(json_serializer=db.json_text)  # type: ignore[no-untyped-call]  # SQLAlchemy does not type it.


def insert_rows(
    on: Session | Connection, table: Any, rows: Sequence[Row], *, key: Sequence[str] = (), skip: bool = False
) -> list[Any]:
    """Insert rows of one shape, in their order, as one statement.

    With `skip` those are left out whose `key` is there; the first column of `key` comes back of those inserted.
    """
    if not rows:
        return []
    if _is_sqlite(on):
        return _insert_on_sqlite(on, table, list(rows), tuple(key), skip)
    statement, encode = _insert_statement(table, tuple(rows[0]), tuple(key), skip)
    found = on.execute(statement, {"rows": encode(rows)})
    return list(found.scalars()) if skip else []


def _insert_on_sqlite(on: Session | Connection, table: Any, rows: list[Row], key: Names, skip: bool) -> list[Any]:
    if not skip:
        on.execute(insert(table), rows)
        return []
    statement = sqlite_insert(table).on_conflict_do_nothing(index_elements=key).returning(table.c[key[0]])
    return list(on.execute(statement, rows).scalars())


def update_rows(on: Session | Connection, table: Any, key: str, rows: Sequence[Row]) -> None:
    """Set the other columns of those rows that `key` names; every row says the same columns."""
    if not rows:
        return
    if _is_sqlite(on):
        changes: dict[str, Any] = {name: bindparam(f"b_{name}") for name in rows[0] if name != key}
        statement = update(table).where(table.c[key] == bindparam(f"b_{key}")).values(changes)
        on.execute(statement, [{f"b_{name}": value for name, value in row.items()} for row in rows])
        return
    unfolding, encode = _update_statement(table, key, tuple(rows[0]))
    on.execute(unfolding, {"rows": encode(rows)})


def _is_sqlite(on: Session | Connection) -> bool:
    return (on.get_bind() if isinstance(on, Session) else on).dialect.name == "sqlite"


class _Field(NamedTuple):
    """A column as JSON carries it: the type it is unfolded to, the expression that gives the stored value."""

    name: str
    carried: str
    value: str
    bind: Callable[[Any], Any] | None


def _field(column: Column[Any]) -> _Field:
    kind = column.type.dialect_impl(_DIALECT)
    stored = kind.compile(_DIALECT)
    name = f'"{column.name}"'
    # A driver hands bytes over as they are; JSON carries them as digits.
    if isinstance(kind, LargeBinary):
        return _Field(column.name, "text", f"decode(x.{name}, 'hex')", lambda v: None if v is None else v.hex())
    bind = kind.bind_processor(_DIALECT)
    # JSON is carried as text, so that null and "null" stay apart.
    if isinstance(kind, JSON):
        return _Field(column.name, "text", f"CAST(x.{name} AS {stored})", bind)
    return _Field(column.name, stored, f"x.{name}", bind)


def _encoder(fields: Sequence[_Field]) -> Callable[[Sequence[Row]], str]:
    binds = {f.name: f.bind for f in fields if f.bind is not None}

    def encode(rows: Sequence[Row]) -> str:
        bound = [{**row, **{name: bind(row[name]) for name, bind in binds.items()}} for row in rows]
        return to_json(bound).decode()

    return encode


def _unfolded(fields: Sequence[_Field]) -> str:
    shape = ", ".join(f'"{f.name}" {f.carried}' for f in fields)
    return f"json_to_recordset(CAST(:rows AS json)) AS x ({shape})"


def _named(table: FromClause) -> str:
    return _DIALECT.identifier_preparer.format_table(table)


@lru_cache(maxsize=256)
def _insert_statement(
    table: Any, names: Names, key: Names, skip: bool
) -> tuple[TextClause, Callable[[Sequence[Row]], str]]:
    unsaid = [c.name for c in table.c if getattr(c, "default", None) is not None and c.name not in names]
    assert not unsaid, f"defaults that only a driver would fill in: {unsaid}"
    fields = [_field(table.c[name]) for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f.value for f in fields)
    sql = f"INSERT INTO {_named(table)} ({columns}) SELECT {values} FROM {_unfolded(fields)}"
    if skip:
        sql += f' ON CONFLICT ({", ".join(key)}) DO NOTHING RETURNING "{key[0]}"'
    return _typed(sql, table, key[0] if skip else None), _encoder(fields)


def _typed(sql: str, table: Any, returned: str | None) -> Any:
    return text(sql) if returned is None else text(sql).columns(table.c[returned])


@lru_cache(maxsize=64)
def _update_statement(table: Any, key: str, names: Names) -> tuple[TextClause, Callable[[Sequence[Row]], str]]:
    fields = [_field(table.c[name]) for name in names]
    changes = ", ".join(f'"{f.name}" = {f.value}' for f in fields if f.name != key)
    sql = f'UPDATE {_named(table)} AS t SET {changes} FROM {_unfolded(fields)} WHERE t."{key}" = x."{key}"'
    return text(sql), _encoder(fields)
