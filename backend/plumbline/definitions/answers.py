"""Are the answers of a form of the right kind? Limits are the judge's; here a number must only be a number.

On the wire: number and integer are decimal strings, series a list of them, boolean true or false, enum an option id,
date `YYYY-MM-DD`, datetime an instant with `Z`, material_lots and photo lists of ids, text and location strings. Any
answer may be {"value": …, "design": …}. Answers under a condition key state a fact of the step.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from plumbline.definitions.catalogue import data
from plumbline.definitions.conditions import Doc, Facts, Holds, as_decimal, when
from plumbline.definitions.judge import split_answer, step_facts

_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_MAX_READINGS = 500
_MAX_TEXT = 2000


@dataclass(frozen=True)
class AnswerError:
    """One answer that cannot be read, with a sentence for the person at the form."""

    field: str
    problem: dict[str, str]


def answer_errors(plan_step: Doc, answers: Doc) -> list[AnswerError]:
    """Every answer of a wrong kind, and every answer under a name that the form does not have."""
    fields = {field["id"]: field for field in plan_step["fields"]}
    keys = data("itp.json")["condition_keys"]
    errors = []
    for name, answer in answers.items():
        if name in fields:
            sentence = _wrong(fields[name], answer)
        elif name in keys:
            sentence = _wrong({"type": _FACT_TYPES.get(keys[name]["kind"], "text")}, answer)
        else:
            sentence = {"zh": "表单没有这一项", "en": "the form has no such field"}
        if sentence:
            errors.append(AnswerError(name, sentence))
    return errors


def unanswered(plan_step: Doc, answers: Doc, environment: Doc, context: Doc, defaults: Doc) -> list[str]:
    """Ids of required fields without an answer. A field whose condition is known not to hold is not asked."""
    facts = Facts(step_facts(answers, environment, context), defaults)
    return [
        field["id"]
        for field in plan_step["fields"]
        if field["required"]
        and split_answer(answers.get(field["id"]))[0] in (None, "", [])
        and when(field.get("when", {}), facts).holds is not Holds.NO
    ]


_FACT_TYPES = {"number": "number", "boolean": "boolean"}
_Check = Callable[[Any], bool]


def _is_decimal(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, str) and _DECIMAL.fullmatch(value) is not None)


def _is_integer(value: Any) -> bool:
    number = as_decimal(value) if _is_decimal(value) else None
    return number is not None and number == number.to_integral_value()


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_TEXT


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_instant(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_list_of(check: _Check) -> _Check:
    return lambda value: isinstance(value, list) and len(value) <= _MAX_READINGS and all(check(v) for v in value)


_KINDS: dict[str, tuple[_Check, str, str]] = {
    "number": (_is_decimal, "应为数字", "must be a number"),
    "integer": (_is_integer, "应为整数", "must be a whole number"),
    "series": (_is_list_of(_is_decimal), "每个读数应为数字", "every reading must be a number"),
    "text": (_is_text, "应为文字,最多2000字", "must be text of at most 2000 characters"),
    "location": (_is_text, "应为文字,最多2000字", "must be text of at most 2000 characters"),
    "boolean": (lambda value: isinstance(value, bool), "应为“是”或“否”", "must be yes or no"),
    "date": (_is_day, "应为日期,如2026-11-22", "must be a day such as 2026-11-22"),
    "datetime": (_is_instant, "应为带时区的时间", "must be a time with its zone"),
    "material_lots": (_is_list_of(_is_text), "应为批次列表", "must be a list of lots"),
    "photo": (_is_list_of(_is_text), "应为照片列表", "must be a list of photos"),
}


def _wrong(field: Doc, answer: Any) -> dict[str, str] | None:
    value, design = split_answer(answer)
    if value is None or value == "":
        return None
    if field["type"] == "enum":
        known = [option["id"] for option in field.get("options", ())]
        is_right = isinstance(value, str) and (not known or value in known)
        return None if is_right else {"zh": "不是可选项", "en": "is none of the options"}
    check, zh, en = _KINDS[field["type"]]
    if not check(value):
        return {"zh": zh, "en": en}
    if design is not None and not (_is_decimal(design) or _is_list_of(_is_decimal)(design)):
        return {"zh": "设计值应为数字", "en": "the design value must be a number"}
    return None
