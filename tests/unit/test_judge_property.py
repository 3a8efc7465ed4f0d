"""Certificate values against the limits of shipped materials."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from plumbline.definitions import catalogue
from plumbline.definitions.properties import Stated, convert, judge_property

VECTORS = json.loads((Path(__file__).parent / "vectors" / "judge_property.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])
def test_a_certificate_value_gets_the_verdict_of_the_vector(vector: dict[str, Any]) -> None:
    material = catalogue.material(vector["material"])
    assert material is not None
    given = judge_property(material.body, vector["property"], Stated(**vector["stated"]), vector["context"])
    assert given.verdict == vector["verdict"]
    for key in ("open_because", "defaults_used"):
        if key in vector:
            assert list(getattr(given, key)) == vector[key]


def test_every_property_of_every_material_can_be_judged_and_shown() -> None:
    for material in catalogue.materials():
        for listed in material.body["properties"]:
            verdict = judge_property(material.body, listed["property"], Stated("1"), {})
            assert verdict.bound["zh"]
            assert verdict.bound["en"]


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("1", "ksi", "MPa", "6.894757293"),
        ("60", "ksi", "psi", "60000"),
        ("25.4", "mm", "in", "1"),
        ("4", "in", "mm", "101.6"),
        ("2", "h", "min", "120"),
        ("3150", "kg/m3", "g/cm3", "3.15"),
        ("10000", "mg/kg", "%", "1"),
        ("7", "MPa", "MPa", "7"),
    ],
)
def test_units_of_the_same_quantity_are_converted(value: str, unit: str, to: str, expected: str) -> None:
    assert convert(Decimal(value), unit, to) == Decimal(expected)


def test_units_of_different_quantities_are_not() -> None:
    assert convert(Decimal(1), "mm", "MPa") is None
    assert convert(Decimal(1), "furlong", "mm") is None
