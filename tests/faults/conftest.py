"""Houses of real processes, one of each shape for the whole run; a test that breaks one starts it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.support.cast import Cast
from tests.support.houses import House, house


@dataclass
class Manned:
    """A house and the people in it."""

    house: House
    cast: Cast


@contextmanager
def _manned(kind: str, factory: pytest.TempPathFactory) -> Iterator[Manned]:
    with house(kind, factory.mktemp(f"house-{kind}")) as running, running.client(60) as client:
        yield Manned(running, running.cast(client))


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manned]:
    """SQLite and a folder."""
    with _manned("sqlite", tmp_path_factory) as manned:
        yield manned


@pytest.fixture(scope="session")
def grown_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manned]:
    """PostgreSQL that syncs, and an S3 store."""
    with _manned("postgresql", tmp_path_factory) as manned:
        yield manned


@pytest.fixture(params=["embedded", "grown_up"])
def manned(request: pytest.FixtureRequest) -> Iterator[Manned]:
    """Both in turn; API and worker run again after the test."""
    found: Manned = request.getfixturevalue(request.param)
    yield found
    for program in (found.house.api, found.house.worker):
        if not program.is_running:
            program.start()
