"""Rows written as sets are what the session reads back, on both databases: exact, null as null, in order."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from plumbline import db
from plumbline.acts.models import ActRow, KeptAct
from plumbline.row_sets import insert_rows, update_rows
from plumbline.trace.models import TraceEdge, TraceNode

AT = datetime(2026, 3, 29, 1, 59, 59, 123456, tzinfo=UTC)
ODD = ["", 'quote " and \\ and \n', "钢筋 №1 😀", ":name %s %(x)s", "null", "\\x00ff"]


def table_of(model: type[SQLModel]) -> object:
    return model.__table__  # type: ignore[attr-defined]


def kept(n: int, **more: object) -> dict[str, object]:
    row: dict[str, object] = {"id": UUID(int=n), "claimed_id": None, "project_id": None, "device_id": UUID(int=7)}
    row |= {"payload": bytes(range(256)), "pae_sha256": f"{n:064x}", "signature": b"", "received_at": AT}
    return row | {"problem": {"said": ODD, "n": None}} | more


def edge(n: int, quantity: Decimal | None) -> dict[str, object]:
    row: dict[str, object] = {"id": UUID(int=n), "project_id": UUID(int=1), "act_id": UUID(int=2), "void_act_id": None}
    row |= {"source": UUID(int=3), "target": UUID(int=4), "kind": "used", "certainty": "certain"}
    return row | {"source_quantity": quantity, "source_unit": None, "target_quantity": None, "target_unit": ODD[3]}


def act(n: int, **more: object) -> dict[str, object]:
    row = dict.fromkeys(ActRow.model_fields) | {
        "id": UUID(int=n),
        "type": "x",
        "v": 1,
        "flags": [],
        "verdict": "claimed",
    }
    row |= {name: uuid4() for name in ("project_id", "object_id", "actor_id", "device_id")}
    return row | {"payload": b"{}", "pae_sha256": f"{n:064x}", "signature": b"s", "received_at": AT} | more


def test_values_come_back_as_they_went_in(engine: Engine) -> None:
    summer = AT.astimezone(timezone(timedelta(hours=8)))
    with db.writing(engine) as session:
        insert_rows(session, table_of(KeptAct), [kept(1), kept(2, claimed_id=UUID(int=9), received_at=summer)])
    with db.reading(engine) as session:
        first, second = session.exec(select(KeptAct).order_by(KeptAct.pae_sha256)).all()
    assert (first.payload, first.signature) == (bytes(range(256)), b"")
    assert first.problem == {"said": ODD, "n": None}
    assert (first.claimed_id, second.claimed_id) == (None, UUID(int=9))
    assert first.received_at == second.received_at == AT


@pytest.mark.parametrize("quantity", [None, Decimal("0.000001"), Decimal("-12.5"), Decimal("123456789012.654321")])
def test_quantities_stay_exact(engine: Engine, quantity: Decimal | None) -> None:
    with db.writing(engine) as session:
        insert_rows(session, table_of(TraceEdge), [edge(1, quantity)])
    with db.reading(engine) as session:
        found = session.exec(select(TraceEdge)).one()
    assert (found.source_quantity, found.target_unit) == (quantity, ODD[3])


def test_rows_that_are_there_are_left_as_they_are(engine: Engine) -> None:
    rows = [{"id": UUID(int=n), "project_id": UUID(int=1), "kind": "lot"} for n in range(6)]
    with db.writing(engine) as session:
        insert_rows(session, table_of(TraceNode), rows[:2])
        renamed = [row | {"kind": "step"} for row in rows]
        assert insert_rows(session, table_of(TraceNode), renamed, key=["id"], skip=True) == [r["id"] for r in rows[2:]]
        assert insert_rows(session, table_of(TraceNode), [], key=["id"], skip=True) == []
    with db.reading(engine) as session:
        kinds = dict(session.exec(select(TraceNode.id, TraceNode.kind)).all())
    assert [kinds[UUID(int=n)] for n in range(6)] == ["lot", "lot", "step", "step", "step", "step"]


def test_a_key_twice_is_said_as_such(engine: Engine) -> None:
    with pytest.raises(IntegrityError), db.writing(engine) as session:
        insert_rows(session, table_of(KeptAct), [kept(1), kept(1)])


def test_updates_reach_their_own_rows_only(engine: Engine) -> None:
    with db.writing(engine) as session:
        insert_rows(session, table_of(ActRow), [act(n) for n in range(1, 4)])
        changes = [
            {"id": UUID(int=1), "verdict": "applied", "problem": None, "flags": ["overdrawn"], "applied_at": AT},
            {"id": UUID(int=3), "verdict": "refused", "problem": {"slug": "x"}, "flags": [], "applied_at": None},
        ]
        update_rows(session, table_of(ActRow), "id", changes)
        update_rows(session, table_of(ActRow), "id", [])
    with db.reading(engine) as session:
        one, two, three = session.exec(select(ActRow).order_by(ActRow.pae_sha256)).all()
    assert (one.verdict, one.flags, one.applied_at, one.problem) == ("applied", ["overdrawn"], AT, None)
    assert (two.verdict, two.flags) == ("claimed", [])
    assert (three.verdict, three.problem, three.applied_at) == ("refused", {"slug": "x"}, None)


def test_a_set_is_one_statement(engine: Engine) -> None:
    said: list[object] = []

    def listen(*args: object) -> None:
        said.append(args[5])

    rows = [{"id": uuid4(), "project_id": UUID(int=1), "kind": "lot"} for _ in range(500)]
    with db.writing(engine) as session:
        session.connection()
        event.listen(engine, "before_cursor_execute", listen)
        insert_rows(session, table_of(TraceNode), rows)
        event.remove(engine, "before_cursor_execute", listen)
    # One call of the driver; on PostgreSQL also one statement of the database, not one for each row.
    assert said == [engine.dialect.name == "sqlite"]
