"""Links for people without account: given and revoked by acts, opened by a secret code, every view in a log."""

from datetime import timedelta
from typing import Any, get_args

import jwt
import pytest
from sqlalchemy import Engine, update
from sqlmodel import col, select
from uuid_utils.compat import uuid7

from plumbline.acts.models import ActRow
from plumbline.codes import code_sha256
from plumbline.db import now, reading, writing
from plumbline.grants.models import Grant, GrantLink, GrantView
from plumbline.grants.schemas import GrantKind
from tests.support.cast import Cast
from tests.support.evidence import slug
from tests.support.links import AGENT, Link, given, issue, issue_body, make_link, scope_of
from tests.support.works import add_task


@pytest.fixture
def link(cast: Cast) -> Link:
    """An inspector's link to one wall, open."""
    return given(cast.project_manager, scope_of(cast, "task", add_task(cast)))


def record_of(cast: Cast, link: Link) -> str:
    listed = cast.project_manager.get(cast.project_manager.at("/grants")).json()
    return f"/tasks/{next(g['scope_id'] for g in listed if g['id'] == str(link.grant_id))}/record"


def test_a_link_opens_without_sign_in_and_says_what_it_shows(cast: Cast) -> None:
    wall = add_task(cast)
    link = make_link(cast.project_manager, issue(cast.project_manager, scope_of(cast, "task", wall)))
    opened = link.open().json()

    assert (opened["scope"], opened["scope_id"], opened["scope_name"]) == ("task", str(wall), "8F-W3 八层3号墙")
    assert (opened["holder"], opened["organization"], opened["rights"]) == ("Mary Jones", "质量监督站", ["view"])
    assert "contact" not in opened
    assert link.get(f"/tasks/{wall}/record").json()["task"]["code"] == "8F-W3"


def test_the_code_is_in_no_act_and_only_its_hash_is_stored(cast: Cast, link: Link) -> None:
    with reading(cast.engine) as session:
        stored = session.get_one(GrantLink, link.grant_id)
        acts = session.exec(select(ActRow.payload).where(ActRow.type == "grant:issue")).all()

    assert len(link.code) == 26
    assert stored.code_sha256 == code_sha256(link.code)
    assert [link.code.encode() in payload or b"Mary" in payload for payload in acts] == [False]


def test_a_revoked_link_is_closed_with_the_next_request(cast: Cast, link: Link) -> None:
    path = record_of(cast, link)
    assert link.get(path).status_code == 200

    cast.project_manager.did("grant:revoke", link.grant_id, {"reason": "检查结束"})

    assert (link.get(path).status_code, slug(link.get(path))) == (410, "link-revoked")
    assert (link.open().status_code, slug(link.open())) == (410, "link-revoked")


def test_an_expired_link_says_when_it_ended(cast: Cast, link: Link) -> None:
    path, ended_at = record_of(cast, link), now() - timedelta(seconds=1)
    with writing(cast.engine) as session:
        session.exec(update(Grant).values(expires_at=ended_at))

    assert [slug(answer) for answer in (link.get(path), link.open())] == ["link-expired"] * 2
    assert f"{ended_at:%Y-%m-%d %H:%M} UTC" in link.open().json()["detail"]


def test_a_link_of_each_kind_ends_when_it_is_taken_back_and_at_its_hour(cast: Cast) -> None:
    manager, wall = cast.project_manager, add_task(cast)
    record = f"/tasks/{wall}/record"
    for kind in get_args(GrantKind):
        taken, late, standing = (given(manager, scope_of(cast, "task", wall), kind=kind) for _ in range(3))
        manager.did("grant:revoke", taken.grant_id, {"reason": "enough"})
        with writing(cast.engine) as session:
            over = now() - timedelta(seconds=1)
            session.exec(update(Grant).where(col(Grant.id) == late.grant_id).values(expires_at=over))

        answers = [taken.get(record), taken.open(), late.get(record), late.open()]
        assert [slug(a) for a in answers] == ["link-revoked"] * 2 + ["link-expired"] * 2, kind
        assert "8F-W3" not in "".join(a.text for a in answers)
        assert standing.get(record).status_code == 200, kind


def test_another_code_closes_what_the_first_one_opened(cast: Cast, link: Link) -> None:
    path = record_of(cast, link)
    second = make_link(cast.project_manager, link.grant_id)

    assert slug(link.get(path)) == "link-revoked"
    assert slug(link.open()) == "link-unknown"
    assert second.open().status_code == 200
    assert second.get(path).status_code == 200


@pytest.mark.parametrize("code", ["0" * 26, "http://elsewhere/g/" + "0" * 26, "☃" * 26])
def test_an_unknown_code_opens_nothing(cast: Cast, link: Link, code: str) -> None:
    link.code = code

    assert (link.open().status_code, slug(link.open())) == (404, "link-unknown")


def test_every_view_is_logged_before_it_is_answered(cast: Cast, link: Link) -> None:
    path = record_of(cast, link)
    link.get(path)
    link.get(f"/steps/{uuid7()}")  # Shows nothing, so it is no view.
    link.get("/contents", q="W3")
    manager = cast.project_manager

    lines = manager.get(manager.at(f"/grants/{link.grant_id}/views")).json()
    listed = manager.get(manager.at("/grants")).json()[0]

    assert [line["what"] for line in lines] == ["contents", "task", "open"]
    assert lines[1]["path"] == f"/api/projects/{cast.project_id}{path}"
    assert lines[1]["object_id"] == listed["scope_id"]
    assert {line["agent"] for line in lines} == {AGENT}
    assert (listed["state"], listed["opened"], listed["views"]) == ("open", 1, 3)
    assert listed["last_view_at"] == lines[0]["at"]


