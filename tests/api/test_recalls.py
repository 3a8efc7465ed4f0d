"""A recall: stopped at once, every quantity an item with its reason, closed only when all is accounted for."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from plumbline import jobs
from plumbline.rebuild import service as rebuild
from plumbline.recalls import freezing
from plumbline.settings import Settings
from plumbline.storage.service import open_store
from tests.support.cast import Cast
from tests.support.recalls import items_of, opened, settle, spread
from tests.support.works import add_task, photo, pour, receive_lot


def slug(result: dict[str, Any]) -> str:
    assert result["verdict"] == "refused", result
    return str(result["problem"]["type"]).removeprefix("/problems/")


def test_opening_a_recall_stops_the_lot_and_all_that_came_of_it(cast: Cast) -> None:
    lot, part, wall = spread(cast)
    recall = opened(cast.quality, lot)

    rows = [cast.foreman.row("lot", id) for id in (lot, part)]
    assert [(r["status"], r["recall_id"]) for r in rows if r] == [("stopped", str(recall))] * 2
    assert rows[0] is not None
    assert rows[0]["status_reason"]["zh"] == "RC-0001: 28 d 强度不合格"
    assert cast.foreman.refusal("step:record", uuid7(), pour(wall, (part, "1"))) == "lot-stopped"
    found = items_of(cast.foreman, recall)
    assert [(i["kind"], i["lot_id"], i["quantity"], i["via_kind"], i["via_id"]) for i in found] == [
        ("stock", str(lot), "6", "lot", None),
        ("stock", str(part), "1.5", "issue", str(lot)),
        ("used", str(part), "2.5", "issue", str(lot)),
    ]
    assert found[2]["task_id"] == str(wall)
    row = cast.foreman.row("recall", recall)
    assert row is not None
    assert (row["code"], row["status"], row["is_whole"], row["lots_stopped"]) == ("RC-0001", "open", True, 2)
    assert [(b["received"], b["accounted"], b["open"], b["open_items"]) for b in row["balance"]] == [
        ("10", "0", "10", 3)
    ]


def test_a_recall_closes_when_every_quantity_is_accounted_for_and_lots_go_where_it_was_decided(cast: Cast) -> None:
    lot, part, _ = spread(cast)
    cast.quality.did("lot:release", lot, {})
    recall = opened(cast.quality, lot)
    stock, held, built = items_of(cast.foreman, recall)
    refused = cast.project_manager.do("recall:close", recall, {})
    assert slug(refused) == "recall-balance-open"
    assert "10 m3" in refused["problem"]["detail"]
    assert "Rebar crew 1" in refused["problem"]["detail"]
    assert slug(cast.quality.do("recall:close", recall, {})) == "not-allowed"

    assert settle(cast.storekeeper, stock, "quarantined", quantity="4")["verdict"] == "applied"
    assert settle(cast.storekeeper, stock, "returned", note="退回搅拌站")["verdict"] == "applied"
    assert settle(cast.foreman, held, "removed")["verdict"] == "applied"
    assert slug(settle(cast.foreman, built, "accepted")) == "recall-designer-needed"
    letter = photo(b"letter", role="assessment", capture="document")
    assert settle(cast.foreman, built, "accepted", files=[letter])["verdict"] == "applied"
    cast.project_manager.did("recall:close", recall, {"note": "done"})

    row, rest = cast.foreman.row("lot", lot), cast.foreman.row("lot", part)
    assert row is not None
    assert rest is not None
    assert (row["status"], row["on_hand"], row["recall_id"]) == ("quarantined", "4", None)
    assert (rest["status"], rest["on_hand"]) == ("exhausted", "0")
    assert slug(settle(cast.foreman, built, "removed")) == "recall-closed"
    assert cast.project_manager.refusal("recall:close", recall, {}) == "recall-closed"


def test_a_named_difference_closes_an_open_balance_and_keeps_what_is_missing_stopped(cast: Cast) -> None:
    lot, part, _ = spread(cast)
    recall = opened(cast.quality, lot)
    stock, _held, built = items_of(cast.foreman, recall)
    for item in (stock, built):
        assert settle(cast.foreman, item, "in_stock")["verdict"] == "applied"
    cast.project_manager.did("recall:close", recall, {"difference": "1.5 m3 已倒掉，没有记录"})

    row = cast.foreman.row("recall", recall)
    assert row is not None
    assert (row["status"], row["balance"][0]["open"]) == ("closed", "1.5")
    assert [r["status"] for id in (lot, part) if (r := cast.foreman.row("lot", id))] == ["received", "stopped"]


def test_a_late_use_from_an_offline_phone_is_accepted_flagged_and_joins_the_recall(cast: Cast) -> None:
    lot, part, wall = spread(cast)
    cast.foreman.feed()
    late = cast.foreman.act("step:record", uuid7(), pour(wall, (part, "1")))
    recall = opened(cast.quality, lot)

    (result,) = cast.foreman.send(late)

    assert (result["verdict"], result["flags"]) == ("applied", ["lot-stopped-unseen"])
    found = items_of(cast.quality, recall)
    assert sorted((i["kind"], i["quantity"], i["is_late"]) for i in found) == [
        ("stock", "0.5", False),
        ("stock", "6", False),
        ("used", "1", True),
        ("used", "2.5", False),
    ]
    row = cast.quality.row("recall", recall)
    assert row is not None
    assert row["balance"][0]["open"] == "10"


def test_what_moves_after_the_stop_stays_in_the_balance(cast: Cast) -> None:
    lot, part, _ = spread(cast)
    recall = opened(cast.quality, lot)
    back, half = uuid7(), uuid7()
    cast.storekeeper.did("lot:return", part, {"lot": str(back), "quantity": "1.5", "place": str(cast.place)})
    cast.storekeeper.did("lot:split", lot, {"parts": [{"lot": str(half), "quantity": "2"}]})
    cast.storekeeper.did("lot:scrap", lot, {"quantity": "1", "reason": "倒掉"})

    row = cast.quality.row("recall", recall)
    assert row is not None
    assert [(b["received"], b["accounted"], b["open"]) for b in row["balance"]] == [("10", "1", "9")]
    assert sum(Decimal(i["quantity"]) for i in items_of(cast.quality, recall)) == Decimal(10)
    rows = [cast.quality.row("lot", id) for id in (back, half)]
    assert [(r["status"], r["recall_id"]) for r in rows if r] == [("stopped", str(recall))] * 2


def test_a_recalled_lot_is_not_recalled_again_and_changes_status_by_its_recall_alone(cast: Cast) -> None:
    lot, part, _ = spread(cast)
    recall = opened(cast.quality, lot)
    body = {"kind": "lot", "things": [str(part)], "reason": "again"}
    refused = cast.supervisor.do("recall:open", uuid7(), body)
    assert slug(refused) == "lot-already-recalled"
    assert refused["problem"]["recall"] == "RC-0001"
    assert cast.quality.refusal("recall:open", recall, body) == "recall-exists"
    for act in ("lot:release", "lot:hold", "lot:stop"):
        assert cast.quality.refusal(act, lot, {"reason": "x"}) == "lot-under-recall"
    other, _, _ = spread(cast)
    second = uuid7()
    heat = {"kind": "heat", "heat": "H-1", "reason": "同炉号", "manufacturer": None}
    cast.supervisor.did("recall:open", second, heat)  # What RC-0001 holds stays there, the rest of the heat joins.
    assert {(cast.quality.row("lot", id) or {})["recall_id"] for id in (lot, other)} == {str(recall), str(second)}


def test_of_two_who_decide_the_same_item_the_second_is_told_who_was_first(cast: Cast) -> None:
    lot, _, _ = spread(cast)
    recall = opened(cast.quality, lot)
    stock = items_of(cast.foreman, recall)[0]
    first = settle(cast.storekeeper, stock, "quarantined")
    second = settle(cast.supervisor, stock, "removed")
    assert slug(second) == "recall-item-decided"
    assert "Shanghai Construction No. 1" in second["problem"]["detail"]
    assert "quarantined" in second["problem"]["detail"]
    over = settle(cast.foreman, items_of(cast.foreman, recall)[1], "removed", quantity="99")
    assert slug(over) == "recall-quantity-too-much"
    again = {"item": stock["id"], "disposition": "removed"}
    cast.supervisor.did("recall:dispose", uuid7(), again, supersedes=first["id"])
    row = cast.foreman.row("recall_item", stock["id"])
    assert row is not None
    assert [d["disposition"] for d in row["dispositions"]] == ["removed"]
    assert slug(cast.quality.do("recall:dispose", uuid7(), again, supersedes=first["id"])) == "recall-item-unknown"


def test_what_is_not_of_the_project_cannot_be_recalled(cast: Cast) -> None:
    theirs = receive_lot(cast.stranger)
    refusal = cast.quality.refusal
    body = {"kind": "lot", "things": [str(theirs)], "reason": "x"}
    assert refusal("recall:open", uuid7(), body) == "recall-thing-unknown"
    for kind in ("lot", "supplier", "certificate", "equipment", "crew", "heat", "period"):
        assert refusal("recall:open", uuid7(), {"kind": kind, "reason": "x"}) == "recall-thing-unknown", kind
    assert refusal("recall:open", uuid7(), {"kind": "heat", "heat": "nowhere", "reason": "x"}) == "recall-nothing-found"
    assert refusal("recall:open", uuid7(), {**body, "reason": ""}) == "body-malformed"
    assert refusal("recall:acknowledge", uuid7(), {}) == "recall-unknown"
    assert refusal("recall:dispose", uuid7(), {"item": str(uuid7()), "disposition": "removed"}) == "recall-item-unknown"
    lot, _, _ = spread(cast)
    recall = opened(cast.quality, lot)
    assert cast.stranger.get(f"/api/projects/{cast.project_id}/recalls/{recall}/people").status_code == 404
    assert cast.stranger.refusal("recall:close", recall, {}) == "recall-unknown"


def test_a_recall_is_on_whatever_stands_behind_the_material(cast: Cast) -> None:
    lot, part, wall = spread(cast)
    other = receive_lot(cast.storekeeper, "3", heat_no="H-2")
    paper, machine = uuid7(), uuid7()
    body = {"kind": "mill_certificate", "number": "C-1", "lots": [str(lot)]}
    cast.storekeeper.did("certificate:attach", paper, body, files=[photo(b"paper", role="certificate")])
    cast.foreman.did("equipment:add", machine, {"code": "P-1", "name": "泵", "kind": "pump"})
    cast.foreman.did("step:record", uuid7(), pour(wall, crew=str(cast.crew), equipment=[str(machine)]))
    both, every = {str(lot), str(part)}, {str(lot), str(part), str(other)}
    bases: list[tuple[dict[str, Any], set[str]]] = [
        ({"kind": "supplier", "things": [str(cast.supplier)]}, both),
        ({"kind": "certificate", "things": [str(paper)]}, both),
        ({"kind": "heat", "heat": "H-1"}, both),
        ({"kind": "period", "since": "2020-01-01", "until": "2030-01-01", "material": "concrete_readymix_cn"}, every),
        ({"kind": "crew", "things": [str(cast.crew)]}, set()),
        ({"kind": "equipment", "things": [str(machine)]}, set()),
    ]
    for about, lots in bases:
        preview = cast.quality.get(cast.quality.at("/recalls/preview"), params=about)
        assert preview.status_code == 200, preview.text
        assert preview.json()["narrow"]["lots"] == len(lots)
        cast.quality.did("recall:open", recall := uuid7(), {**about, "reason": "查出问题", "drill": True})
        found = items_of(cast.quality, recall)
        assert {i["lot_id"] for i in found if i["lot_id"]} == lots, about
        if not lots:
            assert [(i["kind"], i["unit"], i["task_id"]) for i in found] == [("work", "places", str(wall))]


def test_a_drill_stops_nobody_and_is_accounted_for_all_the_same(cast: Cast) -> None:
    lot, part, wall = spread(cast)
    recall = opened(cast.quality, lot, drill=True)
    rows = [cast.foreman.row("lot", id) for id in (lot, part)]
    assert [(r["status"], r["recall_id"]) for r in rows if r] == [("received", None)] * 2
    cast.foreman.did("step:record", uuid7(), pour(wall, (part, "0.5")))
    for item in items_of(cast.foreman, recall):
        assert settle(cast.foreman, item, "in_stock")["verdict"] == "applied"
    cast.project_manager.did("recall:close", recall, {})
    row = cast.foreman.row("recall", recall)
    assert row is not None
    assert (row["is_drill"], row["status"], row["lots_stopped"], row["balance"][0]["open"]) == (True, "closed", 2, "0")
    assert row["closed_at"] >= row["opened_at"]


def test_a_failed_test_under_recall_and_its_end_leave_the_lot_as_the_test_left_it(cast: Cast) -> None:
    lot, _, _ = spread(cast)
    failed = {"lot": str(lot), "kind": "strength_28d", "result": "fail", "report_no": "28-7"}
    cast.quality.did("test:record", test := uuid7(), failed)
    recall = opened(cast.quality, lot, test=str(test))
    for item in items_of(cast.foreman, recall):
        assert settle(cast.foreman, item, "in_stock")["verdict"] == "applied"
    cast.project_manager.did("recall:close", recall, {})
    row = cast.foreman.row("lot", lot)
    assert row is not None
    assert (row["status"], row["status_reason"]["en"]) == ("stopped", "28-day strength failed, report 28-7")


def test_people_say_that_they_know_and_silent_phones_are_listed(cast: Cast) -> None:
    lot, _, _ = spread(cast)
    recall = opened(cast.quality, lot)
    cast.crew_member.did("recall:acknowledge", recall, {})
    cast.crew_member.did("recall:acknowledge", recall, {})
    answer = cast.project_manager.get(cast.project_manager.at(f"/recalls/{recall}/people"))
    people = {p["person_id"]: p for p in answer.json()["people"]}
    crew, keeper = people[str(cast.crew_member.person_id)], people[str(cast.storekeeper.person_id)]
    assert (crew["is_holder"], len(crew["devices"])) == (True, 1)
    assert crew["devices"][0]["acknowledged_at"] == crew["acknowledged_at"] is not None
    assert (keeper["acknowledged_at"], keeper["is_holder"]) == (None, False)
    assert keeper["devices"][0]["last_contact_at"] is not None
    assert cast.crew_member.get(cast.project_manager.at(f"/recalls/{recall}/people")).status_code == 403
    row = cast.foreman.row("recall", recall)
    assert row is not None
    assert [a["person_id"] for a in row["acknowledged"]] == [str(cast.crew_member.person_id)]


def test_the_same_heat_in_another_project_is_told_to_members_of_both(cast: Cast) -> None:
    lot, _, _ = spread(cast, manufacturer="宝钢")
    theirs = receive_lot(cast.stranger, "7", heat_no="H-1", manufacturer="宝钢")
    receive_lot(cast.stranger, "7", heat_no="H-1", manufacturer="沙钢")
    recall = opened(cast.quality, lot)
    path = cast.quality.at(f"/recalls/{recall}/elsewhere")
    assert cast.project_manager.get(path).json()["lots"] == []
    who = {"person": str(cast.project_manager.person_id), "organization": str(uuid7()), "roles": ["project_manager"]}
    organization = {"name": "总包", "kind": "contractor"}
    cast.stranger.did("organization:add", who["organization"], organization)
    cast.stranger.did("member:admit", cast.project_manager.person_id, who)
    (found,) = cast.project_manager.get(path).json()["lots"]
    assert (found["lot_id"], found["heat_no"], found["on_hand"]) == (str(theirs), "H-1", "7")


def test_the_report_is_a_pdf_in_the_reader_s_language(cast: Cast) -> None:
    lot, _, _ = spread(cast)
    recall = opened(cast.quality, lot)
    settle(cast.storekeeper, items_of(cast.foreman, recall)[0], "quarantined")
    cast.project_manager.did("recall:close", recall, {"difference": "演示 shown"})
    sizes = set()
    for cast.project_manager.language in ("zh", "en"):
        answer = cast.project_manager.get(cast.project_manager.at(f"/recalls/{recall}/report"))
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF-")
        sizes.add(len(answer.content))
    assert len(sizes) == 2
    assert min(sizes) > 4000


def test_a_large_scope_stops_at_once_and_is_frozen_in_parts(
    cast: Cast, engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "AT_ONCE", 5)
    monkeypatch.setattr(freezing, "PART", 3)
    lot = receive_lot(cast.storekeeper, "10", supplier=str(cast.supplier))
    parts = [{"lot": str(uuid7()), "quantity": "1"} for _ in range(7)]
    cast.storekeeper.did("lot:split", lot, {"parts": parts})
    wall = add_task(cast)
    cast.foreman.did("step:record", uuid7(), pour(wall, (lot, "0.5")))
    recall = opened(cast.quality, lot)

    row = cast.quality.row("recall", recall)
    assert row is not None
    assert (row["is_whole"], row["lots_stopped"]) == (False, 8)
    assert (cast.quality.row("lot", parts[6]["lot"]) or {})["status"] == "stopped"
    assert cast.project_manager.refusal("recall:close", recall, {}) == "recall-not-whole"
    jobs.run_pending(jobs.Context(engine, settings, open_store(settings)))

    row = cast.quality.row("recall", recall)
    assert row is not None
    assert row["is_whole"]
    found = items_of(cast.quality, recall)
    assert sum(Decimal(i["quantity"]) for i in found) == Decimal(10)
    assert len(found) == 9
    assert rebuild.check(engine, settings, lambda _: None).is_same


def test_a_preview_by_an_empty_word_is_refused_and_strangers_learn_nothing_of_it(cast: Cast) -> None:
    empty = {"kind": "heat", "heat": "", "manufacturer": "x"}

    answer = cast.quality.get(cast.quality.at("/recalls/preview"), params=empty)
    strange = cast.stranger.get(f"/api/projects/{cast.project_id}/recalls/preview", params=empty)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed")
    assert strange.status_code == 404
