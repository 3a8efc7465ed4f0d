"""Rows are a picture drawn from the acts: drawn again they are the same, and whatever is not is found and named."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, text
from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from plumbline import db
from plumbline.acts.compaction import compact
from plumbline.acts.models import ActRow, Change
from plumbline.marks.service import codes_of_roll
from plumbline.rebuild import service
from plumbline.rebuild.compare import Difference
from plumbline.rebuild.service import Report
from plumbline.settings import Settings
from plumbline.steps import lots
from tests.support.cast import Cast
from tests.support.evidence import claim, send
from tests.support.works import add_task, decide, photo, pour, receive_lot, recorded, verify


def checked(engine: Engine, settings: Settings) -> Report:
    return service.check(engine, settings, lambda _: None)


def part(quantity: str) -> dict[str, str]:
    return {"lot": str(uuid7()), "quantity": quantity}


def worked(cast: Cast, settings: Settings) -> UUID:
    """Everything that can happen to rows: a correction, parts of lots, a return, refusals, waits, a removal.

    Returns the lot that was received.
    """
    task = add_task(cast)
    lot = receive_lot(cast.storekeeper, "20")
    cast.foreman.feed()  # What happens to the lot from here on the foreman does not know.
    split, issued = part("5"), part("4")
    cast.storekeeper.did("lot:split", lot, {"parts": [split]})
    cast.storekeeper.did("lot:issue", lot, {**issued, "crew": str(cast.crew)})
    cast.storekeeper.did("lot:return", issued["lot"], {**part("1"), "place": str(cast.place)})
    cast.storekeeper.did("lot:scrap", lot, {"quantity": "0.5", "reason": "洒了 spilt"})
    _, first_act = recorded(cast.foreman, task, (lot, "2"))
    cast.foreman.did("step:record", uuid7(), pour(task, (lot, "1.5")), supersedes=first_act)
    refused = cast.foreman.do("step:record", uuid7(), pour(uuid7(), (lot, "1")))
    assert refused["problem"]["type"] == "/problems/task-unknown"
    cast.project_manager.did("quarantine:answer", refused["id"], {"decision": "dismissed", "note": "没有这个部位"})
    _waited(cast, settings, task, lot)
    cast.project_manager.did("lot:stop", lot, {"reason": "试块不合格"})
    overdrawn = cast.foreman.do("step:record", uuid7(), pour(task, (lot, "10")))
    assert overdrawn["flags"] == ["lot-stopped-unseen", "overdrawn"], overdrawn
    cast.foreman.did("defect:raise", uuid7(), defect(task, lot))
    _labelled(cast, task, lot)
    _made(cast)
    leaver = cast.crew_member.person_id
    cast.administrator.did("member:remove", leaver, {"person": str(leaver), "reason": "离场 left"})
    return lot


def _waited(cast: Cast, settings: Settings, task: UUID, lot: UUID) -> None:
    """A record whose photo comes later and is then approved; one that waits for ever; an import that waited."""
    picture = photo(b"a wall")
    step, _ = recorded(cast.foreman, task, (lot, "1"), files=[picture])
    later = cast.foreman.act("step:record", uuid7(), pour(task, (lot, "0.25")))
    waiting = cast.foreman.act("step:record", uuid7(), pour(task, (lot, "0.5")), depends_on=[uuid7()])
    assert [r["verdict"] for r in cast.foreman.send(waiting, later)] == ["deferred", "applied"]
    verify(cast, settings, picture)
    cast.project_manager.did("approval:decide", uuid7(), decide(step))
    table = "code,name\n9F,九层\n9F-W1,九层1号墙\n".encode()
    file = claim(table, "text/csv", "import", "document")
    result = cast.project_manager.do("task:import", uuid7(), {"file": file["sha256"], "count": 2}, files=[file])
    assert result["verdict"] == "deferred"
    send(cast.project_manager, table, "text/csv")


def _made(cast: Cast) -> None:
    """Lots of lots: a mix fed twice, an assembly made and taken apart, units, a part that arrives short."""
    batches = [receive_lot(cast.storekeeper, "9") for _ in range(3)]
    mix, element, core, travels = (uuid7() for _ in range(4))

    def some(*lots: UUID) -> list[dict[str, str]]:
        return [{"lot": str(lot), "quantity": "1.5", "unit": "m3"} for lot in lots]

    cast.storekeeper.did("lot:mix", mix, {"inputs": some(batches[0], batches[1])})
    cast.storekeeper.did("lot:mix", mix, {"inputs": some(batches[0], batches[2])})
    cast.storekeeper.did("lot:merge", uuid7(), {"inputs": some(mix, batches[0])})
    body = {"material": "precast_element_cn", "quantity": "3", "unit": "pcs", "inputs": some(mix)}
    cast.foreman.did("assembly:make", element, {**body, "operator": str(cast.foreman.person_id)})
    cast.storekeeper.did("unit:number", element, {"units": [{"lot": str(uuid7()), "serial_no": "S-1"}]})
    parts = [{"lot": str(core), "of": str(mix), "quantity": "0.5"}]
    cast.foreman.did("assembly:take_apart", element, {"quantity": "1", "reason": "裂 cracked", "parts": parts})
    cast.foreman.did(
        "unit:work", element, {"station": "养护", "parameters": [{"name": "温度", "value": "60", "unit": "℃"}]}
    )
    cast.storekeeper.did(
        "lot:dispatch", batches[2], {"to": str(cast.place), "lot": str(travels), "quantity": "2", "vehicle": "沪A1"}
    )
    cast.storekeeper.did("lot:arrive", travels, {"quantity": "1.75"})
    cast.storekeeper.did("lot:count", batches[1], {"quantity": "8"})
    cast.storekeeper.did("lot:transfer_out", batches[1], {"quantity": "1", "to": "二标段", "kind": "project"})


def _labelled(cast: Cast, task: UUID, lot: UUID) -> None:
    """A roll of blank labels, one of them bound; a heat number known by what is stamped on the steel."""
    roll, seed = uuid7(), "5a" * 32
    cast.project_manager.did("roll:reserve", roll, {"count": 12, "seed": seed})
    cast.project_manager.did("roll:print", roll, {"first": 1, "last": 6})
    cast.storekeeper.did("label:bind", task, {"kind": "task", "code": codes_of_roll(seed, 1, 2)[1]})
    mark = {"kind": "code128", "text": "H 123", "value": "H123", "thing_kind": "lot", "thing": str(lot)}
    cast.storekeeper.did("mark:bind", stamped := uuid7(), mark)
    cast.storekeeper.did("mark:release", stamped, {"reason": "看错了"})


def defect(task: UUID, lot: UUID) -> dict[str, Any]:
    return {"task": str(task), "title": "蜂窝 honeycomb", "severity": "major", "lots": [str(lot)]}


def test_drawing_all_rows_again_from_the_acts_differs_in_nothing(
    cast: Cast, engine: Engine, settings: Settings
) -> None:
    worked(cast, settings)

    report = checked(engine, settings)

    assert report.is_same, report.lines()
    assert report.acts == len(numbers(engine))
    same = {t.table: t.same for t in report.tables}
    for table in (
        "lot",
        "lot_movement",
        "trace_edge",
        "step",
        "step_lot",
        "change",
        "file",
        "decision",
        "defect",
        "lot_input",
        "station_event",
    ):
        assert same[table] > 0, table
    assert same["task"] == 3


def numbers(engine: Engine) -> list[int | None]:
    with db.reading(engine) as session:
        return list(session.exec(select(ActRow.number).where(ActRow.verdict == "applied")))


def test_altered_deleted_and_extra_rows_are_found_and_named(cast: Cast, engine: Engine, settings: Settings) -> None:
    lot, other = worked(cast, settings), uuid7()
    by_hand(engine, "UPDATE lot SET heat_no = 'H-1' WHERE id = :lot", lot=lot)
    by_hand(engine, "DELETE FROM defect_lot WHERE lot_id = :lot", lot=lot)
    by_hand(
        engine,
        "INSERT INTO trace_node SELECT :other, project_id, kind FROM trace_node WHERE id = :lot",
        lot=lot,
        other=other,
    )

    report = checked(engine, settings)

    found = {t.table: t for t in report.tables if t.differences}
    assert not report.is_same
    assert {name: (t.different, t.missing, t.extra) for name, t in found.items()} == {
        "defect_lot": (0, 1, 0),
        "lot": (1, 0, 0),
        "trace_node": (0, 0, 1),
    }
    altered, deleted, extra = (found[name].first for name in ("lot", "defect_lot", "trace_node"))
    assert altered == Difference("lot", {"id": lot}, "heat_no", "H-1", None)
    assert deleted is not None
    assert (deleted.key["lot_id"], deleted.stored) == (lot, None)
    assert extra is not None
    assert (extra.key, extra.drawn) == ({"id": other}, None)
    assert report.first == deleted
    assert "table defect_lot" in report.lines()[-2]


def by_hand(engine: Engine, statement: str, **ids: UUID) -> None:
    """Change the database as nobody may."""
    values = {name: id.hex if engine.dialect.name == "sqlite" else id for name, id in ids.items()}
    with Session(engine) as session, session.begin():
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        assert session.execute(text(statement), used).rowcount  # type: ignore[attr-defined]


def test_an_altered_act_stops_the_drawing_and_is_named(cast: Cast, engine: Engine, settings: Settings) -> None:
    lot = receive_lot(cast.storekeeper, "20")
    with db.writing(engine) as session:
        row = session.exec(select(ActRow).where(ActRow.object_id == lot)).one()
        row.payload = row.payload.replace(b'"20"', b'"90"')
        session.add(row)

    report = checked(engine, settings)

    assert not report.is_same
    assert report.stopped is not None
    assert str(row.id) in report.stopped


def test_an_act_that_was_taken_out_is_missed(cast: Cast, engine: Engine, settings: Settings) -> None:
    lot = receive_lot(cast.storekeeper)
    receive_lot(cast.storekeeper)
    by_hand(engine, "DELETE FROM act WHERE object_id = :lot", lot=lot)

    report = checked(engine, settings)

    assert "has no act with number" in str(report.stopped)


def test_rows_can_be_put_right_from_the_acts(cast: Cast, engine: Engine, settings: Settings) -> None:
    lot = worked(cast, settings)
    before = cast.foreman.feed(limit=5000)
    by_hand(engine, "UPDATE lot SET grade = 'C99' WHERE id = :lot", lot=lot)
    by_hand(engine, "DELETE FROM lot_movement WHERE lot_id = :lot", lot=lot)

    report = service.redraw(engine, settings, lambda _: None)

    assert {t.table for t in report.tables if t.differences} == {"lot", "lot_movement"}
    assert checked(engine, settings).is_same
    assert cast.foreman.feed(limit=5000) == before
    cast.storekeeper.did("lot:move", lot, {"place": str(cast.place)})
    assert checked(engine, settings).is_same


def test_nothing_is_put_in_place_when_the_acts_cannot_be_drawn_to_their_end(
    cast: Cast, engine: Engine, settings: Settings
) -> None:
    lot = worked(cast, settings)
    by_hand(engine, "UPDATE lot SET grade = 'C99' WHERE id = :lot", lot=lot)
    by_hand(engine, "DELETE FROM act WHERE object_id = :task AND number IS NOT NULL", task=task_of(engine))

    report = service.redraw(engine, settings, lambda _: None)

    assert report.stopped is not None
    assert cast.foreman.row("lot", lot)["grade"] == "C99"  # type: ignore[index]


def task_of(engine: Engine) -> UUID:
    with db.reading(engine) as session:
        return session.exec(select(ActRow.object_id).where(ActRow.type == "task:add")).one()


def test_what_many_people_write_at_once_is_drawn_the_same(cast: Cast, engine: Engine, settings: Settings) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper, "900")

    def papers() -> None:
        for _ in range(5):
            attach(cast, lot)

    def steps() -> None:
        for _ in range(5):
            recorded(cast.foreman, task, (lot, "0.5"))

    def parts() -> None:
        for _ in range(5):
            cast.project_manager.did("lot:split", lot, {"parts": [part("1")]})

    with ThreadPoolExecutor(3) as people:
        for done in [people.submit(work) for work in (papers, parts, steps)]:
            done.result()
    told = changes(engine)
    compact(engine, cast.project_id, 0)  # What the feed need not tell any more is no difference.
    assert changes(engine) < told

    report = checked(engine, settings)
    assert report.is_same, report.lines()
    assert next(t.same for t in report.tables if t.table == "change") == changes(engine)


def changes(engine: Engine) -> int:
    with db.reading(engine) as session:
        return session.exec(select(func.count()).select_from(Change)).one()


def attach(cast: Cast, lot: UUID) -> None:
    """A mill certificate of a lot."""
    body = {"kind": "mill_certificate", "number": "1", "heats": [], "lots": [str(lot)]}
    paper = photo(b"paper", "certificate:mill", "document")
    cast.storekeeper.did("certificate:attach", uuid7(), body, files=[paper])


def test_a_paper_that_comes_while_a_step_counts_papers_is_drawn_as_it_was_counted(
    cast: Cast, engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step uses a part of the lot whose certificate comes just after it has counted, and before it is stored."""
    task, lot, issued = add_task(cast), receive_lot(cast.storekeeper), part("4")
    cast.storekeeper.did("lot:split", lot, {"parts": [issued]})
    count, is_attached = lots.count_certificates, threading.Event()

    def attach_meanwhile() -> None:
        attach(cast, lot)
        is_attached.set()

    other = threading.Thread(target=attach_meanwhile)

    def counted(*asked: Any) -> int:
        found = count(*asked)
        if other.ident is None:
            other.start()
            is_attached.wait(0.7)  # Never when the lots are locked, as they are.
        return found

    monkeypatch.setattr(lots, "count_certificates", counted)
    body = pour(task, (UUID(issued["lot"]), "1")) | {
        "kind": "material_receiving.documents",
        "definition": {"key": "material_receiving", "version": 1},
    }
    cast.foreman.did("step:record", step := uuid7(), body)
    other.join()

    missing = (cast.foreman.row("step", step) or {})["missing"]
    assert [m["have"] for m in missing if m["kind"] == "certificate"] == [0]
    report = checked(engine, settings)
    assert report.is_same, report.lines()


def test_acts_of_one_batch_by_several_phones_are_drawn_as_they_saw_each_other(
    cast: Cast, engine: Engine, settings: Settings
) -> None:
    """The stop and the use came in one transaction: the use could not know, whatever position its phone claims."""
    task, lot = add_task(cast), receive_lot(cast.storekeeper)
    stop = cast.project_manager.act("lot:stop", lot, {"reason": "x"})
    use = cast.foreman.act("step:record", uuid7(), pour(task, (lot, "1")), seen=10_000)

    results = cast.project_manager.send(stop, use)

    assert [r["verdict"] for r in results] == ["applied", "applied"], results
    assert results[1]["flags"] == ["lot-stopped-unseen"]
    assert checked(engine, settings).is_same
