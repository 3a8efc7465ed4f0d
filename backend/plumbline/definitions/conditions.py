"""Does a condition of a limit hold? Three answers: it does, it does not, or a fact is missing.

`when` and `unless` are maps from a condition key to a list of values or to a range {eq, ge, gt, le, lt}.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from math import isfinite
from typing import Any

Doc = Mapping[str, Any]

_PLAIN = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
_LONGEST = 38  # Characters of that; longer texts are not even remembered.


class Holds(Enum):
    """Whether a condition holds for the facts that are known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def as_decimal(value: object) -> Decimal | None:
    """The exact decimal of a number or plain decimal string; None for anything else.

    No exponent, no NaN: "1e999999999" would overflow the first sum. A float is taken as it prints: limits are typed
    by people as short decimals, never measured in binary.
    """
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = format(Decimal(repr(value)), "f") if isinstance(value, float) and isfinite(value) else str(value)
    return _read(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)  # Limits and small figures come again and again.
def _read(text: str) -> Decimal | None:
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def same(known: object, wanted: object) -> bool:
    """Equal as site people mean it: 40 equals "40.0", but true never equals 1."""
    if isinstance(known, bool) or isinstance(wanted, bool):
        return known is wanted
    if known == wanted:
        return True
    left, right = as_decimal(known), as_decimal(wanted)
    return left is not None and left == right


@dataclass
class Facts:
    """What is known about lot, design, order and surroundings; notes which defaults and gaps were met.

    `defaults` holds what counts when nothing special was stated. Both lists fill while limits are judged.
    """

    known: Doc
    defaults: Doc = field(default_factory=dict)
    defaults_used: set[str] = field(default_factory=set)

    def get(self, key: str) -> Any:
        """The fact, its default, or None when nobody said anything."""
        value = self.known.get(key)
        if value is not None and value != "":
            return value
        if key in self.defaults:
            self.defaults_used.add(key)
            return self.defaults[key]
        return None


@dataclass(frozen=True)
class Condition:
    """The answer for one map, with the keys that nobody stated."""

    holds: Holds
    missing: frozenset[str] = frozenset()


MET = Condition(Holds.YES)


def when(condition: Doc, facts: Facts) -> Condition:
    """Every key must match. A known mismatch is NO, whatever else is unknown."""
    answers = {key: _one(facts.get(key), wanted) for key, wanted in condition.items()}
    if Holds.NO in answers.values():
        return Condition(Holds.NO)
    missing = frozenset(key for key, answer in answers.items() if answer is Holds.UNKNOWN)
    return Condition(Holds.UNKNOWN, missing) if missing else MET


def unless(waiver: Doc | list[Doc], facts: Facts) -> Condition:
    """One map, or a list of which any may match. YES means waived."""
    answers = [when(one, facts) for one in (waiver if isinstance(waiver, list) else [waiver])]
    if any(a.holds is Holds.YES for a in answers):
        return MET
    if all(a.holds is Holds.NO for a in answers):
        return Condition(Holds.NO)
    return Condition(Holds.UNKNOWN, frozenset().union(*(a.missing for a in answers)))


def both(first: Condition, second: Condition) -> Condition:
    """Both conditions together, as one."""
    if Holds.NO in (first.holds, second.holds):
        return Condition(Holds.NO)
    missing = first.missing | second.missing
    return Condition(Holds.UNKNOWN, missing) if missing else MET


def _one(known: object, wanted: object) -> Holds:
    if known is None:
        return Holds.UNKNOWN
    if isinstance(wanted, Mapping):
        return _in_range(known, wanted)
    options = wanted if isinstance(wanted, list | tuple) else [wanted]
    return Holds.YES if any(same(known, option) for option in options) else Holds.NO


def _in_range(known: object, wanted: Doc) -> Holds:
    number = as_decimal(known)
    if number is None:
        return Holds.UNKNOWN
    tests = {
        "eq": lambda bound: number == bound,
        "ge": lambda bound: number >= bound,
        "gt": lambda bound: number > bound,
        "le": lambda bound: number <= bound,
        "lt": lambda bound: number < bound,
    }
    held = all(tests[operator](as_decimal(bound)) for operator, bound in wanted.items())
    return Holds.YES if held else Holds.NO
