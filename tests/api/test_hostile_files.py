"""Hostile files: kept or refused with a reason, never shown inline, and never opened where requests are answered."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from httpx import Response
from PIL import Image

from plumbline.evidence import pictures
from plumbline.settings import Settings
from tests.support import hostile, photos
from tests.support.cast import Actor, Cast
from tests.support.evidence import TRUST, complete, intend, meta, put, run_jobs, sha256_of, slug
from tests.support.hostile import Hostile

# Everything else leaves as application/octet-stream. None of these runs a script.
INERT = {
    "application/octet-stream",
    *(f"image/{kind}" for kind in ("jpeg", "png", "gif", "webp", "tiff", "avif", "heic")),
    *("application/pdf", "video/mp4", "video/webm", "video/quicktime", "audio/ogg", "text/csv"),
}


@pytest.fixture(scope="session")
def files() -> list[Hostile]:
    """All hostile files, made once."""
    return hostile.every()


@pytest.fixture
def no_decoder_here(files: list[Hostile], monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing in this process, where the API answers and jobs run, may open a picture."""
    photos.jpeg()

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("a picture was opened where requests are answered")

    for name in ("open", "frombytes", "frombuffer"):
        monkeypatch.setattr(Image, name, never)


def test_there_are_many_hostile_files(files: list[Hostile]) -> None:
    assert len(files) >= 60


@pytest.mark.usefixtures("no_decoder_here")
def test_hostile_files_are_kept_or_refused_with_a_reason_and_never_shown_inline(
    cast: Cast, settings: Settings, files: list[Hostile]
) -> None:
    kept = [one for one in files if is_kept(cast.foreman, one)]
    run_jobs(cast, settings)
    assert run_jobs(cast, settings) == 0  # What could not be derived is not tried for ever.

    assert len(kept) >= len(files) - 2
    shown = [one for one in kept if has_preview(cast.foreman, one)]
    for one in kept:
        served_as_bytes(cast, settings, one)
    # The rest could be opened by nobody; some hostile files are sound pictures with something behind them.
    assert 10 <= len(shown) < len(kept) / 2


def is_kept(actor: Actor, one: Hostile) -> bool:
    """Send a file; whether it was kept. A refusal has a reason in both languages."""
    file = {"sha256": sha256_of(one.content), "bytes": len(one.content), "mime": one.mime}
    asked = actor.post(actor.at("/uploads"), {"files": [file]})
    if asked.status_code != 200:
        return refused(actor, asked, one)
    upload = asked.json()["uploads"][0]
    assert put(actor, upload, one.content).is_success, one.name
    answer = complete(actor, upload)
    assert answer.status_code == 200, (one.name, answer.text)
    return True


def refused(actor: Actor, answer: Response, one: Hostile) -> bool:
    said = answer.json()
    assert answer.status_code in (413, 422), one.name
    assert slug(answer) in ("file-empty", "malformed"), (one.name, said)
    chinese = actor.client.post(
        actor.at("/uploads"),
        json={"files": [{"sha256": sha256_of(one.content), "bytes": len(one.content), "mime": one.mime}]},
        headers={**actor.headers, "Accept-Language": "zh"},
    ).json()
    assert said["detail"] != chinese["detail"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese["detail"])
    return False


def has_preview(actor: Actor, one: Hostile) -> bool:
    """Whether the file is shown; then it is a JPEG that we made, and else the reason is there in both languages."""
    sha256 = sha256_of(one.content)
    known = meta(actor, sha256)
    preview = actor.get(actor.at(f"/files/{sha256}/preview"))
    if preview.status_code == 200:
        assert preview.headers["content-type"] == "image/jpeg"
        assert preview.headers["x-content-type-options"] == "nosniff"
        assert preview.content.startswith(b"\xff\xd8\xff\xe0")
        assert preview.content.endswith(b"\xff\xd9")
        assert b"<" + b"script" not in preview.content.lower()
        assert max(_size(preview.content)) <= 320
        return True
    assert (preview.status_code, slug(preview)) == (404, "preview-impossible"), one.name
    if known["decodable"] is False:
        assert known["note"]["zh"], one.name
        assert known["note"]["en"], one.name
    return False


