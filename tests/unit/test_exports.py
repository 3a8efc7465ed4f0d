"""Exported tables: what people typed stays text in a spreadsheet."""

import csv
import io

import pytest

from plumbline.reports.exports import neutral, write_csv


@pytest.mark.parametrize(
    "attack",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "\u3000=1", "＝1+1", "-2-cmd|' /C calc'!A0"],
)
def test_a_cell_that_a_spreadsheet_would_run_becomes_text(attack: str) -> None:
    assert neutral(attack) == "'" + attack


@pytest.mark.parametrize("plain", ["-3.5", "0", "12.5", "C30", "炉号 2411", "a=b", "2026-11-22", ""])
def test_plain_values_stay_as_they_are(plain: str) -> None:
    assert neutral(plain) == plain


def test_nothing_is_an_empty_cell() -> None:
    assert neutral(None) == ""


def test_a_table_opens_in_excel_and_reads_back() -> None:
    content = write_csv(["批次", "Note"], [["R-0231", 'said "ok", twice\nand again'], ["=evil", None], ["a\x00b", -3]])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [
        ["批次", "Note"],
        ["R-0231", 'said "ok", twice\nand again'],
        ["'=evil", ""],
        ["ab", "-3"],
    ]
