"""Types that act bodies share."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Note = Annotated[str, StringConstraints(max_length=2000)]
Unit = Annotated[str, StringConstraints(min_length=1, max_length=16)]
Qr = Annotated[str, StringConstraints(pattern=r"^[0-9a-hjkmnp-tv-z]{26}$")]
Coordinate = Annotated[str, StringConstraints(pattern=r"^-?\d{1,3}(\.\d{1,9})?$")]


def _decimal_string(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not value.isascii() or not value.replace(".", "", 1).lstrip("-").isdigit():
        raise ValueError('a quantity is a decimal string such as "12.5"')
    return Decimal(value)


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise ValueError("a quantity must be above zero")
    if value >= Decimal(10) ** 12 or value != round(value, 6):
        raise ValueError("a quantity has at most 12 digits before and 6 after the point")
    return value


def _not_negative(value: Decimal) -> Decimal:
    return value if value == 0 else _positive(value)


def _day(value: date) -> date:
    if not 1900 <= value.year <= 2200:
        raise ValueError("a day between 1900 and 2200")
    return value


Positive = Annotated[Decimal, BeforeValidator(_decimal_string), AfterValidator(_positive)]
NotNegative = Annotated[Decimal, BeforeValidator(_decimal_string), AfterValidator(_not_negative)]
Day = Annotated[date, AfterValidator(_day)]
