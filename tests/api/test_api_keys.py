"""Keys of other systems: one project, the maker's roles, no device."""

import pytest
from httpx import Response
from uuid_utils.compat import uuid7

from tests.support.cast import Cast
from tests.support.device import TestDevice


@pytest.fixture
def key(cast: Cast) -> str:
    """The secret of a key that the administrator made."""
    answer = cast.administrator.post(cast.administrator.at("/api-keys"), {"label": "ERP"})
    assert answer.status_code == 201
    return str(answer.json()["key"])


def get(cast: Cast, key: str, path: str, **params: str) -> Response:
    return cast.client.get(path, params=params, headers={"Authorization": f"Bearer {key}"})


def test_a_key_reads_its_project_and_no_other(cast: Cast, key: str) -> None:
    other = uuid7()
    admin = cast.administrator
    admin.did(
        "project:create",
        other,
        {"name": "二期", "code": "SH-2", "time_zone": "Asia/Shanghai", "site": []},
        project=other,
    )

    me = get(cast, key, "/api/me").json()

    assert key.startswith("plk_")
    assert (me["device_id"], [p["id"] for p in me["projects"]]) == (None, [str(cast.project_id)])
    assert get(cast, key, "/api/feed", project=str(cast.project_id)).status_code == 200
    assert get(cast, key, "/api/feed", project=str(other)).status_code == 404


def test_a_key_writes_through_the_door_and_the_act_says_that_the_server_signed(cast: Cast, key: str) -> None:
    act, object = uuid7(), uuid7()
    wish = {"id": str(act), "object": str(object), "body": {"name": "采购系统供应商", "kind": "supplier"}}
    path = cast.administrator.at("/acts/organization:add")
    headers = {"Authorization": f"Bearer {key}"}

    first = cast.client.post(path, json=wish, headers=headers).json()
    again = cast.client.post(path, json=wish, headers=headers).json()

    assert (first["verdict"], again) == ("applied", first)
    assert cast.foreman.row("organization", object) is not None
    assert cast.foreman.get(cast.foreman.at(f"/acts/{act}")).json()["signed_by"] == "server"


def test_a_revoked_key_opens_nothing(cast: Cast, key: str) -> None:
    listed = cast.administrator.get(cast.administrator.at("/api-keys")).json()
    assert [(k["label"], k["person_id"], k["revoked_at"]) for k in listed] == [
        ("ERP", str(cast.administrator.person_id), None)
    ]

    assert cast.administrator.delete(cast.administrator.at(f"/api-keys/{listed[0]['id']}")).status_code == 204

    assert get(cast, key, "/api/me").status_code == 401
    assert "key" not in listed[0]
    assert cast.administrator.get(cast.administrator.at("/api-keys")).json()[0]["revoked_at"]


def test_a_key_ends_with_its_makers_membership(cast: Cast, key: str) -> None:
    manager, admin = cast.project_manager, cast.administrator
    body = {"person": manager.person_id, "organization": cast.contractor, "roles": ["administrator"]}
    admin.did("member:admit", manager.person_id, body)

    manager.did("member:remove", admin.person_id, {"person": admin.person_id, "reason": "离职"})

    assert get(cast, key, "/api/feed", project=str(cast.project_id)).status_code == 404


def test_only_administrators_in_person_make_and_end_keys(cast: Cast, key: str) -> None:
    path = cast.administrator.at("/api-keys")

    assert cast.project_manager.post(path, {"label": "x"}).status_code == 403
    assert cast.project_manager.get(path).status_code == 403
    assert cast.stranger.post(path, {"label": "x"}).status_code == 404
    assert get(cast, key, path).status_code == 403
    assert cast.administrator.delete(f"{path}/{uuid7()}").status_code == 404
    assert cast.administrator.post(path, {"label": ""}).status_code == 422


def test_a_key_does_not_become_a_session_of_its_maker(cast: Cast, key: str) -> None:
    invited = {"display_name": "老赵", "organization": str(cast.contractor), "roles": ["crew"]}
    code = cast.foreman.post(cast.foreman.at("/invites"), invited).json()["code"]
    wish = {"code": code, "device": TestDevice().enrolment()}

    answer = cast.client.post("/api/join", json=wish, headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 401
