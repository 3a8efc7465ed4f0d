"""One cell of a task table: what people may write in each column, and the value that it stands for."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from plumbline.definitions import catalogue
from plumbline.projects.tables import Cell

MAX_LENGTH = {"code": 60, "parent_code": 60, "name": 200, "name_en": 200}
COLUMNS = ("code", "parent_code", "name", "name_en", "level", "plan", "planned_on", "lat", "lon")

HEADERS: dict[str, tuple[str, ...]] = {
    "code": ("code", "编码", "编号", "任务编码", "任务编号", "wbs编码", "wbs", "wbscode", "taskcode"),
    "parent_code": ("parentcode", "parent", "上级编码", "上级编号", "父级编码", "父编码", "上级", "父级"),
    "name": ("name", "名称", "任务名称", "工程名称", "部位", "中文名称", "namezh", "taskname"),
    "name_en": ("nameen", "englishname", "英文名称", "英文名", "nameenglish"),
    "level": ("level", "层级", "级别", "类型", "节点类型"),
    "plan": ("plan", "检验计划", "检验模板", "计划模板", "模板", "itp", "inspectionplan", "template"),
    "planned_on": ("plannedon", "planneddate", "计划日期", "计划完成日期", "计划时间", "日期", "date"),
    "lat": ("lat", "latitude", "纬度"),
    "lon": ("lon", "lng", "long", "longitude", "经度"),
}
LEVELS: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "单位工程", "子单位工程", "单位", "unitproject", "unitwork"),
    "division": ("division", "分部工程", "分部"),
    "subdivision": ("subdivision", "子分部工程", "子分部"),
    "item": ("item", "分项工程", "分项"),
    "batch": ("batch", "检验批", "inspectionbatch"),
    "element": ("element", "构件", "部位", "member"),
    "other": ("other", "其他", "其它"),
}


def plan_names(plans: Collection[str] | None) -> dict[str, str]:
    """What a person may write for a plan → its key: the key itself, or a shipped plan's name."""
    keys = [d.key for d in catalogue.plans()] if plans is None else list(plans)
    names = {plain(key): key for key in keys}
    for key in keys:
        shipped = catalogue.plan(key)
        names.update({plain(name): key for name in (shipped.body["names"].values() if shipped else ())})
    return names


def plain(text: str) -> str:
    return re.sub(r"[\s_\-()()::*]", "", text).lower()


def value_of(name: str, cell: Cell, plans: Mapping[str, str]) -> Any:
    """The value of one cell. Raises ValueError with a sentence in both languages."""
    if cell.problem:
        raise ValueError(cell.problem)
    if cell.is_day and name in MAX_LENGTH:
        raise ValueError(
            {
                "zh": "Excel把内容变成了日期；请把该列设为文本后重新填写",
                "en": "Excel made this a date; format the column as text and type it again",
            }
        )
    if not cell.text:
        if name in ("code", "name"):
            raise ValueError({"zh": "不能为空", "en": "must not be empty"})
        return "other" if name == "level" else None
    if any(ord(c) < 32 or ord(c) == 127 for c in cell.text):
        raise ValueError({"zh": "含有换行或控制字符", "en": "contains a line break or control character"})
    return _READ.get(name, _text)(name, cell.text, plans)


def _text(name: str, text: str, _plans: Mapping[str, str]) -> str:
    limit = MAX_LENGTH[name]
    if len(text) > limit:
        raise ValueError({"zh": f"太长，最多{limit}字", "en": f"too long; at most {limit} characters"})
    return text


def _level(_name: str, text: str, _plans: Mapping[str, str]) -> str:
    found = next((level for level, names in LEVELS.items() if plain(text) in names), None)
    if found is None:
        raise ValueError(
            {
                "zh": "层级应为：单位工程、分部工程、子分部工程、分项工程、检验批、构件、其他",
                "en": f"level must be one of {', '.join(LEVELS)}",
            }
        )
    return found


def _plan(_name: str, text: str, plans: Mapping[str, str]) -> str:
    found = plans.get(plain(text))
    if found is None:
        raise ValueError({"zh": "没有这个检验计划", "en": "there is no such inspection plan"})
    return found


def _day(_name: str, text: str, _plans: Mapping[str, str]) -> date:
    match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", text)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise ValueError({"zh": "日期应写成2026-11-22", "en": "write the day as 2026-11-22"})
    return day


def _degrees(name: str, text: str, _plans: Mapping[str, str]) -> str:
    """Degrees to six decimals: a tenth of a metre, finer than any phone."""
    limit = 90 if name == "lat" else 180
    wrong = {
        "zh": f"应为-{limit}到{limit}之间的小数，如{'31.2304' if name == 'lat' else '121.4737'}",
        "en": f"must be decimal degrees from -{limit} to {limit}",
    }
    if not re.fullmatch(r"-?\d{1,3}(\.\d{1,20})?", text) or abs(Decimal(text)) > limit:
        raise ValueError(wrong)
    return str(round(Decimal(text), 6))


_READ: dict[str, Callable[[str, str, Mapping[str, str]], Any]] = {
    "level": _level,
    "plan": _plan,
    "planned_on": _day,
    "lat": _degrees,
    "lon": _degrees,
}
