"""From a defect to a nonconformance and to its end: facts, a person's decision, the other side, proof."""

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from tests.support.cast import Actor, Cast
from tests.support.recalls import spread
from tests.support.works import photo, pour

PROOF = [photo(b"put right", role="proof")]


def raised(by: Actor, task: UUID, **more: Any) -> UUID:
    defect = uuid7()
    by.did("defect:raise", defect, {"task": str(task), "title": "裂缝 crack", "severity": "major", **more})
    return defect


def confirmed(cast: Cast, task: UUID, **more: Any) -> UUID:
    defect = raised(cast.foreman, task, **more)
    cast.supervisor.did("defect:confirm", defect, {"requirement": "GB 50204-2015 8.2.1"})
    return defect


def planned(cast: Cast, defect: UUID, kind: str = "corrective") -> UUID:
    action = uuid7()
    owner = str(cast.foreman.person_id)
    body = {"defect": str(defect), "kind": kind, "what": "凿除重浇", "owner": owner, "due_on": "2026-12-20"}
    cast.supervisor.did("ncr:act", action, body)
    return action


def row(cast: Cast, defect: UUID) -> dict[str, Any]:
    found = cast.foreman.row("defect", defect)
    assert found is not None
    return found


def refused(result: dict[str, Any]) -> str:
    assert result["verdict"] == "refused", result
    return str(result["problem"]["type"]).removeprefix("/problems/")


def test_a_nonconformance_lives_from_the_crack_to_its_end(cast: Cast) -> None:
    _, _, wall = spread(cast)
    pin = {"x": "0.25", "y": "0.5", "file": "ab" * 32}
    defect = confirmed(cast, wall, kind="crack", pin=pin)
    assert (row(cast, defect)["status"], row(cast, defect)["ncr_code"], row(cast, defect)["pin"]) == (
        "confirmed",
        "NCR-0001",
        pin,
    )
    assert (cast.foreman.row("task", wall) or {})["defects_open"] == 1
    close = cast.supervisor.do("ncr:close", defect, {})
    assert refused(close) == "ncr-not-finished"
    assert "root cause" in close["problem"]["detail"]

    party = {"party": {"kind": "crew", "id": str(cast.crew)}, "reason": "振捣记录超差"}
    cast.supervisor.did("ncr:assign", defect, party)
    assert cast.inspector.refusal("ncr:answer", defect, {"agrees": False, "text": "no"}) == "ncr-not-the-party"
    cast.crew_member.did("ncr:answer", defect, {"agrees": True, "text": "振捣棒坏了"})
    cast.foreman.did(
        "ncr:cause", defect, {"whys": ["漏振", "振捣棒坏", "没有备用"], "factors": {"machine": ["振捣棒"]}}
    )
    action = planned(cast, defect)
    assert cast.storekeeper.refusal("ncr:done", action, {}) == "ncr-action-not-yours"
    assert cast.foreman.refusal("ncr:done", action, {}) == "ncr-proof-missing"
    cast.foreman.did("ncr:done", action, {"note": "已重浇"}, files=PROOF)
    assert cast.foreman.refusal("ncr:done", action, {}) == "ncr-action-decided"
    cast.supervisor.did("ncr:check", action, {"effective": False, "note": "还有蜂窝"})
    assert row(cast, defect)["actions"][0]["status"] == "open"
    cast.foreman.did("ncr:done", action, {}, files=PROOF)
    cast.supervisor.did("ncr:check", action, {"effective": True})
    cast.inspector.did("ncr:reinspect", defect, {"result": "fail"})
    assert cast.supervisor.refusal("ncr:close", defect, {}) == "ncr-not-finished"
    cast.inspector.did("ncr:reinspect", defect, {"result": "pass"})
    cast.supervisor.did("ncr:close", defect, {"note": "done"})

    found = row(cast, defect)
    assert (found["status"], found["party_kind"], found["reinspection"]) == ("closed", "crew", "pass")
    kinds = ["confirm", "assign", "answer", "cause", "reinspect", "reinspect", "close"]
    assert [e["kind"] for e in found["entries"]] == kinds
    assert [f["sha256"] for f in found["actions"][0]["proof"]] == [PROOF[0]["sha256"]]
    assert (cast.foreman.row("task", wall) or {})["defects_open"] == 0
    assert cast.supervisor.refusal("ncr:reinspect", defect, {"result": "pass"}) == "defect-decided"


def test_of_two_who_decide_at_once_the_first_wins_and_the_second_is_told(cast: Cast) -> None:
    _, _, wall = spread(cast)
    defect = raised(cast.foreman, wall)
    early = {"party": {"kind": "crew", "id": str(cast.crew)}, "reason": "x"}
    assert cast.supervisor.refusal("ncr:assign", defect, early) == "defect-not-confirmed"
    cast.supervisor.did("defect:confirm", defect, {})
    second = cast.quality.do("defect:dismiss", defect, {"reason": "正常收缩"})
    assert refused(second) == "defect-decided"
    assert "East China Supervision" in second["problem"]["detail"]
    first = cast.supervisor.did("ncr:assign", defect, early)
    supplier = {"party": {"kind": "organization", "id": str(cast.supplier)}, "reason": "强度不合格"}
    assert refused(cast.quality.do("ncr:assign", defect, supplier)) == "ncr-party-decided"
    cast.quality.did("ncr:assign", defect, supplier, supersedes=first["id"])
    assert row(cast, defect)["party_id"] == str(cast.supplier)
    unknown = {"party": {"kind": "crew", "id": str(uuid7())}, "reason": "x"}
    assert cast.quality.refusal("ncr:assign", defect, unknown) == "ncr-party-unknown"


