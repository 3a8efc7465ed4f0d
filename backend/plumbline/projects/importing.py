"""Task tables: what each row means, and every reason why it cannot be imported.

Pure: takes the file's bytes and the codes that the project has, returns rows and bad cells. Nothing is imported
while one cell is bad. A level that is empty means `other`.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from plumbline.projects.import_cells import COLUMNS, HEADERS, plain, plan_names, value_of
from plumbline.projects.tables import EMPTY, Names, Row, Unreadable, read_rows

MAX_ROWS = 20_000


@dataclass(frozen=True)
class TaskRow:
    """One task to be added. `lat` and `lon` are decimal degrees as strings."""

    line: int
    code: str
    parent_code: str | None
    name: str
    name_en: str | None
    level: str
    plan: str | None
    planned_on: date | None
    lat: str | None
    lon: str | None

    def as_json(self) -> dict[str, Any]:
        """As the preview shows it."""
        return {**asdict(self), "planned_on": self.planned_on.isoformat() if self.planned_on else None}


@dataclass(frozen=True)
class BadCell:
    """One reason against the import; `field` is empty when it concerns the line or the file (line 0)."""

    line: int
    field: str
    value: str
    problem: Names


@dataclass
class TaskImport:
    """What a file says. Import only when `bad` is empty; rows stand in the order of the file."""

    rows: list[TaskRow] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)


def parse(content: bytes, *, existing: Collection[str], plans: Collection[str] | None = None) -> TaskImport:
    """Read a task table. `existing`: codes the project has; `plans`: keys of inspection plans it may use.

    Never raises for what a person can put into a file: all of that comes back in `bad`.
    """
    table = TaskImport()
    try:
        _read(content, table, plan_names(plans))
    except Unreadable as unreadable:
        return TaskImport(bad=[BadCell(0, "", "", unreadable.problem)], ignored_columns=table.ignored_columns)
    _check_codes(table, frozenset(existing))
    table.bad.sort(key=lambda bad: bad.line)
    wrong = {bad.line for bad in table.bad}
    table.rows = [row for row in table.rows if row.line not in wrong]
    return table


def template(lang: str = "en") -> bytes:
    """A CSV to fill in, with two example rows; the mark in front makes Excel read it as UTF-8."""
    chinese = ["编码", "上级编码", "名称", "英文名称", "层级", "检验计划", "计划日期", "纬度", "经度"]
    rows = [
        chinese if lang == "zh" else list(COLUMNS),
        ["T1-03", "", "三层主体结构", "Level 3 structure", "division", "", "", "", ""],
        [
            "T1-03-W4",
            "T1-03",
            "三层剪力墙W4",
            "Shear wall W4",
            "element",
            "concrete_pour",
            "2026-11-22",
            "31.23",
            "121.47",
        ],
    ]
    return ("\ufeff" + "".join(",".join(row) + "\r\n" for row in rows)).encode()


def _read(content: bytes, table: TaskImport, plans: Mapping[str, str]) -> None:
    columns: dict[str, int] | None = None
    count = 0
    for row in read_rows(content):
        if row.is_blank:
            continue
        if columns is None:
            columns = _columns(row, table)
            continue
        count += 1
        if count > MAX_ROWS:
            raise Unreadable(f"超过{MAX_ROWS}行；请分成几个文件", f"More than {MAX_ROWS:,} rows; split the file.")
        _read_row(row, columns, plans, table)
    if count == 0:
        raise Unreadable("文件里没有任务行", "The file has no rows of tasks.")


def _columns(row: Row, table: TaskImport) -> dict[str, int]:
    """Field → column of the header row. Raises Unreadable without code and name, or with a column twice."""
    aliases = {alias: name for name, names in HEADERS.items() for alias in names}
    columns: dict[str, int] = {}
    for index, cell in enumerate(row.cells):
        name = aliases.get(plain(cell.text))
        if name is None:
            table.ignored_columns += [cell.text] if cell.text else []
        elif name in columns:
            raise Unreadable(f"表头“{cell.text}”重复", f"The column “{cell.text}” is there twice.")
        else:
            columns[name] = index
    missing = [name for name in ("code", "name") if name not in columns]
    if missing:
        raise Unreadable(
            "第一行要有表头，至少包括“编码”和“名称”",
            f"The first row must name the columns; missing: {', '.join(missing)}.",
        )
    return columns


def _read_row(row: Row, columns: Mapping[str, int], plans: Mapping[str, str], table: TaskImport) -> None:
    cells = {n: row.cells[i] if i < len(row.cells) else EMPTY for n, i in columns.items()}
    before = len(table.bad)
    values: dict[str, Any] = {}
    for name in COLUMNS:
        cell = cells.get(name, EMPTY)
        try:
            values[name] = value_of(name, cell, plans)
        except ValueError as bad:
            table.bad.append(BadCell(row.line, name, cell.text[:200], bad.args[0]))
            values[name] = None
    if len(table.bad) == before and (values["lat"] is None) != (values["lon"] is None):
        empty = "lat" if values["lat"] is None else "lon"
        table.bad.append(BadCell(row.line, empty, "", {"zh": "纬度和经度要同时填写", "en": "give both, or neither"}))
    # A row with other mistakes still has its code, or each of its children would be called an orphan.
    values["code"] = values["code"] or cells["code"].text
    table.rows.append(
        TaskRow(line=row.line, **{**values, "name": values["name"] or "", "level": values["level"] or ""})
    )


def _check_codes(table: TaskImport, existing: frozenset[str]) -> None:
    """Codes are unique in file and project, parents exist, and nobody is his own ancestor."""
    first: dict[str, TaskRow] = {}
    for row in table.rows:
        if not row.code:
            continue
        if row.code in first:
            line = first[row.code].line
            _bad(table, row, "code", row.code, f"编码与第{line}行重复", f"the same code stands in line {line}")
        elif row.code in existing:
            _bad(table, row, "code", row.code, "项目中已有这个编码", "the project has this code already")
        first.setdefault(row.code, row)
    for row in table.rows:
        if row.parent_code and row.parent_code not in first and row.parent_code not in existing:
            _bad(
                table,
                row,
                "parent_code",
                row.parent_code,
                "找不到上级编码",
                "no such parent in the file or the project",
            )
    for code in _in_cycles({code: row.parent_code for code, row in first.items()}):
        row = first[code]
        _bad(table, row, "parent_code", row.parent_code or "", "上级关系成环", "the parents form a circle")


def _in_cycles(parents: Mapping[str, str | None]) -> list[str]:
    """Codes that are their own ancestor, in the order of the file. Each code is walked once."""
    done: set[str] = set()
    cyclic: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        code: str | None = start
        while code is not None and code in parents and code not in done and code not in path:
            path[code] = None
            code = parents[code]
        if code is not None and code in path:
            walked = list(path)
            cyclic.update(walked[walked.index(code) :])
        done.update(path)
    return [code for code in parents if code in cyclic]


def _bad(table: TaskImport, row: TaskRow, name: str, value: str, zh: str, en: str) -> None:
    table.bad.append(BadCell(row.line, name, value, {"zh": zh, "en": en}))
