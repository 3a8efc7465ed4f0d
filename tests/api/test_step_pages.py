"""The full record of a step and the page of an element."""

from uuid_utils.compat import uuid7

from tests.support.cast import Cast
from tests.support.works import HERE, add_task, decide, photo, pour, receive_lot, recorded


def test_the_record_of_a_step_shows_the_approver_everything_and_the_acts_behind_it(cast: Cast) -> None:
    tower = add_task(cast, "TOWER")
    task, lot, scale = add_task(cast, parent=str(tower)), receive_lot(cast.storekeeper, heat_no=None), uuid7()
    machine = {"code": "SL-1", "name": "坍落度筒", "kind": "slump_cone", "calibration_due_on": "2026-01-01"}
    cast.project_manager.did("equipment:add", scale, machine)
    people = [str(cast.crew_member.person_id)]
    body = pour(task, (lot, "8"), crew=str(cast.crew), people=people, equipment=[str(scale)])
    step = uuid7()
    act = cast.foreman.did("step:record", step, body, where=HERE, files=[photo(), photo(b"2", "photo:e2", "gallery")])
    record = cast.project_manager.get(cast.foreman.at(f"/steps/{step}")).json()
    assert record["step"] == cast.foreman.row("step", step)
    assert record["kind_names"]["en"] == "Concrete pour: Delivery check, every truck"
    assert [node["code"] for node in record["path"]] == ["TOWER", "8F-W3"]
    assert record["recorded_by"]["name"] == "施工员 李伟"
    assert [p["name"] for p in record["people"]] == ["钢筋工 张强"]
    assert record["crew"]["name_en"] == "Rebar crew 1"
    assert [(m["code"], m["is_calibration_expired"]) for m in record["equipment"]] == [("SL-1", True)]
    assert [(use["code"], use["quantity"], use["unit"]) for use in record["lots"]] == [("C-0001", "8", "m3")]
    assert record["captures"] == {"camera": 1, "gallery": 1}
    assert record["sketch"]["fix"] == HERE
    assert len(record["sketch"]["site"]) == 4
    assert (record["is_own"], record["superseded_by"], record["is_clock_off"]) == (False, None, False)
    behind = record["acts"][0]
    assert (behind["id"], behind["number"], behind["signature_holds"]) == (act["id"], act["number"], True)
    assert (behind["signed_by"], behind["device_label"]) == ("device", "test phone")
    assert len(behind["payload_sha256"]) == 64


def test_the_record_tells_who_decided_and_what_took_its_place(cast: Cast) -> None:
    task = add_task(cast)
    old, act = recorded(cast.foreman, task)
    cast.project_manager.did("approval:decide", uuid7(), decide(old, "reject", "no slump"))
    new, _ = recorded(cast.foreman, task, supersedes=act)
    record = cast.foreman.get(cast.foreman.at(f"/steps/{old}")).json()
    assert [p["name"] for p in record["deciders"]] == ["项目经理 王建国"]
    assert record["superseded_by"] == str(new)
    assert record["is_own"] is True
    assert [a["type"] for a in record["acts"]] == ["step:record", "approval:decide", "step:record"]


def test_strangers_and_wrong_projects_find_no_record(cast: Cast) -> None:
    step, _ = recorded(cast.foreman, add_task(cast))
    assert cast.stranger.get(cast.foreman.at(f"/steps/{step}")).status_code == 404
    assert cast.stranger.get(cast.stranger.at(f"/steps/{step}")).json()["type"] == "/problems/step-not-found"
    assert cast.stranger.get(cast.foreman.at(f"/tasks/{uuid7()}/record")).status_code == 404
    assert cast.foreman.get(cast.foreman.at(f"/tasks/{uuid7()}/record")).json()["type"] == "/problems/task-unknown"


def test_the_element_page_orders_the_steps_by_time_under_six_headings(cast: Cast) -> None:
    task, lot = add_task(cast), receive_lot(cast.storekeeper)
    certificate, test = uuid7(), uuid7()
    attached = {"kind": "mill", "number": "QC-17", "lots": [str(lot)]}
    cast.storekeeper.did("certificate:attach", certificate, attached, files=[photo(b"paper", "certificate")])
    cast.quality.did("test:record", test, {"lot": str(lot), "kind": "strength_28d", "result": "pending"})
    part = uuid7()
    issued = {"lot": str(part), "quantity": "5", "crew": str(cast.crew)}
    cast.storekeeper.did("lot:issue", lot, issued)
    late, early = uuid7(), uuid7()
    said = {"environment": {"air_temp": "12"}, "answers": {"concrete_temp": "21"}, "method": "泵送"}
    cast.foreman.did("step:record", late, pour(task, (part, "2"), started_at="2026-11-20T09:00:00Z", **said))
    cast.foreman.did("step:record", early, pour(task, (part, "1.5"), started_at="2026-11-20T08:00:00Z"))
    cast.foreman.did("defect:raise", uuid7(), {"task": str(task), "title": "crack", "severity": "minor"})
    page = cast.inspector.get(cast.foreman.at(f"/tasks/{task}/record")).json()
    assert [step["id"] for step in page["steps"]] == [str(early), str(late)]
    headings = page["headings"]
    assert [e["step_id"] for e in headings["people"]] == [str(early), str(late)]
    assert [e["what"]["quantity"] for e in headings["material"]] == ["1.5", "2"]
    assert [e["what"] for e in headings["method"]] == [{"method": "泵送"}]
    assert [e["what"] for e in headings["environment"]] == [{"air_temp": "12"}]
    measured = headings["measurement"][0]["what"]
    assert measured["fields"]["concrete_temp"]["unit"] == "°C"
    assert measured["judgements"][0]["verdict"] == "pass"
    assert [(use["lot_id"], use["quantity"]) for use in page["lots"]] == [(str(part), "3.5")]
    assert [c["id"] for c in page["certificates"]] == [str(certificate)]
    assert [t["id"] for t in page["tests"]] == [str(test)]
    assert [d["code"] for d in page["defects"]] == ["D-0001"]
    assert {p["name"] for p in page["people"]} == {"施工员 李伟"}
    assert page["row"]["steps_total"] == 2
