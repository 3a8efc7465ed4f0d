"""Labels on paper: sheets as PDF and bitmaps for label printers, read back as a phone would."""

import re
from dataclasses import replace
from itertools import pairwise

import pypdfium2
import pytest
from PIL import Image

from plumbline.reports.errors import SheetUnknown
from plumbline.reports.labels import lot_facts
from plumbline.reports.layout import Label, Line, Qr, lay_out
from plumbline.reports.sheets import SHEETS, print_sheets, sheet_named
from plumbline.reports.typesetting import font
from plumbline.reports.zpl import DPIS, SIZES, graphic, print_job
from tests.support.labels import codes_on

DPI = 300
MM = DPI / 25.4


def label(n: int) -> Label:
    return Label(
        url=f"https://192.168.100.200:8443/q/0123456789abcdefghjkmnp{n:03d}",
        code=f"R-{n:04d}",
        names={"zh": "热轧带肋钢筋", "en": "Hot-rolled ribbed bar"},
        facts=lot_facts(grade="HRB400E", size="Φ25", quantity="12.5", unit="t", heat_no="2411-08731"),
    )


def pages(pdf: bytes) -> list[Image.Image]:
    return [page.render(scale=DPI / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]


def unpacked(field: str) -> tuple[int, bytes]:
    """Bytes a row and bits of a ^GFA field, by the programming guide and not by the product's own code."""
    found = re.search(r"\^GFA,(\d+),(\d+),(\d+),([^\^]*)\^FS", field)
    assert found, field[:80]
    total, row_bytes = int(found[1]), int(found[3])
    rows: list[str] = []
    row, count = "", 0
    for sign in found[4]:
        if "G" <= sign <= "Y":
            count += ord(sign) - ord("F")
        elif "g" <= sign <= "z":
            count += 20 * (ord(sign) - ord("f"))
        elif sign == ":":
            rows.append(rows[-1])
        else:
            if sign in ",!":
                row = row.ljust(row_bytes * 2, "0" if sign == "," else "F")
            else:
                row += sign * max(count, 1)
            count = 0
            if len(row) == row_bytes * 2:
                rows.append(row)
                row = ""
    data = bytes.fromhex("".join(rows))
    assert len(data) == total
    return row_bytes, data


def bitmap(field: str) -> Image.Image:
    row_bytes, data = unpacked(field)
    dark = Image.frombytes("1", (row_bytes * 8, len(data) // row_bytes), data).convert("L")
    return dark.point(lambda value: 255 - value)


@pytest.mark.parametrize("name", SHEETS)
def test_each_label_of_a_sheet_is_read_in_its_own_place(name: str) -> None:
    sheet = SHEETS[name]
    labels = [label(n) for n in range(sheet.places)]
    (page,) = pages(print_sheets(labels, sheet))
    assert page.size == (2481, 3508)  # A4 in true size.
    found = {link: code.position for link, code in codes_on(page).items()}
    assert len(found) == sheet.places
    for n, one in enumerate(labels):
        row, column = divmod(n, sheet.columns)
        left, top = sheet.left + column * sheet.pitch_x, sheet.top + row * sheet.pitch_y
        at = found[one.url]
        assert left * MM < at.top_left.x < at.bottom_right.x < (left + sheet.width) * MM
        assert top * MM < at.top_left.y < at.bottom_right.y < (top + sheet.height) * MM


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_of_labels_fits_on_a4(name: str) -> None:
    sheet = SHEETS[name]
    assert sheet.left * 2 + sheet.pitch_x * (sheet.columns - 1) + sheet.width == pytest.approx(210, abs=0.2)
    assert sheet.top * 2 + sheet.pitch_y * (sheet.rows - 1) + sheet.height == pytest.approx(297, abs=0.3)


def test_a_part_used_sheet_begins_at_its_first_free_place() -> None:
    first, second = pages(print_sheets([label(n) for n in range(15)], SHEETS["2x7"], start=4))
    found = {link: code.position.top_left for link, code in codes_on(first).items()}
    assert len(found) == 11
    assert found[label(0).url].x > 1240  # The fourth place is the right one of the second row.
    assert list(codes_on(second)) == [label(n).url for n in range(11, 15)]


def test_a_sheet_carries_its_font_its_text_can_be_copied_and_no_viewer_scales_it() -> None:
    printed = print_sheets([label(7)], SHEETS["3x8"])
    text = pypdfium2.PdfDocument(printed)[0].get_textpage().get_text_range()
    assert "R-0007" in text
    assert "热轧带肋钢筋" in text
    assert "Hot-rolled ribbed bar" in text
    assert b"/FontFile" in printed
    assert b"/PrintScaling /None" in printed


def test_a_sheet_that_nobody_makes_is_refused() -> None:
    with pytest.raises(SheetUnknown):
        sheet_named("9x9")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dpi", DPIS)
def test_each_label_of_a_printer_job_scans_and_shows_its_chinese_name(size: str, dpi: int) -> None:
    width, height = (int(part) for part in size.split("x"))
    job = print_job([label(1), label(2)], width, height, dpi).decode("ascii")
    formats = re.findall(r"\^XA.*?\^XZ", job, re.DOTALL)
    assert len(formats) == 2
    for n, one in enumerate(formats, 1):
        assert f"^PW{round(width * dpi / 25.4)}^LL{round(height * dpi / 25.4)}" in one
        image = bitmap(one)
        assert list(codes_on(image)) == [label(n).url]
        name = next(line for line in lay_out(label(n), width, height, dpi).lines if "钢筋" in line.text)
        assert image.crop((name.x, name.y, name.x + name.size, name.y + name.size)).getextrema() == (0, 255)


def test_nothing_but_plain_signs_goes_to_a_printer() -> None:
    job = print_job([label(1)], 60, 40, 203)
    assert set(re.findall(rb"[\^~][A-Z]{2}", job)) == {
        b"^XA",
        b"^PW",
        b"^LL",
        b"^LH",
        b"^FO",
        b"^GF",
        b"^FS",
        b"^PQ",
        b"^XZ",
    }


@pytest.mark.parametrize("width", [1, 7, 8, 9, 170, 1700])
def test_a_bitmap_comes_back_from_the_compressed_form_bit_by_bit(width: int) -> None:
    image = Image.new("L", (width, 6), 255)
    for y, run in enumerate((0, width, width, width // 2, 1, width - 1)):
        image.paste(0, (0, y, run, y + 1))
    row_bytes, data = unpacked(graphic(image) + "^FS")
    bits = [f"{int.from_bytes(data[at : at + row_bytes]):0{row_bytes * 8}b}" for at in range(0, len(data), row_bytes)]
    assert [row.count("1") for row in bits] == [0, width, width, width // 2, 1, width - 1]
    assert all("01" not in row for row in bits)


@pytest.mark.parametrize("size", [(50, 30), (42.5, 23.4), (60, 40), (100, 60)])
@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("wordy", [False, True])
def test_codes_have_their_quiet_zones_and_modules_that_a_phone_can_see(
    size: tuple[float, float], dpi: int, wordy: bool
) -> None:
    said = replace(label(1), names={"zh": "三层剪力墙混凝土浇筑检验批" * 3, "en": "Shear wall concreting " * 4})
    laid = lay_out(said if wordy else label(1), *size, dpi)
    assert laid.qr.module * 25.4 / dpi >= 0.25
    assert laid.twin.module * 25.4 / dpi >= 0.24
    rule = Line(laid.rule[0], laid.rule[1], laid.rule[3], "")
    for line in (rule, *laid.lines[1:]):
        right = line.x + font(line.size).getlength(line.text) if line.text else laid.rule[0] + laid.rule[2]
        assert not any(overlaps(quiet(code), (line.x, line.y, right, line.y + line.size)) for code in laid.codes)
    assert not overlaps(quiet(laid.qr), quiet(laid.twin))
    assert all(quiet(code)[0] >= 0 and quiet(code)[2] <= laid.width for code in laid.codes)
    assert all(quiet(code)[3] <= laid.height for code in laid.codes)
    assert all(above.y < below.y for above, below in pairwise(laid.lines))


def quiet(code: Qr) -> tuple[float, float, float, float]:
    """A code with the four light modules around it that ISO/IEC 18004 asks for."""
    zone, side = 4 * code.module, code.module * len(code.rows)
    return code.x - zone, code.y - zone, code.x + side + zone, code.y + side + zone


def overlaps(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
