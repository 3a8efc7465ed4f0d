"""Quantities are exact, on the wire, in the database and between units."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.dialects import postgresql, sqlite

from plumbline.acts.fields import Positive
from plumbline.db import Quantity
from plumbline.materials.service import plain
from plumbline.materials.units import UNITS, convert

MICROS = st.integers(1, 10**18 - 1)
QUANTITIES = MICROS.map(lambda n: Decimal(n).scaleb(-6))
WIRE = TypeAdapter(Positive)
DIALECTS = (sqlite.dialect(), postgresql.dialect())
UNIT = st.sampled_from(sorted(UNITS))


@given(QUANTITIES)
def test_a_quantity_comes_back_from_the_wire_as_it_went(quantity: Decimal) -> None:
    text = plain(quantity)
    assert "e" not in text.lower()
    assert WIRE.validate_python(text) == quantity
    assert WIRE.validate_json(f'"{text}"', strict=True) == quantity


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_a_quantity_comes_back_from_the_database_as_it_went(micros: int) -> None:
    quantity = Decimal(micros).scaleb(-6)
    for dialect in DIALECTS:
        stored = Quantity().process_bind_param(quantity, dialect)
        assert stored == micros
        assert Quantity().process_result_value(stored, dialect) == quantity


@given(st.lists(QUANTITIES.filter(lambda q: q < 10**9), max_size=30))
def test_stored_quantities_may_be_summed_as_whole_numbers(quantities: list[Decimal]) -> None:
    stored = [Quantity().process_bind_param(q, DIALECTS[0]) or 0 for q in quantities]
    assert Quantity().process_result_value(sum(stored), DIALECTS[0]) == sum(quantities, Decimal(0))


@given(st.text(max_size=12) | st.integers() | st.floats() | st.none() | st.booleans())
def test_anything_else_is_refused_in_words(value: Any) -> None:
    try:
        read = WIRE.validate_python(value)
    except ValidationError:
        return
    assert isinstance(value, str)
    assert read == Decimal(value)
    assert 0 < read < 10**12


@given(QUANTITIES, st.integers(1, 9))
def test_a_seventh_decimal_is_refused_and_never_rounded_away(quantity: Decimal, digit: int) -> None:
    finer = f"{quantity:.6f}{digit}"
    with pytest.raises(ValidationError):
        WIRE.validate_python(finer)
    with pytest.raises(ValueError, match="six decimals"):
        Quantity().process_bind_param(Decimal(finer), DIALECTS[0])


@given(QUANTITIES.filter(lambda q: q < 10**6), UNIT, UNIT)
def test_units_of_one_kind_convert_exactly_and_back_and_others_never(q: Decimal, one: str, other: str) -> None:
    try:
        there = convert(q, one, other)
    except ValueError:
        assert one != other
        assert UNITS[one][0] != UNITS[other][0] or there_is_no_place_for(q, one, other)
        return
    assert UNITS[one][0] == UNITS[other][0]
    assert convert(there, other, one) == q


def there_is_no_place_for(q: Decimal, one: str, other: str) -> bool:
    micros = q * UNITS[one][1] / UNITS[other][1] * 10**6
    return micros != int(micros)
