"""Sending files as a phone does, to whichever store the test runs on."""

import hashlib
import ssl
from typing import Any

import httpx
from httpx import Response

from plumbline.jobs import Context, run_pending
from plumbline.settings import Settings
from plumbline.storage.service import open_store
from tests.support.cast import Actor, Cast

# Made once: httpx would read all authorities anew for each request.
TRUST = ssl.create_default_context()


def sha256_of(content: bytes) -> str:
    """64 lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def claim(content: bytes, mime: str = "image/jpeg", role: str = "photo", capture: str = "camera") -> dict[str, Any]:
    """A file as an act lists it."""
    return {"sha256": sha256_of(content), "bytes": len(content), "mime": mime, "role": role, "capture": capture}


def intend(actor: Actor, content: bytes, mime: str = "image/jpeg", **instead: Any) -> dict[str, Any]:
    """Ask where to send one file; `instead` replaces what is announced."""
    file = {"sha256": sha256_of(content), "bytes": len(content), "mime": mime, **instead}
    answer = actor.post(actor.at("/uploads"), {"files": [file]})
    assert answer.status_code == 200, answer.text
    upload: dict[str, Any] = answer.json()["uploads"][0]
    return upload


def put(actor: Actor, upload: dict[str, Any], content: bytes) -> Response:
    """Send the bytes to the address given: the store itself, or our own route, in neither case with a token of ours."""
    if upload["url"].startswith("http"):
        return httpx.put(upload["url"], content=content, headers=upload["headers"], verify=TRUST)
    return actor.client.put(upload["url"], content=content, headers=upload["headers"])


def complete(actor: Actor, upload: dict[str, Any]) -> Response:
    """Say that the bytes were sent."""
    return actor.post(actor.at(f"/uploads/{upload['upload_id']}/complete"))


def send(actor: Actor, content: bytes, mime: str = "image/jpeg") -> str:
    """Intent, PUT, complete; returns the hash of a verified file."""
    upload = intend(actor, content, mime)
    assert put(actor, upload, content).is_success
    answer = complete(actor, upload)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"sha256": sha256_of(content), "status": "verified"}
    return sha256_of(content)


def meta(actor: Actor, sha256: str) -> dict[str, Any]:
    """What the server says of a file."""
    answer = actor.get(actor.at(f"/files/{sha256}/meta"))
    assert answer.status_code == 200, answer.text
    known: dict[str, Any] = answer.json()
    return known


def run_jobs(cast: Cast, settings: Settings) -> int:
    """Run what is enqueued, in this process."""
    return run_pending(Context(cast.engine, settings, open_store(settings)))


def slug(answer: Response) -> str:
    """The slug of a problem document."""
    return str(answer.json()["type"]).removeprefix("/problems/")
