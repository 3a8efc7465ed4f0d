"""Acts on organizations, members, crews and equipment, through the door and back through the feed."""

from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tests.support.cast import Actor, Cast, newcomer

EQUIPMENT = {
    "code": "UT-03",
    "name": "超声波测厚仪",
    "name_en": "Ultrasonic gauge",
    "kind": "gauge",
    "serial_no": "SN 7781",
    "calibrated_on": "2026-03-01",
    "calibration_due_on": "2027-02-28",
    "qr": "0123456789abcdefghjkmnpqrs",
}


def admission(cast: Cast, person: Actor, *roles: str, **change: Any) -> dict[str, Any]:
    return {"person": person.person_id, "organization": cast.contractor, "roles": list(roles)} | change


def removal(person: Actor) -> dict[str, Any]:
    return {"person": person.person_id, "reason": "调离项目"}


def test_an_organization_is_added_and_comes_down_the_feed(cast: Cast) -> None:
    id = uuid7()

    cast.project_manager.did("organization:add", id, {"name": "通州砂石", "kind": "supplier"})

    assert cast.foreman.row("organization", id) == {
        "id": str(id),
        "name": "通州砂石",
        "name_en": None,
        "kind": "supplier",
        "standing": "none",
        "standing_reason": None,
        "merged_into": None,
    }


def test_a_crew_and_its_organization_may_come_in_one_batch(cast: Cast) -> None:
    organization, crew = uuid7(), uuid7()

    results = cast.project_manager.send(
        cast.project_manager.act("organization:add", organization, {"name": "浦东劳务", "kind": "subcontractor"}),
        cast.project_manager.act(
            "crew:add", crew, {"name": "木工班", "organization": organization, "trade": "formwork"}
        ),
    )

    assert [r["verdict"] for r in results] == ["applied", "applied"]
    assert cast.foreman.row("crew", crew) == {
        "id": str(crew),
        "name": "木工班",
        "name_en": None,
        "organization_id": str(organization),
        "trade": "formwork",
    }


def test_equipment_comes_down_the_feed_and_its_label_finds_it(cast: Cast) -> None:
    id = uuid7()

    cast.foreman.did("equipment:add", id, EQUIPMENT)

    assert cast.inspector.row("equipment", id) == {"id": str(id), **EQUIPMENT}
    assert cast.inspector.get(f"/api/codes/{EQUIPMENT['qr']}").json() == {
        "kind": "equipment",
        "id": str(id),
        "project_id": str(cast.project_id),
    }
    assert cast.stranger.get(f"/api/codes/{EQUIPMENT['qr']}").status_code == 404


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"qr": None}, "already-added"),
        ({"code": "UT-04"}, "code-taken"),
        ({"calibration_due_on": "2026-02-28"}, "body-malformed"),
        ({"calibrated_on": 0}, "body-malformed"),
        ({"calibrated_on": "2026-02-30"}, "body-malformed"),
        ({"qr": "u" * 26}, "body-malformed"),
        ({"name": " "}, "body-malformed"),
        ({"colour": "red"}, "body-malformed"),
    ],
)
def test_equipment_that_is_wrong_is_refused(cast: Cast, change: dict[str, Any], slug: str) -> None:
    cast.foreman.did("equipment:add", uuid7(), EQUIPMENT)

    assert cast.foreman.refusal("equipment:add", uuid7(), EQUIPMENT | change) == slug


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("organization:add", {"name": "甲", "kind": "supplier"}),
        ("crew:add", {"name": "甲", "trade": "rebar"}),
        ("equipment:add", {"code": "X-1", "name": "甲", "kind": "crane"}),
    ],
)
def test_the_same_id_twice_is_refused_also_inside_a_batch(cast: Cast, type: str, body: dict[str, Any]) -> None:
    id = uuid7()
    body = body | ({"organization": cast.contractor} if type == "crew:add" else {})

    results = cast.administrator.send(cast.administrator.act(type, id, body), cast.administrator.act(type, id, body))

    assert [r["verdict"] for r in results] == ["applied", "refused"]
    assert results[1]["problem"]["type"] == "/problems/already-added"
    assert cast.administrator.refusal(type, id, body) == "already-added"


