"""Hostile files, made here: what people, or programs in their names, may send in place of a photo or a certificate.

Each says what it is, how it is announced, and its bytes. Nothing is downloaded; the same files come out each time.
"""

import bz2
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from tests.support import photos

SCRIPT = b"<script>alert(document.domain)</script>"
HTML = b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"


@dataclass(frozen=True)
class Hostile:
    """One file: its name in tests, the announced media type, its bytes."""

    name: str
    mime: str
    content: bytes


def every() -> list[Hostile]:
    """All of them, each with a name and bytes of its own."""
    makers = (_pages, _polyglots, _pngs, _jpegs, _truncated, _tiffs, _animations, _containers, _strange, _lies)
    found = [one for maker in makers for one in maker()]
    assert len({one.name for one in found}) == len(found) == len({one.content for one in found})
    return found


def _pages() -> Iterator[Hostile]:
    """Pages and drawings with scripts, called photos."""
    for mime in ("image/jpeg", "application/pdf", "text/html", "video/mp4"):
        yield Hostile(f"page as {mime}", mime, HTML + mime.encode())
    yield Hostile("page after white space", "image/jpeg", b"\n \t" * 200 + HTML)
    yield Hostile("page after a byte order mark", "image/png", b"\xef\xbb\xbf" + HTML)
    yield Hostile("page in UTF-16", "image/jpeg", HTML.decode().encode("utf-16"))
    yield Hostile("page in UTF-7", "image/jpeg", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-")
    yield Hostile("page after a comment", "image/jpeg", b"<!-- x -->" + HTML)
    yield Hostile("bare script tag", "image/jpeg", SCRIPT)
    yield Hostile("script", "application/javascript", b"alert(1)")
    yield Hostile("JSON with a page in it", "application/json", b'{"x": "' + SCRIPT + b'"}')
    for mime in ("image/jpeg", "image/svg+xml", "text/xml"):
        yield Hostile(f"drawing as {mime}", mime, SVG + mime.encode())
    lol = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{lol}]><x>&a9;</x>'
    yield Hostile("a billion laughs", "image/svg+xml", xml.encode())
    outside = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><svg>&f;</svg>'
    yield Hostile("entity from outside", "image/svg+xml", outside)


def _polyglots() -> Iterator[Hostile]:
    """Files that are two things at once."""
    photo = photos.jpeg()
    comment = b"*/=1;alert(1);/*" + HTML
    segment = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    yield Hostile("JPEG with a page in its comment", "image/jpeg", photo[:2] + segment + photo[2:])
    yield Hostile("JPEG with a page behind it", "image/jpeg", photo + HTML)
    yield Hostile("JPEG with an archive behind it", "image/jpeg", photo + _zip({"x.html": HTML}))
    yield Hostile("GIF that is a script", "image/gif", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//;")
    yield Hostile("GIF with a page behind it", "image/gif", _saved("GIF") + HTML)
    yield Hostile("PNG with a page in its text", "image/png", _png_with(b"tEXt", b"Comment\0" + HTML))
    yield Hostile("WebP with a page behind it", "image/webp", _saved("WEBP") + HTML)
    yield Hostile("PDF with a page in front", "application/pdf", HTML + b"\n%PDF-1.7\n" + _pdf(b"q Q"))
    yield Hostile("PDF with a page behind it", "application/pdf", b"%PDF-1.7\n" + _pdf(b"q Q") + HTML)
    action = b"1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
    yield Hostile("PDF with a script", "application/pdf", b"%PDF-1.7\n" + action)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, depth: int = 1, colour: int = 0, rows: bytes = b"", *more: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = zlib.compress(rows or b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), *more, _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    )


def _png_with(kind: bytes, body: bytes) -> bytes:
    return _png(64, 64, 8, 2, (b"\0" + b"\xc8" * 192) * 64, _chunk(kind, body))


def _pngs() -> Iterator[Hostile]:
    """Few bytes that want much memory, and headers that lie."""
    large = zlib.compress(bytes(120_000_000), 9)
    yield Hostile("PNG of 50,000 by 50,000", "image/png", photos.bomb())
    yield Hostile("PNG with a profile of 120 MB", "image/png", _png_with(b"iCCP", b"p\0\0" + large))
    yield Hostile("PNG with a text of 120 MB", "image/png", _png_with(b"zTXt", b"t\0\0" + large))
    yield Hostile("PNG with an international text of 120 MB", "image/png", _png_with(b"iTXt", b"t\0\1\0\0\0" + large))
    many = b"".join(_chunk(b"tEXt", b"k%d\0v" % n) for n in range(20_000))
    yield Hostile("PNG with 20,000 texts", "image/png", _png(64, 64, 8, 2, (b"\0" + bytes(192)) * 64, many))
    yield Hostile("PNG just above the limit", "image/png", _png(60_000_001, 1))
    yield Hostile("PNG of 5,000 by 5,000", "image/png", _png(5000, 5000, 1, 0, bytes(626 * 5000)))
    yield Hostile("PNG without a size", "image/png", _png(0, 0))
    yield Hostile("PNG of negative size", "image/png", _png(0xFFFFFFFF, 0xFFFFFFFF))
    yield Hostile("PNG that is shorter than it says", "image/png", _png(4000, 4000, 16, 6))
    yield Hostile("PNG with a wrong checksum", "image/png", photos.png()[:-30] + b"\0" * 30)
    yield Hostile("PNG with an unknown colour", "image/png", _png(10, 10, 8, 77))


