"""Fixtures of the end-to-end tests: the built front end, one browser, servers of each shape, sites with people."""

import fcntl
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.e2e import build
from tests.e2e.browsers import Browsers, chromium
from tests.e2e.screens import PASSWORDS, load_sample
from tests.e2e.server import House, free_port, serving
from tests.e2e.site import Site, make_site
from tests.support import s3


@pytest.fixture(scope="package")
def front_end() -> None:
    """The front end is built."""
    build.build()


@pytest.fixture(scope="session")
def loaded_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in a folder to copy from, loaded once for all processes of the run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "loaded-sample"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / PASSWORDS).exists():
            folder.mkdir()
            load_sample(folder)
    return folder


# For the package only: while Playwright runs, no other test could use asyncio in this thread.
@pytest.fixture(scope="package")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    """One Chromium for all tests here."""
    with chromium(tmp_path_factory.mktemp("camera")) as opened:
        yield opened


# One for each file: what a test of another file recorded at the same wall must not stand in its way.
@pytest.fixture(scope="module")
def house_of(request: pytest.FixtureRequest, front_end: None) -> Iterator[Callable[[str], House]]:
    """Servers by shape, each started at first use: "sqlite" with the folder store, "postgresql" with S3."""
    with ExitStack() as open_ones:
        known: dict[str, House] = {}

        def house(shape: str) -> House:
            if shape not in known:
                folder = Path(open_ones.enter_context(tempfile.TemporaryDirectory(prefix=f"plumbline-{shape}-")))
                port = free_port()
                chosen = _postgresql(request, open_ones, folder, port) if shape == "postgresql" else {}
                (folder / "data").mkdir()
                known[shape] = open_ones.enter_context(serving(shape, folder / "data", port, chosen))
            return known[shape]

        yield house


def _postgresql(request: pytest.FixtureRequest, open_ones: ExitStack, folder: Path, port: int) -> dict[str, str]:
    """A database of our own, since other tests empty theirs, and a store that takes uploads from the app's origin."""
    name = f"e2e_{uuid.uuid4().hex}"
    url = make_url(request.getfixturevalue("postgres_url"))
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    store = s3.serve(folder / "s3", origin=f"http://localhost:{port}")
    open_ones.callback(store.process.wait, 10)
    open_ones.callback(store.process.terminate)
    return {"database_url": url.set(database=name).render_as_string(hide_password=False), **store.settings()}


@pytest.fixture(scope="module")
def site_of(house_of: Callable[[str], House]) -> Callable[[str], Site]:
    """Sites by the shape of their house: a tower in Shanghai with its people, made through the API."""
    known: dict[str, Site] = {}

    def site(shape: str) -> Site:
        if shape not in known:
            known[shape] = make_site(house_of(shape))
        return known[shape]

    return site


@pytest.fixture
def site(site_of: Callable[[str], Site]) -> Site:
    """The site on SQLite and the folder store."""
    return site_of("sqlite")
