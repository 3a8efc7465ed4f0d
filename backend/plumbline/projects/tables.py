"""Read a table that people made: CSV in the encodings and separators of spreadsheets, or the first sheet of XLSX.

Only text comes out, with the line people see in their program. Nothing is computed: a formula is reported, for its
stored result may be stale and its text may be an attack on the next spreadsheet.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

MAX_BYTES = 20 * 1024 * 1024
MAX_COLUMNS = 60
_MAX_PARTS = 2000
_XLS = b"\xd0\xcf\x11\xe0"

Names = dict[str, str]


class Unreadable(Exception):
    """The file as a whole is no table that we read. `problem` is the sentence for the person who sent it."""

    def __init__(self, zh: str, en: str) -> None:
        self.problem: Names = {"zh": zh, "en": en}
        super().__init__(en)


@dataclass(frozen=True)
class Cell:
    """One cell as text, trimmed; `problem` when it cannot be taken as it is. `is_day`: the workbook holds a date."""

    text: str
    problem: Names | None = None
    is_day: bool = False


EMPTY = Cell("")
FORMULA: Names = {
    "zh": "单元格是公式；请粘贴为数值后再导入",
    "en": "the cell is a formula; paste it as a value and import again",
}
_ERROR: Names = {"zh": "单元格是错误值；请改正", "en": "the cell holds an error value; correct it"}


@dataclass(frozen=True)
class Row:
    """One row with the line number that the person sees."""

    line: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """No cell has any text."""
        return not any(cell.text for cell in self.cells)


def read_rows(content: bytes) -> Iterator[Row]:
    """Rows of a CSV or XLSX file in order, blank ones too. Raises Unreadable, also while iterating."""
    if len(content) > MAX_BYTES:
        raise Unreadable("文件超过20 MB；请分成几个文件", "The file is larger than 20 MB; split it.")
    if content.startswith(b"PK\x03\x04"):
        return _xlsx(content)
    if content.startswith(_XLS):
        raise Unreadable(
            "旧版Excel(.xls)不能读取；请另存为.xlsx或CSV", "Old Excel files (.xls) are not read; save as .xlsx or CSV."
        )
    return _csv(content)


def trimmed(text: str) -> str:
    """Without spaces at the ends, ideographic and non-breaking ones included."""
    return text.strip().strip("\u3000\u00a0\ufeff\u200b").strip()


def _decoded(content: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark (Excel's "Unicode text"), else GB18030 (Excel in China)."""
    has_utf16_mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if has_utf16_mark else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable(
        "无法识别文件的编码；请另存为“CSV UTF-8”", "The text encoding is not known; save the file as “CSV UTF-8”."
    )


def _csv(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for values in reader:
            yield Row(line, tuple(_text_cell(v) for v in values[:MAX_COLUMNS]))
            line = reader.line_num + 1
    except csv.Error as bad:
        raise Unreadable(
            f"第{line}行的引号或分隔符有误；请检查后重存", f"Quotes or separators are broken in line {line}."
        ) from bad


def _text_cell(value: str) -> Cell:
    text = trimmed(value)
    return Cell(text, FORMULA if text.startswith("=") else None)


def _xlsx(content: bytes) -> Iterator[Row]:
    _check_parts(content)
    # Imported here: openpyxl costs start-up time, and few processes ever read a workbook.
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it skips; only cells matter here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for line, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
                yield Row(line, tuple(_sheet_cell(cell) for cell in cells))
    except Unreadable:
        raise
    except Exception as bad:  # A broken workbook raises anything from KeyError to ParseError inside openpyxl.
        raise Unreadable(
            "无法读取这个Excel文件；请重新保存或另存为CSV",
            "This workbook cannot be read; save it again, or as CSV.",
        ) from bad


def _check_parts(content: bytes) -> None:
    """Look at the sizes that the archive declares before anything is unpacked; zipfile never reads beyond them."""
    too_large = Unreadable(
        "Excel文件解压后超过20 MB；请删去多余的工作表和图片，或另存为CSV",
        "The workbook is larger than 20 MB when unpacked; remove other sheets and pictures, or save as CSV.",
    )
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError) as bad:
        raise Unreadable("文件不完整或不是Excel文件", "The file is incomplete, or no Excel workbook.") from bad
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_BYTES:
        raise too_large
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("文件有密码保护；请去掉密码", "The file is protected by a password; remove it.")


def _sheet_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "f":
        return Cell(trimmed(str(value)), FORMULA)
    if cell.data_type == "e":
        return Cell(str(value), _ERROR)
    if isinstance(value, date):
        return Cell(_value_text(value), is_day=True)
    return _text_cell(_value_text(value))


def _value_text(value: Any) -> str:
    """A number as it was typed as far as a workbook remembers: 3.0 is 3, and a day is a day without its midnight."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