def _size(jpeg: bytes) -> tuple[int, int]:
    """Width and height from a baseline JPEG's own header; no decoder may run here."""
    at = jpeg.index(b"\xff\xc0") + 5
    return int.from_bytes(jpeg[at + 2 : at + 4]), int.from_bytes(jpeg[at : at + 2])


def served_as_bytes(cast: Cast, settings: Settings, one: Hostile) -> None:
    """The original leaves whole, as an attachment of an inert type, by the app's route and by an address."""
    path = cast.foreman.at(f"/files/{sha256_of(one.content)}")
    link = cast.foreman.post(f"{path}/link").json()["url"]
    linked = httpx.get(link, verify=TRUST) if settings.store == "s3" else cast.client.get(link)
    for answer in (cast.foreman.get(path), linked):
        assert answer.status_code == 200
        assert answer.content == one.content, one.name
        assert answer.headers["content-type"] in INERT, one.name
        assert answer.headers["content-disposition"].startswith('attachment; filename="'), one.name
        if answer is linked and settings.store == "s3":
            continue  # Another origin: the headers that an S3 store can be asked for are these two.
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "set-cookie" not in answer.headers


def test_an_address_of_an_original_ends_and_opens_nothing_else(cast: Cast, settings: Settings) -> None:
    if settings.store == "s3":
        pytest.skip("the store's own address is used; tests/unit/test_storage.py shows what it refuses")
    for content in (photos.HTML, photos.jpeg()):
        assert is_kept(cast.foreman, Hostile("x", "image/jpeg", content))
    url = cast.foreman.post(cast.foreman.at(f"/files/{sha256_of(photos.HTML)}/link")).json()["url"]
    path, _, token = url.partition("?token=")
    other = path.replace(sha256_of(photos.HTML), sha256_of(photos.jpeg()))

    for wrong in (f"{other}?token={token}", f"{path}?token=1.{token[2:]}", f"{path}?token=x", f"{url}0"):
        answer = cast.client.get(wrong)
        assert (answer.status_code, slug(answer)) == (403, "download-token-wrong")
    stranger = cast.stranger.post(cast.foreman.at(f"/files/{sha256_of(photos.HTML)}/link"))
    assert slug(stranger) == "not-found"


def test_requests_are_answered_while_bombs_are_opened(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """More bombs than the server has threads for requests, none of which ever ends by itself."""
    opened, go_on = threading.Semaphore(0), threading.Event()

    def endless(_: list[str]) -> None:
        opened.release()
        go_on.wait(60)

    monkeypatch.setattr(pictures, "_asked", endless)
    bombs = [photos.jpeg(seed=seed) + b"bomb" for seed in range(12)]
    uploads = [intend(cast.foreman, bomb) for bomb in bombs]
    for upload, bomb in zip(uploads, bombs, strict=True):
        put(cast.foreman, upload, bomb)

    with ThreadPoolExecutor(16) as pool:
        checks = [pool.submit(complete, cast.foreman, upload) for upload in uploads]
        try:
            assert opened.acquire(timeout=30)
            for path in ("/api/health", "/api/me", cast.foreman.at("/orphans")):
                answer = pool.submit(cast.project_manager.get, path).result(timeout=30)
                assert answer.status_code == 200
            assert not any(check.done() for check in checks)
        finally:
            go_on.set()
        assert {check.result(timeout=60).status_code for check in checks} == {200}
    notes = {meta(cast.foreman, sha256_of(bomb))["note"]["en"] for bomb in bombs}
    assert notes == {"Decoding the picture takes more memory or time than is allowed."}


def test_no_hostile_name_of_a_file_comes_back(cast: Cast) -> None:
    header = "code,parent_code,name,name_en,level,plan,planned_on,lat,lon\n"
    for name in hostile.NAMES:
        answer = cast.client.post(
            cast.administrator.at("/tasks/import/preview"),
            files={"file": (name, io.BytesIO(header.encode()), "text/csv")},
            headers=cast.administrator.headers,
        )
        assert answer.status_code < 500, name
        assert name not in answer.text


def test_an_upload_takes_no_name_at_all(cast: Cast) -> None:
    file = {"sha256": "ab" * 32, "bytes": 1, "mime": "image/jpeg"}

    for name in hostile.NAMES:
        answer = cast.foreman.post(cast.foreman.at("/uploads"), {"files": [{**file, "name": name}]})
        assert (answer.status_code, slug(answer)) == (422, "malformed")
