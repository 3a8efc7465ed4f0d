"""Scorecards of suppliers and crews, and control charts, from acts sent through HTTP."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from plumbline.db import now
from plumbline.quality.exact import poisson_interval, wilson
from tests.support.cast import Cast
from tests.support.recalls import opened
from tests.support.works import add_task, decide, photo, pour, receive_lot


def day(days: int) -> str:
    return (now() + timedelta(days=days)).date().isoformat()


def cards(cast: Cast, of: str) -> dict[str, dict[str, Any]]:
    """Metrics of each card by name and key."""
    answer = cast.quality.get(cast.quality.at("/scorecards"), params={"of": of})
    assert answer.status_code == 200, answer.text
    return {card["id"]: {m["key"]: m for m in card["metrics"]} for card in answer.json()}


def behind(cast: Cast, of: str, id: UUID, metric: str) -> list[tuple[str, bool]]:
    """Records behind a number: (title, whether it counts against them)."""
    asked = {"of": of, "id": str(id), "metric": metric}
    found = cast.quality.get(cast.quality.at("/scorecards/records"), params=asked).json()
    assert found["count"] == len(found["facts"])
    return [(f["title"], f["is_against"]) for f in found["facts"]]


@pytest.fixture
def lots(cast: Cast) -> list[UUID]:
    """Four deliveries of one supplier: sound; without paper; held and released again; failed in the laboratory."""
    supplied = {"supplier": str(cast.supplier), "material": "rebar_ribbed_cn", "grade": "HRB400E", "unit": "t"}
    made = [receive_lot(cast.storekeeper, "50", **supplied) for _ in range(4)]
    papers = {"kind": "quality_certificate", "number": "C", "lots": [str(made[n]) for n in (0, 2, 3)]}
    cast.storekeeper.did("certificate:attach", uuid7(), papers, files=[photo(b"paper", role="certificate")])
    cast.quality.did("lot:hold", made[2], {"reason": "bent"})
    cast.quality.did("lot:release", made[2], {})
    cast.quality.did("test:record", uuid7(), {"lot": str(made[3]), "kind": "retest", "result": "fail"})
    return made


def test_a_suppliers_numbers_stand_beside_what_they_were_counted_from(cast: Cast, lots: list[UUID]) -> None:
    card = cards(cast, "supplier")[str(cast.supplier)]

    assert {key: (m["hits"], m["of"]) for key, m in card.items()} == {
        "first_pass": (2, "4"), "certificates": (3, "4"), "failed_per_1000_t": (1, "0.2"),
    }  # fmt: skip
    first = card["first_pass"]
    assert first["value"] == 0.5
    assert (first["low"], first["high"]) == pytest.approx(wilson(2, 4))
    failed = card["failed_per_1000_t"]
    low, high = poisson_interval(1)
    assert (failed["value"], failed["low"], failed["high"]) == pytest.approx((5.0, low / 0.2, high / 0.2))
    assert [(m["hits"], m["of"]) for m in first["months"]] == [(2, "4")]


def test_each_number_of_a_supplier_opens_its_records(cast: Cast, lots: list[UUID]) -> None:
    assert behind(cast, "supplier", cast.supplier, "first_pass") == [
        ("R-0003", True), ("R-0004", True), ("R-0001", False), ("R-0002", False),
    ]  # fmt: skip
    assert behind(cast, "supplier", cast.supplier, "certificates")[0] == ("R-0002", True)
    assert behind(cast, "supplier", cast.supplier, "failed_per_1000_t")[0] == ("R-0004 retest", True)


def test_announced_deliveries_that_come_after_their_day_are_late(cast: Cast) -> None:
    lot = uuid7()
    body = {
        "material": "rebar_ribbed_cn", "grade": "HRB400E", "quantity": "5", "unit": "t",
        "supplier": str(cast.supplier), "delivered_at": (now() - timedelta(days=3)).isoformat(),
    }  # fmt: skip
    cast.storekeeper.did("lot:announce", lot, body)
    assert str(cast.supplier) not in cards(cast, "supplier"), "nothing was delivered yet"
    cast.storekeeper.did("lot:receive", lot, body)

    late = cards(cast, "supplier")[str(cast.supplier)]["late"]
    assert (late["hits"], late["of"], late["more_is_better"]) == (1, "1", False)


def test_a_recall_that_the_supplier_did_not_acknowledge_counts(cast: Cast, lots: list[UUID]) -> None:
    opened(cast.quality, lots[0], drill=True)

    response = cards(cast, "supplier")[str(cast.supplier)]["recall_response"]
    assert (response["hits"], response["of"]) == (0, "1")
    assert behind(cast, "supplier", cast.supplier, "recall_response") == [("RC-0001", True)]


def test_a_crews_numbers(cast: Cast) -> None:
    task = add_task(cast, planned_on=day(-2))
    steps = [uuid7() for _ in range(4)]
    for step in steps:
        cast.foreman.did("step:record", step, pour(task, crew=str(cast.crew)))
    pm = cast.project_manager
    pm.did("approval:decide", uuid7(), decide(steps[0]))
    pm.did("approval:decide", uuid7(), decide(steps[1], "ask", "photo"))
    pm.feed()
    pm.did("approval:decide", uuid7(), decide(steps[1]))  # Approved at last, but not at first.
    for title, step in (("crack", steps[0]), ("dust", steps[1])):
        defect = uuid7()
        body = {"task": str(task), "step": str(step), "title": title, "severity": "minor"}
        cast.quality.did("defect:raise", defect, body)
        if title == "dust":
            cast.quality.did("defect:dismiss", defect, {"reason": "nothing"})

    card = cards(cast, "crew")[str(cast.crew)]

    assert {key: (m["hits"], m["of"]) for key, m in card.items()} == {
        "first_pass": (1, "2"), "evidence": (0, "4"), "defects_per_100_steps": (1, "0.04"), "late": (1, "1"),
    }  # fmt: skip
    assert behind(cast, "crew", cast.crew, "defects_per_100_steps")[0] == ("D-0001 crack", True)


def test_a_measurement_is_charted_with_limits_and_the_step_behind_each_point(cast: Cast) -> None:
    task = add_task(cast)
    steps = [uuid7() for _ in range(8)]
    for n, step in enumerate(steps):
        # 21, 22, 21, 22 … and at last one that is far out.
        answers = {"concrete_temp": str(21 + n % 2 if n < 7 else 35)}
        cast.foreman.did("step:record", step, pour(task, crew=str(cast.crew), answers=answers))
    asked = {"by": "crew", "id": str(cast.crew)}

    offered = cast.quality.get(cast.quality.at("/charts/choices"), params=asked).json()
    what = "concrete_pour.delivery_check.concrete_temp"
    assert [(c["what"], c["count"]) for c in offered] == [("rejections", 8), ("defects", 8), (what, 8)]
    found = cast.quality.get(cast.quality.at("/charts"), params={**asked, "metric": what}).json()

    single, moving = found["charts"]
    assert (single["kind"], moving["kind"]) == ("single", "moving_range")
    assert [p["steps"] for p in single["points"]] == [[str(step)] for step in steps]
    assert moving["points"][0]["steps"] == [str(steps[1])]
    assert [p["rules"] for p in moving["points"]][-1] == [1]
    assert found["unit"] == "°C"


def test_what_was_never_recorded_has_no_chart(cast: Cast) -> None:
    asked = {"by": "equipment", "id": str(uuid7()), "metric": "concrete_pour.delivery_check.concrete_temp"}
    for metric in ("rejections", "defects", "nonsense", asked["metric"]):
        found = cast.quality.get(cast.quality.at("/charts"), params={**asked, "metric": metric}).json()
        assert (found["charts"], found["count"]) == ([], 0)
    assert cast.quality.get(cast.quality.at("/charts/choices"), params=asked).json() == []


def test_scorecards_are_for_their_roles_alone_and_never_in_the_feed(cast: Cast, lots: list[UUID]) -> None:
    for who in (cast.crew_member, cast.foreman, cast.storekeeper):
        assert who.get(who.at("/scorecards"), params={"of": "crew"}).status_code == 403
    assert cast.stranger.get(cast.quality.at("/scorecards"), params={"of": "crew"}).status_code == 404
    kinds = {change["kind"] for change in cast.foreman.feed(limit=5000)["changes"]}
    assert not {kind for kind in kinds if "score" in kind or "chart" in kind}
