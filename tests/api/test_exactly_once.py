"""Each act happens once and has one verdict, whoever sends it, how often, and at the same time."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.acts.models import ActRow, ActWait, KeptAct
from plumbline.projects.models import Place
from tests.support.cast import Actor, Cast
from tests.support.device import Envelope
from tests.support.evidence import claim
from tests.support.evidence import send as upload
from tests.support.works import add_task, pour, receive_lot

PLACE = {"name": "二号料场", "kind": "yard"}
RACERS = 8
T = TypeVar("T")


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Run all of them in threads of their own, begun at the same moment."""
    gate = Barrier(len(calls))

    def one(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [running.result() for running in [pool.submit(one, call) for call in calls]]


def place(by: Actor, **more: Any) -> Envelope:
    return by.act("place:add", uuid7(), PLACE, **more)


def id_of(envelope: Envelope) -> str:
    return str(json.loads(base64.b64decode(envelope["payload"]))["id"])


def count(cast: Cast, table: Any, *where: Any) -> int:
    with Session(cast.engine) as session:
        return session.exec(select(func.count()).select_from(table).where(*where)).one()


def verdicts(by: Actor, *envelopes: Envelope) -> list[str]:
    return [result["verdict"] for result in by.send(*envelopes)]


def test_eight_racers_with_the_same_bytes_get_the_one_verdict(cast: Cast) -> None:
    good, bad = place(cast.foreman), cast.foreman.act("place:add", uuid7(), {"name": ""})
    answers = at_once(*[lambda: cast.foreman.send(good, bad)] * RACERS)
    assert all(answer == answers[0] for answer in answers)
    assert [result["verdict"] for result in answers[0]] == ["applied", "refused"]
    assert count(cast, ActRow, col(ActRow.id).in_([UUID(id_of(good)), UUID(id_of(bad))])) == 2


def test_a_hundred_acts_sent_eight_times_at_once_happen_once_each(
    cast: Cast, record_property: Callable[[str, object], None]
) -> None:
    envelopes = [place(cast.foreman) for _ in range(100)]
    batches = [envelopes[at : at + 25] for at in range(0, 100, 25)]
    before = count(cast, ActRow)

    def send(n: int) -> dict[str, tuple[str, int]]:
        order = batches if n % 2 else [batch[::-1] for batch in batches[::-1]]
        results = [result for batch in order for result in cast.foreman.send(*batch)]
        return {result["id"]: (result["verdict"], result["number"]) for result in results}

    answers = at_once(*[lambda n=n: send(n) for n in range(RACERS)])
    assert all(answer == answers[0] for answer in answers)
    assert {verdict for verdict, _ in answers[0].values()} == {"applied"}
    numbers = sorted(number for _, number in answers[0].values())
    assert numbers == list(range(numbers[0], numbers[0] + 100))
    rows, distinct = count(cast, ActRow) - before, len({frozenset(answer.items()) for answer in answers})
    said = f"{rows} rows, {distinct} answer each"
    record_property(f"100 acts × {RACERS} at once, {cast.engine.dialect.name}", said)
    assert (rows, count(cast, Place) - 1) == (100, 100)


def test_racers_with_one_id_and_other_bytes_leave_one_act_and_all_bytes(cast: Cast) -> None:
    id = uuid7()
    envelopes = [cast.foreman.act("place:add", uuid7(), PLACE | {"name": f"料场 {n}"}, id=id) for n in range(RACERS)]
    answers = at_once(*[lambda e=e: cast.foreman.send(e)[0] for e in envelopes])
    slugs = sorted((a["problem"] or {"type": "-"})["type"] for a in answers)
    assert slugs == ["-", *["/problems/id-taken"] * (RACERS - 1)]
    with Session(cast.engine) as session:
        kept = session.exec(select(KeptAct.payload).where(KeptAct.claimed_id == id)).all()
        stored = session.exec(select(ActRow.payload).where(ActRow.id == id)).one()
    assert sorted([*kept, stored]) == sorted(base64.b64decode(e["payload"]) for e in envelopes)


def test_the_verdict_of_a_repeat_is_the_present_one(cast: Cast) -> None:
    first = place(cast.foreman)
    later = place(cast.foreman, depends_on=[id_of(first)])
    assert verdicts(cast.foreman, later) == ["deferred"]
    assert cast.foreman.send(later)[0]["waits_for"] == [f"act:{id_of(first)}"]
    assert verdicts(cast.foreman, first) == ["applied"]
    repeated = cast.foreman.send(later)[0]
    assert (repeated["verdict"], repeated["waits_for"]) == ("applied", [])


# --- Other systems: the server composes and signs ---


def system(cast: Cast) -> tuple[dict[str, str], str]:
    key = cast.administrator.post(cast.administrator.at("/api-keys"), {"label": "ERP"}).json()["key"]
    return {"Authorization": f"Bearer {key}"}, f"/api/projects/{cast.project_id}/acts/place:add"


def test_eight_racers_of_another_system_get_the_one_verdict(cast: Cast) -> None:
    headers, url = system(cast)
    for _ in range(3):
        wish = {"id": str(uuid7()), "object": str(uuid7()), "body": PLACE}
        answers = at_once(*[lambda w=wish: cast.client.post(url, json=w, headers=headers).json()] * RACERS)
        assert all(answer == answers[0] for answer in answers)
        assert answers[0]["verdict"] == "applied", answers[0]
        assert count(cast, ActRow, ActRow.id == UUID(wish["id"])) == 1
    assert count(cast, KeptAct) == 0


def test_another_wish_under_the_same_id_is_refused_and_kept(cast: Cast) -> None:
    headers, url = system(cast)
    wish = {"id": str(uuid7()), "object": str(uuid7()), "body": PLACE, "at": "2026-11-22T08:00:00.000Z"}
    assert cast.client.post(url, json=wish, headers=headers).json()["verdict"] == "applied"
    for change in ({"body": PLACE | {"name": "三号"}}, {"object": str(uuid7())}, {"at": "2026-11-22T09:00:00.000Z"}):
        answer = cast.client.post(url, json=wish | change, headers=headers).json()
        assert answer["problem"]["type"] == "/problems/id-taken"
    assert count(cast, KeptAct, KeptAct.claimed_id == UUID(wish["id"])) == 3


# --- A project and its first acts ---


def opening(by: Actor, project: UUID, code: str) -> list[Envelope]:
    body = {
        "name": "新楼",
        "code": code,
        "time_zone": "Asia/Shanghai",
        "site": [["31.2300", "121.4700"], ["31.2300", "121.4720"], ["31.2315", "121.4720"]],
        "sample": False,
    }
    return [
        by.act("project:create", project, body, project=project),
        by.act("place:add", uuid7(), PLACE, project=project),
        by.act("task:add", uuid7(), {"code": "1F", "name": "一层", "level": "item"}, project=project),
    ]


def test_acts_may_come_in_the_batch_that_makes_their_project(cast: Cast) -> None:
    project = uuid7()
    results = cast.administrator.send(*opening(cast.administrator, project, "NEW-1"))
    assert [(r["verdict"], r["number"]) for r in results] == [("applied", 1), ("applied", 2), ("applied", 3)]


def test_what_came_with_a_project_that_could_not_be_made_is_refused(cast: Cast) -> None:
    results = cast.administrator.send(*opening(cast.administrator, uuid7(), "SH-TOWER"))
    types = [r["problem"]["type"] for r in results]
    assert types == ["/problems/project-exists", "/problems/not-found", "/problems/not-found"]


def test_nobody_writes_into_a_project_that_another_person_makes(cast: Cast) -> None:
    project = uuid7()
    made = opening(cast.administrator, project, "NEW-2")
    results = cast.administrator.send(made[0], cast.foreman.act("place:add", uuid7(), PLACE, project=project))
    assert results[0]["verdict"] == "applied"
    assert results[1]["problem"]["type"] == "/problems/not-found"


# --- Acts that wait apply by themselves ---


def test_a_chain_of_three_applies_in_whatever_order_it_comes(cast: Cast) -> None:
    for order in ([2, 1, 0], [1, 2, 0], [2, 0, 1], [0, 2, 1], [1, 0, 2], [0, 1, 2]):
        a = place(cast.foreman)
        b = place(cast.foreman, depends_on=[id_of(a)])
        c = place(cast.foreman, depends_on=[id_of(b), id_of(a)])
        chain = [a, b, c]
        for at in order:
            cast.foreman.send(chain[at])
        results = cast.foreman.send(*chain)
        assert [r["verdict"] for r in results] == ["applied"] * 3, order
        assert results[0]["number"] < results[1]["number"] < results[2]["number"]
    assert count(cast, ActWait) == 0


def test_a_chain_of_three_in_one_batch_backwards_applies_too(cast: Cast) -> None:
    a = place(cast.foreman)
    b = place(cast.foreman, depends_on=[id_of(a)])
    c = place(cast.foreman, depends_on=[id_of(b)])
    results = cast.foreman.send(c, b, a)
    assert [(r["verdict"], r["waits_for"]) for r in results] == [("applied", [])] * 3


def test_an_act_waits_for_one_of_another_device(cast: Cast) -> None:
    lot, task, step = uuid7(), add_task(cast), uuid7()
    body = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3"}
    receipt = cast.storekeeper.act("lot:receive", lot, body)
    result = cast.foreman.do("step:record", step, pour(task, (lot, "4")), depends_on=[id_of(receipt)])
    assert (result["verdict"], result["waits_for"]) == ("deferred", [f"act:{id_of(receipt)}"])
    assert verdicts(cast.storekeeper, receipt) == ["applied"]
    row = cast.foreman.row("lot", lot)
    assert row is not None
    assert (row["on_hand"], cast.foreman.row("step", step) is not None) == ("6", True)


ROWS = "code,parent_code,name,level\n8F,,八层,item\n8F-W1,8F,八层1号墙,element\n".encode()


def test_an_act_applies_when_its_file_and_its_act_are_there_in_either_order(cast: Cast) -> None:
    for is_file_first in (True, False):
        rows = ROWS.replace(b"8F", b"9F") if is_file_first else ROWS
        file = claim(rows, "text/csv", "import", "document")
        first = place(cast.foreman)
        body = {"file": file["sha256"], "count": 2}
        act = cast.project_manager.act("task:import", uuid7(), body, files=[file], depends_on=[id_of(first)])
        assert verdicts(cast.project_manager, act) == ["deferred"]
        arrivals = [lambda r=rows: upload(cast.project_manager, r, "text/csv"), lambda f=first: cast.foreman.send(f)]
        arrivals[0 if is_file_first else 1]()
        assert verdicts(cast.project_manager, act) == ["deferred"]
        arrivals[1 if is_file_first else 0]()
        assert verdicts(cast.project_manager, act) == ["applied"]
    assert count(cast, ActWait) == 0


def test_what_waits_for_an_act_that_is_refused_is_refused_and_says_so(cast: Cast) -> None:
    bad = cast.foreman.act("place:add", uuid7(), {"name": ""})
    child = place(cast.foreman, depends_on=[id_of(bad)])
    grandchild = place(cast.foreman, depends_on=[id_of(child)])
    assert verdicts(cast.foreman, grandchild, child) == ["deferred", "deferred"]
    assert verdicts(cast.foreman, bad) == ["refused"]
    for result in cast.foreman.send(child, grandchild):
        assert result["problem"]["type"] == "/problems/dependency-refused"
    assert count(cast, ActWait) == 0


def test_a_refused_act_refuses_what_builds_on_it_in_the_same_batch(cast: Cast) -> None:
    bad = cast.foreman.act("place:add", uuid7(), {"name": ""})
    child = place(cast.foreman, depends_on=[id_of(bad)])
    assert verdicts(cast.foreman, bad, child, place(cast.foreman)) == ["refused", "refused", "applied"]
    assert verdicts(cast.foreman, child, bad) == ["refused", "refused"]


# --- One batch reads ahead; what its acts do to each other counts all the same ---


def test_an_act_finds_what_an_earlier_one_of_its_batch_made(cast: Cast) -> None:
    task, lot, step = uuid7(), uuid7(), uuid7()
    keeper = cast.project_manager
    concrete = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3"}
    node = {"parent": None, "code": "9F-W1", "name": "九层1号墙", "name_en": None, "level": "element"}
    results = keeper.send(
        keeper.act("task:add", task, node),
        keeper.act("lot:receive", lot, concrete),
        keeper.act("step:record", step, pour(task, (lot, "4"))),
        keeper.act("step:record", step, pour(task, (lot, "4"))),
        keeper.act("step:record", uuid7(), pour(task, (lot, "7"))),
        keeper.act("step:record", uuid7(), pour(task, (lot, "6"))),
    )
    told = [(r["problem"] or {"type": r["verdict"]})["type"] for r in results]
    refused = ["/problems/step-exists", "/problems/balance-too-small"]
    assert told == ["applied", "applied", "applied", *refused, "applied"]
    row = keeper.row("lot", lot)
    assert row is not None
    assert row["on_hand"] == "0"


def test_a_batch_of_receipts_counts_its_codes_on(cast: Cast) -> None:
    receive_lot(cast.storekeeper)
    body = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3"}
    lots = [uuid7() for _ in range(5)]
    acts = [cast.storekeeper.act("lot:receive", lot, body) for lot in lots]
    assert set(verdicts(cast.storekeeper, *acts)) == {"applied"}
    last = receive_lot(cast.storekeeper)
    rows = [cast.storekeeper.row("lot", lot) for lot in (*lots, last)]
    assert [row and row["code"] for row in rows] == [f"C-000{n}" for n in range(2, 8)]
