"""One suite for both stores: what the interface promises, on a real folder and on a real S3 server."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from plumbline.settings import load
from plumbline.storage.errors import ObjectMissing, StoreFull, StoreUnavailable
from plumbline.storage.folder import FolderStore
from plumbline.storage.interface import (
    Store,
    checked,
    checking_key,
    derived_key,
    evidence_key,
    incoming_key,
    quarantine_key,
)
from plumbline.storage.s3 import S3Store
from plumbline.storage.service import open_store
from tests.support.s3 import ORIGIN, S3Server

PROJECT, UPLOAD = uuid.uuid4(), uuid.uuid4()
SHA = "ab" * 32
KEY = evidence_key(PROJECT, SHA)


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of each kind, set up."""
    more: dict[str, Any] = {}
    if request.param == "s3":
        server: S3Server = request.getfixturevalue("s3_server")
        more = server.settings()
    store = open_store(load(data_dir=tmp_path, **more))
    store.prepare([ORIGIN])
    return store


def read(store: Store, key: str, *part: int) -> bytes:
    return b"".join(store.read(key, *part))


def test_what_was_put_is_read_back_byte_for_byte(store: Store) -> None:
    content = os.urandom(3_000_000)

    assert store.put(KEY, [content[:7], content[7:]]) == len(content)

    assert read(store, KEY) == content
    assert store.size(KEY) == len(content)


def test_reading_comes_in_chunks_of_at_most_one_mebibyte(store: Store) -> None:
    store.put(KEY, [b"x" * 2_500_000])

    assert max(len(chunk) for chunk in store.read(KEY)) <= 1024 * 1024


def test_a_part_of_an_object_is_read_alone(store: Store) -> None:
    store.put(KEY, [b"0123456789"])

    assert read(store, KEY, 3, 4) == b"3456"
    assert read(store, KEY, 8) == b"89"
    assert read(store, KEY, 3, 0) == b""


def test_an_empty_object_is_an_object(store: Store) -> None:
    store.put(KEY, [])

    assert store.size(KEY) == 0


def test_what_is_not_there_is_said_so(store: Store) -> None:
    assert store.size(KEY) is None
    with pytest.raises(ObjectMissing):
        read(store, KEY)
    with pytest.raises(ObjectMissing):
        store.move(incoming_key(UPLOAD), KEY)


def test_moving_leaves_nothing_behind_and_replaces_what_was_there(store: Store) -> None:
    store.put(KEY, [b"old"])
    store.put(incoming_key(UPLOAD), [b"new"])

    assert store.move(incoming_key(UPLOAD), KEY) == 3

    assert read(store, KEY) == b"new"
    assert store.size(incoming_key(UPLOAD)) is None


def test_deleting_twice_is_no_error(store: Store) -> None:
    store.put(KEY, [b"x"])

    store.delete(KEY)
    store.delete(KEY)

    assert store.size(KEY) is None


def test_listing_names_what_lies_below_an_area_only(store: Store) -> None:
    store.put(KEY, [b"x"])
    store.put(quarantine_key(PROJECT, UPLOAD), [b"y"])

    assert store.list("evidence") == [KEY]
    assert store.list(f"evidence/{PROJECT}") == [KEY]
    assert store.list("incoming") == []


def test_bytes_that_were_not_committed_are_not_there(store: Store) -> None:
    with store.writer(KEY) as out:
        out.write(b"half")

    assert store.size(KEY) is None
    assert store.list("evidence") == []


def test_a_failed_writer_keeps_what_was_there_before(store: Store) -> None:
    store.put(KEY, [b"old"])

    def line() -> Iterator[bytes]:
        yield b"new"
        raise RuntimeError("the line broke")

    with pytest.raises(RuntimeError, match="the line broke"):
        store.put(KEY, line())

    assert read(store, KEY) == b"old"


@pytest.mark.parametrize(
    "key",
    [
        "evidence/../../etc/passwd",
        "evidence/./x",
        "/etc/passwd",
        "evidence//x",
        "evidence/.aside/x",
        "evidence/x\n",
        "evidence/a\x00b",
        "evidence",
        "elsewhere/x",
        "evidence/EVIL",
        "evidence/" + "a" * 101,
    ],
)
def test_no_key_climbs_out_of_the_store(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.put(key, [b"x"])
    with pytest.raises(ValueError, match="not a key"):
        store.size(key)
    with pytest.raises(ValueError, match="not a key"):
        read(store, key)
    with pytest.raises(ValueError, match="not a key"):
        store.delete(key)


def test_the_keys_that_the_product_uses_are_keys() -> None:
    for key in (incoming_key(UPLOAD), KEY, derived_key(PROJECT, SHA, 320), quarantine_key(PROJECT, UPLOAD)):
        assert checked(key) == key


def test_setting_up_twice_is_no_error(store: Store) -> None:
    store.put(KEY, [b"x"])

    store.prepare([ORIGIN])

    assert read(store, KEY) == b"x"


# What only one of the two can show.


def test_a_full_disk_is_named_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path / "files")

    def no_room(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("plumbline.storage.folder.os.fsync", no_room)
    (tmp_path / "files" / ".aside").mkdir(parents=True)

    with pytest.raises(StoreFull):
        store.put(incoming_key(UPLOAD), [b"x"])

    assert [p for p in (tmp_path / "files").rglob("*") if p.is_file()] == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "files").write_bytes(b"a file where the folder should be")

    with pytest.raises(StoreUnavailable):
        FolderStore(tmp_path / "files").put(KEY, [b"x"])


