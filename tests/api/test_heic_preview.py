"""A HEIC original is kept as it is; shown is what a decoder makes of it, or what the phone itself could show of it."""

import io

import pytest
from PIL import Image
from uuid_utils.compat import uuid7

from plumbline.evidence import pictures
from plumbline.settings import Settings
from tests.support.cast import Cast
from tests.support.evidence import claim, meta, run_jobs, send
from tests.support.photos import heic, jpeg
from tests.support.works import add_task

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x01" * 500


def test_a_heic_photo_shows_the_phones_own_jpeg(cast: Cast, settings: Settings) -> None:
    shown = jpeg()
    original = claim(HEIC, "image/heic", "photo", "gallery")
    preview = claim(shown, "image/jpeg", f"preview:{original['sha256']}", "preview")
    defect = uuid7()
    body = {"task": str(add_task(cast)), "title": "蜂窝", "severity": "minor"}
    cast.foreman.did("defect:raise", defect, body, files=[original, preview])
    send(cast.foreman, HEIC, "image/heic")
    send(cast.foreman, shown)
    run_jobs(cast, settings)

    row = cast.inspector.row("defect", defect)
    assert row is not None
    assert [(f["sha256"], f["decodable"], f["preview_sha256"]) for f in row["files"]] == [
        (original["sha256"], False, preview["sha256"])
    ]
    picture = cast.inspector.get(cast.inspector.at(f"/files/{preview['sha256']}/preview"), params={"size": 320})
    assert picture.headers["content-type"] == "image/jpeg"
    kept = cast.inspector.get(cast.inspector.at(f"/files/{original['sha256']}"))
    assert kept.content == HEIC


def test_a_phones_heic_is_decoded_and_shown_as_jpeg(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, heic(), "image/heic")
    run_jobs(cast, settings)

    known = meta(cast.foreman, sha256)
    assert (known["mime"], known["decodable"], known["note"]) == ("image/heic", True, None)
    assert (known["width"], known["height"]) == (640, 480)
    answer = cast.foreman.get(cast.foreman.at(f"/files/{sha256}/preview"), params={"size": 320})
    assert answer.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert shown.size == (320, 240)
        red, _, blue = shown.convert("RGB").getpixel((160, 60))  # type: ignore[misc]  # Typed for all modes.
        assert red > 150 > blue
    assert cast.foreman.get(cast.foreman.at(f"/files/{sha256}")).content == heic()


def test_without_the_decoder_a_heic_is_kept_and_words_say_why_nothing_is_shown(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "has_heic", lambda: False)
    sha256 = send(cast.foreman, heic(), "image/heic")
    run_jobs(cast, settings)

    known = meta(cast.foreman, sha256)
    assert (known["status"], known["decodable"], known["derivatives"]) == ("verified", False, [])
    assert known["note"]["en"] == "This server has no decoder for HEIC; the original is kept complete."
    assert known["note"]["zh"] == "服务器未安装 HEIC 解码器；原图已完整保存。"
    assert cast.foreman.get(cast.foreman.at(f"/files/{sha256}")).content == heic()
