"""Labels on A4 sheets of stickers as PDF: vector QR codes, the font within the file, in true size.

Sheets are named by columns x rows, with the measures that makers of label sheets share. Print at 100 %: the file asks
the viewer not to scale, since a millimetre a row is a whole label at the end of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pylopdf_fonts_zh_cn import sans_path

from plumbline.reports.errors import SheetUnknown
from plumbline.reports.layout import Label, Layout, lay_out
from plumbline.reports.typesetting import font

if TYPE_CHECKING:
    from fpdf import FPDF

_DPI = 600
_MM = 25.4 / _DPI
_POINTS_PER_DOT = 72 / _DPI
_FONT = "sans"


@dataclass(frozen=True)
class Sheet:
    """An A4 sheet of labels, in millimetres; `inset` is kept free inside each label's edge (printers' own margin)."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    pitch_x: float
    pitch_y: float
    inset: float

    @property
    def places(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """Upper left corner of a place (0 is the first, row by row), with its inset."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.pitch_x + self.inset, self.top + row * self.pitch_y + self.inset


SHEETS = {
    "3x8": Sheet(3, 8, 70, 37, 0, 0.5, 70, 37, 3),
    "2x7": Sheet(2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1, 2),
    "4x10": Sheet(4, 10, 48.5, 25.4, 8, 21.5, 48.5, 25.4, 1),
    "2x4": Sheet(2, 4, 99.1, 67.7, 4.65, 13.1, 101.6, 67.7, 3),
}


def sheet_named(name: str) -> Sheet:
    """The sheet of a name such as "3x8". Raises SheetUnknown."""
    found = SHEETS.get(name)
    if found is None:
        raise SheetUnknown(sheet=name[:20], known=sorted(SHEETS))
    return found


def print_sheets(labels: Sequence[Label], sheet: Sheet, start: int = 1) -> bytes:
    """A PDF of the labels, the first on place `start` (1 is the upper left) of the first sheet."""
    from fpdf import FPDF  # Loaded when the first sheet is printed: it brings most of a second and its memory.
    from fpdf.prefs import ViewerPreferences

    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.viewer_preferences = ViewerPreferences(print_scaling="None")
    pdf.add_font(_FONT, "", sans_path())
    for n, label in enumerate(labels, start - 1):
        place = n % sheet.places
        if place == 0 or n == start - 1:
            pdf.add_page()
        inner = (sheet.width - 2 * sheet.inset, sheet.height - 2 * sheet.inset)
        _paint(pdf, lay_out(label, *inner, _DPI), *sheet.corner(place))
    return bytes(pdf.output())


def _paint(pdf: "FPDF", layout: Layout, x: float, y: float) -> None:
    def bar(left: int, top: int, width: int, height: int) -> None:
        pdf.rect(x + left * _MM, y + top * _MM, width * _MM, height * _MM, style="F")

    pdf.set_fill_color(0)
    bar(*layout.rule)
    for code in layout.codes:
        for left, top, width in code.bars():
            bar(left, top, width, code.module)
    for n, line in enumerate(layout.lines):
        face = font(line.size)
        # The large code begins at the top of its letters, other lines at the top of the font.
        drop = -face.getbbox(line.text, anchor="ls")[1] if n == 0 else face.getmetrics()[0]
        pdf.set_font(_FONT, size=line.size * _POINTS_PER_DOT)
        pdf.text(x + line.x * _MM, y + (line.y + drop) * _MM, line.text)
