"""Put Chinese and English text into a given width: one font, breaks between words and between characters."""

import re
from functools import lru_cache

from PIL import ImageFont
from pylopdf_fonts_zh_cn import sans_path

ELLIPSIS = "…"
# The font lacks the diameter sign; bars are marked Φ on site anyway.
_STAND_INS = str.maketrans({"⌀": "Φ"})
# A break may follow a space and any Chinese character or full-width sign.
_PIECES = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+")


@lru_cache(maxsize=64)
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """Noto Sans SC in a size in pixels. The basic layout gives the same picture with and without libraqm."""
    return ImageFont.truetype(sans_path(), size_px, layout_engine=ImageFont.Layout.BASIC)


def wrapped(text: str, size_px: int, width_px: float, max_lines: int) -> list[str]:
    """Text in lines that fit the width; what does not fit ends in an ellipsis."""
    face = font(size_px)
    lines = [""]
    for piece in _PIECES.findall(" ".join(text.translate(_STAND_INS).split())):
        for part in _broken(piece, face, width_px):
            if face.getlength((lines[-1] + part).rstrip()) > width_px and lines[-1]:
                lines.append("")
            lines[-1] += part.lstrip() if not lines[-1] else part
    lines = [line.rstrip() for line in lines]
    if len(lines) <= max_lines:
        return lines
    return [*lines[: max_lines - 1], _cut(lines[max_lines - 1], face, width_px)]


def largest_fit(text: str, width_px: float, biggest_px: int, smallest_px: int) -> int:
    """The largest size in which the text fits one line; the smallest when none does."""
    for size in range(biggest_px, smallest_px, -1):
        if font(size).getlength(text) <= width_px:
            return size
    return smallest_px


def _broken(piece: str, face: ImageFont.FreeTypeFont, width_px: float) -> list[str]:
    """A word that is wider than the whole line, cut into parts that fit."""
    if face.getlength(piece.rstrip()) <= width_px:
        return [piece]
    parts = [""]
    for character in piece:
        if parts[-1] and face.getlength(parts[-1] + character) > width_px:
            parts.append("")
        parts[-1] += character
    return parts


def _cut(line: str, face: ImageFont.FreeTypeFont, width_px: float) -> str:
    while line and face.getlength(line + ELLIPSIS) > width_px:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS
