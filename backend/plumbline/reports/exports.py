"""Tables as CSV for spreadsheets, in which no cell can become a formula.

A cell that a spreadsheet would run gets an apostrophe in front (OWASP, CSV injection). Plain numbers keep their
minus sign: "-3.5" computes nothing.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,12})?")
_BOM = "\ufeff"


def neutral(value: object) -> str:
    """A value as cell text that no spreadsheet runs. None is an empty cell."""
    text = "" if value is None else str(value)
    # Excel trims what stands in front before it looks for the sign of a formula.
    seen = text.lstrip(" \u3000\u00a0\ufeff\u200b")
    if text.startswith(_STARTS) or seen.startswith(_STARTS) or seen.startswith(("＝", "＋", "－", "＠")):
        return text if _NUMBER.fullmatch(text) else "'" + text
    return text


def write_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A whole table: UTF-8 with a mark, for Excel; commas, CRLF, quotes where needed. NUL is left out."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([neutral(name) for name in head])
    for row in rows:
        writer.writerow([neutral(value).replace("\x00", "") for value in row])
    return (_BOM + stream.getvalue()).encode("utf-8")
