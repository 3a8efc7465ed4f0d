"""Reading originals: whole, in parts, unchanged; and what the server says when its store has lost something."""

import pytest

from plumbline.settings import Settings
from plumbline.storage.interface import evidence_key
from plumbline.storage.service import open_store
from tests.support import photos
from tests.support.cast import Cast
from tests.support.evidence import complete, intend, put, send, sha256_of, slug

PHOTO = photos.jpeg()


def get(cast: Cast, sha256: str, **headers: str) -> object:
    return cast.client.get(cast.foreman.at(f"/files/{sha256}"), headers={**cast.foreman.headers, **headers})


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=100-", 100, len(PHOTO) - 1), ("bytes=-5", len(PHOTO) - 5, len(PHOTO) - 1)],
)
def test_a_part_of_an_original_is_served(cast: Cast, asked: str, first: int, last: int) -> None:
    sha256 = send(cast.foreman, PHOTO)

    answer = cast.client.get(cast.foreman.at(f"/files/{sha256}"), headers={**cast.foreman.headers, "Range": asked})

    assert answer.status_code == 206
    assert answer.content == PHOTO[first : last + 1]
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(PHOTO)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=-", "nonsense"])
def test_a_range_that_we_do_not_serve_gives_the_whole(cast: Cast, asked: str) -> None:
    sha256 = send(cast.foreman, PHOTO)

    answer = cast.client.get(cast.foreman.at(f"/files/{sha256}"), headers={**cast.foreman.headers, "Range": asked})

    assert (answer.status_code, answer.content) == (200, PHOTO)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=9-3", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(cast: Cast, asked: str) -> None:
    sha256 = send(cast.foreman, PHOTO)

    answer = cast.client.get(cast.foreman.at(f"/files/{sha256}"), headers={**cast.foreman.headers, "Range": asked})

    assert (answer.status_code, slug(answer)) == (416, "range-not-satisfiable")


def test_an_unchanged_original_is_not_sent_again(cast: Cast) -> None:
    sha256 = send(cast.foreman, PHOTO)
    tag = cast.foreman.get(cast.foreman.at(f"/files/{sha256}")).headers["etag"]

    headers = {**cast.foreman.headers, "If-None-Match": tag}

    assert cast.client.get(cast.foreman.at(f"/files/{sha256}"), headers=headers).status_code == 304


@pytest.mark.parametrize("name", ["../../secrets/token", "x", "AB" * 32, "%2e%2e%2f" * 8])
def test_a_name_that_is_no_hash_finds_nothing(cast: Cast, name: str) -> None:
    assert cast.foreman.get(cast.foreman.at(f"/files/{name}")).status_code in (404, 422)


def test_a_verified_original_that_the_store_lost_is_never_served_short(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, PHOTO)
    open_store(settings).put(evidence_key(cast.project_id, sha256), [PHOTO[:100]])

    answer = cast.foreman.get(cast.foreman.at(f"/files/{sha256}"))

    assert (answer.status_code, slug(answer)) == (503, "store-unavailable")


def test_a_store_that_fails_while_it_is_read_leaves_the_upload_open(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plumbline.storage.errors import StoreFull

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
