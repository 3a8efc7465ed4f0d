"""Who may do what, and who may give which role."""

import pytest

from plumbline.identity.roles import GIVES, MAY, Role, may, may_give


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
