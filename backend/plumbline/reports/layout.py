"""Where everything stands on a label, in whole dots of the machine that prints it.

One layout for every way out (picture, sheet, label printer), so that a label looks the same wherever it is printed.
The QR code has whole dots a module and its quiet zone of four modules; error correction Q: a quarter of it may be
scratched or muddy (ISO/IEC 18004).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import qrcode
from qrcode.constants import ERROR_CORRECT_Q

from plumbline.reports.typesetting import largest_fit, wrapped

QUIET_MODULES = 4
_MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Label:
    """What stands on a label. `url` goes into the QR code; `code` is what a person reads out ("R-0231").

    `names` has zh and en; an empty one is left out. `facts` are short lines ("HRB400E  Φ25"), the most needed first.
    """

    url: str
    code: str
    names: dict[str, str]
    facts: Sequence[str] = ()


@dataclass(frozen=True)
class Line:
    """One line of text, its upper left corner at (x, y), `size` dots high."""

    x: int
    y: int
    size: int
    text: str


@dataclass(frozen=True)
class Qr:
    """A QR code without its quiet zone: upper left corner, dots a module, rows of dark (True) and light modules."""

    x: int
    y: int
    module: int
    rows: list[list[bool]]

    def bars(self) -> Iterator[tuple[int, int, int]]:
        """Dark runs as (x, y, width) in dots; each is one module high."""
        for n, row in enumerate(self.rows):
            start = None
            for k, dark in enumerate([*row, False]):
                if dark and start is None:
                    start = k
                elif not dark and start is not None:
                    yield self.x + start * self.module, self.y + n * self.module, (k - start) * self.module
                    start = None


@dataclass
class Layout:
    """A label laid out: `width` by `height` dots, the rule under the code as (x, y, width, thickness)."""

    width: int
    height: int
    qr: Qr
    rule: tuple[int, int, int, int]
    lines: list[Line] = field(default_factory=list)


def modules_of(url: str) -> list[list[bool]]:
    """The QR code of an address: rows of dark modules, without quiet zone."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0)
    code.add_data(url, optimize=0)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def lay_out(label: Label, width_mm: float, height_mm: float, dpi: int) -> Layout:
    """The label in a size in millimetres, for a machine with that many dots to the inch."""
    return _Composer(width_mm, height_mm, dpi).compose(label)


class _Composer:
    """The label while it is laid out: the code on top, the QR code on the left, words on the right."""

    def __init__(self, width_mm: float, height_mm: float, dpi: int) -> None:
        self._dpi = dpi
        self._unit = min(width_mm / 60, height_mm / 40)
        self._width = round(width_mm * dpi / _MM_PER_INCH)
        self._height = round(height_mm * dpi / _MM_PER_INCH)
        self._margin = self._mm(2)
        self._top = self._left = self._margin
        self._lines: list[Line] = []

    def compose(self, label: Label) -> Layout:
        rule = self._head(label.code)
        qr = self._qr(label.url)
        self._names(label.names)
        for one in label.facts:
            self._text(one, 2.5, 2)
        return Layout(self._width, self._height, qr, rule, self._lines)

    def _mm(self, millimetres: float) -> int:
        """Dots of a length on the default label of 60 by 40 mm, scaled to this one."""
        return round(millimetres * self._unit * self._dpi / _MM_PER_INCH)

    def _head(self, code: str) -> tuple[int, int, int, int]:
        width = self._width - 2 * self._margin
        size = largest_fit(code, width, self._mm(7.5), self._mm(2.5))
        self._lines.append(Line(self._margin, self._margin, size, wrapped(code, size, width, 1)[0]))
        y = self._margin + self._mm(6.6)
        thickness = max(1, self._mm(0.2))
        self._top = y + thickness + self._mm(0.8)
        return self._margin, y, width, thickness

    def _qr(self, url: str) -> Qr:
        rows = modules_of(url)
        room = min(self._height - self._top - self._margin // 2, self._width // 2)
        module = max(1, room // (len(rows) + 2 * QUIET_MODULES))
        quiet = module * QUIET_MODULES
        # The outer quiet zone may be the label's own margin: paper beyond it is white too.
        x, y = max(quiet, self._margin), self._top + quiet
        self._left = x + module * len(rows) + quiet
        return Qr(x, y, module, rows)

    def _names(self, names: dict[str, str]) -> None:
        """The Chinese name, and the English one below it when it differs."""
        self._top += self._mm(0.8)
        self._text(names.get("zh", ""), 3.6, 3)
        if names.get("en") and names.get("en") != names.get("zh"):
            self._text(names["en"], 2.8, 3)
        self._top += self._mm(0.8)

    def _text(self, text: str, size_mm: float, max_lines: int) -> None:
        """As many lines as there is room for."""
        size, pitch = self._mm(size_mm), self._mm(size_mm * 1.25)
        room = (self._height - self._margin - self._top) // pitch
        if not text or room < 1:
            return
        for line in wrapped(text, size, self._width - self._left - self._margin, min(max_lines, room)):
            self._lines.append(Line(self._left, self._top, size, line))
            self._top += pitch
