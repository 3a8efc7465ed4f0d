"""The written interface that both stores obey, and the names under which bytes lie.

A key is `<area>/<part>/…` of lower-case letters, digits, dots, dashes and underscores. No part begins with a
dot, so no key climbs out of the store. Whoever holds a URL can write `incoming/` only.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

CHUNK_BYTES = 1024 * 1024
AREAS = ("incoming", "parts", "checking", "evidence", "derived", "quarantine", "snapshot")
_KEY = re.compile(rf"(?:{'|'.join(AREAS)})(?:/[a-z0-9_-][a-z0-9._-]{{0,99}}){{1,6}}")


@dataclass(frozen=True)
class Presigned:
    """A URL that takes one PUT, and the headers that the sender must set exactly."""

    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class PartDone:
    """A part that the store has: number from 1, length in bytes, and the store's own tag of it."""

    number: int
    size_bytes: int
    tag: str


# Named here: inside the stores `list` is a method.
Parts = list[PartDone]
Unjoined = list[tuple[UUID, str]]


class Writer(Protocol):
    """Bytes on their way in; nothing is visible under the key before `commit`. Leaving without it forgets them."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def write(self, chunk: bytes) -> None:
        """Take the next bytes. Raises StoreFull."""

    def commit(self) -> None:
        """Make the bytes durable and visible under the key, replacing what was there. Raises StoreFull."""


class Store(Protocol):
    """Where bytes lie. Every method raises StoreUnavailable when the store cannot be reached."""

    def prepare(self, origins: list[str]) -> list[str]:
        """Set the store up so that browsers of these origins may send to it; what could not be done, in words."""

    def writer(self, key: str) -> Writer:
        """Begin to write an object."""

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        """Write an object durably; returns its length in bytes. Raises StoreFull."""

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The object's bytes in chunks of at most 1 MiB. Raises ObjectMissing at the first chunk."""

    def size(self, key: str) -> int | None:
        """Length in bytes, None when there is no such object."""

    def move(self, source: str, target: str, size_bytes: int | None = None) -> int:
        """Give the object another key, replacing what was there; returns its length, as a rule `size_bytes` if given.

        The source is there until all of the target is. Raises ObjectMissing, StoreFull, StoreUnavailable.
        """

    def delete(self, key: str) -> None:
        """Forget the object; one that is not there is no error."""

    def list(self, prefix: str) -> list[str]:
        """The keys below `prefix` (a whole path such as `incoming`), sorted."""

    def presign_put(self, upload_id: UUID, size_bytes: int, mime: str, seconds: int) -> Presigned | None:
        """A URL for `incoming/<upload id>` that the sender uses without us; None: send it through our own route."""

    def presign_get(self, key: str, filename: str, mime: str, seconds: int) -> str | None:
        """A URL that gives the object as an attachment of this name and type; None: read it through our own route."""

    # A large file in parts of the sender's own size, 5 MiB at least but for the last: any order, each again when lost.

    def begin_parts(self, upload_id: UUID) -> str:
        """Begin to take `incoming/<upload id>` in parts; returns the store's name for it."""

    def part_writer(self, upload_id: UUID, multipart_id: str, number: int) -> Writer:
        """Begin to write one part (number from 1); again when its answer was lost, and then the same bytes.

        Raises ObjectMissing here or at `commit` after join or drop.
        """

    def presign_part(
        self, upload_id: UUID, multipart_id: str, number: int, size_bytes: int, seconds: int
    ) -> Presigned | None:
        """A URL that takes just this part; None: send it through our own route."""

    def parts_done(self, upload_id: UUID, multipart_id: str) -> Parts:
        """The parts that are there, by number. Raises ObjectMissing after join or drop."""

    def join_parts(self, upload_id: UUID, multipart_id: str, parts: Parts) -> None:
        """Make `incoming/<upload id>` of the parts and forget them. Raises ObjectMissing, StoreFull."""

    def drop_parts(self, upload_id: UUID, multipart_id: str) -> None:
        """Forget the parts; none is no error."""

    def unjoined(self) -> Unjoined:
        """(upload id, multipart id) of all that began in parts and were neither joined nor dropped."""


def checked(key: str) -> str:
    """The key itself when it is one. Raises ValueError."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key of the store: {key!r}")
    return key


def incoming_key(upload_id: UUID) -> str:
    """Where a sender puts bytes that nobody has looked at."""
    return f"incoming/{upload_id}"


def part_key(upload_id: UUID, name: str) -> str:
    """Where a piece of an upload lies until all of it is there."""
    return f"parts/{upload_id}/{name}"


def checking_key(upload_id: UUID) -> str:
    """Where the server takes an upload before it hashes it: no URL reaches there, so nobody can swap the bytes."""
    return f"checking/{upload_id}"


def quarantine_key(project_id: UUID, upload_id: UUID) -> str:
    """Where bytes lie that were not what was announced."""
    return f"quarantine/{project_id}/{upload_id}"


def evidence_key(project_id: UUID, sha256: str) -> str:
    """Where a verified original lies, byte for byte, once for each project."""
    return f"evidence/{project_id}/{sha256[:2]}/{sha256}"


def derived_key(project_id: UUID, sha256: str, size_px: int) -> str:
    """Where a derivative lies; `size_px` is the length of its longer side at most."""
    return f"derived/{project_id}/{sha256[:2]}/{sha256}-{size_px}.jpg"


def snapshot_key(project_id: UUID, sha256: str) -> str:
    """Where a snapshot of the feed lies; it can be made again at any time."""
    return f"snapshot/{project_id}/{sha256}.ndjson.gz"
