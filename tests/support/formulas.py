"""What a spreadsheet would run of a table that it opens."""

import csv
import io
import re
from pathlib import Path

# As programs separate fields: by comma, in much of Europe by semicolon, and by tab when text is pasted.
SEPARATORS = (",", ";", "\t")
FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


def formulas_in(file: Path) -> list[str]:
    """Cells of a CSV file that are formulas to some spreadsheet, with whatever separator it takes."""
    text = file.read_bytes().decode("utf-8-sig")
    read = [row for sign in SEPARATORS for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign)]
    cells = {cell for row in read for cell in row}
    return sorted(cell for cell in cells if FORMULA.match(cell) and not NUMBER.match(cell))
