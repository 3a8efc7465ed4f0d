"""Labels in ZPL II for label printers: each label is one black-and-white bitmap, ^GFA.

Printers bring no Chinese font, and each maker's own QR command sizes modules differently; a bitmap in the printer's
own dots prints the same everywhere. It is sent in ZPL's compressed hexadecimal (ZPL II Programming Guide, "Alternative
Data Compression Scheme"), which also printers of other makers read.
"""

from collections.abc import Iterable
from itertools import groupby

from PIL import Image

from plumbline.reports.labels import picture
from plumbline.reports.layout import Label, lay_out

DPIS = (203, 300)
SIZES = ("50x30", "60x40", "70x50", "100x60")
_DARK_BELOW = 140


def print_job(labels: Iterable[Label], width_mm: int, height_mm: int, dpi: int) -> bytes:
    """One ZPL format for each label, ASCII, to be sent to the printer as it is."""
    return "".join(_format(label, width_mm, height_mm, dpi) for label in labels).encode("ascii")


def _format(label: Label, width_mm: int, height_mm: int, dpi: int) -> str:
    layout = lay_out(label, width_mm, height_mm, dpi)
    grey = picture(layout)
    return f"^XA^PW{layout.width}^LL{layout.height}^LH0,0^FO0,0{graphic(grey)}^FS^PQ1^XZ\n"


def graphic(grey: Image.Image) -> str:
    """A picture as ^GFA: set bits are dark; rows are filled up to whole bytes with white."""
    row_bytes = (grey.width + 7) // 8
    dark = Image.new("1", (row_bytes * 8, grey.height), 0)
    dark.paste(grey.point(lambda value: 255 if value < _DARK_BELOW else 0, "1"), (0, 0))
    data = dark.tobytes()
    total = row_bytes * grey.height
    rows = [data[at : at + row_bytes].hex().upper() for at in range(0, total, row_bytes)]
    return f"^GFA,{total},{total},{row_bytes},{''.join(_compressed(rows))}"


def _compressed(rows: list[str]) -> Iterable[str]:
    """Rows of hex digits, shortened: `,` fills a row with white, `!` with black, `:` repeats the row above."""
    above = None
    for row in rows:
        yield ":" if row == above else _row(row)
        above = row


def _row(row: str) -> str:
    body, end = row, ""
    for digit, sign in (("0", ","), ("F", "!")):
        if row.endswith(digit):
            body, end = row.rstrip(digit), sign
    return "".join(_run(digit, len(list(run))) for digit, run in groupby(body)) + end


def _run(digit: str, count: int) -> str:
    """`count` times a digit: g to z are 20 to 400 in twenties, G to Y are 1 to 19."""
    written = ""
    while count > 400:
        written, count = written + "z", count - 400
    if count >= 20:
        written += chr(ord("g") + count // 20 - 1)
    if count % 20 and (count > 1 or written):
        written += chr(ord("G") + count % 20 - 1)
    return written + digit
