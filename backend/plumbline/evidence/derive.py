"""What the child processes do that open pictures (forking.py). Nothing else of Plumbline is imported here.

Memory, processor time and pixels are limited before the first byte is decoded; the parent limits the wall clock.
"""

import math
import os
import re
import resource
import warnings
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

MAX_PIXELS = 60_000_000
MAX_SIDE = 2**31 - 1  # What a header claims beyond this is no size that anybody could keep or show.
MEMORY_BYTES = 1024**3
CPU_SECONDS = 20
OUTPUT_BYTES = 32 * 1024**2
BEHIND = 5  # Of the scheduler's steps: a picture can wait, a person who asked something does not.
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF"]
QUALITY = 82
MAX_PROFILE_BYTES = 64 * 1024
# EXIF 2.32 tags.
MAKE, MODEL, ORIENTATION, EXIF_IFD, GPS_IFD = 0x010F, 0x0110, 0x0112, 0x8769, 0x8825
TAKEN, TAKEN_OFFSET = 0x9003, 0x9011


def limit_myself() -> None:
    """Bound what a hostile picture can take."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(BEHIND)
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # `_fits` judges, with an answer instead of an exception.


def formats() -> list[str]:
    """The formats that may be opened; HEIC only when its optional decoder is installed."""
    with suppress(ImportError):
        import_module("pillow_heif").register_heif_opener()
        return [*FORMATS, "HEIF"]
    return FORMATS


def why(error: BaseException) -> str:
    """The note for an error of the decoder."""
    if isinstance(error, MemoryError):
        return "too-large-to-decode"
    return "truncated" if "truncat" in str(error).lower() else "damaged"


def _fits(image: Image.Image) -> bool:
    return image.width * image.height <= MAX_PIXELS


def _draft(image: Image.Image, longest: int) -> None:
    """Let libjpeg scale while it decodes; the size must have the photo's own aspect, or it scales nothing."""
    scale = longest / max(image.size)
    if scale < 1:
        image.draft(None, (math.ceil(image.width * scale), math.ceil(image.height * scale)))


def probe(path: str) -> dict[str, Any]:
    """Size, whether every byte decodes, and what the photo claims of itself."""
    found: dict[str, Any] = {"width": None, "height": None, "decodable": False, "note": None}
    found |= {"claims": {}, "notes": ["not-decoded"]}
    try:
        with Image.open(path, formats=formats()) as image:
            if max(image.size) <= MAX_SIDE:
                found["width"], found["height"] = image.size
            found["claims"], found["notes"] = claims(image)
            if not _fits(image):
                return {**found, "note": "too-many-pixels"}
            _draft(image, 320)
            image.load()
    except Exception as error:  # Decoders raise anything; each means the same here.
        return {**found, "note": why(error)}
    return {**found, "decodable": True}


def derive(path: str, folder: str, sizes: list[int]) -> dict[str, Any]:
    """Write one JPEG for each size (longest side at most, never enlarged), upright, without metadata."""
    made = []
    try:
        with Image.open(path, formats=formats()) as image:
            if not _fits(image):
                return {"made": [], "note": "too-many-pixels"}
            _draft(image, max(sizes))
            upright = _plain(ImageOps.exif_transpose(image))
        for size in sorted(sizes, reverse=True):
            upright.thumbnail((size, size), Image.Resampling.LANCZOS)
            target = Path(folder) / f"{size}.jpg"
            upright.save(target, "JPEG", quality=QUALITY, optimize=True, comment=b"", icc_profile=_profile(upright))
            made.append({"size": size, "width": upright.width, "height": upright.height})
    except Exception as error:
        return {"made": [], "note": why(error)}
    return {"made": made, "note": None}


def _plain(image: Image.Image) -> Image.Image:
    """RGB on white: JPEG knows no transparency."""
    if image.mode == "RGB":
        return image.copy()
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        seen = image.convert("RGBA")
        white = Image.new("RGBA", seen.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, seen).convert("RGB")
    return image.convert("RGB")


