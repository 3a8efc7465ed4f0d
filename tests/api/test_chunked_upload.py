"""Files that come in pieces: resumed where they were cut, kept to the byte, and verified on the same road."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from httpx import Response
from sqlmodel import select

from plumbline import db
from plumbline.evidence import uploads
from plumbline.evidence.models import Upload, UploadPart
from plumbline.settings import Settings
from plumbline.storage.interface import AREAS
from plumbline.storage.service import open_store
from tests.support.cast import Actor, Cast
from tests.support.evidence import complete, intend, meta, send, sha256_of, slug

CHUNK = 256 * 1024
VIDEO = b"\x1aE\xdf\xa3" + bytes(i % 251 for i in range(3 * CHUNK))
MIME = "video/webm"


def patch(actor: Actor, upload: dict[str, Any], start: int, content: bytes) -> Response:
    return actor.client.patch(upload["chunks"]["url"], content=content, headers={"Upload-Offset": str(start)})


def offset(actor: Actor, upload: dict[str, Any]) -> int:
    answer = actor.client.head(upload["chunks"]["url"])
    assert answer.status_code == 204, answer.text
    assert answer.headers["upload-length"] == str(len(VIDEO))
    return int(answer.headers["upload-offset"])


def objects(settings: Settings) -> list[str]:
    store = open_store(settings)
    return [key for area in AREAS for key in store.list(area) if not key.startswith("evidence/")]


def test_a_file_comes_in_chunks_and_is_verified_like_any_other(cast: Cast, settings: Settings) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)
    assert upload["chunks"]["chunk_bytes"] == CHUNK

    for start in range(0, len(VIDEO), CHUNK):
        assert offset(cast.foreman, upload) == start
        answer = patch(cast.foreman, upload, start, VIDEO[start : start + CHUNK])
        assert answer.status_code == 204
        assert answer.headers["upload-offset"] == str(min(start + CHUNK, len(VIDEO)))

    assert answer.headers["upload-complete"] == "?1"
    assert complete(cast.foreman, upload).json() == {"sha256": sha256_of(VIDEO), "status": "verified"}
    assert cast.foreman.get(cast.foreman.at(f"/files/{sha256_of(VIDEO)}")).content == VIDEO
    assert objects(settings) == []
    with db.reading(cast.engine) as session:
        assert session.exec(select(UploadPart)).all() == []


def test_chunks_may_have_any_length(cast: Cast) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)

    for start, end in ((0, 1), (1, 700_000), (700_000, len(VIDEO))):
        assert patch(cast.foreman, upload, start, VIDEO[start:end]).status_code == 204

    assert complete(cast.foreman, upload).status_code == 200


def test_a_wrong_offset_is_told_the_true_one_and_changes_nothing(cast: Cast) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)
    patch(cast.foreman, upload, 0, VIDEO[:1000])

    for wrong in (0, 999, 1001, len(VIDEO)):
        answer = patch(cast.foreman, upload, wrong, VIDEO[wrong : wrong + 500])
        assert (answer.status_code, slug(answer), answer.headers["upload-offset"]) == (
            409,
            "upload-offset-wrong",
            "1000",
        )
        assert answer.json()["offset"] == 1000

    assert offset(cast.foreman, upload) == 1000


def test_a_chunk_whose_answer_was_lost_may_be_sent_again(cast: Cast) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)
    patch(cast.foreman, upload, 0, VIDEO[:CHUNK])

    again = patch(cast.foreman, upload, 0, VIDEO[:CHUNK])
    patch(cast.foreman, upload, again.json()["offset"], VIDEO[CHUNK:])

    assert complete(cast.foreman, upload).status_code == 200


def test_of_chunks_sent_at_once_one_goes_on(cast: Cast, settings: Settings) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)

    with ThreadPoolExecutor(6) as pool:
        sizes = [1000, 2000, 3000, 4000, 5000, 6000]
        answers = list(pool.map(lambda size: patch(cast.foreman, upload, 0, VIDEO[:size]), sizes))

    took = [size for size, answer in zip(sizes, answers, strict=True) if answer.status_code == 204]
    assert len(took) == 1
    assert {a.headers["upload-offset"] for a in answers} == {str(took[0])}
    assert len(open_store(settings).list("parts")) == 1
    patch(cast.foreman, upload, took[0], VIDEO[took[0] :])
    assert complete(cast.foreman, upload).status_code == 200


def test_a_cut_line_keeps_every_byte_that_came(cast: Cast) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)
    came = CHUNK + 12_345

    asyncio.run(cut_after(cast, upload["chunks"]["url"], VIDEO[:came]))

    assert offset(cast.foreman, upload) == came
    assert intend(cast.foreman, VIDEO, MIME)["chunks"]["offset"] == came
    patch(cast.foreman, upload, came, VIDEO[came:])
    assert complete(cast.foreman, upload).status_code == 200


async def cut_after(cast: Cast, url: str, content: bytes) -> None:
    """What a server's socket gives the application when the phone is gone in the middle of a chunk."""
    parts = urlsplit(url)
    frames = [content[at : at + 50_000] for at in range(0, len(content), 50_000)]
    messages = [{"type": "http.request", "body": frame, "more_body": True} for frame in frames]
    messages.append({"type": "http.disconnect"})

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def nobody(message: Any) -> None:
        return None

    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "PATCH",
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", b"testserver"), (b"upload-offset", b"0"), (b"content-length", b"786436")],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "state": {},
    }
    await cast.client.app(scope, receive, nobody)


