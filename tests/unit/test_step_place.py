"""Distance and polygon: known figures."""

from decimal import Decimal

from plumbline.steps import geo

SITE = geo.polygon([["31.2300", "121.4700"], ["31.2300", "121.4720"], ["31.2315", "121.4720"], ["31.2315", "121.4700"]])


def point(lat: str, lon: str) -> geo.Point:
    return Decimal(lat), Decimal(lon)


def test_one_degree_of_latitude_is_111_195_metres() -> None:
    assert geo.distance_m(point("0", "0"), point("1", "0")) == 111_195


def test_the_same_place_is_no_distance_away() -> None:
    assert geo.distance_m(point("31.23", "121.47"), point("31.23", "121.47")) == 0


def test_the_other_side_of_the_earth_is_half_its_circumference_away() -> None:
    assert geo.distance_m(point("0", "0"), point("0", "180")) == 20_015_114


def test_the_centre_of_a_site_is_the_middle_of_its_corners() -> None:
    assert geo.centre(SITE) == point("31.23075", "121.4710")


def test_a_site_without_corners_has_no_centre_and_no_inside() -> None:
    assert geo.centre([]) is None
    assert geo.is_inside(point("31.23", "121.47"), []) is None


def test_a_fix_is_inside_or_outside_the_site() -> None:
    assert geo.is_inside(point("31.2308", "121.4711"), SITE) is True
    assert geo.is_inside(point("31.2308", "121.4721"), SITE) is False
    assert geo.is_inside(point("31.2316", "121.4711"), SITE) is False
