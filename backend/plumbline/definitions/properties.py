"""Judge a certificate or test value against the limits of a material type.

Which limits count depends on what the value is: one result, a mean, or a declared characteristic value. A value may
come in another unit of the same quantity; it is converted to the unit of the bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from plumbline.definitions.catalogue import data, material_defaults
from plumbline.definitions.conditions import Doc, Facts, Holds, as_decimal, when
from plumbline.definitions.judge import Judged, Verdict, summed
from plumbline.definitions.limits import Outcome, Reading, judge_limit

Basis = Literal["individual", "mean", "characteristic"]

# Newton per pound-force and mm² per in² are exact by definition, so psi is an exact fraction of MPa.
_POUND_N, _INCH_MM = Decimal("4.4482216152605"), Decimal("25.4")
_SIZES: dict[str, tuple[str, Decimal, Decimal]] = {
    "MPa": ("stress", Decimal(1), Decimal(1)),
    "N/mm2": ("stress", Decimal(1), Decimal(1)),
    "GPa": ("stress", Decimal(1000), Decimal(1)),
    "kPa": ("stress", Decimal(1), Decimal(1000)),
    "psi": ("stress", _POUND_N, _INCH_MM**2),
    "ksi": ("stress", _POUND_N * 1000, _INCH_MM**2),
    "mm": ("length", Decimal(1), Decimal(1)),
    "m": ("length", Decimal(1000), Decimal(1)),
    "cm": ("length", Decimal(10), Decimal(1)),
    "in": ("length", _INCH_MM, Decimal(1)),
    "N": ("force", Decimal(1), Decimal(1000)),
    "kN": ("force", Decimal(1), Decimal(1)),
    "MN": ("force", Decimal(1000), Decimal(1)),
    "min": ("time", Decimal(1), Decimal(1)),
    "h": ("time", Decimal(60), Decimal(1)),
    "g/cm3": ("density", Decimal(1000), Decimal(1)),
    "kg/m3": ("density", Decimal(1), Decimal(1)),
    "mg/kg": ("share", Decimal(1), Decimal(10_000)),
    "%": ("share", Decimal(1), Decimal(1)),
}


def convert(value: Decimal, unit: str | None, to: str | None) -> Decimal | None:
    """The value in another unit, to nine decimals; None when the two units do not measure the same thing."""
    if unit == to or unit is None or to is None:
        return value
    if unit not in _SIZES or to not in _SIZES or _SIZES[unit][0] != _SIZES[to][0]:
        return None
    _, times, over = _SIZES[unit]
    _, back_times, back_over = _SIZES[to]
    return round(value * times * back_over / (over * back_times), 9)


@dataclass(frozen=True)
class Stated:
    """A value as the paper states it. `test`: how it was made, when the paper says so; `n`: results in a mean."""

    value: Any
    unit: str | None = None
    basis: Basis = "individual"
    n: int | None = None
    test: str | None = None


def judge_property(
    material: Doc, property_id: str, stated: Stated, context: Doc, defaults: Doc | None = None
) -> Verdict:
    """Judge one property of a lot by its material's limits. `context`: condition key → what is known of the lot.

    A material that says nothing of the property leaves it open. References (`fck`, `fyk`, …) come from the
    context, else from the material's constants.
    """
    facts = Facts(context, material_defaults() if defaults is None else defaults)
    listed = [p for p in material["properties"] if p["property"] == property_id]
    unit = data("materials.json")["properties"].get(property_id, {}).get("unit")
    limits = [limit for p in listed for limit in p["limits"]]
    judged: Judged = []
    for index, limit in enumerate(limits):
        outcome = _outcome(material, limit, stated, unit, facts)
        if outcome is not None:
            judged.append((index, limit, outcome))
    return summed(_without_characteristic(judged, stated.basis), facts, unit)


def _outcome(material: Doc, limit: Doc, stated: Stated, unit: str | None, facts: Facts) -> Outcome | None:
    """One limit, or None: it does not apply, or is for another kind of value."""
    basis = limit.get("basis", "individual")
    if stated.basis != "individual" and basis not in (stated.basis, "statistic"):
        return None
    bound = _resolved(material, limit, unit, facts)
    value = _in_unit(stated, limit.get("unit", unit), unit)
    plain = {k: v for k, v in bound.items() if k != "basis"}
    outcome = judge_limit(plain, Reading((stated.value if value is None else value,)), facts)
    if outcome is None or outcome.result == "open":
        return outcome
    reasons = set()
    if "reference" in bound:
        reasons.add(f"reference:{limit['relative_to']}")
    if "expect" not in limit and as_decimal(stated.value) is not None and value is None:
        reasons.add(f"unit:{stated.unit}")
    if stated.basis == "individual" and basis in ("mean", "characteristic"):
        reasons.add("mean" if basis == "mean" else "characteristic")
    if stated.basis == "mean" and basis == "mean" and "n" in limit and stated.n != limit["n"]:
        reasons.add("mean")
    if stated.test and limit.get("test") and stated.test != limit["test"]:
        reasons.add(f"test:{limit['test']}")
    return Outcome("open", frozenset(reasons)) if reasons else outcome


def _without_characteristic(judged: Judged, basis: Basis) -> Judged:
    """A characteristic limit is left out for a single result as long as an individual one applies."""
    if basis != "individual":
        return judged
    single = [entry for entry in judged if entry[1].get("basis", "individual") in ("individual", "statistic")]
    return [e for e in judged if e[1].get("basis") != "characteristic"] if single else judged


def _in_unit(stated: Stated, wanted: str | None, unit: str | None) -> Decimal | None:
    number = as_decimal(stated.value)
    return None if number is None else convert(number, stated.unit or unit, wanted)


def _resolved(material: Doc, limit: Doc, unit: str | None, facts: Facts) -> dict[str, Any]:
    """The limit with its reference worked into the bound; `reference` marks one whose reference nobody knows."""
    resolved = dict(limit)
    name = limit.get("relative_to")
    if not name:
        return resolved
    reference = _reference(material, name, facts)
    in_unit = None if reference is None else convert(reference, unit, limit.get("unit", unit))
    if in_unit is None:
        return {**resolved, "reference": name}
    for side in ("min", "max"):
        bound = as_decimal(limit.get(side))
        if bound is not None:
            resolved[side] = bound * in_unit if limit["relative_as"] == "times" else bound + in_unit
    return resolved


def _reference(material: Doc, name: str, facts: Facts) -> Decimal | None:
    stated = as_decimal(facts.get(name))
    if stated is None and name == "fc":
        stated = as_decimal(facts.get("fc_mpa"))
    if stated is not None:
        return stated
    constants = material.get("constants", {}).get(name, ())
    for constant in constants:
        if isinstance(constant, Mapping) and when(constant.get("when", {}), facts).holds is Holds.YES:
            return _constant(constant, facts)
    return None


def _constant(constant: Doc, facts: Facts) -> Decimal | None:
    if "value" in constant:
        return as_decimal(constant["value"])
    digits = "".join(c if c.isdigit() or c == "." else " " for c in str(facts.get("grade") or "")).split()
    place = int(constant["from_grade"])
    return Decimal(digits[place - 1]) if len(digits) >= place else None
