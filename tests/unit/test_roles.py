"""Who may do what, and who may give which role."""

from pathlib import Path

import pytest

import plumbline.app
from plumbline.acts.registry import ACTS
from plumbline.identity.roles import GIVES, MAY, SEES, Role, may, may_give, sees
from plumbline.identity.table import document, typescript

ROOT = Path(__file__).parents[2]


def test_a_role_that_is_not_in_the_table_may_nothing() -> None:
    assert may("lot:receive", ["storekeeper"])
    assert not may("lot:receive", ["inspector"])
    assert not may("lot:receive", [])
    assert not may("lot:receive", ["emperor"])


def test_only_the_project_manager_decides() -> None:
    assert [role for role in Role if may("approval:decide", [role])] == [Role.PROJECT_MANAGER]


def test_the_house_alone_verifies_evidence() -> None:
    assert not any(may("evidence:verified", [role]) for role in Role)


@pytest.mark.parametrize(
    ("giver", "wanted", "may_it"),
    [
        ("administrator", "administrator", True),
        ("project_manager", "administrator", True),
        ("technical_lead", "administrator", False),
        ("technical_lead", "foreman", True),
        ("foreman", "crew", True),
        ("foreman", "project_manager", False),
        ("crew_leader", "crew", True),
        ("crew_leader", "foreman", False),
        ("inspector", "crew", False),
        ("administrator", "emperor", False),
    ],
)
def test_nobody_lifts_a_friend_above_himself(giver: str, wanted: str, may_it: bool) -> None:
    assert may_give([giver], [wanted]) is may_it


def test_everybody_who_may_admit_may_give_something() -> None:
    assert MAY["member:admit"] == frozenset(GIVES)


def test_every_act_type_stands_in_the_table_and_nothing_else() -> None:
    plumbline.app.import_packages()

    assert set(MAY) == set(ACTS)


@pytest.mark.parametrize(
    ("what", "readers", "others"),
    [
        ("quarantine", ["project_manager", "contractor_qc"], ["crew", "inspector", "supplier"]),
        ("devices", ["administrator", "project_manager"], ["technical_lead", "foreman"]),
        ("grants", ["administrator", "technical_lead"], ["foreman", "inspector"]),
        ("api-keys", ["administrator"], ["project_manager"]),
        ("exports", ["clerk", "inspector"], ["supplier", "crew"]),
        ("invites", ["foreman", "crew_leader"], ["inspector", "crew"]),
        ("desk", ["inspector", "foreman"], ["crew", "storekeeper"]),
        ("inbox", ["supervisor"], ["inspector"]),
    ],
)
def test_who_reads_what_is_not_for_everybody(what: str, readers: list[str], others: list[str]) -> None:
    assert [role for role in readers if not sees(what, [role])] == []
    assert [role for role in others if sees(what, [role])] == []
    assert not sees(what, [])


def test_the_api_serves_the_table_as_it_is() -> None:
    served = document()

    assert {act: frozenset(roles) for act, roles in served["may"].items()} == MAY
    assert {what: frozenset(roles) for what, roles in served["sees"].items()} == SEES
    assert served["roles"] == list(Role)


def test_the_screens_have_the_same_table() -> None:
    """When this fails: make types."""
    assert (ROOT / "pwa/src/shared/roles.gen.ts").read_text("utf-8") == typescript()
