"""The page behind a label for everybody, and faults reported through it."""

import base64
import hashlib
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from plumbline import codes
from plumbline.grants import log
from plumbline.public import routes
from plumbline.settings import Settings
from tests.support.cast import Cast
from tests.support.evidence import claim, send
from tests.support.photos import jpeg
from tests.support.works import add_task, decide, photo, receive_lot, recorded


@pytest.fixture
def labels(cast: Cast) -> dict[str, str]:
    """A wall and the concrete in it, each with a label; the lot has a paper and a result."""
    wall_qr, lot_qr = codes.make_code(), codes.make_code()
    wall = add_task(cast, qr=wall_qr)
    lot = receive_lot(cast.storekeeper, qr=lot_qr, supplier=str(cast.supplier), batch_no="B-9")
    step, _ = recorded(cast.foreman, wall, (lot, "2"))
    cast.project_manager.did("approval:decide", uuid7(), decide(step))
    rejected, _ = recorded(cast.foreman, wall, (lot, "1"))
    cast.project_manager.did("approval:decide", uuid7(), decide(rejected, "reject", "again"))
    paper = {"kind": "mill_certificate", "number": "C-77", "lots": [str(lot)]}
    cast.storekeeper.did("certificate:attach", uuid7(), paper, files=[photo(b"paper", role="certificate")])
    cast.quality.did("test:record", uuid7(), {"lot": str(lot), "kind": "cube", "result": "pass"})
    return {"wall": wall_qr, "lot": lot_qr, "wall_id": str(wall), "lot_id": str(lot)}


def publish(cast: Cast, is_open: bool = True, takes_faults: bool = True) -> None:
    cast.project_manager.did("project:publish", cast.project_id, {"is_open": is_open, "takes_faults": takes_faults})


def seen(cast: Cast, code: str) -> Any:
    return cast.client.get(f"/api/public/{code}", headers={"Accept-Language": "en"})


def report(cast: Cast, code: str, **more: Any) -> Any:
    return cast.client.post(f"/api/public/{code}/faults", json={"note": "crack beside the door", **more})


def test_a_strangers_scan_says_nothing_until_the_project_allows_it(cast: Cast, labels: dict[str, str]) -> None:
    unknown = seen(cast, codes.make_code()).json()

    for code in (labels["wall"], labels["lot"], "nonsense"):
        answer = seen(cast, code)
        assert (answer.status_code, answer.json()) == (404, unknown)
        assert report(cast, code).status_code == 404
    publish(cast)
    assert seen(cast, labels["wall"]).status_code == 200
    publish(cast, is_open=False)
    assert (seen(cast, labels["wall"]).status_code, report(cast, labels["wall"]).status_code) == (404, 404)


def test_the_page_of_an_element_says_what_it_is_and_what_proves_it(cast: Cast, labels: dict[str, str]) -> None:
    publish(cast)

    page = seen(cast, labels["wall"]).json()

    assert (page["kind"], page["name"], page["takes_faults"]) == ("task", "8F-W3 八层3号墙", True)
    assert [s["status"] for s in page["steps"]] == ["approved"]
    assert [m["batch_no"] for m in page["materials"]] == ["B-9"]
    assert [c["number"] for c in page["certificates"]] == ["C-77"]
    assert [t["result"] for t in page["tests"]] == ["pass"]


def test_the_page_of_a_lot_names_nobody(cast: Cast, labels: dict[str, str]) -> None:
    publish(cast)

    answer = seen(cast, labels["lot"])

    assert answer.json()["material"]["status"] == "received"
    people = [cast.foreman, cast.project_manager, cast.storekeeper, cast.quality]
    for text in (answer.text, seen(cast, labels["wall"]).text):
        assert not [who for who in people if str(who.person_id) in text]
        for name in ("王建国", "李伟", "陈静", "刘洋", "Rebar crew", "钢筋一班", "Baoshan"):
            assert name not in text


def test_each_view_is_a_line_that_the_office_reads_and_names_no_address(cast: Cast, labels: dict[str, str]) -> None:
    publish(cast)
    for code in (labels["wall"], labels["wall"], labels["lot"], codes.make_code()):
        seen(cast, code)
    publish(cast, is_open=False)
    seen(cast, labels["wall"])  # Shows nothing, so it is no view.
    manager = cast.project_manager
    path = manager.at("/public-page/views")

    lines = manager.get(path).json()
    of_wall = manager.get(path, params={"object_id": labels["wall_id"], "limit": 1}).json()
    older = manager.get(path, params={"before": lines[1]["id"]}).json()

    things = [(line["what"], line["object_id"], line["object_code"]) for line in lines]
    wall, lot = ("task", labels["wall_id"], "8F-W3"), ("lot", labels["lot_id"], things[0][2])
    assert things == [lot, wall, wall]
    assert lot[2]
    assert (of_wall, older) == (lines[1:2], lines[2:])
    assert {(line["address"] in ("", "127.0.0.0/24"), line["path"]) for line in lines} == {(True, "/api/public")}
    assert lines[0]["at"] >= lines[1]["at"] >= lines[2]["at"]
    assert manager.get(manager.at("/grants")).json() == []
    assert (cast.foreman.get(path).status_code, cast.stranger.get(path).status_code) == (403, 404)


