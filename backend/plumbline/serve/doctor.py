"""`plumbline doctor`: tries what the settings promise, from here, and says what is wrong and what to do.

Nothing is judged by reading settings alone: rows are read, bytes are written and read back, and with an S3 store the
upload of a browser is done as the browser does it, preflight and presigned PUT included.
"""

import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from plumbline import schema
from plumbline.settings import Settings
from plumbline.storage.errors import StoreFull, StoreUnavailable
from plumbline.storage.interface import incoming_key
from plumbline.storage.service import open_store, origin_of

PROBE = b"Plumbline was here.\n"
LEAST_FREE_BYTES = 2_000_000_000
WAIT_S = 10


class Wrong(Exception):
    """A finding; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Finding:
    """One thing that was tried. `is_right` with a note, or what is wrong."""

    what: str
    is_right: bool
    said: str


def examine(engine: Engine, settings: Settings) -> Iterator[Finding]:
    """Try everything, one finding each; a failure stops nothing else."""
    tries: list[tuple[str, Callable[[], str]]] = [
        ("database", lambda: _database(engine)),
        ("schema", lambda: _schema(engine)),
        ("store", lambda: _store(settings)),
        ("upload", lambda: _upload(settings)),
        ("disk", lambda: _disk(settings)),
        ("address", lambda: _address(settings)),
        ("front end", lambda: _front_end(settings)),
    ]
    for what, attempt in tries:
        try:
            yield Finding(what, True, attempt())
        except Wrong as wrong:
            yield Finding(what, False, str(wrong))


def _database(engine: Engine) -> str:
    try:
        with engine.connect().execution_options(ro=True) as connection:
            name = connection.dialect.name
            asked = "SELECT sqlite_version()" if name == "sqlite" else "SHOW server_version"
            return f"{name} {connection.execute(text(asked)).scalar()}"
    except SQLAlchemyError as bad:
        raise Wrong(f"The database cannot be reached ({type(bad).__name__}). Check PLUMBLINE_DATABASE_URL.") from bad


def _schema(engine: Engine) -> str:
    try:
        present = schema.current(engine)
    except SQLAlchemyError as bad:
        raise Wrong("The database does not answer.") from bad
    if present != schema.head():
        raise Wrong(f"The schema is at {present or 'nothing'}, not at {schema.head()}. Run: plumbline migrate")
    return f"at {present}"


def _store(settings: Settings) -> str:
    store, key = open_store(settings), incoming_key(uuid4())
    try:
        store.put(key, [PROBE])
        held = b"".join(store.read(key))
        store.delete(key)
    except StoreFull as full:
        raise Wrong("The store is full.") from full
    except (StoreUnavailable, OSError) as bad:
        raise Wrong("The store does not take and give back bytes; the log says why.") from bad
    if held != PROBE:
        raise Wrong("The store gave back other bytes than it was given. Do not use it.")
    return f"{settings.store}: written, read back, deleted"


def _upload(settings: Settings) -> str:
    """The way of a browser: ask by CORS, PUT to the presigned address, and we find the bytes."""
    store, upload_id = open_store(settings), uuid4()
    signed = store.presign_put(upload_id, len(PROBE), "text/plain", 60)
    if signed is None:
        return "through the server's own route"
    origin = origin_of(settings.base_url)
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    allowed = _request("OPTIONS", signed.url, asked, None).get("Access-Control-Allow-Origin")
    if allowed not in (origin, "*"):
        raise Wrong(
            f"The store refuses browsers that come from {origin} (CORS). Allow PUT with Content-Type from there."
        )
    _request("PUT", signed.url, {"Origin": origin, **signed.headers}, PROBE)
    if store.size(incoming_key(upload_id)) != len(PROBE):
        raise Wrong("An upload to the public address did not arrive in our bucket. Are both endpoints the same store?")
    store.delete(incoming_key(upload_id))
    return f"as a browser from {origin} to {urlsplit(signed.url).netloc}"


def _request(method: str, url: str, headers: dict[str, str], body: bytes | None) -> dict[str, str]:
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
            return dict(answer.headers.items())
    except urllib.error.HTTPError as refused:
        refused.close()
        raise Wrong(f"The store answered {refused.code} to {method} at its public address.") from refused
    except OSError as bad:
        raise Wrong(f"The store's public address {urlsplit(url).netloc} cannot be reached from here.") from bad


def _disk(settings: Settings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    if free < LEAST_FREE_BYTES:
        raise Wrong(f"Only {free / 1e9:.1f} GB are free where {settings.data_dir} lies.")
    return f"{free / 1e9:.0f} GB free"


def _address(settings: Settings) -> str:
    url = urlsplit(settings.base_url)
    if url.scheme != "https" and url.hostname not in ("localhost", "127.0.0.1"):
        raise Wrong(f"{settings.base_url} is not secure: phones get no camera, position or offline work. Use https.")
    return settings.base_url


def _front_end(settings: Settings) -> str:
    index = settings.pwa_dir / "index.html"
    if not index.is_file():
        raise Wrong(f"There is no {index}. Run: make pwa")
    if not list(settings.pwa_dir.glob("assets/*.br")):
        raise Wrong("The assets have no compressed siblings. Run: python -m plumbline.serve.compress pwa/dist")
    return "built and compressed"
