"""The folder store: write aside, sync, rename, sync the folder. What `commit` returned for survives a power cut."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from plumbline.storage.errors import ObjectMissing, StoreFull, StoreUnavailable
from plumbline.storage.interface import (
    CHUNK_BYTES,
    PartDone,
    Parts,
    Presigned,
    Unjoined,
    checked,
    incoming_key,
    part_key,
)

ASIDE = ".aside"  # No key begins with a dot, so nothing in here can be read or listed.
KNOWN = ".known"  # Beside the folder `files` the file `files.known` says that a store was made there.
MULTIPART = "multipart-"


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except OSError as bad:
        if bad.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StoreFull() from bad
        raise StoreUnavailable() from bad


class FolderWriter:
    """A file that is being written aside."""

    def __init__(self, root: Path, target: Path) -> None:
        self._root, self._target = root, target
        self._aside = root / ASIDE / secrets.token_hex(16)
        with _named():
            _make_folder(self._aside.parent, root.parent)
            self._file = self._aside.open("xb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._aside.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """Take the next bytes. Raises StoreFull."""
        with _named():
            self._file.write(chunk)

    def commit(self) -> None:
        """Sync the bytes, rename the file into place, sync the folder."""
        with _named():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            _rename(self._aside, self._target, self._root)


class FolderStore:
    """Objects as files below one folder, which may be a disk of its own.

    Once it was made it is never made again by itself: where a disk is not mounted lies an empty folder, and what was
    written into that would be hidden by the disk as soon as it is back.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._known = self._root.with_name(self._root.name + KNOWN)

    def prepare(self, origins: list[str]) -> list[str]:
        """Make the folder, once; uploads come through our own origin, so there is nothing to allow.

        Raises StoreUnavailable when it was made before and is away.
        """
        with _named():
            self._check_there()
            _make_folder(self._root / ASIDE, self._root.parent)
        with suppress(OSError):  # A disk without room for a name is no reason not to start; the next start tries again.
            if not self._known.exists():
                self._known.touch()
                _sync(self._known.parent)
        return []

    def _check_there(self) -> None:
        """Raises StoreUnavailable when the folder is not the one that was made."""
        if not (self._root / ASIDE).is_dir() and self._known.exists():
            raise StoreUnavailable()

    def writer(self, key: str) -> FolderWriter:
        """Begin to write an object. Raises StoreUnavailable."""
        path = self._path(key)
        self._check_there()
        return FolderWriter(self._root, path)

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        """Write an object durably; returns its length in bytes."""
        total = 0
        with self.writer(key) as out:
            for chunk in chunks:
                out.write(chunk)
                total += len(chunk)
            out.commit()
        return total

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The object's bytes in chunks of at most 1 MiB. Raises ObjectMissing at the first chunk."""
        path, left = self._path(key), length
        with _named():
            try:
                file = path.open("rb")
            except FileNotFoundError as missing:
                self._check_there()
                raise ObjectMissing(key) from missing
            with file:
                file.seek(start)
                while chunk := file.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left)):
                    yield chunk
                    left = None if left is None else left - len(chunk)

    def size(self, key: str) -> int | None:
        """Length in bytes, None when there is no such object."""
        with _named():
            try:
                return self._path(key).stat().st_size
            except FileNotFoundError:
                self._check_there()
                return None

    def move(self, source: str, target: str, size_bytes: int | None = None) -> int:
        """Rename, durably: no copy that could be cut short."""
        old, new = self._path(source), self._path(target)
        with _named():
            if not old.is_file():
                self._check_there()
                raise ObjectMissing(source)
            try:
                _rename(old, new, self._root)
            except FileNotFoundError as missing:
                raise ObjectMissing(source) from missing
            _sync(old.parent)
            return new.stat().st_size

    def delete(self, key: str) -> None:
        """Forget the object; one that is not there is no error."""
        path = self._path(key)
        with _named():
            self._check_there()
            path.unlink(missing_ok=True)

    def list(self, prefix: str) -> list[str]:
        """The keys below `prefix`, sorted."""
        with _named():
            self._check_there()
            found = (self._root / checked(f"{prefix}/x")).parent.rglob("*")
            return sorted(p.relative_to(self._root).as_posix() for p in found if p.is_file())

    def presign_put(self, upload_id: UUID, size_bytes: int, mime: str, seconds: int) -> Presigned | None:
        """None: the folder has no address of its own."""
        return None

    def presign_get(self, key: str, filename: str, mime: str, seconds: int) -> str | None:
        """None: the folder has no address of its own."""
        return None

    def begin_parts(self, upload_id: UUID) -> str:
        """The name of the folder that the parts will lie in."""
        multipart_id = f"{MULTIPART}{secrets.token_hex(8)}"
        with _named():
            self._check_there()
            _make_folder(self._parts(upload_id, multipart_id), self._root)
        return multipart_id

    def part_writer(self, upload_id: UUID, multipart_id: str, number: int) -> FolderWriter:
        """Begin to write one part. Raises ObjectMissing after join or drop."""
        self._check_there()
        if not self._parts(upload_id, multipart_id).is_dir():
            raise ObjectMissing(multipart_id)
        return self.writer(part_key(upload_id, f"{multipart_id}/{number:05}"))

    def presign_part(
        self, upload_id: UUID, multipart_id: str, number: int, size_bytes: int, seconds: int
    ) -> Presigned | None:
        """None: the folder has no address of its own."""
        return None

    def parts_done(self, upload_id: UUID, multipart_id: str) -> Parts:
        """The parts that are there, by number. Raises ObjectMissing after join or drop."""
        folder = self._parts(upload_id, multipart_id)
        with _named():
            self._check_there()
            if not folder.is_dir():
                raise ObjectMissing(multipart_id)
            return [PartDone(int(path.name), path.stat().st_size, path.name) for path in sorted(folder.iterdir())]

    def join_parts(self, upload_id: UUID, multipart_id: str, parts: Parts) -> None:
        """Write the parts one after the other, then forget them."""
        folder = f"{multipart_id}/"
        self.put(
            incoming_key(upload_id),
            (chunk for part in parts for chunk in self.read(part_key(upload_id, folder + part.tag))),
        )
        self.drop_parts(upload_id, multipart_id)

    def drop_parts(self, upload_id: UUID, multipart_id: str) -> None:
        """Forget the parts; none is no error."""
        with _named(), suppress(FileNotFoundError):
            self._check_there()
            shutil.rmtree(self._parts(upload_id, multipart_id))

    def unjoined(self) -> Unjoined:
        """(upload id, multipart id) of all that began in parts and were neither joined nor dropped."""
        with _named():
            self._check_there()
            found = sorted((self._root / "parts").glob(f"*/{MULTIPART}*"))
        return [(UUID(path.parent.name), path.name) for path in found]

    def _parts(self, upload_id: UUID, multipart_id: str) -> Path:
        return self._path(part_key(upload_id, multipart_id))

    def _path(self, key: str) -> Path:
        return self._root / checked(key)


def _make_folder(folder: Path, known: Path) -> None:
    """Make a folder and its parents down from `known`, syncing each parent that gained an entry."""
    if folder.is_dir() or folder == known:
        folder.mkdir(parents=True, exist_ok=True)
        return
    _make_folder(folder.parent, known)
    folder.mkdir(exist_ok=True)
    _sync(folder.parent)


def _rename(source: Path, target: Path, root: Path) -> None:
    _make_folder(target.parent, root)
    os.replace(source, target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
