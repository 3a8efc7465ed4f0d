"""What may come instead of a good photo: refused with a sentence, or kept, flagged and never shown inline."""

import time
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from plumbline import db
from plumbline.evidence import uploads
from plumbline.evidence.models import Upload
from plumbline.settings import Settings
from plumbline.storage.interface import incoming_key
from plumbline.storage.service import open_store
from tests.support import photos
from tests.support.cast import Cast
from tests.support.evidence import complete, intend, meta, put, run_jobs, send, sha256_of, slug

PHOTO = photos.jpeg()


def ask(cast: Cast, **file: Any) -> Any:
    wish = {"sha256": sha256_of(PHOTO), "bytes": len(PHOTO), "mime": "image/jpeg", **file}
    return cast.foreman.post(cast.foreman.at("/uploads"), {"files": [wish]})


def test_an_empty_file_is_refused_before_it_is_sent(cast: Cast) -> None:
    answer = ask(cast, sha256=sha256_of(b""), bytes=0)

    assert (answer.status_code, slug(answer)) == (422, "file-empty")
    assert answer.json()["sha256"] == sha256_of(b"")


# What phones record: containers by their first bytes.
RECORDED = {
    "video/mp4": b"\0\0\0\x18ftypisom" + bytes(500),
    "video/quicktime": b"\0\0\0\x14ftypqt  " + bytes(500),
    "audio/webm": b"\x1aE\xdf\xa3" + bytes(500),
    "audio/mp4": b"\0\0\0\x18ftypmp42" + bytes(500),
}


def test_a_video_and_a_voice_note_are_kept_without_preview_and_say_so(cast: Cast, settings: Settings) -> None:
    for mime, content in RECORDED.items():
        path = cast.foreman.at(f"/files/{send(cast.foreman, content, mime)}")
        known = meta(cast.foreman, sha256_of(content))
        assert (known["mime"], known["decodable"], known["derivatives"]) == (mime, None, [])
        assert known["note"]["en"].startswith("No preview is made of a video")
        preview = cast.foreman.get(f"{path}/preview")
        assert (preview.status_code, slug(preview)) == (404, "preview-impossible")
        original = cast.foreman.get(path)
        assert (original.content, original.headers["content-type"]) == (content, mime)
        assert original.headers["content-disposition"].startswith("attachment")
    assert run_jobs(cast, settings) == 0


def test_a_file_above_the_limit_is_refused_before_it_is_sent(cast: Cast) -> None:
    answer = ask(cast, bytes=1_501_000_000)

    assert (answer.status_code, slug(answer)) == (413, "file-too-large")
    assert answer.json()["limit"] == 1_500_000_000


def test_an_intent_that_is_none_is_malformed(cast: Cast) -> None:
    for wrong in ({"sha256": "x"}, {"sha256": "AB" * 32}, {"bytes": -1}, {"bytes": "many"}, {"more": 1}):
        answer = ask(cast, **wrong)
        assert (answer.status_code, slug(answer)) == (422, "malformed")


def test_other_bytes_of_the_same_length_are_refused_and_kept_aside(cast: Cast, settings: Settings) -> None:
    other = bytes(reversed(PHOTO))
    upload = intend(cast.foreman, PHOTO)
    assert put(cast.foreman, upload, other).is_success

    answers = [complete(cast.foreman, upload) for _ in range(2)]

    assert [(a.status_code, slug(a)) for a in answers] == [(422, "file-digest-mismatch")] * 2
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["received_sha256"] == sha256_of(other)
    store = open_store(settings)
    (kept,) = store.list(f"quarantine/{cast.project_id}")
    assert b"".join(store.read(kept)) == other
    assert store.list(f"evidence/{cast.project_id}") == []
    assert store.size(incoming_key(upload["upload_id"])) is None
    assert cast.foreman.get(cast.foreman.at(f"/files/{sha256_of(PHOTO)}")).status_code == 404


def test_after_a_refusal_the_right_file_still_comes_in(cast: Cast) -> None:
    upload = intend(cast.foreman, PHOTO)
    put(cast.foreman, upload, bytes(reversed(PHOTO)))
    complete(cast.foreman, upload)

    assert intend(cast.foreman, PHOTO)["upload_id"] != upload["upload_id"]
    send(cast.foreman, PHOTO)


def test_another_length_than_announced_is_not_taken(cast: Cast) -> None:
    upload = intend(cast.foreman, PHOTO)

    for content in (PHOTO[:-1], PHOTO + b"x", b""):
        assert put(cast.foreman, upload, content).status_code in (403, 422)

    answer = complete(cast.foreman, upload)
    assert (answer.status_code, slug(answer)) == (409, "file-not-arrived")


def test_completing_what_was_never_sent_says_so_and_may_be_repeated(cast: Cast) -> None:
    upload = intend(cast.foreman, PHOTO)

    answers = [complete(cast.foreman, upload) for _ in range(2)]

    assert [(a.status_code, slug(a)) for a in answers] == [(409, "file-not-arrived")] * 2
    put(cast.foreman, upload, PHOTO)
    assert complete(cast.foreman, upload).status_code == 200


