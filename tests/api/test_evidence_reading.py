"""Reading originals: whole, in parts, unchanged; and what the server says when its store has lost something."""

import pytest
from httpx import Response

from plumbline.settings import Settings
from plumbline.storage.errors import StoreFull
from plumbline.storage.interface import evidence_key
from plumbline.storage.service import open_store
from tests.support import photos
from tests.support.cast import Cast
from tests.support.evidence import complete, intend, put, send, sha256_of, slug

PHOTO = photos.jpeg()


def get(cast: Cast, sha256: str, **headers: str) -> Response:
    return cast.client.get(cast.foreman.at(f"/files/{sha256}"), headers={**cast.foreman.headers, **headers})


def test_a_part_of_an_original_is_served(cast: Cast) -> None:
    sha256, end = send(cast.foreman, PHOTO), len(PHOTO) - 1

    for asked, first, last in (("0-9", 0, 9), ("100-", 100, end), ("-5", end - 4, end), ("0-99999999", 0, end)):
        answer = get(cast, sha256, Range=f"bytes={asked}")
        assert answer.status_code == 206
        assert answer.content == PHOTO[first : last + 1]
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(PHOTO)}"


def test_a_range_that_we_do_not_serve_gives_the_whole(cast: Cast) -> None:
    sha256 = send(cast.foreman, PHOTO)

    for asked in ("bytes=0-1,5-6", "lines=1-2", "bytes=-", "nonsense"):
        answer = get(cast, sha256, Range=asked)
        assert (answer.status_code, answer.content) == (200, PHOTO)


def test_a_range_beyond_the_end_is_refused(cast: Cast) -> None:
    sha256 = send(cast.foreman, PHOTO)

    for asked in ("bytes=99999999-", "bytes=9-3", "bytes=-0"):
        answer = get(cast, sha256, Range=asked)
        assert (answer.status_code, slug(answer)) == (416, "range-not-satisfiable")


def test_an_unchanged_original_is_not_sent_again(cast: Cast) -> None:
    sha256 = send(cast.foreman, PHOTO)
    tag = get(cast, sha256).headers["etag"]

    assert get(cast, sha256, **{"If-None-Match": tag}).status_code == 304


def test_a_name_that_is_no_hash_finds_nothing(cast: Cast) -> None:
    for name in ("../../secrets/token", "x", "AB" * 32, "%2e%2e%2f" * 8):
        assert cast.foreman.get(cast.foreman.at(f"/files/{name}")).status_code in (404, 422)


def test_a_verified_original_that_the_store_lost_is_never_served_short(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, PHOTO)
    open_store(settings).put(evidence_key(cast.project_id, sha256), [PHOTO[:100]])

    answer = cast.foreman.get(cast.foreman.at(f"/files/{sha256}"))

    assert (answer.status_code, slug(answer)) == (503, "store-unavailable")


def test_a_store_that_fails_while_it_is_read_leaves_the_upload_open(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = intend(cast.foreman, PHOTO)
    put(cast.foreman, upload, PHOTO)
    store = type(open_store(settings))

    def full(*_: object) -> None:
        raise StoreFull()

    with monkeypatch.context() as broken:
        broken.setattr(store, "move", full)
        answer = complete(cast.foreman, upload)

    assert (answer.status_code, slug(answer)) == (507, "store-full")
    assert complete(cast.foreman, upload).json()["sha256"] == sha256_of(PHOTO)
