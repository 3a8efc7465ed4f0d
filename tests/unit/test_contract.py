"""The OpenAPI document says what routes refuse, by status, as their docstrings do."""

from typing import Any

import pytest
from litestar import Litestar, get, post
from litestar.testing import TestClient

from plumbline import contract
from plumbline.app import make_app
from plumbline.db import make_engine
from plumbline.problems import every_problem
from plumbline.settings import load


@pytest.fixture
def document(tmp_path: Any) -> dict[str, Any]:
    settings = load(data_dir=tmp_path, database_url="")
    engine = make_engine(settings)
    found = make_app(settings, engine).openapi_schema.to_schema()
    engine.dispose()
    return found


def test_every_refusal_that_a_route_lists_stands_under_its_status(document: dict[str, Any]) -> None:
    answers = document["paths"]["/api/projects/{project_id}/api-keys"]["post"]["responses"]

    assert answers["403"]["description"] == "not-allowed"
    assert "not-found" in answers["404"]["description"]
    assert "application/problem+json" in answers["422"]["content"]
    assert "400" not in answers


def test_routes_that_take_a_token_say_so_and_open_ones_do_not(document: dict[str, Any]) -> None:
    assert document["paths"]["/api/me"]["get"]["security"] == [{"bearer": []}]
    assert "security" not in document["paths"]["/api/sign-in"]["post"]
    assert "security" not in document["paths"]["/api/health"]["get"]


def test_every_route_is_described_by_its_own_words(document: dict[str, Any]) -> None:
    told = [o.get("description", "") for path in document["paths"].values() for o in path.values()]

    assert all(told)
    assert not [words for words in told if "anyio" in words]


def test_routes_list_no_slug_that_is_no_problem(document: dict[str, Any]) -> None:
    known = {problem.slug for problem in every_problem()}
    operations = [(path, o) for path, item in document["paths"].items() for o in item.values()]

    unknown = {path: set(contract.listed(o["description"])) - known for path, o in operations}

    assert {path: slugs for path, slugs in unknown.items() if slugs} == {}
    assert any(contract.listed(o["description"]) for _, o in operations)


def test_options_names_every_method_of_a_path() -> None:
    @get("/x", sync_to_thread=False)
    def read_x() -> str:
        return ""

    @post("/x", sync_to_thread=False)
    def write_x() -> str:
        return ""

    with TestClient(Litestar([read_x, write_x], before_send=[contract.tell_methods])) as client:
        assert client.options("/x").headers["allow"] == "GET, OPTIONS, POST"
