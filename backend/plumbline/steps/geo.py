"""How far a claimed fix is from where the work should be. Pure computation; degrees are WGS 84."""

from collections.abc import Sequence
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8  # Mean radius of the Earth by the IUGG.

Point = tuple[Decimal, Decimal]  # Latitude, longitude.


def distance_m(a: Point, b: Point) -> int:
    """Great-circle distance by the haversine formula, in whole metres: a phone's fix is no better than that."""
    lat_a, lon_a, lat_b, lon_b = (radians(float(x)) for x in (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half))))


def polygon(site: Sequence[Sequence[str]]) -> list[Point]:
    """The site's corners as exact decimals, from the [lat, lon] pairs of decimal strings in the project."""
    return [(Decimal(lat), Decimal(lon)) for lat, lon in site]


def centre(corners: Sequence[Point]) -> Point | None:
    """The middle of the corners; None without corners. Good enough for a site, which spans no date line."""
    if not corners:
        return None
    count = len(corners)
    return sum((p[0] for p in corners), Decimal(0)) / count, sum((p[1] for p in corners), Decimal(0)) / count


def is_inside(point: Point, corners: Sequence[Point]) -> bool | None:
    """Whether the point lies in the polygon (ray casting, exact); None when the corners make no polygon."""
    if len(corners) < 3:
        return None
    lat, lon = point
    inside = False
    previous = corners[-1]
    for corner in corners:
        (lat_a, lon_a), (lat_b, lon_b) = previous, corner
        if (lat_a > lat) != (lat_b > lat) and lon < (lon_b - lon_a) * (lat - lat_a) / (lat_b - lat_a) + lon_a:
            inside = not inside
        previous = corner
    return inside
