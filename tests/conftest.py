"""Fixtures for every test: the databases, the app over HTTP, and the cast."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine

from plumbline.app import create_app
from plumbline.settings import Settings
from tests.support.cast import Cast, Client, make_cast

pytest_plugins = ["tests.support.databases"]


@pytest.fixture
def app(settings: Settings, engine: Engine) -> Litestar:
    """The whole application on an empty database (which `engine` sees to), on both databases in turn."""
    return create_app(settings)


@pytest.fixture
def client(app: Litestar) -> Iterator[Client]:
    """HTTP against the app; a crash of the server shows as 500 and not as an exception in the test."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def cast(client: Client, engine: Engine) -> Cast:
    """A project in Shanghai with everybody on it, and a stranger with a project of their own."""
    return make_cast(client, engine)
