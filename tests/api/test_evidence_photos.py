"""Photos on their whole way: sent, verified, derived, shown; real camera files where they are at hand."""

import io
from pathlib import Path

import pytest
from PIL import Image

from plumbline.evidence.pictures import has_heic
from plumbline.settings import Settings
from tests.support import photos
from tests.support.cast import Cast
from tests.support.evidence import meta, run_jobs, send, slug

REAL = photos.camera_files()
NO_REAL = pytest.mark.skipif(not REAL, reason=f"no camera files in {photos.folder()} (PLUMBLINE_FIXTURES)")


def preview(cast: Cast, sha256: str, size: int) -> Image.Image:
    answer = cast.foreman.get(cast.foreman.at(f"/files/{sha256}/preview"), params={"size": size})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == "inline"
    return Image.open(io.BytesIO(answer.content))


def test_a_preview_is_there_after_its_job_and_not_before(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, photos.jpeg(2000, 1000))
    waiting = cast.foreman.get(cast.foreman.at(f"/files/{sha256}/preview"))

    assert run_jobs(cast, settings) == 1

    assert (waiting.status_code, slug(waiting)) == (404, "preview-not-ready")
    assert preview(cast, sha256, 1600).size == (1600, 800)
    assert preview(cast, sha256, 320).size == (320, 160)
    assert [d["state"] for d in meta(cast.foreman, sha256)["derivatives"]] == ["ready", "ready"]


def test_an_unchanged_preview_is_not_sent_again(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, photos.jpeg())
    run_jobs(cast, settings)
    path = cast.foreman.at(f"/files/{sha256}/preview")
    tag = cast.foreman.get(path).headers["etag"]

    again = cast.client.get(path, headers={**cast.foreman.headers, "If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


def test_the_same_photo_causes_one_job(cast: Cast, settings: Settings) -> None:
    send(cast.foreman, photos.jpeg())
    send(cast.stranger, photos.jpeg())

    assert run_jobs(cast, settings) == 2  # One in each project: nothing is shared between them.
    assert run_jobs(cast, settings) == 0


def test_a_small_photo_is_not_enlarged(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, photos.jpeg(200, 100))
    run_jobs(cast, settings)

    assert preview(cast, sha256, 1600).size == (200, 100)


def test_a_preview_stands_upright(cast: Cast, settings: Settings) -> None:
    expected = {1: "top", 3: "bottom", 6: "right", 8: "left"}
    names = {o: send(cast.foreman, photos.jpeg(640, 480, o)) for o in expected}
    run_jobs(cast, settings)

    for orientation, sha256 in names.items():
        picture = preview(cast, sha256, 320).convert("RGB")
        assert _red_side(picture) == expected[orientation]
        assert (picture.width > picture.height) is (orientation in (1, 3))


def _red_side(picture: Image.Image) -> str:
    width, height = picture.size
    corners = {
        "left top": (10, 10),
        "right top": (width - 10, 10),
        "left bottom": (10, height - 10),
        "right bottom": (width - 10, height - 10),
    }
    red = [name.split() for name, spot in corners.items() if _is_red(picture, spot)]
    (side,) = set(red[0]) & set(red[1])
    return side


def _is_red(picture: Image.Image, spot: tuple[int, int]) -> bool:
    pixel = picture.getpixel(spot)
    assert isinstance(pixel, tuple)
    return pixel[0] > 150 and pixel[2] < 100


def test_a_preview_says_nothing_of_camera_and_place(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, photos.jpeg(orientation=6))
    run_jobs(cast, settings)

    assert meta(cast.foreman, sha256)["claims"]["make"] == "Plumbline test camera"
    assert "exif" not in preview(cast, sha256, 1600).info


def test_transparency_becomes_white(cast: Cast, settings: Settings) -> None:
    sha256 = send(cast.foreman, photos.png(transparent=True), "image/png")
    run_jobs(cast, settings)

    assert preview(cast, sha256, 320).getpixel((20, 20)) == (255, 255, 255)


@NO_REAL
def test_real_camera_files_go_through(cast: Cast, settings: Settings) -> None:
    sent = {path: send(cast.foreman, path.read_bytes(), _mime(path)) for path in REAL}
    run_jobs(cast, settings)

    for path, sha256 in sent.items():
        known = meta(cast.foreman, sha256)
        assert cast.foreman.get(cast.foreman.at(f"/files/{sha256}")).content == path.read_bytes(), path
        assert known["decodable"] is (has_heic() or _mime(path) == "image/jpeg"), path
        if known["decodable"]:
            assert max(preview(cast, sha256, 320).size) <= 320
        else:
            assert "HEIC" in known["note"]["en"]
            assert known["derivatives"] == []


def _mime(path: Path) -> str:
    return "image/heic" if path.suffix.lower() in (".heic", ".heif") else "image/jpeg"


@NO_REAL
def test_what_real_photos_claim_and_what_could_not_be_read(cast: Cast) -> None:
    names = ("DSCN0010.jpg", "image00971.jpg", "landscape_6.jpg")
    sent = [send(cast.foreman, (photos.folder() / name).read_bytes()) for name in names]

    with_place, without_exif, turned = (meta(cast.foreman, sha256) for sha256 in sent)

    assert with_place["claims"]["taken_at"] == "2008-10-22T16:28:39"
    assert (with_place["claims"]["lat"], with_place["claims"]["lon"]) == ("43.4674483", "11.8851267")
    assert "COOLPIX" in with_place["claims"]["model"]
    assert without_exif["claims"] == {}
    assert [note["en"].split(",")[0] for note in without_exif["notes"]] == [
        "The photo also carries XMP or IPTC data",
        "The photo carries no EXIF",
    ]
    assert turned["claims"]["orientation"] == 6
