"""Who runs jobs: every process that does holds a name of its own, and the next one takes over when it is gone.

What a process had begun lies under its name. The first free one of `name`, `name.2`, `name.3` … is taken, so a process
that was killed comes back under its own, several may start with the same settings, and two never have the same.
A name is held by a lock that ends with the process, however it ends: a file lock beside the embedded database, an
advisory lock of the session on PostgreSQL.
"""

import fcntl
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from plumbline.settings import Settings

log = logging.getLogger(__name__)
MOST = 1000
LOCK = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")


class Names(Protocol):
    """Where names are held."""

    def take(self, name: str) -> bool:
        """Hold a name; False when another process does."""

    def keep(self) -> None:
        """Hold again what a restart of the database took away."""

    def is_held(self, name: str) -> bool:
        """Whether any process holds it."""

    def close(self) -> None:
        """Hold nothing any more."""


def names(settings: Settings) -> Names:
    """Names beside the database in force."""
    return FileNames(settings.data_dir / "runners") if settings.is_sqlite else SessionNames(settings)


def take_first(held: Names, base: str) -> str:
    """Hold the first free name of `base`, `base.2`, …; returns it. Raises RuntimeError when a thousand are held."""
    for n in range(1, MOST + 1):
        name = base if n == 1 else f"{base}.{n}"
        if held.take(name):
            return name
    raise RuntimeError(f"no free name for a job runner like {base}")


class FileNames:
    """One empty file for each name, locked by its holder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mine: dict[str, int] = {}

    def take(self, name: str) -> bool:
        """Lock the name's file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._folder / quote(name, safe=""), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._mine[name] = handle
        return True

    def keep(self) -> None:
        """A file lock lasts as long as its process."""

    def is_held(self, name: str) -> bool:
        """Try to lock it for a moment."""
        if name in self._mine:
            return True
        if not self.take(name):
            return True
        os.close(self._mine.pop(name))
        return False

    def close(self) -> None:
        """Closing the files ends the locks."""
        while self._mine:
            os.close(self._mine.popitem()[1])


class SessionNames:
    """Advisory locks of one connection of its own, outside the pool."""

    def __init__(self, settings: Settings) -> None:
        self._engine: Engine = create_engine(
            settings.database, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
        )
        self._connection: Connection | None = None
        self._mine: set[str] = set()

    def take(self, name: str) -> bool:
        """Lock the name in this session. Raises SQLAlchemyError."""
        got = bool(self._session().execute(LOCK, {"name": f"plumbline runner {name}"}).scalar())
        if got:
            self._mine.add(name)
        return got

    def keep(self) -> None:
        """Try the session; a new one takes the names again that nobody else took. Raises SQLAlchemyError."""
        try:
            self._session().execute(text("SELECT 1"))
        except SQLAlchemyError:
            self._forget_session()
            for name in sorted(self._mine):
                if not self.take(name):
                    log.warning("Another process runs jobs as %s now.", name)

    def is_held(self, name: str) -> bool:
        """Try to lock it for a moment. Raises SQLAlchemyError."""
        if name in self._mine or not self.take(name):
            return True
        self._mine.discard(name)
        unlock = text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))")
        self._session().execute(unlock, {"name": f"plumbline runner {name}"})
        return False

    def close(self) -> None:
        """Ending the session ends its locks."""
        self._mine.clear()
        self._forget_session()
        self._engine.dispose()

    def _session(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _forget_session(self) -> None:
        with suppress(SQLAlchemyError):
            if self._connection is not None:
                self._connection.close()
        self._connection = None
