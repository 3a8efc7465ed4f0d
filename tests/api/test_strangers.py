"""A project's data is reachable only by its members: every reading route of the app, also those added later."""

import re

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from uuid_utils.compat import uuid7

from tests.support.cast import Cast

# What some routes need before they look at the project at all.
QUERY = {"node": str(uuid7()), "kind": "lot", "direction": "backward"}
QUERIES = {"marks": {"text": "HEAT-1"}}  # By the last word of the path, where the words mean something else.
# Opened by the token of an address that was given out, by nobody's session: tested where such addresses are.
BY_TOKEN = "/api/originals/"


def reading_paths(app: Litestar, project_id: object) -> list[str]:
    """Paths of all GET routes of a project, with this project and made-up ids for the rest."""
    paths = [route.path for route in app.routes if isinstance(route, HTTPRoute) and "GET" in route.methods]
    filled = [
        path.replace("{project_id:uuid}", str(project_id))
        for path in paths
        if "{project_id:uuid}" in path and not path.startswith(BY_TOKEN)
    ]
    return [re.sub(r"\{(\w+):\w+\}", _made_up, path) for path in filled]


def query_of(path: str) -> dict[str, str]:
    """What the route asks for, so that it comes to look at who is asking."""
    return QUERIES.get(path.rsplit("/", 1)[1], QUERY)


def _made_up(parameter: re.Match[str]) -> str:
    values = {"kind": "lot", "file_name": f"{uuid7()}.png", "sha256": "0" * 64}
    return values.get(parameter[1], str(uuid7()))


def test_a_stranger_finds_no_project_behind_any_route(app: Litestar, cast: Cast) -> None:
    paths = reading_paths(app, cast.project_id)
    answers = {path: cast.stranger.get(path, params=query_of(path)).status_code for path in paths}

    assert len(paths) >= 8
    assert {path: status for path, status in answers.items() if status != 404} == {}


def test_nobody_reads_without_signing_in(app: Litestar, cast: Cast) -> None:
    paths = reading_paths(app, cast.project_id)
    answers = {path: cast.client.get(path, params=query_of(path)).status_code for path in paths}

    assert {path: status for path, status in answers.items() if status != 401} == {}


@pytest.mark.parametrize("query", ["project", "cursor"])
def test_the_feed_of_a_project_is_its_members(cast: Cast, query: str) -> None:
    params = {"project": str(cast.project_id)} | ({"cursor": "1"} if query == "cursor" else {})

    assert cast.foreman.get("/api/feed", params=params).status_code == 200
    assert cast.stranger.get("/api/feed", params=params).status_code == 404