def _profile(image: Image.Image) -> bytes | None:
    """The colour profile stays, or phone photos lose their colours; it says nothing about anybody."""
    profile = image.info.get("icc_profile")
    return profile if isinstance(profile, bytes) and len(profile) <= MAX_PROFILE_BYTES else None


def claims(image: Image.Image) -> tuple[dict[str, Any], list[str]]:
    """EXIF claims (taken_at, make, model, orientation, lat, lon as decimal strings), and what could not be read."""
    notes = ["other-metadata-unread"] if "xmp" in image.info or "photoshop" in image.info else []
    if not image.info.get("exif"):
        return {}, [*notes, "no-exif"]
    try:
        with warnings.catch_warnings(record=True) as complaints:  # Pillow skips what is damaged, with a warning.
            warnings.simplefilter("always")
            exif = image.getexif()
            shot, gps = dict(exif.get_ifd(EXIF_IFD)), dict(exif.get_ifd(GPS_IFD))
            found: dict[str, Any] = {"make": _text(exif.get(MAKE)), "model": _text(exif.get(MODEL))}
        # A HEIC decoder turns the picture itself and keeps the camera's value aside.
        found["orientation"] = _orientation(image.info.get("original_orientation") or exif.get(ORIENTATION))
    except Exception:
        return {}, [*notes, "exif-damaged"]
    if complaints:
        notes.append("exif-damaged")
    found["taken_at"] = _taken(shot)
    found["lat"], found["lon"] = _degrees(gps, 1, 90), _degrees(gps, 3, 180)
    if shot.get(TAKEN) is not None and found["taken_at"] is None:
        notes.append("time-unreadable")
    if (gps.get(2) is not None or gps.get(4) is not None) and None in (found["lat"], found["lon"]):
        notes.append("place-unreadable")
        found["lat"] = found["lon"] = None
    return {k: v for k, v in found.items() if v is not None}, notes


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    clean = "".join(c for c in value if c.isprintable()).strip()[:80]
    return clean or None


def _orientation(value: Any) -> int | None:
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def _taken(shot: dict[int, Any]) -> str | None:
    """`YYYY-MM-DDThh:mm:ss` as the camera's clock showed it, with its offset where it says one."""
    parts = re.match(r"^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", str(_text(shot.get(TAKEN))))
    if not parts or not ("1990" <= parts[1] <= "2200" and "01" <= parts[2] <= "12" and "01" <= parts[3] <= "31"):
        return None
    if parts[4] > "23" or parts[5] > "59" or parts[6] > "60":
        return None
    offset = _text(shot.get(TAKEN_OFFSET)) or ""
    zone = offset if re.match(r"^[+-]\d\d:\d\d$", offset) else ""
    return f"{parts[1]}-{parts[2]}-{parts[3]}T{parts[4]}:{parts[5]}:{parts[6]}{zone}"


def _degrees(gps: dict[int, Any], reference: int, most: int) -> str | None:
    """Decimal degrees with seven places from three rationals and a letter; None when they are no place."""
    try:
        degrees, minutes, seconds = (float(part) for part in gps[reference + 1])
        value = degrees + minutes / 60 + seconds / 3600
        letter = str(_text(gps[reference])).upper()
    except Exception:
        return None
    if not math.isfinite(value) or not 0 <= value <= most or letter not in ("N", "S", "E", "W"):
        return None
    return f"{-value if letter in 'SW' else value:.7f}"


def warm_up() -> None:
    """Load every decoder before the first picture, so that forked children have them already."""
    formats()
    Image.init()


def run(arguments: list[str]) -> dict[str, Any]:
    """`probe IN` or `derive IN OUT_DIR SIZE…`. Raises ValueError for anything else."""
    if len(arguments) == 2 and arguments[0] == "probe":
        return probe(arguments[1])
    if len(arguments) > 3 and arguments[0] == "derive":
        return derive(arguments[1], arguments[2], [int(size) for size in arguments[3:]])
    raise ValueError(f"nothing that can be done with a picture: {arguments}")
