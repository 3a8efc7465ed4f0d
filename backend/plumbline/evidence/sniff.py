"""What bytes are, by how they begin. A declared type is a claim; this decides what may be tried with a file."""

import re

HEAD_BYTES = 512
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/avif", "image/heic"})
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_MIME = re.compile(r"^[a-z0-9][a-z0-9.+-]{0,48}/[a-z0-9][a-z0-9.+-]{0,48}$")
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"),
)


def sanitized(declared: str) -> str:
    """A declared media type without parameters, in lower case; application/octet-stream when it is none."""
    plain = declared.split(";")[0].strip().lower()
    return plain if _MIME.match(plain) else "application/octet-stream"


def sniff(head: bytes) -> str | None:
    """The media type that the first bytes show, None when they show none."""
    for beginning, mime in _BEGINNINGS:
        if head.startswith(beginning):
            return mime
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _brand(head[8:12])
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml", b"<!--")):
        return "text/html"
    return None


def _brand(brand: bytes) -> str:
    if brand in HEIC_BRANDS:
        return "image/heic"
    if brand in (b"avif", b"avis"):
        return "image/avif"
    if brand in (b"M4A ", b"M4B "):
        return "audio/mp4"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def judged(declared: str, head: bytes) -> tuple[str, bool | None]:
    """(media type in force, decodable): False when the bytes contradict the claim, None when nobody can tell yet."""
    found = sniff(head)
    claims_form = declared.startswith("image/") or declared == "application/pdf"
    if found is None:
        return ("application/octet-stream", False) if claims_form else (declared, None)
    if declared.startswith("audio/") and found == declared.replace("audio/", "video/"):
        return declared, None  # One container for both; only a decoder would tell whether there is a picture in it.
    is_kin = found == "application/zip" and declared.startswith("application/vnd.")  # XLSX is a ZIP file.
    if is_kin or (found == "text/html" and not claims_form):  # As is any XML here.
        return declared, None
    contradicts = claims_form and found not in PICTURES and found != declared
    return found, False if contradicts else None
