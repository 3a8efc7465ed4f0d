"""Where everything stands on a label, in whole dots of the machine that prints it.

One layout for every way out (picture, sheet, label printer), so that a label looks the same wherever it is printed.
The QR codes have whole dots a module and their quiet zone of four modules; error correction Q: a quarter of a code may
be scratched or muddy (ISO/IEC 18004). That mends data and no corner squares: mud on one of them hides a code from every
reader. So there are two codes: the large one is a link for any phone, the small one in the far corner is the bare code,
which our scanner and readers that type take for the same label. They stand side by side in hardly a row and in no
column, so that a strip of mortar across the label seldom hides both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import qrcode
from qrcode.constants import ERROR_CORRECT_Q

from plumbline.reports.typesetting import ELLIPSIS, font, largest_fit, wrapped

QUIET_MODULES = 4
# A module of the small code on the default label of 60 by 40 mm, and the least on smaller ones.
TWIN_MODULE_MM = 0.42
TWIN_LEAST_MM = 0.3
FACT_SIZES_MM = (2.5, 2.2, 2.0)
_MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Label:
    """What stands on a label. `url` goes into the QR code, its last part into the small one; `code` is what a person
    reads out ("R-0231").

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
    twin: Qr
    rule: tuple[int, int, int, int]
    lines: list[Line] = field(default_factory=list)

    @property
    def codes(self) -> tuple[Qr, Qr]:
        """The large code and the small one."""
        return self.qr, self.twin


def modules_of(text: str) -> list[list[bool]]:
    """The QR code of a text: rows of dark modules, without quiet zone. Capitals and digits alone make a smaller one."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def lay_out(label: Label, width_mm: float, height_mm: float, dpi: int) -> Layout:
    """The label in a size in millimetres, for a machine with that many dots to the inch."""
    return _Composer(width_mm, height_mm, dpi).compose(label)


class _Composer:
    """The label while it is laid out: code and twin on top, the QR code on the left, words on the right."""

    def __init__(self, width_mm: float, height_mm: float, dpi: int) -> None:
        self._dpi = dpi
        self._unit = min(width_mm / 60, height_mm / 40)
        self._width = round(width_mm * dpi / _MM_PER_INCH)
        self._height = round(height_mm * dpi / _MM_PER_INCH)
        self._margin = self._mm(2)
        self._top = self._left = self._margin
        self._twin_left = self._twin_bottom = 0
        self._lines: list[Line] = []

    def compose(self, label: Label) -> Layout:
        twin = self._twin(label.url.rsplit("/", 1)[-1].upper())
        rule = self._head(label.code)
        qr = self._qr(label.url)
        self._names(label.names)
        self._facts(label.facts)
        return Layout(self._width, self._height, qr, twin, rule, self._lines)

    def _mm(self, millimetres: float) -> int:
        """Dots of a length on the default label of 60 by 40 mm, scaled to this one."""
        return round(millimetres * self._unit * self._dpi / _MM_PER_INCH)

    def _head(self, code: str) -> tuple[int, int, int, int]:
        width = self._twin_left - self._margin
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
        side, edge = module * len(rows), max(quiet, self._margin)
        x, y = edge, max(self._top + quiet, self._height - edge - side)
        self._left = x + side + quiet
        return Qr(x, y, module, rows)

    def _twin(self, code: str) -> Qr:
        """The bare code in the upper right corner. Words keep out of its quiet zone."""
        rows = modules_of(code)
        module = round(max(self._mm(TWIN_MODULE_MM), TWIN_LEAST_MM * self._dpi / _MM_PER_INCH))
        quiet = module * QUIET_MODULES
        side, edge = module * len(rows), max(quiet, self._margin)
        x, y = self._width - edge - side, edge
        self._twin_left, self._twin_bottom = x - quiet, y + side + quiet
        return Qr(x, y, module, rows)

    def _names(self, names: dict[str, str]) -> None:
        """The Chinese name, and the English one below it when it differs."""
        self._top += self._mm(0.8)
        self._text(names.get("zh", ""), 3.6, 3)
        if names.get("en") and names.get("en") != names.get("zh"):
            self._text(names["en"], 2.8, 3)
        self._top += self._mm(0.8)

    def _facts(self, facts: Sequence[str]) -> None:
        """All of them, in smaller letters when there is no other way; the last ones are left out when there is none."""
        begun, top = len(self._lines), self._top
        for size_mm in FACT_SIZES_MM:
            del self._lines[begun:]
            self._top = top
            fits = [self._text(one, size_mm, 2) for one in facts]
            if all(fits):
                return

    def _text(self, text: str, size_mm: float, max_lines: int) -> bool:
        """As many lines as there is room for; false when something was left out. Beside the twin no text is broken."""
        size, pitch = self._mm(size_mm), self._mm(size_mm * 1.25)
        width = self._width - self._margin - self._left
        if self._top < self._twin_bottom:
            beside = self._twin_left - self._left
            if font(size).getlength(text) <= beside:
                width = beside
            else:
                self._top = self._twin_bottom
        room = (self._height - self._margin - self._top) // pitch
        if not text or room < 1:
            return not text
        for line in wrapped(text, size, width, min(max_lines, room)):
            self._lines.append(Line(self._left, self._top, size, line))
            self._top += pitch
        return not self._lines[-1].text.endswith(ELLIPSIS)
