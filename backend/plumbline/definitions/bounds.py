"""The words for a bound, in Chinese and English, as they stand next to a verdict."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from plumbline.definitions.catalogue import condition_names
from plumbline.definitions.conditions import Doc, as_decimal

Names = dict[str, str]

_POWER = re.compile(r"\b([cdm]?m)([23])\b")


def number(value: Decimal) -> str:
    """Plain digits without exponent or trailing zeros; at most six decimals are shown."""
    shown = round(value, 6)
    text = format(shown, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def said(limit: Doc, unit: str | None, options: Sequence[Doc] = ()) -> Names:
    """One limit in words: figures, what they are compared with, and how strictly."""
    bound = _figures(limit, unit, options)
    if limit.get("basis") == "mean":
        bound = {"zh": f"平均值 {bound['zh']}", "en": f"mean {bound['en']}"}
    share = as_decimal(limit.get("share_min"))
    if share is not None:
        bound = {"zh": f"{number(share)}%的点 {bound['zh']}", "en": f"{bound['en']} at {number(share)} % of points"}
    if limit.get("demand") == "should":
        bound = {"zh": f"{bound['zh']}(宜)", "en": f"{bound['en']} (should)"}
    return bound


def unit_word(unit: str) -> str:
    """A unit as people write it: m³ and mm², degrees as a sign. Others stay as they are."""
    return "°" if unit == "deg" else _POWER.sub(lambda m: m[1] + ("²" if m[2] == "2" else "³"), unit)


def joined(parts: Sequence[Names]) -> Names:
    """Several bounds in one line, each said once."""
    return {
        "zh": "；".join(dict.fromkeys(p["zh"] for p in parts)),
        "en": "; ".join(dict.fromkeys(p["en"] for p in parts)),
    }


def _figures(limit: Doc, unit: str | None, options: Sequence[Doc]) -> Names:
    after = f" {unit_word(unit)}" if unit and unit != "pass/fail" else ""
    if "deviation" in limit:
        deviation = limit["deviation"]
        text = _between(deviation.get("lower"), deviation.get("upper"), after, signed=True)
        bound = {"zh": f"偏差 {text}", "en": f"deviation {text}"}
    elif "range" in limit or "min" in limit or "max" in limit:
        figures = limit.get("range", limit)
        bound = _grown(limit, figures, after)
    elif "expect" in limit:
        bound = _expected(limit["expect"], options)
    else:
        bound = {"zh": "由人判定", "en": "a person judges"}
    if limit.get("open") and "expect" not in limit and bound["en"] != "a person judges":
        return {"zh": f"{bound['zh']}(仅供参考,由人判定)", "en": f"{bound['en']} (guidance; a person judges)"}
    return bound


def _between(low: object, high: object, after: str, signed: bool = False) -> str:
    lower, upper = as_decimal(low), as_decimal(high)
    plus = "+" if signed and upper is not None and upper > 0 else ""
    if lower is not None and upper is not None:
        return f"{number(lower)} … {plus}{number(upper)}{after}"
    if lower is not None:
        return f"≥ {number(lower)}{after}"
    return f"≤ {plus}{number(upper)}{after}" if upper is not None else "—"


def _grown(limit: Doc, figures: Doc, after: str) -> Names:
    """A bound with what is added to it or what it is a share of, where that is not worked into the figures."""
    text = _between(figures.get("min"), figures.get("max"), after) + _relative(limit)
    plus = limit.get("plus")
    if not plus:
        return {"zh": text, "en": text}
    factor = number(as_decimal(plus["factor"]) or Decimal(0))
    name = condition_names().get(plus["key"], {"zh": plus["key"], "en": plus["key"]})
    return {"zh": f"{text} + {factor} × {name['zh']}", "en": f"{text} + {factor} × {name['en']}"}


def _relative(limit: Doc) -> str:
    reference = limit.get("relative_to")
    if not reference:
        return ""
    return f" × {reference}" if limit.get("relative_as") == "times" else f" + {reference}"


def _expected(expect: Any, options: Sequence[Doc]) -> Names:
    if isinstance(expect, bool):
        return {"zh": "应为“是”", "en": "must be yes"} if expect else {"zh": "应为“否”", "en": "must be no"}
    if isinstance(expect, list):
        names = {o["id"]: o["names"] for o in options}
        return {
            "zh": "应为 " + "、".join(names[e]["zh"] if e in names else str(e) for e in expect),
            "en": "must be " + " or ".join(names[e]["en"] if e in names else str(e) for e in expect),
        }
    return {
        "any": {"zh": "不限", "en": "no demand"},
        "pass": {"zh": "应合格", "en": "must have passed"},
        "evaluate": {"zh": "按评定规则", "en": "by the evaluation rules"},
    }.get(str(expect), {"zh": f"应为 {expect}", "en": f"must be {expect}"})
