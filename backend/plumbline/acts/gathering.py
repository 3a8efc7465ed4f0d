"""What one transaction gathers, so that a batch costs a few set statements instead of many small ones.

Three things live beside the session: rows that are only ever inserted (written as sets before anything is asked
of the database, and before each commit or release of a savepoint); rows that acts of the batch were found to need
(read at once, also those that are not there); and facts that domains keep until something changes them.

Whoever uses the session as always sees the same as without it: every statement first writes what is gathered, an
added row ends its being known as absent, and a rollback forgets everything that may not hold any more.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from pydantic_core import PydanticUndefined
from sqlalchemy import Executable, bindparam, event, inspect, tuple_, update
from sqlalchemy.orm import ORMExecuteState, SessionTransaction
from sqlalchemy.orm import Session as SaSession
from sqlmodel import Session, SQLModel, select

from plumbline import row_sets
from plumbline.acts.models import ActRow

M = TypeVar("M", bound=SQLModel)
Key = Any  # A primary key: one value, or a tuple in the order of the table's columns.
Rows = list[dict[str, Any]]
NAME = "gathering"
MARK = (
    update(ActRow.__table__)  # type: ignore[attr-defined]  # SQLModel does not type it.
    .where(ActRow.__table__.c.id.in_(bindparam("ids", expanding=True)))  # type: ignore[attr-defined]
    .values(verdict="applied")
)
UNREAD: Any = object()
MOST_AT_ONCE = 500  # Keys in one IN (…): far below the limits of both databases.


class Need(NamedTuple):
    """A row that an act is going to ask for; `lock` when it is going to change it."""

    model: type[SQLModel]
    key: Key
    lock: bool = False


def named(model: type[SQLModel], key: Key | None, lock: bool = False) -> Iterable[Need]:
    """The row that an act may name."""
    return () if key is None else (Need(model, key, lock),)


class Gathering:
    """What the transaction of one session has gathered; `of(session)` gives it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[type[SQLModel], Rows] = {}
        self._known: dict[tuple[type[SQLModel], Key], SQLModel | None] = {}
        self._locked: set[tuple[type[SQLModel], Key]] = set()
        self._facts: dict[str, dict[Any, Any]] = {}
        self._late: dict[Any, tuple[Executable, dict[str, Any]]] = {}
        self._marks: list[UUID] = []
        self._is_writing = False

    # --- Rows that are only inserted ---

    def insert(self, model: type[SQLModel], values: dict[str, Any]) -> None:
        """Gather one row; columns that are left out get the model's defaults."""
        self._rows.setdefault(model, []).append({**_defaults(model), **values})
        self._known.pop((model, _key_of(model, values)), None)

    def late(self, key: Any, statement: Executable, values: dict[str, Any]) -> None:
        """Gather a statement that only its newest values matter of, such as where a counter stands."""
        self._late[key] = (statement, values)

    def write(self) -> None:
        """Write what is gathered: one statement for each table, then the late ones."""
        if self._is_writing or not (self._rows or self._late):
            return
        self._is_writing = True
        try:
            connection = self._session.connection()
            rows, self._rows = self._rows, {}
            for model, some in rows.items():
                row_sets.insert_rows(connection, _table(model), some)
            late, self._late = self._late, {}
            for statement, values in late.values():
                connection.execute(statement, values)
        finally:
            self._is_writing = False

    # --- Acts that are applied, before their verdicts are stored ---

    def mark(self, act_id: UUID) -> None:
        """Later acts of the batch find this one applied; whoever asks the database does too."""
        self.facts("applied")[act_id] = True
        self._marks.append(act_id)

    def write_marks(self) -> None:
        """Store the marks: before a statement, and with an act that has a savepoint of its own."""
        if self._marks:
            marks, self._marks = self._marks, []
            self._session.connection().execute(MARK, {"ids": marks})

    def drop_marks(self) -> None:
        """The verdicts are being stored."""
        self._marks.clear()

    # --- Rows that acts ask for ---

    def find(self, model: type[M], key: Key, lock: bool = False) -> M | None:
        """The row with this key, or None; locked on PostgreSQL to the end of the transaction when `lock`."""
        place = (model, key)
        known = self._known.get(place, UNREAD)
        if known is UNREAD:
            if not lock:
                row = self._known[place] = self._session.get(model, key)
                return row
        elif known is None or not lock or place in self._locked:
            return known  # type: ignore[no-any-return]  # The key names the model.
        self._read(model, {key}, lock=True)
        return self._known[place]  # type: ignore[return-value]

    def load(self, needs: Iterable[Need]) -> None:
        """Read everything that is needed, one statement for each table; what is to be locked in the keys' order."""
        wanted: dict[tuple[type[SQLModel], bool], set[Key]] = {}
        for need in needs:
            if (need.model, need.key) not in self._known:
                wanted.setdefault((need.model, need.lock), set()).add(need.key)
        for (model, lock), keys in wanted.items():
            ordered = sorted(keys)
            for at in range(0, len(ordered), MOST_AT_ONCE):
                self._read(model, set(ordered[at : at + MOST_AT_ONCE]), lock)

    def known(self, model: type[M]) -> list[M]:
        """Every row of a table that was found in this transaction."""
        return [row for (of, _), row in self._known.items() if of is model and row is not None]  # type: ignore[misc]

    def _read(self, model: type[SQLModel], keys: set[Key], lock: bool) -> None:
        columns = list(_table(model).primary_key.columns)
        is_one = len(columns) == 1
        chosen = columns[0].in_(keys) if is_one else tuple_(*columns).in_(keys)
        wanted = select(model).where(chosen)
        if lock:
            wanted = wanted.order_by(*columns).with_for_update().execution_options(populate_existing=True)
        rows = self._session.exec(wanted).all()
        found = {_key_of(model, row.__dict__): row for row in rows}
        for key in keys:
            self._known[(model, key)] = found.get(key)
            if lock and key in found:
                self._locked.add((model, key))

    # --- Facts ---

    def facts(self, name: str) -> dict[Any, Any]:
        """A domain's own notes for this transaction, gone after a rollback: `facts("certificates")[lot_id]`."""
        return self._facts.setdefault(name, {})

    def forget(self, name: str) -> None:
        """What the notes were drawn from has changed."""
        self._facts.pop(name, None)

    # --- What happens to the session ---

    def before_statement(self, is_select: bool) -> None:
        """Everything gathered is there for the statement; a set insert may bring what was absent."""
        self.write()
        self.write_marks()
        if not is_select:
            self._known = {place: row for place, row in self._known.items() if row is not None}

    def changed(self, row: SQLModel) -> None:
        """A row was added or deleted: what was known of it holds no more."""
        state = inspect(row)
        identity = tuple(state.identity or state.mapper.primary_key_from_instance(row))
        self._known.pop((type(row), identity[0] if len(identity) == 1 else identity), None)

    def rolled_back(self) -> None:
        """Nothing that was gathered since the savepoint holds, and locks taken since then are gone."""
        self._rows.clear()
        self._late.clear()
        self._marks.clear()
        self.ended()

    def ended(self) -> None:
        """The transaction is over: the next one sees what others did meanwhile."""
        self._known.clear()
        self._locked.clear()
        self._facts.clear()


