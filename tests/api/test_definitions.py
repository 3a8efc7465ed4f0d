"""Definitions over HTTP: phones fetch them once and ask again with a tag."""

from tests.support.cast import Cast, Client


def test_the_document_comes_without_sign_in_and_is_not_sent_twice(client: Client) -> None:
    first = client.get("/api/definitions")
    assert first.status_code == 200
    assert {"materials", "plans", "roles"} <= set(first.json())
    tag = first.headers["etag"]
    assert tag.startswith('"')
    again = client.get("/api/definitions", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_plain_and_the_compressed_form_have_tags_of_their_own(client: Client) -> None:
    zipped = client.get("/api/definitions", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/api/definitions", headers={"Accept-Encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert zipped.json() == plain.json()
    assert zipped.headers["etag"] != plain.headers["etag"]


def test_one_definition_comes_in_full_with_its_hash(cast: Cast) -> None:
    answer = cast.foreman.get("/api/definitions/material/rebar_ribbed_cn").json()
    assert (answer["kind"], answer["version"], len(answer["content_sha256"])) == ("material", 1, 64)
    assert answer["body"]["properties"][0]["property"] == "ReL"


def test_a_project_sees_the_shipped_version_until_it_publishes_its_own(cast: Cast) -> None:
    path = f"/api/definitions/plan/concrete_pour?project={cast.project_id}"
    assert cast.foreman.get(path).json()["version"] == 1
    assert cast.foreman.get(f"{path}&version=2").json()["type"] == "/problems/definition-not-found"
    assert cast.stranger.get(path).status_code == 404


def test_an_unknown_definition_is_refused(cast: Cast) -> None:
    for path in ("plan/nope", "material/concrete_pour", "plan/concrete_pour?version=2"):
        assert cast.foreman.get(f"/api/definitions/{path}").json()["type"] == "/problems/definition-not-found"