def test_nobody_checks_or_closes_their_own_work(cast: Cast) -> None:
    _, _, wall = spread(cast)
    defect = confirmed(cast, wall)
    owner = str(cast.quality.person_id)
    body = {"defect": str(defect), "kind": "correction", "what": "修补", "owner": owner, "due_on": "2026-12-20"}
    cast.supervisor.did("ncr:act", action := uuid7(), body)
    nobody = {**body, "owner": str(uuid7())}
    assert cast.supervisor.refusal("ncr:act", uuid7(), nobody) == "ncr-owner-unknown"
    cast.quality.did("ncr:done", action, {}, files=PROOF)
    assert cast.quality.refusal("ncr:check", action, {"effective": True}) == "ncr-own-work"
    cast.supervisor.did("ncr:check", action, {"effective": True})
    cast.supervisor.did("ncr:assign", defect, {"party": {"kind": "crew", "id": str(cast.crew)}, "reason": "x"})
    cast.quality.did("ncr:cause", defect, {"whys": ["x"], "factors": {}})
    cast.supervisor.did("ncr:reinspect", defect, {"result": "pass"})
    assert cast.quality.refusal("ncr:close", defect, {}) == "ncr-own-work"
    cast.supervisor.did("ncr:close", defect, {})


def test_responsible_parties_are_proposed_by_the_trace_with_the_facts_beside_them(cast: Cast) -> None:
    lot, part, wall = spread(cast)
    step = uuid7()
    cast.foreman.did("step:record", step, pour(wall, (part, "0.5"), crew=str(cast.crew)))
    failed = {"lot": str(lot), "kind": "strength_28d", "result": "fail", "report_no": "28-7"}
    cast.quality.did("test:record", uuid7(), failed)
    defect = raised(cast.inspector, wall, lots=[str(part)])

    found = cast.foreman.get(cast.foreman.at(f"/defects/{defect}/parties")).json()["parties"]

    assert [(p["kind"], p["id"]) for p in found[:1]] == [("organization", str(cast.supplier))]
    facts = {f["en"] for f in found[0]["facts"]}
    assert any("28-day strength failed, report 28-7" in fact for fact in facts)
    crew = next(p for p in found if p["kind"] == "crew")
    assert str(step) in {f["id"] for f in crew["facts"]}
    assert cast.stranger.get(cast.foreman.at(f"/defects/{defect}/parties")).status_code == 404


def test_what_came_before_at_the_place_by_the_crew_or_of_the_supplier_is_found(cast: Cast) -> None:
    lot, part, wall = spread(cast)
    other_lot, other_part, other_wall = spread(cast)
    here = raised(cast.foreman, wall, kind="crack")
    elsewhere = raised(cast.foreman, other_wall, kind="crack", lots=[str(other_part)])
    other = raised(cast.foreman, wall, kind="honeycomb")
    again = raised(cast.foreman, wall, kind="crack", lots=[str(lot)])
    assert row(cast, here)["repeats"] == row(cast, other)["repeats"] == []
    assert row(cast, again)["repeats"] == [str(elsewhere), str(here)]
    del part, other_lot


def test_costs_are_summed_for_those_who_may_see_them_and_never_travel_in_the_feed(cast: Cast) -> None:
    _, _, wall = spread(cast)
    defect = confirmed(cast, wall)
    for amount, currency in (("1200.50", "CNY"), ("300", "CNY"), ("20", "EUR")):
        body = {"defect": str(defect), "what": "人工", "amount": amount, "currency": currency}
        cast.project_manager.did("ncr:cost", uuid7(), body)
    path = cast.foreman.at(f"/defects/{defect}/costs")
    answer = cast.project_manager.get(path).json()
    assert answer["sums"] == {"CNY": "1500.5", "EUR": "20"}
    assert len(answer["costs"]) == 3
    assert cast.foreman.get(path).status_code == 403
    assert "1200.5" not in str(cast.foreman.feed(limit=5000))
    assert cast.foreman.refusal("ncr:cost", uuid7(), {**body, "amount": "1"}) == "not-allowed"


def test_nonconformances_of_elsewhere_are_about_nothing(cast: Cast) -> None:
    _, _, wall = spread(cast)
    defect = confirmed(cast, wall)
    refusal = cast.stranger.refusal
    assert refusal("defect:confirm", defect, {}) == "defect-unknown"
    assert refusal("ncr:reinspect", defect, {"result": "pass"}) == "defect-unknown"
    assert refusal("ncr:done", planned(cast, defect), {}, files=PROOF) == "ncr-action-unknown"
    assert cast.stranger.get(cast.foreman.at(f"/defects/{defect}/costs")).status_code == 404
