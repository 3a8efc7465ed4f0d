"""Two databases, one table at a time, row by row in the order of the primary key: memory does not grow with them."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, exists, select

from plumbline.rebuild.replay import PAGE, table
from plumbline.rebuild.tables import KEPT_COLUMNS

Values = RowMapping
SUPERSEDED = "is_superseded"


@dataclass(frozen=True)
class Difference:
    """One place where the stored row is not the drawn one. `column` is None when a whole row is missing or extra."""

    table: str
    key: dict[str, Any]
    column: str | None
    stored: Any
    drawn: Any

    def __str__(self) -> str:
        key = ", ".join(f"{name} {value}" for name, value in self.key.items())
        where = f"column {self.column}" if self.column else "the row"
        return f"table {self.table}, key {key}, {where}: stored {self.stored!r}, drawn from acts {self.drawn!r}"


@dataclass
class Counted:
    """What comparing one table found. `missing`: drawn but not stored; `extra`: stored but not drawn."""

    table: str
    same: int = 0
    different: int = 0
    missing: int = 0
    extra: int = 0
    first: Difference | None = None

    @property
    def differences(self) -> int:
        """Rows that are not as drawn."""
        return self.different + self.missing + self.extra


def compare(stored: Connection, drawn: Connection, name: str) -> Counted:
    """Compare one projected table in two databases."""
    what = table(name)
    key = [column.name for column in what.primary_key.columns]
    columns = [c.name for c in what.columns if (name, c.name) not in KEPT_COLUMNS]
    may_be_gone = _may_be_gone(stored) if name == "change" else None
    counted = Counted(name)
    for left, right in _pairs(_ordered(stored, what), _ordered(drawn, what), key):
        if left is None and right is not None and may_be_gone is not None and may_be_gone(right):
            continue
        _count(counted, left, right, key, columns)
    return counted


def _count(counted: Counted, left: Values | None, right: Values | None, key: list[str], columns: list[str]) -> None:
    found: Difference | None = None
    if left is None or right is None:
        row = right if left is None else left
        assert row is not None
        counted.missing += left is None
        counted.extra += right is None
        shown = {column: row[column] for column in columns}
        found = Difference(counted.table, _key(row, key), None, left and shown, right and shown)
    else:
        column = next((c for c in columns if left[c] != right[c]), None)
        counted.same += column is None
        counted.different += column is not None
        if column is not None:
            found = Difference(counted.table, _key(left, key), column, left[column], right[column])
    counted.first = counted.first or found


def _key(row: Values, key: list[str]) -> dict[str, Any]:
    return {name: row[name] for name in key}


def _may_be_gone(stored: Connection) -> Callable[[Values], bool]:
    """Which changes the feed may have dropped: those that a newer one of the object replaced, and old deletions."""
    horizon = table("feed_horizon")
    forgotten = {row.project_id: row.looked_up_to for row in stored.execute(select(horizon))}

    def may(row: Values) -> bool:
        return bool(row[SUPERSEDED]) or row["number"] <= forgotten.get(row["project_id"], 0)

    return may


def _ordered(connection: Connection, what: Table) -> Iterator[Values]:
    is_postgres = connection.dialect.name == "postgresql"
    # Texts by their bytes, as Python and SQLite order them: a language's order would differ between two servers.
    order: list[ColumnElement[Any]] = [
        c.collate("C") if is_postgres and c.type.python_type is str else c for c in what.primary_key.columns
    ]
    more = [_is_superseded(what)] if what.name == "change" else []
    rows = connection.execute(select(what, *more).order_by(*order), execution_options={"yield_per": PAGE})
    with closing(rows):
        yield from rows.mappings()


def _is_superseded(change: Table) -> ColumnElement[bool]:
    newer = change.alias("newer")
    same = (newer.c[name] == change.c[name] for name in ("project_id", "kind", "object_id"))
    return exists().where(*same, newer.c.number > change.c.number).label(SUPERSEDED)


def _pairs(
    stored: Iterator[Values], drawn: Iterator[Values], key: list[str]
) -> Iterator[tuple[Values | None, Values | None]]:
    """Rows with the same key side by side; None where one database has no such row."""
    left, right = next(stored, None), next(drawn, None)
    while left is not None or right is not None:
        mine = None if left is None else tuple(left[k] for k in key)
        theirs = None if right is None else tuple(right[k] for k in key)
        is_left = theirs is None or (mine is not None and mine <= theirs)
        is_right = mine is None or (theirs is not None and theirs <= mine)
        yield (left if is_left else None, right if is_right else None)
        if is_left:
            left = next(stored, None)
        if is_right:
            right = next(drawn, None)