def _jpegs() -> Iterator[Hostile]:
    """Headers, profiles and EXIF that lie."""
    photo = photos.jpeg()
    at = photo.index(b"\xff\xc0") + 5
    for height, width in ((65535, 65535), (0, 0), (65535, 1), (1, 65535)):
        changed = photo[:at] + struct.pack(">HH", height, width) + photo[at + 4 :]
        yield Hostile(f"JPEG whose header says {width} by {height}", "image/jpeg", changed)
    yield Hostile("JPEG with damaged EXIF", "image/jpeg", photos.damaged_exif())
    loop = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HHHII", 1, 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    yield Hostile("JPEG whose EXIF points at itself", "image/jpeg", _with_exif(loop))
    giant = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HHHII", 1, 0x010F, 2, 0xFFFFFFF0, 26) + bytes(4)
    yield Hostile("JPEG with a tag of 4 GB", "image/jpeg", _with_exif(giant))
    many = b"II*\0" + struct.pack("<IH", 8, 5000) + b"".join(struct.pack("<HHII", n, 3, 1, 6) for n in range(5000))
    yield Hostile("JPEG with 5,000 tags", "image/jpeg", _with_exif(many))
    odd = b"II*\0" + struct.pack("<IHHHII", 8, 1, 0x8825, 4, 1, 26) + struct.pack("<HHHII", 1, 2, 5, 3, 0) + bytes(4)
    yield Hostile("JPEG with a place divided by nothing", "image/jpeg", _with_exif(odd))
    profile = b"".join(_segment(0xE2, b"ICC_PROFILE\0" + bytes([n, 200]) + bytes(60_000)) for n in range(1, 200))
    yield Hostile("JPEG with a profile of 12 MB", "image/jpeg", photo[:2] + profile + photo[2:])
    yield Hostile("JPEG with 60,000 comments", "image/jpeg", photo[:2] + _segment(0xFE, b"") * 60_000 + photo[2:])
    yield Hostile("JPEG with 60 scans", "image/jpeg", _scans(60))
    yield Hostile("JPEG of nothing but a beginning", "image/jpeg", b"\xff\xd8\xff")


def _segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def _with_exif(tiff: bytes) -> bytes:
    photo = photos.jpeg()
    return photo[:2] + _segment(0xE1, b"Exif\0\0" + tiff[:60_000]) + photo[2:]


