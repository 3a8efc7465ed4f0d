"""Every act type, by everybody who must not: drawn from the registry, signed by test phones.

A new act type is tried here as soon as it is registered; tests/support/bodies.py says what its schema cannot.
"""

from collections.abc import Callable, Sized
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar
from uuid_utils.compat import uuid7

from plumbline.acts.registry import ACTS
from plumbline.identity.roles import MAY, Role
from plumbline.settings import Settings
from tests.support.bodies import act_body
from tests.support.cast import Actor, Cast
from tests.support.estate import WORD, Estate, Outsiders, fingerprint, make_estate, make_outsiders, single_roles

# Needs no membership, so a project is opened under a new id and never in somebody's: tests/api/test_door.py.
PROJECTS = "project:create"


Note = Callable[[str, object], None]


def types() -> list[str]:
    """Act types that belong to a project; the registry is full once the app was made."""
    return sorted(set(ACTS) - {PROJECTS})


@pytest.fixture
def estate(cast: Cast, settings: Settings) -> Estate:
    """The project that must not be touched."""
    return make_estate(cast, settings)


@pytest.fixture
def outsiders(estate: Estate) -> Outsiders:
    """Those who must not touch it."""
    return make_outsiders(estate.cast)


def tried(who: Actor, estate: Estate, project: UUID, by: Actor | None = None) -> dict[str, dict[str, Any]]:
    """Each act type once, signed by `who` and sent by `by`, about the estate's things: results by type."""
    acts = [who.act(t, uuid7(), act_body(ACTS[t], estate.value), project=project) for t in types()]
    return dict(zip(types(), (by or who).send(*acts), strict=True))


def count(note: Note, estate: Estate, what: str, cells: int, leaks: Sized) -> None:
    note(f"stranger matrix, {what}, {estate.cast.engine.dialect.name}", f"{cells} cells, {len(leaks)} leaks")


def test_every_act_type_has_its_row_in_the_table_of_roles(app: Litestar) -> None:
    assert set(MAY) == set(ACTS)


@pytest.mark.parametrize("who", ["stranger", "neighbour", "removed", "waiting"])
def test_nobody_from_elsewhere_acts_in_the_project(
    estate: Estate, outsiders: Outsiders, who: str, record_property: Note
) -> None:
    before = fingerprint(estate.cast.engine, estate.project_id)
    actor = estate.cast.stranger if who == "stranger" else getattr(outsiders, who)

    results = tried(actor, estate, estate.project_id)

    leaks = unlike(results, "refused", "not-found")
    count(record_property, estate, f"acts by {who}", len(results), leaks)
    assert leaks == {}
    assert WORD not in str(results)
    assert fingerprint(estate.cast.engine, estate.project_id) == before


def unlike(results: dict[str, dict[str, Any]], verdict: str, slug: str) -> dict[str, Any]:
    """Acts that were not answered with this verdict and problem."""
    return {type: _told(result) for type, result in results.items() if _told(result) != (verdict, f"/problems/{slug}")}


def test_an_unknown_key_acts_nowhere(estate: Estate, record_property: Note) -> None:
    cast = estate.cast
    before = fingerprint(cast.engine, estate.project_id)
    forger = Actor(cast.client, "", cast.project_manager.person_id, estate.project_id)
    forger.device.id = cast.project_manager.device.id  # Another key under the manager's name.

    results = tried(forger, estate, estate.project_id, by=cast.foreman)

    leaks = unlike(results, "refused", "signature-wrong")
    count(record_property, estate, "acts by an unknown key", len(results), leaks)
    assert leaks == {}
    assert fingerprint(cast.engine, estate.project_id) == before


def test_a_revoked_phone_acts_nowhere_and_its_acts_are_kept(
    estate: Estate, outsiders: Outsiders, record_property: Note
) -> None:
    cast = estate.cast
    before = fingerprint(cast.engine, estate.project_id)

    results = tried(outsiders.revoked, estate, estate.project_id, by=cast.foreman)

    leaks = unlike(results, "refused", "device-revoked")
    count(record_property, estate, "acts by a revoked phone", len(results), leaks)
    assert leaks == {}
    after = fingerprint(cast.engine, estate.project_id)
    assert after.pop("act") == before.pop("act") + len(types())
    assert after == before


def test_acts_at_home_about_things_elsewhere_are_about_nothing(
    estate: Estate, outsiders: Outsiders, record_property: Note
) -> None:
    """The neighbour's own project, the estate's ids in the bodies: the answers are those for made-up ids."""
    before = fingerprint(estate.cast.engine, estate.project_id)
    feed = estate.cast.foreman.feed(limit=5000)["changes"]
    home = outsiders.neighbour

    theirs = tried(home, estate, home.project_id)
    # Another code than the first round's, which its own project has by now.
    bodies = {t: act_body(ACTS[t], lambda name: _nothing(estate, name)) for t in types()}
    acts = [
        home.act(t, uuid7(), body | ({"code": "X-2"} if body.get("code") == "X-1" else {}))
        for t, body in bodies.items()
    ]
    nothing = dict(zip(types(), home.send(*acts), strict=True))

    assert WORD not in str(theirs)
    leaks = {t: _told(theirs[t]) for t in types() if _told(theirs[t]) != _told(nothing[t])}
    count(record_property, estate, "acts at home about things elsewhere", len(types()), leaks)
    assert leaks == {}
    assert fingerprint(estate.cast.engine, estate.project_id) == before
    assert estate.cast.foreman.feed(limit=5000)["changes"] == feed


def _nothing(estate: Estate, name: str) -> str:
    """An id, code or hash of the same shape that nothing has."""
    known = estate.value(name)
    if name == "qr":
        return known
    return str(uuid7()) if len(known) == 36 else known[::-1]


def _told(result: dict[str, Any]) -> tuple[str, str | None]:
    return result["verdict"], result["problem"] and result["problem"]["type"]


def test_an_act_at_home_on_an_object_elsewhere_changes_nothing_there(
    estate: Estate, outsiders: Outsiders, record_property: Note
) -> None:
    before = estate.cast.foreman.feed(limit=5000)["changes"]
    home = outsiders.neighbour
    objects = [id for name, id in sorted(estate.ids.items()) if name not in ("act", "project")]

    shown = []
    for type in types():
        results = home.send(*(home.act(type, id, act_body(ACTS[type], estate.value)) for id in objects))
        shown += [(type, result) for result in results if WORD in str(result)]

    count(record_property, estate, "acts at home on objects elsewhere", len(types()) * len(objects), shown)
    assert shown == []
    assert estate.cast.foreman.feed(limit=5000)["changes"] == before


def test_each_role_may_do_what_its_row_says_and_no_more(estate: Estate, record_property: Note) -> None:
    """Whether the door refuses with not-allowed; what else it may hold against an act is not asked here."""
    wrong = {}
    for role, actor in single_roles(estate).items():
        for type, result in tried(actor, estate, estate.project_id).items():
            is_refused = bool(result["problem"]) and result["problem"]["type"] == "/problems/not-allowed"
            if is_refused == (role in MAY[type]):
                wrong[f"{role}: {type}"] = result["problem"]

    count(record_property, estate, "acts by role", len(Role) * len(types()), wrong)
    assert wrong == {}
    assert len(Role) * len(types()) > 500