def test_more_than_was_announced_is_not_taken(cast: Cast) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)
    patch(cast.foreman, upload, 0, VIDEO[:-1])

    answer = patch(cast.foreman, upload, len(VIDEO) - 1, VIDEO[-1:] + b"x")

    assert (answer.status_code, slug(answer)) == (422, "upload-length-wrong")
    assert offset(cast.foreman, upload) == len(VIDEO) - 1


def test_half_a_file_cannot_be_completed_and_goes_on_afterwards(cast: Cast) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)
    patch(cast.foreman, upload, 0, VIDEO[:CHUNK])

    early = complete(cast.foreman, upload)
    patch(cast.foreman, upload, CHUNK, VIDEO[CHUNK:])

    assert (early.status_code, slug(early)) == (409, "file-not-arrived")
    assert complete(cast.foreman, upload).status_code == 200


def test_chunks_of_another_file_are_refused_and_kept_aside(cast: Cast, settings: Settings) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)
    patch(cast.foreman, upload, 0, bytes(reversed(VIDEO)))

    answer = complete(cast.foreman, upload)

    assert (answer.status_code, slug(answer)) == (422, "file-digest-mismatch")
    (kept,) = objects(settings)
    assert kept.startswith("quarantine/")
    again = patch(cast.foreman, upload, 0, VIDEO[:CHUNK])
    assert (again.status_code, slug(again)) == (410, "upload-expired")


def test_a_chunk_that_the_store_has_cut_is_refused_with_the_length_that_is_there(
    cast: Cast, settings: Settings
) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)
    patch(cast.foreman, upload, 0, VIDEO)
    store = open_store(settings)
    part = store.list("parts")[0]
    store.put(part, [b"".join(store.read(part))[:-1]])

    answer = complete(cast.foreman, upload)

    assert (answer.status_code, slug(answer)) == (422, "file-digest-mismatch")
    assert answer.json()["received_bytes"] == len(VIDEO) - 1
    (kept,) = objects(settings)
    assert kept.startswith("quarantine/")


def test_an_upload_that_is_verified_takes_no_more(cast: Cast) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)
    send(cast.foreman, VIDEO, MIME)

    assert offset(cast.foreman, upload) == len(VIDEO)
    assert patch(cast.foreman, upload, 0, VIDEO[:5]).status_code == 409


def test_an_address_that_ended_is_renewed_and_the_upload_goes_on(cast: Cast, settings: Settings) -> None:
    upload = intend(cast.foreman, VIDEO, MIME)
    patch(cast.foreman, upload, 0, VIDEO[:CHUNK])
    old = f"/api/uploads/{upload['upload_id']}/content?token={uploads.token(settings, upload['upload_id'], 1)}"

    ended = cast.client.patch(old, content=b"x", headers={"Upload-Offset": str(CHUNK)})
    fresh = intend(cast.foreman, VIDEO, MIME)

    assert (ended.status_code, slug(ended)) == (410, "upload-expired")
    assert fresh["chunks"]["offset"] == CHUNK
    assert patch(cast.foreman, fresh, CHUNK, VIDEO[CHUNK:]).status_code == 204


def test_an_offset_that_is_none_is_malformed(cast: Cast) -> None:
    url = intend(cast.foreman, VIDEO, MIME)["chunks"]["url"]

    for wrong in ({}, {"Upload-Offset": "-1"}, {"Upload-Offset": "x"}, {"Upload-Offset": "9" * 30}):
        answer = cast.client.patch(url, content=b"x", headers=wrong)
        assert (answer.status_code, slug(answer)) == (422, "malformed")


# Large files in parts.


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """Parts of 5 MiB, the least that S3 takes: a file of 12 MB is large then."""
    size = 5 * 1024 * 1024
    monkeypatch.setattr("plumbline.evidence.uploads.PART_BYTES", size)
    monkeypatch.setattr("plumbline.evidence.chunks.PART_BYTES", size)
    return size


LARGE = b"\x1aE\xdf\xa3" + b"plumbline" * 1_300_000


