"""Everything that can happen to rows: each act type of the registry, applied at least once, with what goes wrong."""

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from plumbline.acts import house
from plumbline.evidence.acts import object_id
from plumbline.marks.service import codes_of_roll
from plumbline.settings import Settings
from tests.support.cast import Cast
from tests.support.evidence import claim, send, sha256_of
from tests.support.links import issue, scope_of
from tests.support.recalls import items_of, opened, settle, spread
from tests.support.works import add_task, decide, photo, pour, receive_lot, recorded, verify


def part(quantity: str) -> dict[str, str]:
    return {"lot": str(uuid7()), "quantity": quantity}


def _worked(cast: Cast, settings: Settings) -> None:
    """A correction, parts of lots, a return, refusals, waits, a removal."""
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


def everything(cast: Cast, settings: Settings) -> None:
    """Every act type at least once, by whom it is done on site."""
    _worked(cast, settings)
    cast.administrator.feed()
    _supplied(cast)
    _proved(cast)
    _shown(cast, settings)
    _corrected(cast)
    _recalled(cast, settings)
    _answered(cast)


def _supplied(cast: Cast) -> None:
    """Suppliers: suspended, approved again, one known under two names and one called otherwise elsewhere."""
    manager, twin = cast.project_manager, uuid7()
    cast.administrator.did("organization:add", twin, {"name": "宝钢", "kind": "supplier"})
    manager.did("supplier:suspend", cast.supplier, {"reason": "审核 audit"})
    manager.did("supplier:approve", cast.supplier, {})
    manager.did("supplier:merge", twin, {"into": str(cast.supplier)})
    manager.did("supplier:name", cast.supplier, {"name": "BAOSHAN STEEL", "system": "SAP"})


def _proved(cast: Cast) -> None:
    """A delivery announced and held till its paper and its test are there; a machine and a person at work."""
    lot, pump = uuid7(), uuid7()
    body = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "8", "unit": "m3"}
    cast.storekeeper.did("lot:announce", lot, body | {"supplier": str(cast.supplier)})
    cast.storekeeper.did("lot:receive", lot, body)
    cast.storekeeper.did("lot:move", lot, {"place": str(cast.place)})
    cast.quality.did("lot:hold", lot, {"reason": "待检"})
    paper = {"kind": "mill_certificate", "number": "C-77", "heats": ["H-9"], "lots": [str(lot)]}
    cast.storekeeper.did("certificate:attach", uuid7(), paper, files=[photo(b"a paper", role="certificate")])
    cast.quality.did("test:record", uuid7(), {"lot": str(lot), "kind": "cube", "result": "pass"})
    cast.quality.did("lot:release", lot, {})
    cast.project_manager.did("equipment:add", pump, {"code": "P-1", "name": "泵车", "kind": "pump"})
    with_whom = {"people": [str(cast.foreman.person_id)], "equipment": [str(pump)]}
    cast.foreman.did("step:record", uuid7(), pour(add_task(cast, "9F-W2"), (lot, "1"), **with_whom))


def _shown(cast: Cast, settings: Settings) -> None:
    """Links given and taken back, public pages and what came in by them, a file that nobody named."""
    manager, project, sha256 = cast.project_manager, cast.project_id, sha256_of(b"nobody names me")
    issue(manager, scope_of(cast, "project"))
    manager.did("grant:revoke", issue(manager, scope_of(cast, "project")), {"reason": "over"})
    manager.did("project:publish", project, {"is_open": True, "takes_faults": True})
    wall = add_task(cast, "9F-W3")
    file = {"sha256": sha256, "bytes": 15, "mime": "application/pdf"}
    for type, object, body in (
        ("fault:report", uuid7(), {"task": str(wall), "note": "门边有裂缝 crack"}),
        ("evidence:verified", object_id(project, sha256), file),
        ("evidence:forget", object_id(project, sha256), {"sha256": sha256}),
    ):
        result = house.post(cast.engine, settings, project, type, object, body)
        assert result.verdict == "applied", result


def _corrected(cast: Cast) -> None:
    """Defects: one that was none, one that became a nonconformance and was closed, one that stays open."""
    lot, _, wall = spread(cast)
    none, ncr, open_one, action = (uuid7() for _ in range(4))
    for raised in (none, ncr, open_one):
        pin = {"lat": "31.23", "lon": "121.47"}
        cast.foreman.did("defect:raise", raised, defect(wall, lot) | {"kind": "crack", "pin": pin})
    cast.quality.did("defect:dismiss", none, {"reason": "阴影 a shadow"})
    cast.supervisor.did("defect:confirm", ncr, {"requirement": "GB 50204-2015 8.2.1"})
    cast.supervisor.did("ncr:assign", ncr, {"party": {"kind": "crew", "id": str(cast.crew)}, "reason": "x"})
    cast.foreman.did("ncr:answer", ncr, {"agrees": False, "text": "不是我们"})
    cast.foreman.did("ncr:cause", ncr, {"whys": ["漏振"], "factors": {"machine": ["振捣棒"]}})
    plan = {"defect": str(ncr), "kind": "corrective", "what": "凿除重浇", "due_on": "2026-12-20"}
    cast.supervisor.did("ncr:act", action, plan | {"owner": str(cast.foreman.person_id)})
    cast.foreman.did("ncr:done", action, {"note": "y"}, files=[photo(b"put right", role="proof")])
    cast.supervisor.did("ncr:check", action, {"effective": True})
    cost = {"defect": str(ncr), "what": "人工", "amount": "5", "currency": "CNY"}
    cast.project_manager.did("ncr:cost", uuid7(), cost)
    cast.inspector.did("ncr:reinspect", ncr, {"result": "pass"})
    cast.supervisor.did("ncr:close", ncr, {})


def _recalled(cast: Cast, settings: Settings) -> None:
    """A recall with a late use, a decision and its correction, closed with a difference; a drill; one of a heat."""
    lot, issued, wall = spread(cast)
    cast.foreman.feed()
    late = cast.foreman.act("step:record", uuid7(), pour(wall, (issued, "1")))
    recall = opened(cast.quality, lot)
    cast.foreman.send(late)
    cast.storekeeper.did("lot:split", lot, {"parts": [part("2")]})
    first = settle(cast.storekeeper, items_of(cast.foreman, recall)[0], "returned")
    body = {"item": items_of(cast.foreman, recall)[0]["id"], "disposition": "removed", "quantity": "1"}
    cast.storekeeper.did("recall:dispose", uuid7(), body, supersedes=first["id"])
    cast.supervisor.did("recall:acknowledge", recall, {})
    scoped = house.post(cast.engine, settings, cast.project_id, "recall:scope", recall, {})
    assert scoped.verdict == "applied", scoped
    cast.project_manager.did("recall:close", recall, {"difference": "x"})
    opened(cast.quality, receive_lot(cast.storekeeper), drill=True)
    cast.quality.did("recall:open", uuid7(), {"kind": "heat", "heat": "H-1", "reason": "again"})


def _answered(cast: Cast) -> None:
    """Two refusals answered; one of the answers is taken back."""
    for _ in range(2):
        refused = cast.foreman.do("step:record", uuid7(), pour(uuid7()))
        cast.project_manager.did("quarantine:answer", refused["id"], {"decision": "asked", "note": "哪里?"})
    cast.project_manager.did("quarantine:reopen", refused["id"], {})
