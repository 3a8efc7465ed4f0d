"""QR labels as PNG at 300 dpi, for a thermal printer or a sheet of stickers.

The code is read by a phone, the large code by a person over the radio, the names by whoever picks up the bundle.
Error correction Q: a quarter of the code may be scratched or muddy.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import qrcode
from PIL import Image, ImageDraw
from qrcode.constants import ERROR_CORRECT_Q

from plumbline.reports.errors import LabelSizeUnknown
from plumbline.reports.typesetting import font, largest_fit, wrapped

DPI = 300
DEFAULT_SIZE = "60x40"
_QUIET_MODULES = 4
_BLACK, _WHITE = 0, 255


@dataclass(frozen=True)
class Label:
    """What stands on a label. `url` goes into the QR code; `code` is what a person reads out ("R-0231").

    `names` has zh and en; an empty one is left out. `facts` are short lines ("HRB400E  Φ25"), the most needed first.
    """

    url: str
    code: str
    names: dict[str, str]
    facts: Sequence[str] = ()


def parse_size(text: str) -> tuple[int, int]:
    """Width and height in millimetres of a size such as "60x40". Raises LabelSizeUnknown."""
    match = re.fullmatch(r"(\d{2,3})[x×](\d{2,3})", text.strip().lower())
    width, height = (int(g) for g in match.groups()) if match else (0, 0)
    if not (50 <= width <= 210 and 30 <= height <= 297):
        raise LabelSizeUnknown(size=text[:20])
    return width, height


def fact(zh: str, en: str, value: str | None) -> str | None:
    """One line with its name in both languages, or None without a value."""
    return f"{zh} {en} {value}" if value else None


def lot_facts(
    *,
    grade: str | None = None,
    size: str | None = None,
    quantity: str | None = None,
    unit: str | None = None,
    heat_no: str | None = None,
    batch_no: str | None = None,
    supplier: str | None = None,
    received_on: str | None = None,
) -> list[str]:
    """The facts of a lot in the order in which people look for them; missing ones are left out."""
    lines = [
        "  ".join(part for part in (grade, size) if part) or None,
        fact("数量", "Qty", f"{quantity} {unit or ''}".strip() if quantity else None),
        fact("炉号", "Heat", heat_no),
        fact("批号", "Batch", batch_no),
        fact("供应商", "Supplier", supplier),
        fact("进场", "In", received_on),
    ]
    return [line for line in lines if line]


def render(label: Label, size: str = DEFAULT_SIZE) -> bytes:
    """The label as a grey PNG of exactly that size at 300 dpi. Raises LabelSizeUnknown."""
    width_mm, height_mm = parse_size(size)
    sheet = _Sheet(_px(width_mm), _px(height_mm), unit=min(width_mm / 60, height_mm / 40))
    sheet.head(label.code)
    sheet.qr(label.url)
    sheet.names(label.names)
    sheet.facts(label.facts)
    return sheet.png()


def _px(millimetres: float) -> int:
    return round(millimetres * DPI / 25.4)


class _Sheet:
    """The picture while it is drawn: the code on top, the QR code on the left, words on the right."""

    def __init__(self, width: int, height: int, unit: float) -> None:
        self._image = Image.new("L", (width, height), _WHITE)
        self._draw = ImageDraw.Draw(self._image)
        self._unit = unit
        self._margin = self._mm(2)
        self._top = self._margin
        self._left = self._margin

    def _mm(self, millimetres: float) -> int:
        """Pixels of a length on the default label, scaled to this one."""
        return _px(millimetres * self._unit)

    def head(self, code: str) -> None:
        """The human-readable code, as large as the width allows."""
        width = self._image.width - 2 * self._margin
        size = largest_fit(code, width, self._mm(7.5), self._mm(2.5))
        line = wrapped(code, size, width, 1)[0]
        self._draw.text((self._margin, self._margin), line, _BLACK, font(size), anchor="lt")
        self._top = self._margin + self._mm(6.6)
        rule = (self._margin, self._top, self._image.width - self._margin, self._top)
        self._draw.line(rule, _BLACK, max(1, self._mm(0.2)))
        self._top += self._mm(0.8)

    def qr(self, url: str) -> None:
        """The QR code with its quiet zone, in whole pixels a module so that edges stay sharp."""
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0)
        code.add_data(url, optimize=0)
        code.make(fit=True)
        modules = code.get_matrix()
        room = min(self._image.height - self._top - self._margin // 2, self._image.width // 2)
        pixels = max(1, room // (len(modules) + 2 * _QUIET_MODULES))
        side = pixels * len(modules)
        picture = Image.new("L", (len(modules), len(modules)), _WHITE)
        picture.putdata([_BLACK if dark else _WHITE for row in modules for dark in row])
        quiet = pixels * _QUIET_MODULES
        # The outer quiet zone may be the label's own margin: paper beyond it is white too.
        x, y = max(quiet, self._margin), self._top + quiet
        self._image.paste(picture.resize((side, side), Image.Resampling.NEAREST), (x, y))
        self._left = x + side + quiet

    def names(self, names: dict[str, str]) -> None:
        """The Chinese name, and the English one below it when it differs."""
        self._top += self._mm(0.8)
        self._lines(names.get("zh", ""), 3.6, 3)
        if names.get("en") and names.get("en") != names.get("zh"):
            self._lines(names["en"], 2.8, 3)
        self._top += self._mm(0.8)

    def facts(self, facts: Sequence[str]) -> None:
        """As many facts as there is room for."""
        for one in facts:
            self._lines(one, 2.5, 2)

    def _lines(self, text: str, size_mm: float, max_lines: int) -> None:
        size, pitch = self._mm(size_mm), self._mm(size_mm * 1.25)
        room = (self._image.height - self._margin - self._top) // pitch
        if not text or room < 1:
            return
        width = self._image.width - self._left - self._margin
        for line in wrapped(text, size, width, min(max_lines, room)):
            self._draw.text((self._left, self._top), line, _BLACK, font(size), anchor="la")
            self._top += pitch

    def png(self) -> bytes:
        """The finished picture; the resolution is written in so that it prints in its true size."""
        stream = io.BytesIO()
        self._image.save(stream, "PNG", optimize=True, dpi=(DPI, DPI))
        return stream.getvalue()