def addresses(actor: Actor, upload: dict[str, Any], *numbers: int) -> dict[str, Any]:
    answer = actor.post(upload["parts_url"], {"numbers": list(numbers)})
    assert answer.status_code == 200, answer.text
    parts: dict[str, Any] = answer.json()
    return parts


def put_part(actor: Actor, part: dict[str, Any], content: bytes) -> Response:
    if part["url"].startswith("http"):
        return httpx.put(part["url"], content=content, headers=part["headers"])
    return actor.client.put(part["url"], content=content)


def unjoined(settings: Settings, upload: dict[str, Any]) -> list[str]:
    return [name for id, name in open_store(settings).unjoined() if str(id) == upload["upload_id"]]


def piece(number: int, size: int) -> bytes:
    return LARGE[(number - 1) * size : number * size]


def test_a_large_file_comes_in_parts_in_any_order_and_again(cast: Cast, settings: Settings, small_parts: int) -> None:
    upload = intend(cast.foreman, LARGE, MIME)
    asked = addresses(cast.foreman, upload, 3, 1)
    assert (asked["count"], asked["done"]) == (3, [])

    for part in asked["parts"]:
        for _ in range(2):
            assert put_part(cast.foreman, part, piece(part["number"], small_parts)).is_success
    early = complete(cast.foreman, upload)
    missing = addresses(cast.foreman, upload, 2)
    assert missing["done"] == [1, 3]
    assert put_part(cast.foreman, missing["parts"][0], piece(2, small_parts)).is_success

    assert (early.status_code, slug(early)) == (409, "file-not-arrived")
    assert cast.foreman.get(upload["parts_url"]).json()["done"] == [1, 2, 3]
    assert complete(cast.foreman, upload).status_code == 200
    assert meta(cast.foreman, sha256_of(LARGE))["bytes"] == len(LARGE)
    assert objects(settings) == []
    assert unjoined(settings, upload) == []
    assert cast.foreman.get(upload["parts_url"]).json()["done"] == [1, 2, 3]


def test_a_part_has_just_its_own_length(cast: Cast, small_parts: int) -> None:
    upload = intend(cast.foreman, LARGE, MIME)
    (part,) = addresses(cast.foreman, upload, 1)["parts"]

    for content in (b"short", piece(1, small_parts) + b"x"):
        assert put_part(cast.foreman, part, content).status_code in (403, 422)

    unknown = cast.foreman.post(upload["parts_url"], {"numbers": [4]})
    assert (unknown.status_code, slug(unknown)) == (422, "upload-part-unknown")
    assert cast.foreman.get(upload["parts_url"]).json()["done"] == []


def test_files_above_8_mib_are_sent_in_parts_of_8_mib(cast: Cast) -> None:
    whole = intend(cast.foreman, b"whole", MIME, bytes=8 * 1024 * 1024)
    larger = intend(cast.foreman, b"larger", MIME, bytes=8 * 1024 * 1024 + 1)

    assert whole["parts_url"] is None
    asked = addresses(cast.foreman, larger, 1, 2)
    assert (asked["part_bytes"], asked["count"], len(asked["parts"])) == (8 * 1024 * 1024, 2, 2)


def test_an_upload_that_is_given_up_leaves_nothing(cast: Cast, settings: Settings, small_parts: int) -> None:
    upload = intend(cast.foreman, LARGE, MIME)
    (part,) = addresses(cast.foreman, upload, 1)["parts"]
    put_part(cast.foreman, part, piece(1, small_parts))
    patch(cast.foreman, upload, 0, LARGE[:CHUNK])
    path = cast.foreman.at(f"/uploads/{upload['upload_id']}")

    assert cast.crew_member.delete(path).status_code == 204  # Not theirs: as if it were gone.
    assert len(objects(settings)) >= 1
    assert [cast.foreman.delete(path).status_code for _ in range(2)] == [204, 204]

    assert objects(settings) == []
    assert unjoined(settings, upload) == []
    with db.reading(cast.engine) as session:
        assert session.exec(select(Upload)).all() == []


def test_a_stranger_learns_nothing_of_parts(cast: Cast, small_parts: int) -> None:
    upload = intend(cast.foreman, LARGE, MIME)
    addresses(cast.foreman, upload, 1)

    answers = [
        cast.stranger.post(upload["parts_url"], {"numbers": [1]}),
        cast.stranger.get(upload["parts_url"]),
        cast.stranger.delete(cast.foreman.at(f"/uploads/{upload['upload_id']}")),
        cast.stranger.get(upload["parts_url"].replace(str(cast.project_id), str(cast.stranger.project_id))),
    ]

    assert [(a.status_code, slug(a)) for a in answers] == [(404, "not-found")] * 4
