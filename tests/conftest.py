"""Fixtures for every test: the databases, the app over HTTP, and the cast."""

from collections.abc import Iterator

import hypothesis
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine

from plumbline.app import make_app
from plumbline.settings import Settings
from tests.support.cast import Cast, Client
from tests.support.counting import counted
from tests.support.kept_cast import KeptCast, copy_of, kept

pytest_plugins = ["tests.support.databases", "tests.support.s3"]

# What is tried is right or wrong; how long it took on a busy machine is neither.
hypothesis.settings.register_profile(
    "plumbline", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("plumbline")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted (`record_property("statements of …", 38)`), also those run in other processes."""
    found = counted(terminalreporter)
    if found:
        terminalreporter.section("counted")
        for one in found:
            terminalreporter.line(f"{one['name']}: {one['value']}")


@pytest.fixture(scope="session")
def app(settings: Settings, lasting_engine: Engine) -> Litestar:
    """The whole application, on both databases in turn."""
    return make_app(settings, lasting_engine)


@pytest.fixture
def client(app: Litestar, engine: Engine) -> Iterator[Client]:
    """HTTP against the app on an empty database; a crash of the server shows as 500, not as an exception."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def kept_casts() -> dict[str, KeptCast]:
    """Casts that were made in this run, by the kind of database."""
    return {}


@pytest.fixture
def cast(client: Client, engine: Engine, kept_casts: dict[str, KeptCast]) -> Cast:
    """A project in Shanghai with everybody on it, and a stranger with a project of their own."""
    kind = engine.dialect.name
    if kind in kept_casts:
        return kept_casts[kind].again(client, engine)
    kept_casts[kind] = kept(client, engine)
    return copy_of(kept_casts[kind].cast, client)