def test_an_empty_folder_where_a_store_was_is_a_disk_that_is_not_mounted(tmp_path: Path) -> None:
    files, disk = tmp_path / "files", tmp_path / "disk"
    store = FolderStore(files)
    store.prepare([])
    store.put(KEY, [b"x"])
    files.rename(disk)
    files.mkdir()

    away = FolderStore(files)  # Also a process that starts now.
    asked: list[Callable[[], object]] = [
        lambda: away.prepare([]),
        lambda: away.put(KEY, [b"y"]),
        lambda: away.size(KEY),
        lambda: list(away.read(KEY)),
        lambda: away.move(KEY, incoming_key(UPLOAD)),
        lambda: away.delete(KEY),
        lambda: away.list("evidence"),
        lambda: away.begin_parts(UPLOAD),
        lambda: away.part_writer(UPLOAD, "multipart-a", 1),
        lambda: away.parts_done(UPLOAD, "multipart-a"),
        lambda: away.drop_parts(UPLOAD, "multipart-a"),
        lambda: away.unjoined(),
    ]
    for ask in asked:
        with pytest.raises(StoreUnavailable):
            ask()

    assert list(files.iterdir()) == []
    files.rmdir()
    disk.rename(files)
    assert b"".join(away.read(KEY)) == b"x"


def test_a_store_that_is_down_is_named() -> None:
    store = S3Store(load(store="s3", s3_endpoint="http://127.0.0.1:9", s3_access_key="a", s3_secret_key="b"))

    with pytest.raises(StoreUnavailable):
        store.size(KEY)
    with pytest.raises(StoreUnavailable):
        store.put(KEY, [b"x"])


def s3(server: S3Server) -> S3Store:
    store = S3Store(load(**server.settings()))
    store.prepare([ORIGIN])
    return store


def test_a_store_without_cors_rules_of_its_own_says_what_to_do(s3_server: S3Server) -> None:
    (said,) = S3Store(load(**s3_server.settings())).prepare([ORIGIN])

    assert ORIGIN in said


def test_a_presigned_url_takes_just_what_was_announced(s3_server: S3Server) -> None:
    store = s3(s3_server)
    signed = store.presign_put(UPLOAD, 5, "image/jpeg", 60)
    assert signed is not None

    assert httpx.put(signed.url, content=b"123456", headers=signed.headers).status_code == 403
    assert httpx.put(signed.url, content=b"12345", headers={"Content-Type": "text/html"}).status_code == 403
    assert httpx.put(signed.url.replace(str(UPLOAD), str(uuid.uuid4())), content=b"12345").status_code == 403
    assert httpx.put(signed.url, content=b"12345", headers=signed.headers).status_code == 200
    assert read(store, incoming_key(UPLOAD)) == b"12345"


def test_a_presigned_url_names_the_public_endpoint(s3_server: S3Server) -> None:
    store = S3Store(load(**s3_server.settings(), s3_public_endpoint="https://files.example.org"))
    signed = store.presign_put(UPLOAD, 5, "image/jpeg", 60)

    assert signed is not None
    assert signed.url.startswith("https://files.example.org/")


def test_a_move_asks_no_more_than_it_must_and_says_what_is_there_now(s3_server: S3Server) -> None:
    store = s3(s3_server)
    asked: list[str] = []
    store.put(incoming_key(UPLOAD), [b"new"])
    store.client.meta.events.register("before-send.s3", lambda request, **_: asked.append(request.method))

    assert store.move(incoming_key(UPLOAD), checking_key(UPLOAD), 4) == 3  # Less was sent than announced.
    assert asked == ["PUT", "HEAD", "HEAD", "DELETE"]
    assert store.move(checking_key(UPLOAD), KEY) == 3
    assert asked[4:] == ["PUT", "HEAD", "HEAD", "DELETE"]
    assert store.move(KEY, quarantine_key(PROJECT, UPLOAD), 3) == 3
    assert asked[8:] == ["PUT", "HEAD", "DELETE"]