def _scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: each costs a pass over the whole picture."""
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), (90, 90, 90)).save(out, "JPEG", progressive=True)
    photo = out.getvalue()
    at = photo.rindex(b"\xff\xda")
    return photo[:at] + photo[at:-2] * count + b"\xff\xd9"


def _saved(format: str, **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (40, 90, 140)).save(out, format, **more)
    return out.getvalue()


def _truncated() -> Iterator[Hostile]:
    """Files whose end never came."""
    photo = photos.jpeg(1200, 900)
    for part in (1, 3, 10, 30, 50, 90, 99):
        yield Hostile(f"JPEG cut at {part} %", "image/jpeg", photo[: max(4, len(photo) * part // 100)])
    for format in ("PNG", "GIF", "WEBP", "TIFF", "AVIF"):
        whole = _saved(format)
        yield Hostile(f"{format} cut in half", f"image/{format.lower()}", whole[: len(whole) // 2])
    yield Hostile("nothing", "image/jpeg", b"")


def _tiffs() -> Iterator[Hostile]:
    """Directories that go round, and lengths beyond reason."""
    entry = struct.pack("<HHII", 256, 3, 1, 10) + struct.pack("<HHII", 257, 3, 1, 10)
    yield Hostile(
        "TIFF that goes round", "image/tiff", b"II*\0" + struct.pack("<IH", 8, 2) + entry + struct.pack("<I", 8)
    )
    strips = struct.pack("<HHII", 273, 4, 0x0FFFFFFF, 8)
    head = b"II*\0" + struct.pack("<IH", 8, 3) + entry
    yield Hostile("TIFF with 268 million strips", "image/tiff", head + strips + struct.pack("<I", 0))
    wide = struct.pack("<HHII", 256, 4, 1, 0x7FFFFFFF) + struct.pack("<HHII", 257, 4, 1, 0x7FFFFFFF)
    yield Hostile("TIFF of 2 billion squared", "image/tiff", b"II*\0" + struct.pack("<IH", 8, 2) + wide + bytes(4))
    yield Hostile("TIFF without a directory", "image/tiff", b"MM\0*" + struct.pack(">I", 0xFFFFFFFF))


def _animations() -> Iterator[Hostile]:
    """Thousands of frames, of which one is a photo at most."""
    frame = b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\1\0\1\0\0\x02\x02\x44\x01\0"
    head = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0"
    yield Hostile("GIF of 10,000 frames", "image/gif", head + frame * 10_000 + b";")
    yield Hostile("GIF of 65,535 by 65,535", "image/gif", b"GIF89a\xff\xff\xff\xff" + head[10:] + frame + b";")
    pictures = [Image.new("RGB", (64, 64), (n, n, n)) for n in range(200)]
    for format in ("WEBP", "PNG"):
        out = io.BytesIO()
        pictures[0].save(out, format, save_all=True, append_images=pictures[1:])
        yield Hostile(f"{format} of 200 frames", f"image/{format.lower()}", out.getvalue())
    vp8x = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\xff\xff\xff" * 2
    yield Hostile("WebP of 16 million squared", "image/webp", b"RIFF" + struct.pack("<I", 22) + b"WEBP" + vp8x)
    avif = bytearray(_saved("AVIF"))
    at = avif.index(b"ispe") + 8
    avif[at : at + 8] = b"\x7f\xff\xff\xff" * 2
    yield Hostile("AVIF of 2 billion squared", "image/avif", bytes(avif))


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _pdf(stream: bytes, filters: bytes = b"") -> bytes:
    return b"1 0 obj<</Length %d%s>>stream\n%s\nendstream endobj\n%%%%EOF\n" % (len(stream), filters, stream)


def _containers() -> Iterator[Hostile]:
    """Archives and documents that grow when they are opened, or climb out of where they are put."""
    bomb = _zip({f"{n}.txt": bytes(20_000_000) for n in range(5)})
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    yield Hostile("ZIP of 100 MB of nothing", "application/zip", bomb)
    yield Hostile("ZIP in a ZIP", "image/jpeg", _zip({f"{n}.zip": bomb for n in range(9)}))
    yield Hostile("sheet that is a bomb", sheet, _zip({"xl/worksheets/sheet1.xml": bytes(50_000_000)}))
    yield Hostile("ZIP that climbs out", "application/zip", _zip({"../../etc/cron.d/x": b"x", "C:\\x": b"y"}))
    twice = zlib.compress(zlib.compress(bytes(80_000_000), 9), 9)
    yield Hostile(
        "PDF that is a bomb", "application/pdf", b"%PDF-1.7\n" + _pdf(twice, b"/Filter[/FlateDecode/FlateDecode]")
    )
    yield Hostile("gzip in place of a photo", "image/jpeg", gzip.compress(photos.jpeg(), mtime=0))
    yield Hostile("gzip that is a bomb", "image/jpeg", gzip.compress(bytes(50_000_000), mtime=0))
    yield Hostile("bzip2 in place of a photo", "image/jpeg", bz2.compress(bytes(1_000_000)))


def _strange() -> Iterator[Hostile]:
    """Formats that a decoder might know and that we never open."""
    yield Hostile(
        "PostScript", "image/jpeg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd)(r)file\n"
    )
    for format in ("BMP", "ICO", "PPM", "TGA", "PCX"):
        yield Hostile(format, "image/jpeg", _saved(format))
    yield Hostile("program", "image/jpeg", b"\x7fELF\x02\x01\x01" + bytes(500))
    yield Hostile("Windows program", "image/png", b"MZ\x90\0" + bytes(500))
    yield Hostile("HEIC of nothing", "image/heic", b"\0\0\0\x18ftypheic" + bytes(500))
    yield Hostile("video of nothing", "video/mp4", b"\0\0\0\x18ftypisom" + bytes(500))
    yield Hostile("noise", "image/jpeg", bytes((n * n * 31 + 7) % 256 for n in range(5000)))
    yield Hostile("one byte", "image/jpeg", b"\xff")


def _lies() -> Iterator[Hostile]:
    """Sound photos under media types that are none of theirs, or try to be headers, paths or other people's words."""
    lies = (
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "multipart/form-data",
        "message/rfc822",
        'image/jpeg; name="../../../etc/passwd"',
        "image/jpeg\r\nSet-Cookie: a=b",
        "image/\u202egpj.exe",
        "../../image/jpeg",
        "x" * 200,
        "",
    )
    for seed, mime in enumerate(lies):
        yield Hostile(f"photo as {mime[:40]!r}", mime, photos.jpeg(320, 240, seed=seed + 1) + bytes([seed]))


# Names of files as forms send them: the product keeps none of them.
NAMES = (
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\x.dll",
    "/etc/passwd",
    "C:\\con",
    "photo\u202egpj.exe",
    "\u2066left\u2069.csv",
    'a"; filename="b.html',
    "a\tb.csv",
    "<img src=x onerror=alert(1)>.csv",
    "=HYPERLINK(1).csv",
    "." * 250,
    "料场\u0000.csv",
)