def test_an_organization_or_crew_of_another_project_is_unknown_here(cast: Cast) -> None:
    theirs = uuid7()
    cast.stranger.did("organization:add", theirs, {"name": "别处", "kind": "supplier"})

    body = {"name": "钢筋二班", "organization": theirs, "trade": "rebar"}
    assert cast.foreman.refusal("crew:add", uuid7(), body) == "organization-unknown"
    admit = admission(cast, cast.crew_member, "crew", crew=uuid7())
    assert cast.foreman.refusal("member:admit", cast.crew_member.person_id, admit) == "crew-unknown"


def test_admitting_a_member_again_changes_roles_and_organization(cast: Cast) -> None:
    person = cast.storekeeper.person_id

    cast.project_manager.did(
        "member:admit", person, admission(cast, cast.storekeeper, "storekeeper", "clerk", organization=cast.supplier)
    )

    row = cast.foreman.row("member", person)
    assert row is not None
    assert (row["roles"], row["organization_id"], row["crew_id"]) == (
        ["storekeeper", "clerk"],
        str(cast.supplier),
        None,
    )


def test_a_removed_member_is_a_stranger_at_once_and_stays_named(cast: Cast) -> None:
    keeper = cast.storekeeper
    keeper.did("place:add", uuid7(), {"name": "二号料场", "kind": "yard"})

    cast.project_manager.did("member:remove", keeper.person_id, removal(keeper))

    assert keeper.get("/api/feed", params={"project": str(cast.project_id)}).status_code == 404
    assert keeper.get("/api/me").json()["projects"] == []
    row = cast.foreman.row("member", keeper.person_id)
    assert row is not None
    assert (row["state"], row["display_name"]) == ("removed", "库管员 陈静")
    assert keeper.refusal("organization:add", uuid7(), {"name": "甲", "kind": "supplier"}) == "not-found"
    assert cast.project_manager.refusal("member:remove", keeper.person_id, removal(keeper)) == "not-a-member"


def test_a_removed_member_can_be_admitted_again(cast: Cast) -> None:
    cast.project_manager.did("member:remove", cast.quality.person_id, removal(cast.quality))

    cast.project_manager.did("member:admit", cast.quality.person_id, admission(cast, cast.quality, "contractor_qc"))

    assert cast.quality.feed()["head"] > 0


@pytest.mark.parametrize(
    ("who", "roles", "slug"),
    [
        ("inspector", ["crew"], "not-allowed"),
        ("crew_member", ["crew"], "not-allowed"),
        ("stranger", ["crew"], "not-found"),
        ("foreman", ["administrator"], "roles-not-yours-to-give"),
        ("foreman", ["foreman"], "roles-not-yours-to-give"),
        ("foreman", ["emperor"], "body-malformed"),
        ("foreman", [], "body-malformed"),
    ],
)
def test_who_may_give_which_role(cast: Cast, who: str, roles: list[str], slug: str) -> None:
    actor: Actor = getattr(cast, who)
    person = newcomer(cast.client, cast.engine, "newcomer", cast.project_id)

    wish = admission(cast, person, *roles)

    assert actor.refusal("member:admit", person.person_id, wish, project=cast.project_id) == slug


def test_a_foreman_cannot_demote_the_project_manager(cast: Cast) -> None:
    manager = cast.project_manager

    assert (
        cast.foreman.refusal("member:admit", manager.person_id, admission(cast, manager, "crew"))
        == "roles-not-yours-to-give"
    )


def test_the_project_manager_makes_a_second_administrator_who_may_remove_the_first(cast: Cast) -> None:
    manager, first = cast.project_manager, cast.administrator
    assert manager.refusal("member:remove", first.person_id, removal(first)) == "last-administrator"
    assert manager.refusal("member:admit", first.person_id, admission(cast, first, "clerk")) == "last-administrator"

    manager.did("member:admit", manager.person_id, admission(cast, manager, "project_manager", "administrator"))
    manager.did("member:remove", first.person_id, removal(first))

    assert manager.refusal("member:remove", manager.person_id, removal(manager)) == "last-administrator"


def test_nobody_unknown_is_admitted_and_object_and_person_are_one(cast: Cast) -> None:
    nobody = Actor(cast.client, "", uuid7(), cast.project_id)
    admit = admission(cast, nobody, "crew")

    assert cast.foreman.refusal("member:admit", nobody.person_id, admit) == "person-unknown"
    assert cast.foreman.refusal("member:admit", uuid7(), admit) == "object-not-person"
    assert cast.project_manager.refusal("member:remove", uuid7(), removal(nobody)) == "object-not-person"