def test_a_page_called_photo_is_kept_and_never_shown_inline(cast: Cast) -> None:
    sha256 = send(cast.foreman, photos.HTML, "image/jpeg")

    known = meta(cast.foreman, sha256)
    original = cast.foreman.get(cast.foreman.at(f"/files/{sha256}"))
    preview = cast.foreman.get(cast.foreman.at(f"/files/{sha256}/preview"))
    assert (known["status"], known["decodable"]) == ("verified", False)
    assert known["note"]["en"]
    assert known["note"]["zh"]
    assert original.content == photos.HTML
    assert original.headers["content-type"] == "application/octet-stream"
    assert original.headers["content-disposition"].startswith("attachment")
    assert original.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in original.headers["content-security-policy"]
    assert (preview.status_code, slug(preview)) == (404, "preview-impossible")


def test_a_page_that_says_it_is_a_page_is_not_shown_either(cast: Cast) -> None:
    sha256 = send(cast.foreman, photos.HTML, "text/html")

    original = cast.foreman.get(cast.foreman.at(f"/files/{sha256}"))
    assert original.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("content", "why"),
    [(photos.truncated, "cut off"), (photos.bomb, "60 million"), (lambda: PHOTO[:20] + bytes(2000), "damaged")],
    ids=["truncated", "bomb", "damaged"],
)
def test_a_photo_that_cannot_be_decoded_is_kept_and_said_so(
    cast: Cast, settings: Settings, content: Any, why: str
) -> None:
    sha256 = send(cast.foreman, content())
    run_jobs(cast, settings)

    known = meta(cast.foreman, sha256)
    preview = cast.foreman.get(cast.foreman.at(f"/files/{sha256}/preview"))
    assert (known["status"], known["decodable"]) == ("verified", False)
    assert why in known["note"]["en"]
    assert (preview.status_code, slug(preview)) == (404, "preview-impossible")
    assert why in preview.json()["detail"]
    assert cast.foreman.get(cast.foreman.at(f"/files/{sha256}")).content == content()


def test_damaged_metadata_stops_nothing_and_is_said(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, photos.damaged_exif())
    run_jobs(cast, settings)

    known = meta(cast.foreman, sha256)
    assert known["decodable"] is True
    assert any("EXIF" in note["en"] for note in known["notes"])
    assert cast.foreman.get(cast.foreman.at(f"/files/{sha256}/preview")).status_code == 200


# The address of our own upload route is the right to use it; only the folder store has one.


def own_address(cast: Cast, settings: Settings) -> dict[str, Any]:
    if settings.store == "s3":
        pytest.skip("the store's own address is used; tests/unit/test_storage.py shows what it refuses")
    return intend(cast.foreman, PHOTO)


def test_a_forged_address_takes_nothing(cast: Cast, settings: Settings) -> None:
    upload = own_address(cast, settings)
    path, _, token = upload["url"].partition("?token=")

    for forged in ("", "x", "1.x", token[:-1], f"9{token}", f"x{token}", f"{token}0", "²" + token):
        answer = cast.client.put(path, params={"token": forged}, content=PHOTO)
        assert (answer.status_code, slug(answer)) == (403, "upload-token-wrong")


def test_an_address_opens_no_other_upload(cast: Cast, settings: Settings) -> None:
    mine, other = own_address(cast, settings), intend(cast.stranger, PHOTO)
    token = mine["url"].partition("?token=")[2]

    answer = cast.client.put(f"/api/uploads/{other['upload_id']}/content?token={token}", content=PHOTO)

    assert slug(answer) == "upload-token-wrong"


def test_an_address_ends(cast: Cast, settings: Settings) -> None:
    upload = own_address(cast, settings)
    token = uploads.token(settings, upload["upload_id"], int(time.time()) - 1)

    answer = cast.client.put(f"/api/uploads/{upload['upload_id']}/content?token={token}", content=PHOTO)

    assert (answer.status_code, slug(answer)) == (410, "upload-expired")


def test_bytes_sent_in_time_may_be_completed_late(cast: Cast) -> None:
    upload = intend(cast.foreman, PHOTO)
    put(cast.foreman, upload, PHOTO)
    with db.writing(cast.engine) as session:
        row = session.exec(select(Upload)).one()
        row.expires_at -= timedelta(days=1)
        session.add(row)

    assert complete(cast.foreman, upload).status_code == 200


def test_sending_again_after_the_answer_was_lost_changes_nothing(cast: Cast, settings: Settings) -> None:
    upload = own_address(cast, settings)
    put(cast.foreman, upload, PHOTO)
    complete(cast.foreman, upload)

    assert put(cast.foreman, upload, PHOTO).status_code == 204
    assert open_store(settings).size(incoming_key(upload["upload_id"])) is None


def test_a_body_larger_than_other_routes_take_comes_in(cast: Cast) -> None:
    large = b"%PDF-1.7\n" + bytes(5_000_000)

    sha256 = send(cast.foreman, large, "application/pdf")

    assert meta(cast.foreman, sha256)["decodable"] is None
    assert cast.foreman.get(cast.foreman.at(f"/files/{sha256}")).content == large
