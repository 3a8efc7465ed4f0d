"""Phones that never stop sending: acts in batches and files, each sent again until it is answered.

What the server acknowledged is written down here, so that a test can ask for all of it afterwards. The seed decides
what is sent; when it is sent depends on the machine.
"""

import base64
import hashlib
import json
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from tests.support.cast import PASSWORD, Actor
from tests.support.device import Envelope
from tests.support.photos import jpeg
from tests.support.works import pour

KEEPS_SECONDS = 240  # A house that does not answer for so long is not coming back.
Result = dict[str, Any]


@dataclass
class Sent:
    """One act as it was signed, and what it must come to."""

    id: str
    type: str
    object: str
    envelope: Envelope
    files: int
    lots: int
    wants: str  # The verdict in the end: applied or refused.


@dataclass
class Ledger:
    """What one phone was told."""

    acts: list[Sent] = field(default_factory=list)
    answers: dict[str, Result] = field(default_factory=dict)
    intents: dict[str, str] = field(default_factory=dict)  # Hash to upload id.
    verified: dict[str, int] = field(default_factory=dict)  # Hash to length.
    wrong: list[str] = field(default_factory=list)
    retries: int = 0


class Gate:
    """Lets all phones go, or has them wait between two pieces of work."""

    def __init__(self, parties: int) -> None:
        self._open = threading.Event()
        self._open.set()
        self._resting = threading.Semaphore(0)
        self._parties = parties

    def close(self, seconds: float) -> bool:
        """Have everybody finish what they are sending; False when somebody did not in time."""
        self._open.clear()
        end = time.monotonic() + seconds
        return all(self._resting.acquire(timeout=max(0.1, end - time.monotonic())) for _ in range(self._parties))

    def open(self) -> None:
        """Go on."""
        self._open.set()

    def pass_through(self) -> None:
        """Wait here while it is closed."""
        if not self._open.is_set():
            self._resting.release()
            self._open.wait()