@event.listens_for(Session, "do_orm_execute")
def _before_statement(state: ORMExecuteState) -> None:
    if (gathering := state.session.info.get(NAME)) is not None:
        gathering.before_statement(state.is_select)


@event.listens_for(Session, "before_commit")
def _before_commit(session: SaSession) -> None:  # Releasing a savepoint counts as well.
    if (gathering := session.info.get(NAME)) is not None:
        gathering.write()


@event.listens_for(Session, "transient_to_pending")
@event.listens_for(Session, "persistent_to_deleted")
def _changed(session: SaSession, row: SQLModel) -> None:
    if (gathering := session.info.get(NAME)) is not None:
        gathering.changed(row)


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: SaSession, _previous: SessionTransaction) -> None:
    if (gathering := session.info.get(NAME)) is not None:
        gathering.rolled_back()


@event.listens_for(Session, "after_transaction_end")
def _ended(session: SaSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None and (gathering := session.info.get(NAME)) is not None:
        gathering.ended()


def of(session: Session) -> Gathering:
    """What this session has gathered."""
    found = session.info.get(NAME)
    if found is None:
        found = session.info[NAME] = Gathering(session)
    assert isinstance(found, Gathering)
    return found


def find(session: Session, model: type[M], key: Key, lock: bool = False) -> M | None:
    """Like `session.get`, but a row that the batch was found to need costs nothing, even when it is not there."""
    return of(session).find(model, key, lock)


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]  # SQLModel does not type it.


@cache
def _key_names(model: type[SQLModel]) -> tuple[str, ...]:
    return tuple(column.name for column in _table(model).primary_key.columns)


def _key_of(model: type[SQLModel], values: dict[str, Any]) -> Key:
    names = _key_names(model)
    return values[names[0]] if len(names) == 1 else tuple(values[name] for name in names)


@cache
def _defaults(model: type[SQLModel]) -> dict[str, Any]:
    fields = model.model_fields.items()
    return {name: field.default for name, field in fields if field.default is not PydanticUndefined}
