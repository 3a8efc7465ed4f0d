"""Rows are a picture drawn from the acts: drawn again they are the same, and whatever is not is found and named."""

import re
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
from plumbline.acts.registry import ACTS
from plumbline.rebuild import replay, service
from plumbline.rebuild.compare import Difference
from plumbline.rebuild.service import Report
from plumbline.settings import Settings
from plumbline.steps import lots
from tests.support.cast import Cast
from tests.support.happened import defect, everything, part
from tests.support.works import add_task, photo, pour, receive_lot, recorded

# Projected tables that no act fills yet → why. Every other one must have rows, or comparing it says nothing.
WITHOUT_ROWS = {"definition": "no act publishes a project's own versions yet; the shipped ones have no rows"}


def checked(engine: Engine, settings: Settings) -> Report:
    return service.check(engine, settings, lambda _: None)


def built(cast: Cast) -> UUID:
    """A lot of which something is in a wall, and a defect there; returns the lot."""
    task, lot = add_task(cast), receive_lot(cast.storekeeper, "20")
    cast.storekeeper.did("lot:split", lot, {"parts": [part("5")]})
    recorded(cast.foreman, task, (lot, "2"))
    cast.foreman.did("defect:raise", uuid7(), defect(task, lot))
    return lot


def test_drawing_all_rows_again_from_the_acts_differs_in_nothing(
    cast: Cast, engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything(cast, settings)
    said: list[str] = []
    monkeypatch.setattr(service, "SECONDS_BETWEEN_LINES", 0)
    monkeypatch.setattr(replay, "PAGE", 50)

    report = service.check(engine, settings, said.append)

    assert report.is_same, report.lines()
    assert report.acts == len(numbers(engine))
    lines = [re.fullmatch(rf"(\d+) of {report.acts} acts, \d+ a second, (\d+) s left", line) for line in said]
    done = [int(line[1]) for line in lines if line]
    assert len(done) == len(said) > 2, said
    assert (done, done[-1]) == (sorted(set(done)), report.acts)
    assert used(engine) == set(ACTS), "let the new act happen in tests/support/happened.py"
    empty = {t.table for t in report.tables if not t.same}
    assert empty == set(WITHOUT_ROWS), "compared with nothing: let something happen in tests/support/happened.py"


def used(engine: Engine) -> set[str]:
    with db.reading(engine) as session:
        return set(session.exec(select(ActRow.type).where(ActRow.verdict == "applied").distinct()))


def numbers(engine: Engine) -> list[int | None]:
    with db.reading(engine) as session:
        return list(session.exec(select(ActRow.number).where(ActRow.verdict == "applied")))


def test_altered_deleted_and_extra_rows_are_found_and_named(cast: Cast, engine: Engine, settings: Settings) -> None:
    lot, other = built(cast), uuid7()
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
    lot = built(cast)
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
    lot = built(cast)
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
