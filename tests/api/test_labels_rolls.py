"""Rolls of blank labels: reserved and printed ahead, bound at the first scan, once."""

import io
import secrets
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
from uuid_utils.compat import uuid7

from plumbline.codes import make_code
from plumbline.marks.service import codes_of_roll
from tests.api.test_receive_lot import receipt
from tests.support.cast import Actor, Cast
from tests.support.labels import codes_on


def reserve(actor: Actor, count: int = 30) -> tuple[UUID, list[str]]:
    roll, seed = uuid7(), secrets.token_hex(32)
    actor.did("roll:reserve", roll, {"count": count, "seed": seed})
    return roll, codes_of_roll(seed, 1, count)


def receive(actor: Actor, cast: Cast, **more: Any) -> UUID:
    lot = uuid7()
    actor.did("lot:receive", lot, {**receipt(cast), **more})
    return lot


def test_a_roll_is_printed_with_running_numbers_and_codes_of_the_project(cast: Cast) -> None:
    roll, codes = reserve(cast.storekeeper)
    job = {"roll": str(roll), "first": 3, "last": 26, "form": "pdf", "sheet": "3x8"}
    answer = cast.storekeeper.post(cast.storekeeper.at("/labels"), job)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    page = pypdfium2.PdfDocument(io.BytesIO(answer.content))[0]
    found = codes_on(page.render(scale=300 / 72).to_pil())
    assert {link.rsplit("/q/", 1)[1] for link in found} == set(codes[2:26])
    text = page.get_textpage().get_text_range()
    assert "LR-0001-0003" in text
    assert "LR-0001-0026" in text


def test_a_blank_label_is_known_as_such_until_its_first_scan_binds_it(cast: Cast) -> None:
    roll, codes = reserve(cast.storekeeper)
    asked = cast.foreman.get(f"/api/codes/{codes[4]}").json()
    assert (asked["kind"], asked["id"]) == ("blank", str(roll))
    lot = receive(cast.storekeeper, cast, qr=codes[4])
    asked = cast.foreman.get(f"/api/codes/{codes[4]}").json()
    assert (asked["kind"], asked["id"]) == ("lot", str(lot))
    row = cast.storekeeper.row("roll", roll)
    assert row is not None
    assert (row["count"], row["bound"], row["printed_to"]) == (30, 1, 0)
    assert codes_of_roll(row["seed"], 5, 5) == [codes[4]]


def test_a_blank_label_goes_onto_things_that_are_there(cast: Cast) -> None:
    _, codes = reserve(cast.storekeeper)
    task, place, machine = uuid7(), uuid7(), uuid7()
    manager = cast.project_manager
    lot = receive(cast.storekeeper, cast)
    manager.did("task:add", task, {"code": "T1", "name": "一号楼", "level": "unit"})
    manager.did("place:add", place, {"name": "钢筋堆场", "kind": "yard"})
    manager.did("equipment:add", machine, {"code": "TC-1", "name": "塔吊", "kind": "crane", "qr": make_code()})
    things = {"lot": lot, "task": task, "place": place, "equipment": machine}
    for code, (kind, id) in zip(codes, things.items(), strict=False):
        manager.did("label:bind", id, {"kind": kind, "code": code})
        row = manager.row(kind, id)
        assert row is not None
        assert row["qr"] == code
        assert manager.get(f"/api/codes/{code}").json()["id"] == str(id)


def test_a_label_binds_once_and_the_second_is_refused_naming_what_it_is_on(cast: Cast) -> None:
    _, codes = reserve(cast.storekeeper)
    lot = receive(cast.storekeeper, cast, qr=codes[0])
    row = cast.storekeeper.row("lot", lot)
    assert row is not None
    second = cast.foreman.do("lot:receive", uuid7(), {**receipt(cast), "qr": codes[0]})
    assert second["verdict"] == "refused"
    problem = second["problem"]
    assert problem["type"] == "/problems/code-taken"
    assert problem["bound_id"] == str(lot)
    assert row["code"] in problem["detail"]
    kept = cast.project_manager.get(cast.project_manager.at("/acts?verdict=refused")).json()["acts"]
    assert second["id"] in [act["id"] for act in kept]


def test_who_bound_offline_before_the_roll_came_is_judged_the_same(cast: Cast) -> None:
    """The phone's act says nothing of rolls: it names a code, and the server knows whether it is free."""
    roll, codes = reserve(cast.storekeeper)
    receive(cast.foreman, cast, qr=codes[29])
    row = cast.foreman.row("roll", roll)
    assert row is not None
    assert row["bound"] == 1


def test_a_replaced_label_leaves_the_old_one_readable(cast: Cast) -> None:
    _, codes = reserve(cast.storekeeper)
    lot = receive(cast.storekeeper, cast, qr=codes[0])
    cast.storekeeper.did("label:bind", lot, {"kind": "lot", "code": codes[1]})
    for code in codes[:2]:
        assert cast.storekeeper.get(f"/api/codes/{code}").json()["id"] == str(lot)


def test_labels_of_one_project_are_nothing_in_another(cast: Cast) -> None:
    _, codes = reserve(cast.storekeeper)
    assert cast.stranger.get(f"/api/codes/{codes[0]}").json()["type"] == "/problems/code-unknown"
    task = uuid7()
    cast.stranger.did("task:add", task, {"code": "T1", "name": "他处", "level": "unit"})
    refused = cast.stranger.do("label:bind", task, {"kind": "task", "code": codes[0]})
    assert refused["problem"]["type"] == "/problems/code-taken"
    assert "bound_id" not in refused["problem"]


def test_the_codes_of_a_roll_are_reserved_once(cast: Cast) -> None:
    seed = secrets.token_hex(32)
    cast.storekeeper.did("roll:reserve", uuid7(), {"count": 3, "seed": seed})
    assert cast.storekeeper.refusal("roll:reserve", uuid7(), {"count": 5, "seed": seed}) == "roll-there"
    assert cast.stranger.refusal("roll:reserve", uuid7(), {"count": 1, "seed": seed}) == "roll-there"


def test_what_was_printed_is_counted(cast: Cast) -> None:
    roll, _ = reserve(cast.storekeeper)
    cast.storekeeper.did("roll:print", roll, {"first": 1, "last": 24})
    cast.storekeeper.did("roll:print", roll, {"first": 1, "last": 10})
    row = cast.storekeeper.row("roll", roll)
    assert row is not None
    assert row["printed_to"] == 24
    assert cast.storekeeper.refusal("roll:print", roll, {"first": 25, "last": 31}) == "roll-unknown"
    assert cast.storekeeper.refusal("roll:print", uuid4(), {"first": 1, "last": 1}) == "roll-unknown"


def test_a_label_needs_a_thing_of_this_project(cast: Cast) -> None:
    _, codes = reserve(cast.storekeeper)
    assert cast.storekeeper.refusal("label:bind", uuid7(), {"kind": "lot", "code": codes[0]}) == "thing-unknown"
    assert cast.storekeeper.refusal("label:bind", cast.place, {"kind": "lot", "code": codes[0]}) == "thing-unknown"


def test_two_thousand_labels_are_reserved_at_once(cast: Cast) -> None:
    roll, codes = reserve(cast.storekeeper, 2000)
    assert len(set(codes)) == 2000
    assert cast.storekeeper.get(f"/api/codes/{codes[-1]}").json()["id"] == str(roll)
    assert (
        cast.storekeeper.refusal("roll:reserve", uuid7(), {"count": 2001, "seed": secrets.token_hex(32)})
        == "body-malformed"
    )
