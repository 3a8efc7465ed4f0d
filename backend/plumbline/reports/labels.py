"""QR labels as pictures: PNG in true size, and black-and-white bitmaps for label printers."""

import io
import re

from PIL import Image, ImageDraw

from plumbline.reports.errors import LabelSizeUnknown
from plumbline.reports.layout import Label, Layout, lay_out
from plumbline.reports.typesetting import font

DPI = 300
DEFAULT_SIZE = "60x40"
_BLACK, _WHITE = 0, 255


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
    """The label as a grey PNG of exactly that size at 300 dpi; it prints in its true size. Raises LabelSizeUnknown."""
    stream = io.BytesIO()
    picture(lay_out(label, *parse_size(size), DPI)).save(stream, "PNG", optimize=True, dpi=(DPI, DPI))
    return stream.getvalue()


def picture(layout: Layout) -> Image.Image:
    """A layout as a grey picture, one pixel a dot."""
    image = Image.new("L", (layout.width, layout.height), _WHITE)
    draw = ImageDraw.Draw(image)
    x, y, width, thickness = layout.rule
    draw.rectangle((x, y, x + width - 1, y + thickness - 1), fill=_BLACK)
    for code in layout.codes:
        for x, y, width in code.bars():
            draw.rectangle((x, y, x + width - 1, y + code.module - 1), fill=_BLACK)
    head, *lines = layout.lines
    draw.text((head.x, head.y), head.text, _BLACK, font(head.size), anchor="lt")
    for line in lines:
        draw.text((line.x, line.y), line.text, _BLACK, font(line.size), anchor="la")
    return image
