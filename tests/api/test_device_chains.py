"""The chain of a device as it stands now: gaps, forks, links that do not fit, and nothing dropped."""

from dataclasses import replace
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from plumbline.acts import chains
from plumbline.acts.chains import Link, judge
from plumbline.db import now
from tests.support.cast import Actor, Cast
from tests.support.device import Envelope

PLACE = {"name": "二号料场", "kind": "yard"}


def add_place(actor: Actor) -> Envelope:
    return actor.act("place:add", uuid7(), PLACE)


def chain(reader: Actor, of: Actor) -> dict[str, Any]:
    answer = reader.get(reader.at(f"/devices/{of.device.id}/chain"))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def flags(actor: Actor, act_id: str) -> list[str]:
    found: list[str] = actor.get(actor.at(f"/acts/{act_id}")).json()["flags"]
    return found


def test_a_chain_without_holes_is_whole(cast: Cast) -> None:
    cast.foreman.send(*(add_place(cast.foreman) for _ in range(3)))

    found = chain(cast.project_manager, cast.foreman)

    assert (found["is_whole"], found["links"], found["newest"]["seq"]) == (True, 3, 3)
    assert (found["gaps"], found["forks"], found["broken"]) == ([], [], [])


def test_a_device_that_never_acted_has_an_empty_chain(cast: Cast) -> None:
    found = chain(cast.project_manager, cast.foreman)
    assert (found["links"], found["newest"], found["is_whole"]) == (0, None, True)


def test_a_gap_is_shown_until_the_late_acts_fill_it_and_the_flag_stays_as_history(cast: Cast) -> None:
    first, second, third, fourth = (add_place(cast.foreman) for _ in range(4))
    cast.foreman.send(first)
    early = cast.foreman.send(fourth)[0]
    assert early["flags"] == ["chain-gap"]
    assert chain(cast.project_manager, cast.foreman)["gaps"] == [{"first": 2, "last": 3}]

    cast.foreman.send(third)
    assert chain(cast.project_manager, cast.foreman)["gaps"] == [{"first": 2, "last": 2}]
    cast.foreman.send(second)

    found = chain(cast.project_manager, cast.foreman)
    assert (found["is_whole"], found["links"]) == (True, 4)
    assert flags(cast.foreman, early["id"]) == ["chain-gap"]


def test_a_chain_that_begins_late_lacks_its_beginning(cast: Cast) -> None:
    add_place(cast.foreman)
    cast.foreman.send(add_place(cast.foreman))

    assert chain(cast.project_manager, cast.foreman)["gaps"] == [{"first": 1, "last": 1}]


def test_two_tabs_that_fork_the_chain_are_shown_with_both_acts(cast: Cast) -> None:
    cast.foreman.send(add_place(cast.foreman))
    tab = replace(cast.foreman, device=replace(cast.foreman.device))
    here, there = cast.foreman.send(add_place(cast.foreman))[0], tab.send(add_place(tab))[0]
    assert (here["verdict"], there["verdict"]) == ("applied", "applied")
    later = cast.foreman.send(add_place(cast.foreman))[0]

    found = chain(cast.project_manager, cast.foreman)

    assert [[(link["seq"], link["id"], link["verdict"]) for link in fork] for fork in found["forks"]] == [
        [(2, here["id"], "applied"), (2, there["id"], "applied")]
    ]
    assert (found["newest"]["id"], found["links"], found["broken"]) == (later["id"], 4, [])


def test_a_link_whose_prev_is_no_payload_of_ours_is_broken_and_kept(cast: Cast) -> None:
    cast.foreman.send(add_place(cast.foreman))
    cast.foreman.device.prev = "0" * 64
    bad = cast.foreman.send(add_place(cast.foreman))[0]
    good = cast.foreman.send(add_place(cast.foreman))[0]

    found = chain(cast.project_manager, cast.foreman)

    assert (bad["flags"], good["flags"]) == (["chain-broken"], [])
    assert [link["id"] for link in found["broken"]] == [bad["id"]]
    assert (found["gaps"], found["links"]) == ([], 3)


def test_a_refused_act_is_a_link_as_good_as_any(cast: Cast) -> None:
    refused = cast.foreman.act("place:add", uuid7(), {"name": ""})
    cast.foreman.send(refused, add_place(cast.foreman))

    assert chain(cast.project_manager, cast.foreman)["is_whole"]


def test_bytes_that_could_become_no_act_still_fill_their_place(cast: Cast) -> None:
    """Its device signed them in their place; the act that came next is flagged, the chain as it stands is whole."""
    unreadable = cast.foreman.act("place:add", uuid7(), PLACE | {"size": 1.5})
    cast.foreman.send(unreadable)
    cast.foreman.send(add_place(cast.foreman))

    found = chain(cast.project_manager, cast.foreman)

    assert (found["is_whole"], found["links"]) == (True, 2)


def test_a_device_of_two_projects_has_one_chain_and_tells_nothing_of_the_other(cast: Cast) -> None:
    """A shared phone: its numbers run through both projects."""
    elsewhere = cast.stranger.project_id
    administrator = cast.stranger
    guest = str(cast.foreman.person_id)
    organization = uuid7()
    administrator.did("organization:add", organization, {"name": "乙", "kind": "contractor"})
    body = {"person": guest, "organization": str(organization), "roles": ["foreman"], "crew": None}
    administrator.did("member:admit", guest, body)
    cast.foreman.send(add_place(cast.foreman))
    there = cast.foreman.send(cast.foreman.act("place:add", uuid7(), PLACE, project=elsewhere))[0]
    assert there["verdict"] == "applied"
    cast.foreman.send(add_place(cast.foreman))

    here = chain(cast.project_manager, cast.foreman)
    other = administrator.get(f"/api/projects/{elsewhere}/devices/{cast.foreman.device.id}/chain").json()

    assert (here["is_whole"], here["links"], here["newest"]["seq"]) == (True, 3, 3)
    assert (other["newest"]["seq"], other["newest"]["id"], other["newest"]["payload_sha256"]) == (3, None, None)


def test_people_see_their_own_chain_and_managers_everybodys(cast: Cast) -> None:
    cast.foreman.send(add_place(cast.foreman))
    path = cast.crew_member.at(f"/devices/{cast.foreman.device.id}/chain")

    assert cast.crew_member.get(path).status_code == 404
    assert chain(cast.foreman, cast.foreman)["links"] == 1
    assert cast.stranger.get(path).status_code == 404
    assert cast.project_manager.get(cast.crew_member.at(f"/devices/{cast.stranger.device.id}/chain")).status_code == 404


def test_the_chain_of_a_removed_member_can_still_be_looked_at(cast: Cast) -> None:
    cast.foreman.send(add_place(cast.foreman))
    body = {"person": str(cast.foreman.person_id), "reason": "left"}
    cast.project_manager.did("member:remove", cast.foreman.person_id, body)

    assert chain(cast.project_manager, cast.foreman)["links"] == 1


def link(seq: int, sha: str, prev: str | None) -> Link:
    return Link(seq, prev, sha, uuid7(), None, None, "applied", None, now())


def test_a_chain_in_many_pieces_is_told_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "MOST", 3)
    found = judge(link(seq, str(seq), None) for seq in range(2, 20, 2))

    assert (found.is_truncated, found.gaps) == (True, [(13, 13), (15, 15), (17, 17)])


def test_the_same_bytes_kept_first_and_applied_later_are_one_link() -> None:
    act = link(1, "a", None)
    found = judge([act, replace(act, verdict="kept"), link(2, "b", "a")])

    assert (found.forks, found.links, found.is_whole) == ([], 2, True)
