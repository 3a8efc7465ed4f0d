"""Labels: the QR code decodes, the size is true, and no character prints as a box."""

import io
import json

import pytest
import zxingcpp
from fontTools.ttLib import TTFont
from PIL import Image
from pylopdf_fonts_zh_cn import sans_path

from plumbline.definitions import catalogue
from plumbline.reports.errors import LabelSizeUnknown
from plumbline.reports.labels import lot_facts, parse_size, render
from plumbline.reports.layout import Label
from plumbline.reports.typesetting import font, largest_fit, wrapped
from tests.support.labels import bare, codes_on

URL = "https://192.168.100.200:8443/q/0123456789abcdefghjkmnpqrs"
BAR = Label(
    url=URL,
    code="R-0231",
    names={"zh": "热轧带肋钢筋", "en": "Hot-rolled ribbed bar"},
    facts=lot_facts(grade="HRB400E", size="Φ25", quantity="12.5", unit="t", heat_no="2411-08731", supplier="宝山钢铁"),
)


def picture(label: Label, size: str = "60x40") -> Image.Image:
    return Image.open(io.BytesIO(render(label, size)))


@pytest.fixture(scope="module")
def glyphs() -> set[int]:
    with TTFont(sans_path()) as face:
        return set(face.getBestCmap())


@pytest.mark.parametrize("size", ["60x40", "50x30", "100x70", "80x120"])
def test_the_code_on_a_label_leads_to_its_address(size: str) -> None:
    found = codes_on(picture(BAR, size))
    assert list(found) == [URL]
    assert found[URL].ec_level == "Q"


def test_a_scratched_label_is_still_read() -> None:
    scratched = picture(BAR).convert("L")
    scratched.paste(255, (130, 220, 190, 280))
    assert list(codes_on(scratched)) == [URL]


@pytest.mark.parametrize("corner", [(20, 180, 80, 240), (230, 180, 290, 240), (20, 385, 80, 450)])
def test_a_label_with_mud_on_a_corner_of_its_large_code_is_read_by_the_small_one(corner: tuple[int, ...]) -> None:
    muddy = picture(BAR).convert("L")
    muddy.paste(120, corner)
    assert [one.text for one in zxingcpp.read_barcodes(muddy)] == [bare(URL)]


def test_a_label_with_mud_on_its_small_code_is_read_by_the_large_one() -> None:
    muddy = picture(BAR).convert("L")
    muddy.paste(120, (540, 0, 709, 160))
    assert [one.text for one in zxingcpp.read_barcodes(muddy)] == [URL]


def test_a_label_prints_in_its_true_size() -> None:
    image = picture(BAR)
    assert image.size == (709, 472)
    assert [round(d) for d in image.info["dpi"]] == [300, 300]


def test_the_same_label_gives_the_same_bytes() -> None:
    assert render(BAR) == render(BAR)


@pytest.mark.parametrize("size", ["", "60", "60x", "60x40x2", "10x10", "999x40", "60x-4", "60.5x40"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    with pytest.raises(LabelSizeUnknown):
        parse_size(size)


def test_every_word_of_the_shipped_definitions_has_a_glyph(glyphs: set[int]) -> None:
    texts = [json.dumps(catalogue.data(n), ensure_ascii=False) for n in ("materials.json", "itp.json", "glossary.json")]
    letters = {ord(c) for text in texts for c in text if c >= " "}
    assert sorted(chr(c) for c in letters - glyphs) == []


def test_material_names_are_drawn_and_not_boxes() -> None:
    box = font(40).getmask("\U0010fffe").getbbox(), bytes(font(40).getmask("\U0010fffe"))
    for name in (name for d in catalogue.materials() for name in d.body["names"].values()):
        for letter in set(name) - {" "}:
            mask = font(40).getmask(letter)
            assert (mask.getbbox(), bytes(mask)) != box, f"{letter} of {name}"


def test_typical_label_text_has_glyphs(glyphs: set[int]) -> None:
    typical = "R-0231 Φ25 φ12 炉号 Heat 批号 Batch 数量 Qty 12.5 t m³ m² ℃ × ± ③轴~⑤轴 （）：，、。“”《》—…№ Ⅱ 级 éüß"
    assert {c for c in typical if ord(c) not in glyphs} == set()


def test_a_diameter_sign_that_the_font_lacks_prints_as_phi() -> None:
    assert wrapped("⌀25", 40, 340, 1) == ["Φ25"]


def test_long_names_are_wrapped_and_end_in_an_ellipsis() -> None:
    name = "三层剪力墙W4(③轴~⑤轴)混凝土浇筑检验批" * 4
    lines = wrapped(name, 40, 340, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(font(40).getlength(line) <= 340 for line in lines)


def test_english_breaks_between_words_and_a_long_word_anywhere() -> None:
    assert wrapped("Shear wall W4", 40, 230, 3) == ["Shear wall", "W4"]
    assert "".join(wrapped("W" * 30, 40, 200, 20)) == "W" * 30


def test_a_long_code_shrinks_until_it_fits() -> None:
    code = "T1-03-W4-2026-11-22-0001"
    size = largest_fit(code, 650, 90, 30)
    assert 30 < size < 90
    assert font(size).getlength(code) <= 650


def test_empty_names_and_no_facts_make_a_label_too() -> None:
    label = Label(url=URL, code="T1", names={"zh": "", "en": ""})
    assert list(codes_on(picture(label))) == [URL]


def test_missing_facts_are_left_out() -> None:
    assert lot_facts(grade="C30", quantity="9", unit="m3") == ["C30", "数量 Qty 9 m3"]
