"""The use gate: what a material type asks for before a lot of it is built in, and what is proved only afterwards.

Pure, and twin of the phone's `shared/gate.ts`; both pass `tests/unit/vectors/gate.json`. It judges what is on record
of a lot: papers, retest, age. What is looked at while the load is used (slump, temperature, time; `per: load`) is
asked and judged by the step's own form. A release by the person who may give it vouches for papers and retest;
nobody can release a lot out of its age.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from plumbline.definitions.catalogue import material_defaults
from plumbline.definitions.conditions import Doc, Facts, Holds, when

EARLY = ("retest", "strength_3d", "strength_7d")  # Tests that can be had before use.
LATE = ("strength_28d", "late_result")  # Tests whose result comes after it.


@dataclass(frozen=True)
class Known:
    """What is on record of a lot. `tests`: kind, result, tested_on, due_on as in test:record; days as ISO text."""

    status: str
    produced_on: str | None = None
    papers: int = 0
    tests: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Gate:
    """`missing`: proof kinds that hold the lot back. `due_on`: ISO day of the result that is still open, or None."""

    missing: tuple[str, ...] = ()
    due_on: str | None = None


OPEN = Gate()


def asks_for(material: Doc) -> set[str]:
    """Kinds of proof on record that the gate of this material looks for; empty: nothing needs to be read."""
    facts = Facts({}, material_defaults())
    wanted = {
        needed["kind"]
        for needed in material["proof"]["before_use"]
        if "per" not in needed and when(needed.get("when", {}), facts).holds is Holds.YES
    }
    return wanted & {"certificate", "retest", "in_date"}


def judge(material: Doc, known: Known, day: date, defaults: Doc | None = None) -> Gate:
    """Judge a lot on the day of its use (site's calendar)."""
    facts = Facts({}, material_defaults() if defaults is None else defaults)
    missing = [
        needed["kind"]
        for needed in material["proof"]["before_use"]
        if "per" not in needed
        and when(needed.get("when", {}), facts).holds is Holds.YES
        and not _holds(material, needed["kind"], known, day, facts)
    ]
    return Gate(tuple(dict.fromkeys(missing)), _due_on(material, known, day, facts))


def _holds(material: Doc, kind: str, known: Known, day: date, facts: Facts) -> bool:
    if kind == "in_date":
        return _is_in_date(material, known, day, facts)
    if known.status == "released":
        return True
    if kind == "certificate":
        return known.papers > 0
    if kind == "retest":
        return any(test["kind"] in EARLY and test["result"] == "pass" for test in known.tests)
    return True


def _is_in_date(material: Doc, known: Known, day: date, facts: Facts) -> bool:
    """A lot whose day of production nobody stated is not held; past its age a retest made since then renews it."""
    if known.produced_on is None:
        return True
    produced = date.fromisoformat(known.produced_on)
    lives = [life for life in material.get("shelf_life") or () if when(life.get("when", {}), facts).holds is Holds.YES]
    ends = [_months_later(produced, int(life["value"])) for life in lives if life["unit"] == "month"]
    if not ends or day <= (end := min(ends)):
        return True
    return any(
        test["kind"] in EARLY and test["result"] == "pass" and (test["tested_on"] or "") > end.isoformat()
        for test in known.tests
    )


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _due_on(material: Doc, known: Known, day: date, facts: Facts) -> str | None:
    late = [needed for needed in material["proof"]["after_use"] if needed["kind"] == "late_result"]
    late = [n for n in late if n.get("due_days") and when(n.get("when", {}), facts).holds is Holds.YES]
    mine = [test for test in known.tests if test["kind"] in LATE]
    if not late or any(test["result"] == "pass" for test in mine):
        return None
    said = [str(test["due_on"]) for test in mine if test["result"] == "pending" and test["due_on"]]
    return min(said) if said else (day + timedelta(days=int(late[0]["due_days"]))).isoformat()
