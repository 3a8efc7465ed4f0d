"""Exact conversion between units of one dimension. Factors are exact by definition of the units (SI)."""

from decimal import Decimal

# unit: (dimension, factor to the first unit of the dimension)
UNITS: dict[str, tuple[str, Decimal]] = {
    "kg": ("mass", Decimal(1)),
    "t": ("mass", Decimal(1000)),
    "g": ("mass", Decimal("0.001")),
    "m3": ("volume", Decimal(1)),
    "L": ("volume", Decimal("0.001")),
    "m": ("length", Decimal(1)),
    "mm": ("length", Decimal("0.001")),
    "km": ("length", Decimal(1000)),
    "m2": ("area", Decimal(1)),
    "pcs": ("count", Decimal(1)),
    "sets": ("sets", Decimal(1)),
    "rolls": ("rolls", Decimal(1)),
    "bags": ("bags", Decimal(1)),
}


def convert(quantity: Decimal, unit: str, to: str) -> Decimal:
    """`quantity` in unit `to`. Raises ValueError for other dimensions, unknown units, or > 6 decimals."""
    if unit == to:
        return quantity
    if unit not in UNITS or to not in UNITS or UNITS[unit][0] != UNITS[to][0]:
        raise ValueError(f"{unit} is not convertible to {to}")
    result = quantity * UNITS[unit][1] / UNITS[to][1]
    if result != round(result, 6):
        raise ValueError(f"{quantity} {unit} has more than six decimals in {to}")
    return result
