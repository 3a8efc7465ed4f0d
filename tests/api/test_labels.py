"""QR labels over HTTP."""

import io
from uuid import uuid4

from PIL import Image
from uuid_utils.compat import uuid7

from plumbline.codes import make_code
from tests.api.test_receive_lot import receipt
from tests.support.cast import Cast
from tests.support.labels import bare, codes_on


def test_a_printed_lot_label_leads_to_its_code(cast: Cast) -> None:
    lot, body = uuid7(), receipt(cast)
    cast.storekeeper.did("lot:receive", lot, body)
    answer = cast.storekeeper.get(cast.storekeeper.at(f"/labels/lot/{lot}.png"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    (link,) = codes_on(Image.open(io.BytesIO(answer.content)))
    assert link.endswith(f"/q/{body['qr']}")
    small = cast.storekeeper.get(f"/api/codes/{bare(link)}").json()
    assert (small["kind"], small["id"]) == ("lot", str(lot))


def test_labels_of_tasks_places_and_equipment(cast: Cast) -> None:
    task, place, equipment = uuid7(), uuid7(), uuid7()
    manager = cast.project_manager
    manager.did("task:add", task, {"code": "T1", "name": "一号楼", "level": "unit", "qr": make_code()})
    manager.did("place:add", place, {"name": "钢筋堆场", "kind": "yard", "qr": make_code()})
    machine = {"code": "TC-1", "name": "塔吊", "kind": "crane", "qr": make_code(), "calibration_due_on": "2027-01-01"}
    manager.did("equipment:add", equipment, machine)
    for kind, id in (("task", task), ("place", place), ("equipment", equipment)):
        answer = manager.get(manager.at(f"/labels/{kind}/{id}.png?size=50x30"))
        assert answer.status_code == 200, answer.text
        assert Image.open(io.BytesIO(answer.content)).size == (591, 354)


def test_a_label_without_a_code_or_with_an_odd_size_is_refused(cast: Cast) -> None:
    task = uuid7()
    cast.project_manager.did("task:add", task, {"code": "T1", "name": "一号楼", "level": "unit"})
    at = cast.project_manager.at(f"/labels/task/{task}.png")
    assert cast.project_manager.get(at).json()["type"] == "/problems/no-code-yet"
    assert cast.project_manager.get(f"{at}?size=huge").json()["type"] == "/problems/label-size-unknown"


def test_strangers_and_unknown_things_find_no_label(cast: Cast) -> None:
    lot = uuid7()
    cast.storekeeper.did("lot:receive", lot, receipt(cast))
    assert cast.stranger.get(cast.storekeeper.at(f"/labels/lot/{lot}.png")).status_code == 404
    for path in (f"/labels/lot/{uuid4()}.png", f"/labels/step/{lot}.png", "/labels/lot/x.png"):
        assert cast.storekeeper.get(cast.storekeeper.at(path)).status_code == 404
