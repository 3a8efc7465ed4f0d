"""One limit against one value or a series of readings.

A limit is a bound (`range`, `deviation`, `min`/`max`, `expect`) with its conditions. Its outcome is pass, fail,
warn (a `should` that was breached) or open, or None when it does not apply.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from plumbline.definitions.conditions import MET, Condition, Doc, Facts, Holds, as_decimal, both, same, unless, when

Result = Literal["pass", "fail", "open", "warn"]


@dataclass(frozen=True)
class Outcome:
    """What one limit says; `because` names each reason why it stayed open."""

    result: Result
    because: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reading:
    """A value to be judged: `points` has one entry for a single value, more for a series.

    `designs` has one design value for each point, or is empty when nobody stated one.
    """

    points: tuple[Any, ...]
    designs: tuple[Decimal, ...] = ()
    is_series: bool = False


def judge_limit(limit: Doc, reading: Reading, facts: Facts, asked: Condition = MET) -> Outcome | None:
    """The outcome of one limit, or None when its `when` is known not to hold or its waiver is known to.

    `asked` is the condition of the field itself. An unknown `when` is open whatever the value is; with an unknown
    waiver a value inside the bound passes, for it would pass in both cases.
    """
    applies = both(asked, when(limit.get("when", {}), facts))
    waived = unless(limit["unless"], facts) if "unless" in limit else Condition(Holds.NO)
    plus, lacking = _plus(limit, facts)
    if applies.holds is Holds.NO or waived.holds is Holds.YES:
        return None
    if applies.holds is Holds.UNKNOWN:
        return Outcome("open", _keys(applies.missing))
    if limit.get("open"):
        return Outcome("open", frozenset({"limit"}))
    if lacking:
        return Outcome("open", _keys(frozenset(lacking)))
    result = _compare(limit, reading, plus)
    if waived.holds is Holds.UNKNOWN and result.result == "fail":
        return Outcome("open", _keys(waived.missing))
    if result.result == "fail" and limit.get("demand") == "should":
        return Outcome("warn")
    return result


def _keys(missing: frozenset[str]) -> frozenset[str]:
    return frozenset(f"key:{key}" for key in missing)


def _plus(limit: Doc, facts: Facts) -> tuple[Decimal, tuple[str, ...]]:
    plus = limit.get("plus")
    if not plus:
        return Decimal(0), ()
    value = as_decimal(facts.get(plus["key"]))
    factor = as_decimal(plus["factor"])
    if value is None or factor is None:
        return Decimal(0), (plus["key"],)
    return value * factor, ()


def with_plus(limit: Doc, facts: Facts) -> Doc:
    """The limit with `plus` worked into its figures, for showing; unchanged while the key is unknown."""
    added, lacking = _plus(limit, facts)
    if lacking or "plus" not in limit:
        return limit
    grown = {k: _added(v, added) for k, v in limit.get("range", {}).items()}
    return {**{k: v for k, v in limit.items() if k != "plus"}, "range": grown}


def _added(bound: object, more: Decimal) -> Decimal | None:
    known = as_decimal(bound)
    return None if known is None else known + more


def _compare(limit: Doc, reading: Reading, plus: Decimal) -> Outcome:
    if not reading.points:
        return Outcome("open", frozenset({"readings"}))
    if "expect" in limit:
        return _expect(limit["expect"], reading.points)
    numbers = [as_decimal(point) for point in reading.points]
    if any(n is None for n in numbers):
        return Outcome("open", frozenset({"value"}))
    measured = [n for n in numbers if n is not None]
    if "deviation" in limit:
        if len(reading.designs) != len(measured):
            return Outcome("open", frozenset({"design"}))
        measured = [m - d for m, d in zip(measured, reading.designs, strict=True)]
        low, high = as_decimal(limit["deviation"].get("lower")), as_decimal(limit["deviation"].get("upper"))
    else:
        figures = limit.get("range", limit)
        low, high = as_decimal(figures.get("min")), as_decimal(figures.get("max"))
    if low is None and high is None:
        return Outcome("open", frozenset({"limit"}))
    low = None if low is None else low + plus
    high = None if high is None else high + plus
    if limit.get("basis") == "mean":
        return _mean(measured, low, high)
    held = sum(_inside(m, low, high) for m in measured)
    share = as_decimal(limit.get("share_min", 100)) or Decimal(100)
    return Outcome("pass" if held * 100 >= share * len(measured) else "fail")


def _mean(measured: Sequence[Decimal], low: Decimal | None, high: Decimal | None) -> Outcome:
    """A single result is open against a limit for the mean. Sums are compared: a mean need not be a finite decimal."""
    count = len(measured)
    if count < 2:
        return Outcome("open", frozenset({"mean"}))
    total = sum(measured, Decimal(0))
    scaled = (None if low is None else low * count, None if high is None else high * count)
    return Outcome("pass" if _inside(total, *scaled) else "fail")


def _inside(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _expect(expect: Any, points: Sequence[Any]) -> Outcome:
    if expect == "any":
        return Outcome("pass")
    if expect == "evaluate":
        return Outcome("open", frozenset({"evaluate"}))
    wanted: list[Any] = expect if isinstance(expect, list) else [expect]
    if expect == "pass":
        wanted = ["pass", True]
    return Outcome("pass" if all(any(same(p, w) for w in wanted) for p in points) else "fail")
