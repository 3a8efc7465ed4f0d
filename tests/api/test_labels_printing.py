"""Labels of a selection over HTTP: sheets and printer jobs, with their limits."""

import io
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from httpx import Response
from uuid_utils.compat import uuid7

from plumbline.codes import make_code
from tests.api.test_receive_lot import receipt
from tests.support.cast import Actor, Cast
from tests.support.labels import codes_on
from tests.unit.test_labels_print import bitmap


def ask(actor: Actor, things: list[tuple[str, UUID]], **more: Any) -> Response:
    job = {"things": [{"kind": kind, "id": str(id)} for kind, id in things], **more}
    return actor.post(actor.at("/labels"), job)


def selection(cast: Cast) -> tuple[list[tuple[str, UUID]], list[str]]:
    lot, task, place, machine = uuid7(), uuid7(), uuid7(), uuid7()
    codes = [make_code() for _ in range(4)]
    manager = cast.project_manager
    manager.did("lot:receive", lot, {**receipt(cast), "qr": codes[0]})
    manager.did("task:add", task, {"code": "T1", "name": "一号楼", "level": "unit", "qr": codes[1]})
    manager.did("place:add", place, {"name": "钢筋堆场", "kind": "yard", "qr": codes[2]})
    manager.did("equipment:add", machine, {"code": "TC-1", "name": "塔吊", "kind": "crane", "qr": codes[3]})
    return [("lot", lot), ("task", task), ("place", place), ("equipment", machine)], codes


def test_a_selection_of_lots_tasks_places_and_equipment_is_one_sheet(cast: Cast) -> None:
    things, codes = selection(cast)
    answer = ask(cast.storekeeper, things, form="pdf", sheet="2x7", start=3)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert "attachment" in answer.headers["content-disposition"]
    (page,) = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    read = codes_on(page.render(scale=300 / 72).to_pil())
    assert {link.rsplit("/q/", 1)[1] for link in read} == set(codes)
    assert "钢筋堆场" in page.get_textpage().get_text_range()


def test_the_same_selection_goes_to_a_label_printer(cast: Cast) -> None:
    things, codes = selection(cast)
    answer = ask(cast.storekeeper, things, form="zpl", size="70x50", dpi=203)
    assert answer.status_code == 200, answer.text
    formats = [f"{one}^XZ" for one in answer.text.split("^XZ")[:-1]]
    read = [link for one in formats for link in codes_on(bitmap(one))]
    assert [link.rsplit("/q/", 1)[1] for link in read] == codes


@pytest.mark.parametrize(
    ("more", "slug"),
    [
        ({"sheet": "9x9"}, "sheet-unknown"),
        ({"form": "zpl", "size": "1x1"}, "label-size-unknown"),
        ({"form": "zpl", "dpi": 72}, "malformed"),
        ({"form": "exe"}, "malformed"),
        ({"start": 25}, "sheet-unknown"),
    ],
)
def test_paper_that_does_not_exist_is_refused(cast: Cast, more: dict[str, Any], slug: str) -> None:
    assert ask(cast.storekeeper, [("place", cast.place)], **more).json()["type"] == f"/problems/{slug}"


def test_nothing_and_too_many_labels_are_refused(cast: Cast) -> None:
    assert ask(cast.storekeeper, []).json()["type"] == "/problems/labels-too-many"
    many = ask(cast.storekeeper, [("lot", uuid4())] * 241)
    assert (many.status_code, many.json()["type"]) == (422, "/problems/labels-too-many")


def test_a_thing_without_a_label_is_named(cast: Cast) -> None:
    task = uuid7()
    cast.project_manager.did("task:add", task, {"code": "T-77", "name": "一号楼", "level": "unit"})
    problem = ask(cast.project_manager, [("task", task)]).json()
    assert problem["type"] == "/problems/no-code-yet"
    assert "T-77" in problem["detail"]


def test_strangers_print_nothing_of_a_project(cast: Cast) -> None:
    things, _ = selection(cast)
    assert cast.stranger.post(cast.storekeeper.at("/labels"), {"things": []}).status_code == 404
    assert ask(cast.stranger, things).json()["type"] == "/problems/not-found"
