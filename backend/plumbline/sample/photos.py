"""From a drawn scene to a photo: full size, a stamped board, EXIF as phones write it, JPEG of at most 250 KB."""

import io
import random
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from plumbline.reports.typesetting import font
from plumbline.sample.paint import noise
from plumbline.sample.scenes import SCENES

SIZE = (1600, 1200)
MAX_BYTES = 250_000
CAMERAS = (("Xiaomi", "Redmi Note 13"), ("HUAWEI", "nova 12"), ("samsung", "SM-A556B"), ("Apple", "iPhone 15"))
# EXIF 2.32 tags, and how the sensor's picture is turned for each orientation.
MAKE, MODEL, ORIENTATION, EXIF_IFD, GPS_IFD = 0x010F, 0x0110, 0x0112, 0x8769, 0x8825
TAKEN, TAKEN_OFFSET = 0x9003, 0x9011
TURNS = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


@dataclass(frozen=True)
class Shot:
    """When (on site, with zone), where (degrees or None) and by which camera a photo is taken; what its board says."""

    taken_at: datetime
    board: tuple[str, ...]
    place: tuple[float, float] | None = None
    camera: int = 0
    orientation: int = 1


def photo(scene: str, shot: Shot, rng: random.Random) -> bytes:
    """A photo of a named scene."""
    return finished(SCENES[scene](rng), shot, rng)


def finished(canvas: Image.Image, shot: Shot, rng: random.Random) -> bytes:
    """A canvas as the JPEG that a phone would have made of it."""
    image = canvas.resize(SIZE, Image.Resampling.BILINEAR)
    grain = ImageChops.offset(_grain(), rng.randrange(SIZE[0]), rng.randrange(SIZE[1]))
    image = ImageChops.add(image, grain, 1, -10)
    _board(image, shot)
    turn = TURNS[shot.orientation]
    if turn is not None:
        image = image.transpose(turn)
    for quality in (74, 58, 40):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, exif=_exif(shot).tobytes())
        if out.tell() <= MAX_BYTES:
            break
    return out.getvalue()


@lru_cache(maxsize=1)
def _grain() -> Image.Image:
    grey = noise(2, 7, SIZE).point(lambda v: v * 20 // 255)
    return Image.merge("RGB", (grey, grey, grey))


def _board(image: Image.Image, shot: Shot) -> None:
    """Time and words in the corner, as site cameras stamp them."""
    lines = [shot.taken_at.strftime("%Y-%m-%d %H:%M"), *shot.board]
    size = 40
    wide = round(max(font(size).getlength(line) for line in lines)) + 60
    high = len(lines) * 56 + 40
    box = (30, SIZE[1] - high - 30, 30 + wide, SIZE[1] - 30)
    image.paste(Image.blend(image.crop(box), Image.new("RGB", (wide, high), (16, 24, 34)), 0.62), box[:2])
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, box[1], 40, box[3]), (250, 190, 40))
    for n, line in enumerate(lines):
        draw.text((64, box[1] + 18 + n * 56), line, (255, 255, 255), font(size))


def _exif(shot: Shot) -> Image.Exif:
    exif = Image.Exif()
    exif[MAKE], exif[MODEL] = CAMERAS[shot.camera % len(CAMERAS)]
    exif[ORIENTATION] = shot.orientation
    offset = shot.taken_at.strftime("%z")
    exif.get_ifd(EXIF_IFD).update(
        {TAKEN: shot.taken_at.strftime("%Y:%m:%d %H:%M:%S"), TAKEN_OFFSET: f"{offset[:3]}:{offset[3:]}"}
    )
    if shot.place is not None:
        exif.get_ifd(GPS_IFD).update(_gps(*shot.place))
    return exif


def _gps(lat: float, lon: float) -> dict[int, Any]:
    return {1: "N" if lat >= 0 else "S", 2: _dms(abs(lat)), 3: "E" if lon >= 0 else "W", 4: _dms(abs(lon))}


def _dms(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 3)
