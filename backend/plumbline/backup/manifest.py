"""The manifest: what a backup consists of, with the SHA-256 of each part, and what must be in it once restored."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

FORMAT = 1
NAME = "manifest.json"


class BackupRefused(Exception):
    """The backup cannot be made, trusted or restored; the message says why and what to do."""


@dataclass(frozen=True)
class Part:
    """One file of the backup besides the evidence; `name` is its path in the folder."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Standing:
    """How far the database was: by project, how many acts it has and the feed's newest number."""

    projects: dict[str, dict[str, int]]
    kept_acts: int


@dataclass(frozen=True)
class Manifest:
    """All of a backup. `missing`: files that rows call verified and the store did not have whole."""

    made_at: str
    version: str
    schema: str
    database: str
    server_device: str
    dump: Part
    keys: Part
    listing: Part
    files: int
    standing: Standing
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def parts(self) -> tuple[Part, Part, Part]:
        """The parts that are one file each."""
        return self.dump, self.keys, self.listing


def write(folder: Path, manifest: Manifest) -> None:
    """Put the manifest in place, whole or not at all."""
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n"
    with placed(folder / NAME) as out:
        out.write(text.encode())


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupRefused."""
    path = folder / NAME
    if not path.is_file():
        raise BackupRefused(f"{folder} has no {NAME}: it is no backup, or one that was cut off. Make it again.")
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if found["format"] != FORMAT:
            raise BackupRefused(f"The backup has format {found['format']}; this version reads format {FORMAT}.")
        parts: dict[str, Any] = {name: Part(**found.pop(name)) for name in ("dump", "keys", "listing")}
        return Manifest(standing=Standing(**found.pop("standing")), **parts, **found)
    except (ValueError, KeyError, TypeError) as bad:
        raise BackupRefused(f"{path} cannot be read: {bad}") from bad


@contextmanager
def placed(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there whole, durable and for its owner alone, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def part(folder: Path, name: str) -> Part:
    """A part as it lies there."""
    path = folder / name
    return Part(name, path.stat().st_size, sha256_of(path))


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, 64 lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
