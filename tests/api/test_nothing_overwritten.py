"""Same id with other bytes, same photo with other bytes, 0 bytes, an extra file, a cut body: refused and kept.

And nothing that was there is overwritten: the act's row and the photo's bytes are read back after everything was tried.
"""

import asyncio
import base64
from collections.abc import Callable
from uuid import UUID

from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from plumbline.acts.models import ActRow, KeptAct
from plumbline.settings import Settings
from plumbline.storage.interface import evidence_key
from plumbline.storage.service import open_store
from tests.api.test_chunked_upload import cut_after
from tests.support import photos
from tests.support.cast import Cast
from tests.support.evidence import complete, intend, put, send, sha256_of, slug
from tests.support.works import add_task, photo, pour

PHOTO = photos.jpeg()
OTHER = bytes(reversed(PHOTO))
VIDEO = b"\x1aE\xdf\xa3" + bytes(i % 251 for i in range(3 * 256 * 1024))


def one_act(cast: Cast, id: UUID, task: UUID, extra: bool = False) -> dict[str, str]:
    """A pour with its photo; the same id with an extra file is another act."""
    files = [photo(PHOTO), *([photo(OTHER)] if extra else [])]
    return cast.foreman.act("step:record", uuid7(), pour(task), id=id, files=files)


def kept_payloads(cast: Cast, id: UUID) -> list[bytes]:
    with Session(cast.engine) as session:
        return list(session.exec(select(KeptAct.payload).where(KeptAct.claimed_id == id)))


def test_other_bytes_under_a_known_name_are_refused_and_kept_and_nothing_is_overwritten(
    cast: Cast, settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    by, store, tried, wrong = cast.foreman, open_store(settings), 0, []

    def must(what: str, holds: bool) -> None:
        nonlocal tried
        tried += 1
        wrong.extend([] if holds else [what])

    id, task = uuid7(), add_task(cast)
    first = one_act(cast, id, task)
    assert by.send(first)[0]["verdict"] == "applied"
    send(by, PHOTO)

    others = [by.act("step:record", uuid7(), pour(task), id=id), one_act(cast, id, task, extra=True)]
    for what, other in zip(("same id, other bytes", "same id, an extra file"), others, strict=True):
        said = by.send(other)[0]["problem"]
        must(what, said is not None and said["type"] == "/problems/id-taken")
    must("both are kept", sorted(kept_payloads(cast, id)) == sorted(base64.b64decode(o["payload"]) for o in others))

    fresh = photos.jpeg(65, 49)
    for what, content in (("same photo, other bytes", bytes(reversed(fresh))), ("0 bytes", b""), ("cut", fresh[:-9])):
        upload = intend(by, fresh)
        sent = put(by, upload, content)
        done = complete(by, upload)
        must(what, done.status_code in (409, 422) and (sent.is_success or sent.status_code in (403, 422)))
    wish = {"sha256": sha256_of(b""), "bytes": 0, "mime": "image/jpeg"}
    must("0 bytes announced", slug(by.post(by.at("/uploads"), {"files": [wish]})) == "file-empty")
    quarantined = [b"".join(store.read(key)) for key in store.list(f"quarantine/{cast.project_id}")]
    must("the other bytes are kept aside", quarantined == [bytes(reversed(fresh))])
    must("a verified photo is not asked for again", intend(by, PHOTO)["state"] == "verified")

    video = intend(by, VIDEO, "video/webm")
    asyncio.run(cut_after(cast, video["chunks"]["url"], VIDEO[:300_000]))
    must("a cut body keeps what came", intend(by, VIDEO, "video/webm")["chunks"]["offset"] == 300_000)
    must("and is no file", slug(complete(by, video)) == "file-not-arrived")

    with Session(cast.engine) as session:
        row = session.exec(select(ActRow).where(ActRow.id == id)).one()
    must("the act is as it was", (row.payload, row.verdict) == (base64.b64decode(first["payload"]), "applied"))
    must("the photo is as it was", b"".join(store.read(evidence_key(cast.project_id, sha256_of(PHOTO)))) == PHOTO)
    must("there is no other evidence", len(store.list(f"evidence/{cast.project_id}")) == 1)
    record_property(f"other bytes, {cast.engine.dialect.name}", f"{tried} tried, {len(wrong)} taken or overwritten")
    assert wrong == []
