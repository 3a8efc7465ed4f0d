"""How many SQL statements a batch costs, counted at the engine: a set insert is one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import event
from uuid_utils.compat import uuid7

from tests.support.cast import Cast
from tests.support.device import Envelope
from tests.support.works import HERE, add_task, photo, pour, receive_lot

Note = Callable[[str, object], None]
CONCRETE = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3"}


def statements(cast: Cast, call: Callable[[], object]) -> list[str]:
    """What the call sends to the database, transaction control included."""
    said: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(cast.engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(cast.engine, "before_cursor_execute", note)
    return said


def steps(cast: Cast, count: int) -> list[Envelope]:
    tasks = [add_task(cast, f"W{n}") for n in range(5)]
    lots = [receive_lot(cast.storekeeper, "1000") for _ in range(5)]
    people = [str(cast.crew_member.person_id)]
    return [
        cast.foreman.act("step:record", uuid7(), pour(tasks[n % 5], (lots[n % 5], "1"), people=people), where=HERE)
        for n in range(count)
    ]


def proven_bars(cast: Cast, n: int, paper: dict[str, Any]) -> UUID:
    lot = uuid7()
    bars = {"material": "rebar_ribbed_cn", "grade": "HRB400E", "size": "12", "quantity": "100", "unit": "t"}
    cast.storekeeper.did("lot:receive", lot, bars)
    named = {"kind": "mill_certificate", "number": f"MC-{n}", "lots": [str(lot)]}
    cast.storekeeper.did("certificate:attach", uuid7(), named, files=[paper])
    cast.quality.did("test:record", uuid7(), {"lot": str(lot), "kind": "retest", "result": "pass"})
    return lot


def fixing(task: UUID, lot: UUID) -> dict[str, Any]:
    used = [{"lot": str(lot), "quantity": "0.1", "unit": "t"}]
    kind = {"kind": "rebar_installation.fixing", "definition": {"key": "rebar_installation", "version": 1}}
    return {"task": str(task), **kind, "lots": used}


def applied(cast: Cast, envelopes: list[Envelope]) -> None:
    assert {result["verdict"] for result in cast.foreman.send(*envelopes)} == {"applied"}


def test_a_batch_of_fifty_steps_takes_at_most_sixty_statements(cast: Cast, record_property: Note) -> None:
    envelopes = steps(cast, 50)
    said = statements(cast, lambda: applied(cast, envelopes))
    record_property(f"statements for 50 steps (at most 60), {cast.engine.dialect.name}", len(said))
    assert len(said) <= 60, "\n".join(s[:90] for s in said)


def test_a_batch_of_fifty_steps_with_bars_that_the_gate_judges_takes_no_more(cast: Cast, record_property: Note) -> None:
    """Paper and retest of ten lots are looked up, each question once for all of them."""
    paper = photo(role="certificate")
    bars = [proven_bars(cast, n, paper) for n in range(10)]
    task = add_task(cast, plan="rebar_installation")
    cast.foreman.feed()
    envelopes = [cast.foreman.act("step:record", uuid7(), fixing(task, bars[n % 10])) for n in range(50)]
    said = statements(cast, lambda: applied(cast, envelopes))
    record_property(f"statements for 50 steps with gated bars (at most 60), {cast.engine.dialect.name}", len(said))
    assert len(said) <= 60, "\n".join(s[:90] for s in said)


def test_a_batch_of_fifty_receipts_takes_at_most_sixty_statements(cast: Cast, record_property: Note) -> None:
    envelopes = [cast.foreman.act("lot:receive", uuid7(), CONCRETE) for _ in range(50)]
    said = statements(cast, lambda: applied(cast, envelopes))
    record_property(f"statements for 50 receipts (at most 60), {cast.engine.dialect.name}", len(said))
    assert len(said) <= 60, "\n".join(s[:90] for s in said)


def test_a_single_act_takes_at_most_twenty_five_statements(cast: Cast, record_property: Note) -> None:
    place = cast.foreman.act("place:add", uuid7(), {"name": "二号料场", "kind": "yard"})
    said = statements(cast, lambda: applied(cast, [place]))
    record_property(f"statements for a single act (at most 25), {cast.engine.dialect.name}", len(said))
    assert len(said) <= 25, "\n".join(s[:90] for s in said)


def test_a_single_receipt_takes_at_most_twenty_five_statements(cast: Cast, record_property: Note) -> None:
    receipt = cast.foreman.act("lot:receive", uuid7(), CONCRETE)
    said = statements(cast, lambda: applied(cast, [receipt]))
    record_property(f"statements for a single receipt (at most 25), {cast.engine.dialect.name}", len(said))
    assert len(said) <= 25, "\n".join(s[:90] for s in said)