def test_lines_stay_when_the_link_is_replaced_and_taken_back(cast: Cast, link: Link) -> None:
    manager, path = cast.project_manager, f"/grants/{link.grant_id}/views"
    link.get(record_of(cast, link))
    before = manager.get(manager.at(path)).json()
    assert [line["what"] for line in before] == ["task", "open"]

    make_link(manager, link.grant_id)
    manager.did("grant:revoke", link.grant_id, {})
    assert link.get("/contents").status_code == 410  # Shows nothing, so it is no view.

    assert manager.get(manager.at(path)).json() == before


def test_the_log_names_the_readers_network_and_not_their_address(cast: Cast, link: Link) -> None:
    with reading(cast.engine) as session:
        view = session.exec(select(GrantView)).first()

    assert view is not None
    assert view.address in ("", "127.0.0.0/24")


def test_nobody_but_the_office_sees_links_and_their_logs(cast: Cast, link: Link) -> None:
    paths = ["/grants", f"/grants/{link.grant_id}/views"]

    assert [cast.foreman.get(cast.foreman.at(path)).status_code for path in paths] == [403, 403]
    assert [cast.stranger.get(cast.foreman.at(path)).status_code for path in paths] == [404, 404]
    assert [link.get(path).status_code for path in paths] == [401, 401]
    link_path = cast.foreman.at(f"/grants/{link.grant_id}/link")
    assert cast.foreman.post(link_path, {"holder": "x"}).status_code == 403
    assert cast.stranger.post(link_path, {"holder": "x"}).status_code == 404


def test_a_link_is_no_sign_in_and_a_sign_in_is_no_link(cast: Cast, link: Link) -> None:
    headers = {"Authorization": f"Bearer {link.token}"}
    routes = ["/api/me", f"/api/feed?project={cast.project_id}", f"/api/projects/{cast.project_id}/devices"]
    payload = jwt.decode(link.token, options={"verify_signature": False})

    assert [cast.client.get(route, headers=headers).status_code for route in routes] == [401] * 3
    assert cast.client.post("/api/acts", json={"envelopes": []}, headers=headers).status_code == 401
    assert payload["aud"] == "plumbline-link"
    assert jwt.get_unverified_header(link.token)["typ"] == "visit+jwt"
    assert str(cast.project_manager.person_id) not in payload.values()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"rights": ["view", "approve"]}, "grant-right-not-yet"),
        ({"rights": ["announce"]}, "grant-right-not-yet"),
        ({"days": 181}, "grant-too-long"),
        ({"days": -1}, "grant-too-long"),
        ({"scope": {"kind": "task", "id": str(uuid7())}}, "grant-scope-unknown"),
        ({"scope": {"kind": "lot", "id": str(uuid7())}}, "grant-scope-unknown"),
        ({"scope": {"kind": "project", "id": str(uuid7())}}, "grant-scope-unknown"),
        ({"kind": "emperor"}, "body-malformed"),
        ({"expires_at": "2026-12-01T00:00:00"}, "body-malformed"),
    ],
)
def test_what_cannot_be_granted_is_refused(cast: Cast, change: dict[str, Any], problem: str) -> None:
    wish = {"scope": scope_of(cast, "project"), **change}

    assert cast.project_manager.refusal("grant:issue", uuid7(), issue_body(**wish)) == problem


def test_only_the_office_gives_and_takes_back(cast: Cast, link: Link) -> None:
    body = issue_body(scope_of(cast, "project"))

    assert cast.foreman.refusal("grant:issue", uuid7(), body) == "not-allowed"
    assert cast.foreman.refusal("grant:revoke", link.grant_id, {}) == "not-allowed"
    assert cast.stranger.refusal("grant:revoke", link.grant_id, {}) == "grant-unknown"
    assert cast.project_manager.refusal("grant:revoke", uuid7(), {}) == "grant-unknown"
    assert cast.project_manager.refusal("grant:issue", link.grant_id, body) == "grant-there"


def test_a_grant_that_has_ended_gets_no_other_link(cast: Cast, link: Link) -> None:
    manager = cast.project_manager
    manager.did("grant:revoke", link.grant_id, {})

    assert slug(manager.post(manager.at(f"/grants/{link.grant_id}/link"), {"holder": "x"})) == "grant-ended"
    assert manager.refusal("grant:revoke", link.grant_id, {}) == "grant-ended"
    assert [g["state"] for g in manager.get(manager.at("/grants")).json()] == ["revoked"]


def test_the_list_of_one_element_holds_its_links_alone(cast: Cast, link: Link) -> None:
    manager, project_wide = cast.project_manager, given(cast.project_manager, scope_of(cast, "project"))
    scope_id = next(g["scope_id"] for g in manager.get(manager.at("/grants")).json() if g["scope"] == "task")

    narrowed = manager.get(manager.at("/grants"), params={"scope_id": scope_id}).json()

    assert [g["id"] for g in narrowed] == [str(link.grant_id)]
    assert project_wide.get("/contents").status_code == 200


def test_guessing_codes_is_slowed_down(cast: Cast, link: Link, engine: Engine) -> None:
    right, link.code = link.code, "0" * 26
    answers = [link.open().status_code for _ in range(51)]
    link.code = right

    assert answers == [404] * 50 + [429]
    assert slug(link.open()) == "too-many-tries"
