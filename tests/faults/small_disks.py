"""A disk of a few megabytes that a test can fill and empty: a tmpfs of its own, else limits of SQLite and the kernel.

Mounting needs rights that a container may lack; then SQLite is told how many pages it may have, and the kernel how
long a file may become. Both end in the same errors as a full disk.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, event

SIZE_MB = 40
FILE_BYTES = 8_000_000


class NotMounted(Exception):
    """This process may mount nothing; the message says what the system answered."""


class SmallDisk(Protocol):
    """A folder on a disk that can be full."""

    folder: Path

    def fill(self) -> None:
        """Leave no room."""

    def free(self) -> None:
        """Make room again."""


class Mounted:
    """A file system in memory, filled by one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Write until there is no room for one byte more."""
        with self._ballast.open("ab", buffering=0) as out:
            for size in (1024 * 1024, 4096, 1):
                with suppress(OSError):
                    while out.write(b"\0" * size) == size:
                        pass

    def free(self) -> None:
        """Take the file away."""
        self._ballast.unlink(missing_ok=True)


class Limited:
    """No file may grow beyond 8 MB, and the database may not gain a page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)
        self.pages: int | None = None

    def govern(self, engine: Engine) -> None:
        """Have each connection of this engine keep within the limit."""

        @event.listens_for(engine, "begin")
        def _begin(conn: object) -> None:
            limit = self.pages or 1_073_741_823
            conn.connection.dbapi_connection.execute(f"PRAGMA max_page_count={limit}")  # type: ignore[attr-defined]

    def fill(self) -> None:
        """Allow what is there and no more."""
        self.pages = 1  # SQLite takes the present size when that is larger.
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, self._before[1]))

    def free(self) -> None:
        """Allow everything again."""
        self.pages = None
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


@contextmanager
def small_disk(folder: Path) -> Iterator[Mounted | Limited]:
    """A small disk at `folder`, gone after the block; says why when it cannot be a real one."""
    with ExitStack() as stack:
        try:
            yield stack.enter_context(mounted(folder))
            return
        except NotMounted as refused:
            sys.stderr.write(f"No small disk could be mounted ({refused}): limits stand in for it.\n")
        limited = Limited(folder)
        stack.callback(limited.free)
        yield limited


@contextmanager
def mounted(folder: Path, size_mb: int = SIZE_MB) -> Iterator[Mounted]:
    """A file system of that size at `folder`, which other processes can fill too. Raises NotMounted."""
    folder.mkdir(exist_ok=True)
    why = _run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)])
    if why is not None or not os.path.ismount(folder):
        raise NotMounted(why)
    try:
        yield Mounted(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _run(command: list[str]) -> str | None:
    """Run it; None, or why it failed."""
    try:
        subprocess.run(command, capture_output=True, text=True, check=True)
    except subprocess.CalledProcessError as refused:
        return str(refused.stderr).strip()
    except OSError as missing:
        return str(missing)
    return None
