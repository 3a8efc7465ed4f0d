"""The store's files in the backup folder, under the same keys, and back. A second backup copies what is new."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from plumbline.backup.manifest import BackupRefused, placed, sha256_of
from plumbline.storage.errors import ObjectMissing
from plumbline.storage.interface import CHUNK_BYTES, Store, checked

FOLDER = "files"
AREAS = ("evidence", "derived", "quarantine")
# Areas of the store that are left out → why.
LEFT = {
    "incoming": "whoever sends it keeps it until it is verified",
    "parts": "whoever sends it keeps it until it is verified",
    "checking": "whoever sent it keeps it until it is verified",
    "snapshot": "a copy of the feed, made again when it is missing",
}


@dataclass
class Copied:
    """What copying did. `damaged`: keys whose bytes are not those of their hash; they are not in the backup."""

    files: int = 0
    new: int = 0
    damaged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def copy_out(store: Store, folder: Path, list_name: str, named: set[str]) -> Copied:
    """Copy what is not there yet and write the list, in the form that `sha256sum --check` reads.

    `named`: keys that must be there; they leave the set as they are found. Raises StoreUnavailable.
    """
    known = _listed_before(folder)
    copied = Copied()
    with placed(folder / list_name) as out:
        for key in (key for area in AREAS for key in store.list(area)):
            digest = _copied(store, folder / FOLDER / key, key, known, copied)
            if digest is not None:
                named.discard(key)
                copied.files += 1
                out.write(f"{digest}  {FOLDER}/{key}\n".encode())
    copied.missing = sorted(named - set(copied.damaged))
    return copied


def _listed_before(folder: Path) -> dict[str, str]:
    """Hashes of derivatives and refused bytes by key, from the last backup; evidence has its hash for a name."""
    lists = sorted(folder.glob("files-*.sha256"))
    lines = lists[-1].read_text("ascii").splitlines() if lists else []
    known = (line.split(f"  {FOLDER}/") for line in lines)
    return {key: digest for digest, key in known if not key.startswith("evidence/")}


def _copied(store: Store, target: Path, key: str, known: dict[str, str], copied: Copied) -> str | None:
    """The hash under which the file is in the backup now; None when it could not be copied whole."""
    if target.exists():
        # A file gets its name here after its hash was checked, so evidence that is there is whole.
        if key.startswith("evidence/"):
            return target.name
        if key in known and target.stat().st_size == store.size(key):
            return known[key]
    digest = hashlib.sha256()
    try:
        with placed(target) as out:
            for chunk in store.read(key):
                digest.update(chunk)
                out.write(chunk)
            if key.startswith("evidence/") and digest.hexdigest() != target.name:
                raise _Damaged
    except _Damaged:
        copied.damaged.append(key)
        return None
    except ObjectMissing:
        return None  # Removed since it was listed; when a row names it, it is said to be missing.
    copied.new += 1
    return digest.hexdigest()


class _Damaged(Exception):
    """The store's bytes are not those that the key stands for."""


def listed(folder: Path, list_name: str) -> Iterator[tuple[str, str]]:
    """(hash, key) of every file in the backup. Raises BackupRefused for a line that is no such thing."""
    with (folder / list_name).open(encoding="ascii") as lines:
        for line in lines:
            digest, between, key = line.rstrip("\n").partition(f"  {FOLDER}/")
            try:
                if not between:
                    raise ValueError
                yield digest, checked(key)
            except ValueError as bad:
                raise BackupRefused(f"The list of files has a line that names none: {line[:80]!r}") from bad


def wrong(folder: Path, list_name: str) -> Iterator[str]:
    """A sentence for every file of the list that is not there or has other bytes."""
    for digest, key in listed(folder, list_name):
        path = folder / FOLDER / key
        if not path.is_file():
            yield f"{FOLDER}/{key} is not there."
        elif sha256_of(path) != digest:
            yield f"{FOLDER}/{key} does not have the bytes that it had when the backup was made."


def copy_back(store: Store, folder: Path, list_name: str) -> int:
    """Bring every file of the list to the store that does not have it; returns how many were brought."""
    brought = 0
    for _, key in listed(folder, list_name):
        path = folder / FOLDER / key
        if key.startswith("evidence/") and store.size(key) == path.stat().st_size:
            continue
        with path.open("rb") as file:
            store.put(key, iter(lambda: file.read(CHUNK_BYTES), b""))
        brought += 1
    return brought