def test_a_view_that_cannot_be_logged_is_not_answered(
    cast: Cast, labels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(cast)

    def fails(*_: object) -> None:
        raise RuntimeError("no room for the line")

    monkeypatch.setattr(log, "add_page", fails)

    answer = seen(cast, labels["wall"])
    assert (answer.status_code, "8F-W3" in answer.text) == (500, False)


def test_a_sender_may_look_at_so_many_pages_and_what_is_over_it_is_no_view(
    cast: Cast, labels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "VIEWS", 2)
    publish(cast)

    assert [seen(cast, labels["wall"]).status_code for _ in range(3)] == [200, 200, 429]
    assert len(cast.project_manager.get(cast.project_manager.at("/public-page/views")).json()) == 2


def test_places_machines_and_blank_labels_have_no_page(cast: Cast) -> None:
    publish(cast)
    place, machine = codes.make_code(), codes.make_code()
    cast.foreman.did("place:add", uuid7(), {"name": "库", "kind": "store", "qr": place})
    cast.foreman.did("equipment:add", uuid7(), {"code": "P-1", "name": "pump", "kind": "pump", "qr": machine})

    assert [seen(cast, code).status_code for code in (place, machine)] == [404, 404]


def test_a_reported_fault_is_an_open_defect_that_nobody_has_looked_at(cast: Cast, labels: dict[str, str]) -> None:
    publish(cast)
    picture = jpeg(64, 48)

    answer = report(cast, labels["wall"], photo=base64.b64encode(picture).decode())

    assert answer.status_code == 201, answer.text
    rows = [c["row"] for c in cast.quality.feed(limit=5000)["changes"] if c["kind"] == "defect"]
    assert [(r["code"], r["title"], r["status"], r["is_public"], r["task_id"]) for r in rows] == [
        (answer.json()["code"], "crack beside the door", "open", True, labels["wall_id"])
    ]
    file = rows[0]["files"][0]
    assert (file["sha256"], file["status"]) == (hashlib.sha256(picture).hexdigest(), "verified")
    act = cast.project_manager.get(cast.project_manager.at(f"/acts/{rows[0]['act_id']}")).json()
    assert act["flags"] == ["public"]
    cast.quality.did("defect:confirm", rows[0]["id"], {"requirement": "GB 50204-2015 8.2.1"})


def test_a_fault_at_a_lot_lands_where_the_lot_was_used_last(cast: Cast, labels: dict[str, str]) -> None:
    publish(cast)

    assert report(cast, labels["lot"], note="  white  \nsalt").status_code == 201

    row = next(c["row"] for c in cast.quality.feed(limit=5000)["changes"] if c["kind"] == "defect")
    assert (row["task_id"], row["lot_ids"], row["title"]) == (labels["wall_id"], [labels["lot_id"]], "white")


def test_reports_may_be_closed_while_pages_are_open(cast: Cast, labels: dict[str, str]) -> None:
    publish(cast, takes_faults=False)

    assert seen(cast, labels["wall"]).json()["takes_faults"] is False
    assert report(cast, labels["wall"]).json()["type"] == "/problems/faults-not-taken"


def test_what_is_no_photo_is_refused_and_nothing_is_kept(cast: Cast, labels: dict[str, str]) -> None:
    publish(cast)

    for bad in (base64.b64encode(b"GIF89a no photo").decode(), "not base64!", base64.b64encode(b"%PDF-1.7").decode()):
        assert report(cast, labels["wall"], photo=bad).json()["type"] == "/problems/fault-photo-wrong"
    assert not [c for c in cast.quality.feed(limit=5000)["changes"] if c["kind"] == "defect"]


def test_a_report_needs_a_note_of_sensible_length(cast: Cast, labels: dict[str, str]) -> None:
    publish(cast)
    assert [report(cast, labels["wall"], note=note).status_code for note in ("", "ab", "x" * 1001)] == [422] * 3


def test_one_sender_cannot_flood_a_project(cast: Cast, labels: dict[str, str]) -> None:
    publish(cast)

    answers = [report(cast, labels["wall"]) for _ in range(6)]

    assert [a.status_code for a in answers] == [201] * 5 + [429]
    assert int(answers[5].headers["retry-after"]) > 0
    defects = [c for c in cast.quality.feed(limit=5000)["changes"] if c["kind"] == "defect"]
    assert len(defects) == 5


def test_a_sender_who_guesses_codes_is_made_to_wait(cast: Cast, labels: dict[str, str]) -> None:
    publish(cast)
    for _ in range(50):
        assert seen(cast, codes.make_code()).status_code == 404

    assert seen(cast, labels["wall"]).status_code == 429


def test_only_the_project_publishes_itself_and_faults_come_from_the_house(cast: Cast, labels: dict[str, str]) -> None:
    body = {"is_open": True, "takes_faults": True}
    assert cast.foreman.refusal("project:publish", cast.project_id, body) == "not-allowed"
    assert cast.project_manager.refusal("project:publish", uuid7(), body) == "publish-object-not-project"
    fault = {"task": labels["wall_id"], "note": "crack"}
    assert cast.project_manager.refusal("fault:report", uuid7(), fault) == "not-allowed"
    setting = cast.project_manager.get(cast.project_manager.at("/public-page")).json()
    assert setting == {"is_open": False, "takes_faults": False}


def test_a_photo_that_the_project_has_already_is_not_kept_twice(
    cast: Cast, labels: dict[str, str], settings: Settings
) -> None:
    publish(cast)
    picture = jpeg(64, 48)
    send(cast.foreman, picture)
    recorded(cast.foreman, UUID(labels["wall_id"]), files=[claim(picture)])

    assert report(cast, labels["wall"], photo=base64.b64encode(picture).decode()).status_code == 201
