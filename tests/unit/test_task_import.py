"""Task tables from spreadsheets: good ones come through, and every bad cell is named with its line."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from plumbline.projects.import_cells import COLUMNS
from plumbline.projects.importing import MAX_ROWS, TaskImport, parse, template

HEAD = "code,parent_code,name,name_en,level,plan,planned_on,lat,lon"


def read(*lines: str, existing: tuple[str, ...] = (), head: str = HEAD) -> TaskImport:
    return parse("\n".join([head, *lines]).encode(), existing=existing)


def bad(table: TaskImport) -> list[tuple[int, str, str]]:
    return [(b.line, b.field, b.value) for b in table.bad]


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_good_table_gives_its_rows_in_order() -> None:
    table = read(
        "T1,,一号楼,Tower 1,unit,,,,",
        "T1-W4,T1,剪力墙W4,,element,concrete_pour,2026-11-22,31.2304,121.47371234",
    )
    assert table.bad == []
    wall = table.rows[1]
    assert (wall.line, wall.code, wall.parent_code, wall.name, wall.name_en) == (3, "T1-W4", "T1", "剪力墙W4", None)
    assert (wall.level, wall.plan, wall.planned_on) == ("element", "concrete_pour", date(2026, 11, 22))
    assert (wall.lat, wall.lon) == ("31.230400", "121.473712")
    assert wall.as_json()["planned_on"] == "2026-11-22"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_can_be_imported_as_it_is(lang: str) -> None:
    table = parse(template(lang), existing=())
    assert table.bad == []
    assert [row.code for row in table.rows] == ["T1-03", "T1-03-W4"]


def test_chinese_heads_levels_plans_and_dates_are_read() -> None:
    table = read(
        "A,,主体结构,分部工程,,,",
        "A-1,A,三层墙,构件,混凝土浇筑,2026年3月5日,31,121",
        head="任务编码,上级编码,名称,层级,检验计划,计划日期,纬度,经度",
    )
    assert table.bad == []
    assert [(r.level, r.plan, r.planned_on) for r in table.rows] == [
        ("division", None, None),
        ("element", "concrete_pour", date(2026, 3, 5)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_of_spreadsheets_are_recognised(encoding: str, separator: str) -> None:
    text = f"编码{separator}名称\r\nA-1{separator}三层剪力墙\r\n"
    table = parse(text.encode(encoding), existing=())
    assert [(r.code, r.name, r.level) for r in table.rows] == [("A-1", "三层剪力墙", "other")]


def test_quoted_commas_and_blank_lines_keep_the_line_numbers() -> None:
    table = read('A,,"Wall, north",,,,,,', ",,,,,,,,", "A,,again,,,,,,")
    assert bad(table) == [(4, "code", "A")]
    assert table.rows[0].name == "Wall, north"


def test_columns_that_nobody_knows_are_named() -> None:
    table = read("A,wall,7", head="code,name,budget")
    assert table.ignored_columns == ["budget"]
    assert table.bad == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (",,wall,,,,,,", [(2, "code", "")]),
        ("A,,,,,,,,", [(2, "name", "")]),
        (f"{'A' * 61},,wall,,,,,,", [(2, "code", "A" * 61)]),
        (f"A,,{'墙' * 201},,,,,,", [(2, "name", "墙" * 200)]),
        ("A,B,wall,,,,,,", [(2, "parent_code", "B")]),
        ("A,A,wall,,,,,,", [(2, "parent_code", "A")]),
        ("A,,wall,,storey,,,,", [(2, "level", "storey")]),
        ("A,,wall,,,concrete,,,", [(2, "plan", "concrete")]),
        ("A,,wall,,,,22.11.2026,,", [(2, "planned_on", "22.11.2026")]),
        ("A,,wall,,,,2026-02-30,,", [(2, "planned_on", "2026-02-30")]),
        ("A,,wall,,,,0001-01-01,,", [(2, "planned_on", "0001-01-01")]),
        ("A,,wall,,,,,91,121", [(2, "lat", "91")]),
        ("A,,wall,,,,,31,-180.1", [(2, "lon", "-180.1")]),
        ("A,,wall,,,,,31°N,121", [(2, "lat", "31°N")]),
        ("A,,wall,,,,,31,", [(2, "lon", "")]),
        ("A,,=HYPERLINK(1),,,,,,", [(2, "name", "=HYPERLINK(1)")]),
        ("A,,wall\x07,,,,,,", [(2, "name", "wall\x07")]),
    ],
)
def test_a_bad_cell_is_named_with_line_field_and_value(line: str, expected: list[tuple[int, str, str]]) -> None:
    table = read(line)
    assert bad(table) == expected
    assert table.rows == []
    assert all(b.problem["zh"] and b.problem["en"] for b in table.bad)


def test_every_bad_cell_of_a_row_is_named_and_its_children_are_no_orphans() -> None:
    table = read("A,,,,storey,,,,", "B,A,beam,,,,,,")
    assert bad(table) == [(2, "name", ""), (2, "level", "storey")]
    assert [row.code for row in table.rows] == ["B"]


def test_a_code_of_the_project_is_a_parent_and_not_free() -> None:
    table = read("A-1,A,wall,,,,,,", "A,,tower,,,,,,", existing=("A",))
    assert bad(table) == [(3, "code", "A")]
    assert table.rows[0].parent_code == "A"


def test_a_parent_may_stand_below_its_child() -> None:
    assert read("B,A,beam,,,,,,", "A,,tower,,,,,,").bad == []


def test_a_circle_of_parents_names_its_members_only() -> None:
    table = read("A,C,a,,,,,,", "B,A,b,,,,,,", "C,B,c,,,,,,", "D,A,d,,,,,,")
    assert bad(table) == [(2, "parent_code", "C"), (3, "parent_code", "A"), (4, "parent_code", "B")]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no rows"),
        (b"\n\n", "no rows"),
        (b"code,name\n", "no rows"),
        (b"A,wall\nB,beam\n", "columns"),
        (b"code,name,code\nA,wall,A\n", "twice"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, ".xls"),
        (b"PK\x03\x04broken", "incomplete"),
        (b'code,name\n"A,wall\n', "Quotes"),
        (b"code,name\n\xff\x80\x81", "encoding"),
        (b"code,name\nA,\x00wall\n", "encoding"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 MB"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(content: bytes, word: str) -> None:
    table = parse(content, existing=())
    assert [(b.line, b.field) for b in table.bad] == [(0, "")]
    assert word in table.bad[0].problem["en"]
    assert table.rows == []


def test_too_many_rows_are_refused() -> None:
    lines = [f"{n},wall" for n in range(MAX_ROWS)]
    assert len(read(*lines, head="code,name").rows) == MAX_ROWS
    assert "20,000" in read(*lines, "last,wall", head="code,name").bad[0].problem["en"]


def test_a_workbook_is_read_with_its_dates_and_numbers() -> None:
    rows = workbook(
        list(COLUMNS),
        ["T1", None, "一号楼", "Tower 1", "unit", None, None, None, None],
        [101, "T1", "墙", None, "构件", "concrete_pour", date(2026, 11, 22), 31.2304, 121.5],
    )
    table = parse(rows, existing=())
    assert table.bad == []
    wall = table.rows[1]
    assert (wall.code, wall.planned_on, wall.lat, wall.lon) == ("101", date(2026, 11, 22), "31.230400", "121.500000")


def test_formulas_and_codes_that_became_dates_are_bad_cells() -> None:
    rows = workbook(["code", "name"], ["A", "=1+1"], [date(2026, 1, 2), "wall"], ["B", "#REF!"])
    table = parse(rows, existing=())
    assert [(b.line, b.field) for b in table.bad] == [(2, "name"), (3, "code"), (4, "name")]


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (21 * 1024 * 1024))
    assert "unpacked" in parse(stream.getvalue(), existing=()).bad[0].problem["en"]


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", b"hello")
    assert "cannot be read" in parse(stream.getvalue(), existing=()).bad[0].problem["en"]