def test_a_copy_that_the_store_cut_short_is_not_trusted(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    store = s3(s3_server)
    store.put(incoming_key(UPLOAD), [b"new"])
    monkeypatch.setattr(store, "size", {incoming_key(UPLOAD): 3, KEY: 2}.get)

    with pytest.raises(StoreUnavailable):
        store.move(incoming_key(UPLOAD), KEY, 3)

    assert read(store, incoming_key(UPLOAD)) == b"new"


def test_a_browser_of_our_origin_may_send(s3_server: S3Server) -> None:
    signed = s3(s3_server).presign_put(UPLOAD, 5, "image/jpeg", 60)
    assert signed is not None

    answer = httpx.options(signed.url, headers={"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"})

    assert answer.headers["access-control-allow-origin"] == ORIGIN


def test_the_folder_has_no_address_of_its_own(tmp_path: Path) -> None:
    assert FolderStore(tmp_path).presign_put(UPLOAD, 5, "image/jpeg", 60) is None


# Large files in parts, the same on both.

PART = os.urandom(5 * 1024 * 1024)


def keep(store: Store, multipart_id: str, number: int, content: bytes) -> None:
    with store.part_writer(UPLOAD, multipart_id, number) as out:
        out.write(content)
        out.commit()


def test_parts_come_in_any_order_and_become_one_object(store: Store) -> None:
    multipart_id = store.begin_parts(UPLOAD)
    keep(store, multipart_id, 2, b"the end")
    for _ in range(2):  # The first answer was lost.
        keep(store, multipart_id, 1, PART)
    found = store.parts_done(UPLOAD, multipart_id)

    store.join_parts(UPLOAD, multipart_id, found)

    assert [(part.number, part.size_bytes) for part in found] == [(1, len(PART)), (2, 7)]
    assert read(store, incoming_key(UPLOAD)) == PART + b"the end"
    assert store.unjoined() == []
    assert store.list("parts") == []


def test_parts_that_were_dropped_are_gone(store: Store) -> None:
    multipart_id = store.begin_parts(UPLOAD)
    keep(store, multipart_id, 1, PART)
    assert store.unjoined() == [(UPLOAD, multipart_id)]

    for _ in range(2):
        store.drop_parts(UPLOAD, multipart_id)

    assert store.unjoined() == []
    assert store.size(incoming_key(UPLOAD)) is None
    with pytest.raises(ObjectMissing):
        store.parts_done(UPLOAD, multipart_id)
    with pytest.raises(ObjectMissing):
        keep(store, multipart_id, 2, PART)


def test_a_part_that_was_not_committed_is_not_there(store: Store) -> None:
    multipart_id = store.begin_parts(UPLOAD)
    with store.part_writer(UPLOAD, multipart_id, 1) as out:
        out.write(PART)

    assert store.parts_done(UPLOAD, multipart_id) == []


def test_a_presigned_part_takes_just_that_part(s3_server: S3Server) -> None:
    store = s3(s3_server)
    multipart_id = store.begin_parts(UPLOAD)
    signed = store.presign_part(UPLOAD, multipart_id, 1, 5, 60)
    assert signed is not None

    assert httpx.put(signed.url, content=b"123456").status_code == 403
    assert httpx.put(signed.url.replace("partNumber=1", "partNumber=2"), content=b"12345").status_code == 403
    assert httpx.put(signed.url, content=b"12345").status_code == 200
    assert [part.number for part in store.parts_done(UPLOAD, multipart_id)] == [1]


def test_a_presigned_original_is_an_attachment_of_the_type_that_we_say(s3_server: S3Server) -> None:
    store = s3(s3_server)
    sent = store.presign_put(UPLOAD, 6, "text/html", 60)
    assert sent is not None
    httpx.put(sent.url, content=b"<html>", headers=sent.headers).raise_for_status()
    store.move(incoming_key(UPLOAD), KEY)

    url = str(store.presign_get(KEY, "a.bin", "application/octet-stream", 60))
    answer = httpx.get(url)

    assert answer.content == b"<html>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="a.bin"'
    assert httpx.get(url.replace("attachment", "inline")).status_code == 403


def test_the_store_itself_says_that_evidence_is_bytes_to_download(s3_server: S3Server) -> None:
    store = s3(s3_server)
    store.client.put_object(Bucket=store.bucket, Key=incoming_key(UPLOAD), Body=b"<html>", ContentType="text/html")
    store.move(incoming_key(UPLOAD), KEY)

    plain = store.client.generate_presigned_url("get_object", Params={"Bucket": store.bucket, "Key": KEY})

    answer = httpx.get(plain)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"