class Phone:
    """One person's phone with two hands: one sends acts, the other files."""

    def __init__(self, actor: Actor, task: UUID, seed: str, gate: Gate) -> None:
        self.actor, self.task, self.gate = actor, task, gate
        self.ledger = Ledger()
        self.stopped = threading.Event()
        self._acts, self._files = Random(f"{seed} acts"), Random(f"{seed} files")
        self._photos: queue.Queue[bytes] = queue.Queue(maxsize=2)
        self._lots: list[tuple[UUID, Decimal]] = []
        self._waiting_for: UUID | None = None
        self._hands = [threading.Thread(target=self._run, args=(work,), daemon=True) for work in (self.act, self.file)]

    def start(self) -> None:
        """Begin to send."""
        for hand in self._hands:
            hand.start()

    def stop(self) -> None:
        """Send no more; the gate must be open."""
        self.stopped.set()
        for hand in self._hands:
            hand.join(KEEPS_SECONDS)

    def _run(self, work: Callable[[], None]) -> None:
        while not self.stopped.is_set():
            self.gate.pass_through()
            try:
                work()
            except Exception as bad:
                self.ledger.wrong.append(f"{self.actor.login}: {bad!r}")
                time.sleep(0.5)

    # --- Acts ---

    def act(self) -> None:
        """Sign the next batch and send it until there are verdicts."""
        batch = self._compose()
        self.ledger.acts += batch
        for one, result in zip(batch, self.send(batch), strict=True):
            self.ledger.answers[one.id] = result
        time.sleep(self._acts.uniform(0, 0.1))

    def send(self, batch: list[Sent]) -> list[Result]:
        """One result for each act, in order, however often it takes."""
        answer = self.insist("POST", "/api/acts", json={"envelopes": [one.envelope for one in batch]})
        assert answer.status_code == 200, answer.text
        results: list[Result] = answer.json()["results"]
        return results

    def _compose(self) -> list[Sent]:
        signed = [self._receive() for _ in range(self._acts.randint(1, 3))]
        signed += [self._pour() for _ in range(self._acts.randint(0, 3)) if self._lots]
        if self._acts.random() < 0.2 and self._lots:  # What was poured just now may have been the last.
            signed.append(self._overdraw())
        if self._waiting_for is not None:  # Comes at last: what the batch before depends on.
            signed.insert(0, self._receive(id=self._waiting_for))
            self._waiting_for = None
        elif self._acts.random() < 0.3:
            self._waiting_for = uuid7()
            signed.append(self._receive(depends_on=[self._waiting_for]))
        return signed

    def _receive(self, **more: Any) -> Sent:
        lot = uuid7()
        if "depends_on" not in more:
            self._lots.append((lot, Decimal(10)))
        body = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3"}
        return self._signed("lot:receive", lot, body, "applied", **more)

    def _pour(self) -> Sent:
        used = Decimal(self._acts.randint(1, 30)) / 10
        lot, left = self._lots.pop(0)
        if left - used >= 3:
            self._lots.insert(0, (lot, left - used))
        files = []
        if not self._photos.full():
            content = self._content(self._acts)
            self._photos.put(content)
            files = [{**_claim(content), "role": "photo:e1", "capture": "camera"}]
        return self._signed("step:record", uuid7(), pour(self.task, (lot, str(used))), "applied", files=files)

    def _overdraw(self) -> Sent:
        """More than there is, from a lot of this phone's own: refused, and kept."""
        lot, _ = self._lots[0]
        return self._signed("lot:scrap", lot, {"quantity": "11", "reason": "never was there"}, "refused")

    def _signed(self, type: str, object: UUID, body: dict[str, Any], wants: str, **more: Any) -> Sent:
        envelope = self.actor.act(type, object, body, **more)
        id = json.loads(base64.b64decode(envelope["payload"]))["id"]
        return Sent(id, type, str(object), envelope, len(more.get("files", ())), len(body.get("lots", ())), wants)

    # --- Files ---

    def _content(self, random: Random) -> bytes:
        """A photo now and then, else bytes that nobody decodes; no two alike, up to 400 kB."""
        tail = random.randbytes(random.choice((2_000, 20_000, 400_000)))
        return jpeg(64, 48) + tail[:2_000] if random.random() < 0.1 else b"%PDF-1.7\n" + tail

    def file(self) -> None:
        """Send one file until the server says verified."""
        content = None
        with suppress(queue.Empty):
            content = self._photos.get_nowait()
        content = content or self._content(self._files)
        claim = _claim(content)
        sha256 = claim["sha256"]
        answer = self.insist("POST", self.actor.at("/uploads"), json={"files": [claim]})
        assert answer.status_code == 200, answer.text
        upload = answer.json()["uploads"][0]
        assert upload["state"] == "upload", upload
        self.ledger.intents[sha256] = upload["upload_id"]
        self._send_bytes(upload, content)
        self.ledger.verified[sha256] = len(content)
        time.sleep(self._files.uniform(0, 0.1))

    def _send_bytes(self, upload: dict[str, Any], content: bytes) -> None:
        """To the address that was acknowledged, whatever happens: an intent must stay good."""
        path = self.actor.at(f"/uploads/{upload['upload_id']}/complete")
        end = time.monotonic() + KEEPS_SECONDS
        while time.monotonic() < end:
            put = self.insist("PUT", upload["url"], content=content, headers=upload["headers"])
            assert put.is_success, put.text
            done = self.insist("POST", path, again=(409,))
            if done.status_code == 200:
                assert done.json()["status"] == "verified", done.text
                return
            # The store was killed before it kept the bytes: they are sent again.
            assert done.json()["type"] == "/problems/file-not-arrived", done.text
        raise AssertionError(f"an acknowledged upload never came to an end: {upload}")

    # --- The network ---

    def insist(self, method: str, url: str, *, again: tuple[int, ...] = (), **more: Any) -> httpx.Response:
        """Ask until there is an answer that is none of a broken house. Signs in again when the session ended."""
        end = time.monotonic() + KEEPS_SECONDS
        said = ""
        while time.monotonic() < end:
            own = {} if url.startswith("http") or method == "PUT" else {"headers": self.actor.headers}
            try:
                answer = self.actor.client.request(method, url, **{**own, **more})
                if answer.status_code == 401:
                    self._sign_in()
            except httpx.TransportError as gone:
                said = repr(gone)
            else:
                if answer.status_code != 401 and answer.status_code < 500 and not _is_passing(answer, again):
                    return answer
                said = answer.text[:300]
            self.ledger.retries += 1
            time.sleep(0.1)
        raise AssertionError(f"{method} {url.partition('?')[0]} was not answered: {said}")

    def _sign_in(self) -> None:
        """Go on with a new session; a broken house is asked again by the caller."""
        body = {"login": self.actor.login, "password": PASSWORD, "device": self.actor.device.enrolment()}
        answer = self.actor.client.post("/api/sign-in", json=body)
        if answer.status_code == 200:
            self.actor.take_session(answer.json())


def _is_passing(answer: httpx.Response, again: tuple[int, ...]) -> bool:
    return answer.status_code in again and answer.json()["type"] == "/problems/file-being-checked"


def _claim(content: bytes) -> dict[str, Any]:
    mime = "image/jpeg" if content.startswith(b"\xff\xd8") else "application/pdf"
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "mime": mime}
