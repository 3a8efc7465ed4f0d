"""A whole house of real processes: API, worker, store and database, as an operator runs them.

`sqlite` is the embedded database and the folder store, `postgresql` the grown-up shape with an S3 store. The API
and the worker are processes of their own in both, so that each can be killed alone.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import Engine

from plumbline.db import make_engine
from plumbline.settings import Settings, load
from plumbline.storage.interface import Store
from plumbline.storage.service import open_store
from tests.support.cast import Cast, make_cast
from tests.support.databases import make_tables
from tests.support.postgres import Postgres, syncing_postgres
from tests.support.programs import Program, answers, free_port, listens, plumbline
from tests.support.s3 import ACCESS_KEY, ORIGIN, SECRET_KEY


@dataclass
class House:
    """What runs, and the test's own engine on the same database."""

    kind: str
    home: Path
    url: str
    settings: Settings
    values: dict[str, str]
    engine: Engine
    api: Program
    worker: Program
    store: Program | None
    database: Postgres | None

    @property
    def objects(self) -> Store:
        """The store as the server sees it."""
        return open_store(self.settings)

    def client(self, timeout_s: float = 30) -> httpx.Client:
        """HTTP to the API."""
        return httpx.Client(base_url=self.url, timeout=timeout_s)

    def cast(self, client: httpx.Client) -> Cast:
        """A project with everybody on it, made over the network."""
        return make_cast(client, self.engine)  # type: ignore[arg-type]  # The same requests, over a real network.


@contextmanager
def house(kind: str, home: Path, *, start: bool = True, **more: str) -> Iterator[House]:
    """A house with its tables made; API and worker run unless told otherwise. Everything ends with the block."""
    with ExitStack() as stack:
        values = {"data_dir": str(home / "data"), "log_level": "WARNING", "jobs": "worker", "database_url": ""}
        values |= {"access_token_minutes": "60", "upload_minutes": "120"}
        store = database = None
        if kind == "postgresql":
            database = stack.enter_context(syncing_postgres())
            store, at = s3_program(home)
            stack.callback(store.close)
            store.start()
            values |= {"database_url": database.url, **at}
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        values |= {"base_url": url, **more}
        settings = load(**values)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        make_tables(settings)
        engine = make_engine(settings)
        stack.callback(engine.dispose)
        serve = ["serve", "--host", "127.0.0.1", "--port", str(port)]
        api = plumbline("api", serve, values, home / "api.log", lambda: answers(f"{url}/api/ready"))
        worker = plumbline("worker", ["worker"], values, home / "worker.log")
        stack.callback(api.close)
        stack.callback(worker.close)
        if start:
            api.start()
            worker.start()
        yield House(kind, home, url, settings, values, engine, api, worker, store, database)


def s3_program(home: Path) -> tuple[Program, dict[str, str]]:
    """`rclone serve s3` on a folder and a port that it keeps, and the settings that point at it."""
    port = free_port()
    (home / "s3").mkdir(parents=True, exist_ok=True)
    command = [
        str(Path(sys.executable).with_name("rclone")),
        *("serve", "s3", str(home / "s3"), "--config", "/dev/null", "--addr", f"127.0.0.1:{port}"),
        *("--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", "--allow-origin", ORIGIN),
        *("--vfs-cache-mode", "writes", "--vfs-write-back", "0s", "--cache-dir", str(home / "s3-cache")),
    ]
    settings = {
        "store": "s3",
        "s3_endpoint": f"http://127.0.0.1:{port}",
        "s3_bucket": "evidence",
        "s3_access_key": ACCESS_KEY,
        "s3_secret_key": SECRET_KEY,
    }
    return Program("store", command, home / "s3.log", lambda: listens(port)), settings
