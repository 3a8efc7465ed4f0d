"""The sample's pictures: full size, small enough, none of them plain, the same from the same seed, upright by EXIF."""

import io
import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from plumbline.sample.photos import MAX_BYTES, SIZE, Shot, photo
from plumbline.sample.scenes import SCENES

SHOT = Shot(
    datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")), ("八层2号墙 T1-8F-W2",), (31.2276, 121.5097)
)


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_a_photo_is_of_full_size_and_shows_something(scene: str) -> None:
    content = photo(scene, SHOT, random.Random(scene))
    image = _opened(content)
    assert image.size == SIZE
    assert len(content) <= MAX_BYTES
    assert min(ImageStat.Stat(image).stddev) > 8


def test_the_same_seed_gives_the_same_photo_and_another_another() -> None:
    first, again, other = (photo("crack", SHOT, random.Random(seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photo_taken_with_the_phone_turned_shows_upright(orientation: int) -> None:
    turned = Shot(SHOT.taken_at, SHOT.board, SHOT.place, orientation=orientation)
    straight = _opened(photo("tape", SHOT, random.Random(3))).resize((160, 120))
    upright = ImageOps.exif_transpose(_opened(photo("tape", turned, random.Random(3)))).resize((160, 120))
    assert max(ImageStat.Stat(ImageChops.difference(straight, upright)).mean) < 6


def test_a_photo_says_when_and_where_it_was_taken() -> None:
    exif = _opened(photo("slump", SHOT, random.Random(1))).getexif()
    assert exif.get_ifd(0x8769)[0x9003] == "2026:11:20 09:30:00"
    assert exif.get_ifd(0x8769)[0x9011] == "+08:00"
    degrees, minutes, seconds = (float(part) for part in exif.get_ifd(0x8825)[2])
    assert abs(degrees + minutes / 60 + seconds / 3600 - 31.2276) < 1e-5
