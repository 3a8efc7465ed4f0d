"""Photos for tests: real camera files where they are at hand, and files made here, sound and hostile."""

import io
import os
import struct
import zlib
from functools import cache
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SIDE = 50_000  # Pixels on each side of the bomb.


def folder() -> Path:
    """Where real camera files may lie: PLUMBLINE_FIXTURES, or a `shared/fixtures` beside the repository."""
    root = os.environ.get("PLUMBLINE_FIXTURES")
    return (Path(root) if root else ROOT.parent / "shared" / "fixtures") / "photos"


def camera_files() -> list[Path]:
    """Every real camera file at hand, sorted; none is no error."""
    return sorted(p for p in folder().iterdir() if p.is_file()) if folder().is_dir() else []


@cache
def jpeg(width: int = 640, height: int = 480, orientation: int | None = None, seed: int = 0) -> bytes:
    """A photo-like JPEG: top half of the stored picture red, bottom half blue; `orientation` as EXIF says it."""
    image = Image.new("RGB", (width, height), (200, 30 + seed * 40 % 200, 30))
    image.paste((30, 30, 200), (0, height // 2, width, height))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    exif[0x010F] = "Plumbline test camera"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, exif=exif.tobytes())
    return out.getvalue()


@cache
def heic(width: int = 640, height: int = 480) -> bytes:
    """The same picture as a phone's HEIC, by an encoder that only tests have; upright."""
    from pillow_heif import from_pillow  # Loads a library of 8 MB.

    out = io.BytesIO()
    with Image.open(io.BytesIO(jpeg(width, height))) as image:
        from_pillow(image.convert("RGB")).save(out, quality=80)
    return out.getvalue()


@cache
def png(transparent: bool = False) -> bytes:
    """A small PNG, with a transparent left half when asked."""
    image = Image.new("RGBA", (400, 200), (10, 200, 10, 255))
    if transparent:
        image.paste((0, 0, 0, 0), (0, 0, 200, 200))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def truncated() -> bytes:
    """A JPEG whose second half never came."""
    whole = jpeg(1200, 900)
    return whole[: len(whole) // 2]


def damaged_exif() -> bytes:
    """A JPEG whose EXIF points beyond its own end and whose place is nonsense."""
    tiff = b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 3)
    tiff += struct.pack("<HHII", 0x8769, 4, 1, 0xFFFFFF00)
    tiff += struct.pack("<HHII", 0x8825, 4, 1, 0x7FFFFFFF)
    tiff += struct.pack("<HHII", 0x010F, 2, 60_000, 0xFFFF0000)
    segment = b"Exif\x00\x00" + tiff
    whole = jpeg()
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + whole[2:]


HTML = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"


@cache
def bomb() -> bytes:
    """A PNG of 50,000 by 50,000 pixels in some hundred kilobytes: 2.5 billion pixels when decoded."""
    packer = zlib.compressobj(1)
    row = b"\x00" * (1 + SIDE // 8)
    body = b"".join([*(packer.compress(row * 500) for _ in range(SIDE // 500)), packer.flush()])
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
