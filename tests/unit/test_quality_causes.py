"""Ranking what stands behind defects, without a database."""

from uuid import UUID

from plumbline.quality.causes import Factor, rank
from plumbline.quality.graphs import behind


def bits(*elements: int) -> int:
    return sum(1 << n for n in elements)


def test_what_stands_behind_most_defects_comes_first_and_is_claimed() -> None:
    bad, other = Factor("lot", "bad"), Factor("lot", "other")
    exposures = {bad: bits(*range(10)), other: bits(*range(5, 25))}

    found = rank(exposures, cases=bits(*range(8)), total=60)

    first = found.suspects[0]
    assert first.factors == (bad,)
    assert (first.hits, first.exposed, first.cases, first.total) == (8, 10, 8, 60)
    assert first.is_claimed
    assert not found.suspects[1].is_claimed


def test_factors_behind_the_same_elements_are_one_test() -> None:
    lot, day = Factor("lot", "a"), Factor("day", "2026-11-20")
    found = rank({lot: bits(1, 2, 3), day: bits(1, 2, 3)}, cases=bits(1, 2), total=9)

    assert [s.factors for s in found.suspects] == [(day, lot)]
    assert found.tested + found.too_rare == 1


def test_what_is_behind_all_or_none_says_nothing() -> None:
    found = rank({Factor("crew", "all"): bits(0, 1, 2), Factor("crew", "none"): 0}, cases=bits(0), total=3)
    assert found.suspects == []


def test_a_factor_too_rare_to_be_significant_is_never_claimed() -> None:
    found = rank({Factor("lot", "one"): bits(0)}, cases=bits(0, 1), total=10)

    assert found.suspects[0].p_corrected is None
    assert not found.suspects[0].is_claimed
    assert found.too_rare == 1


def test_no_defects_no_suspect() -> None:
    found = rank({Factor("lot", "a"): bits(0, 1, 2)}, cases=0, total=9)
    assert not any(s.is_claimed for s in found.suspects)


def test_elements_reach_every_lot_behind_them_through_diamonds_and_cycles() -> None:
    a, b, c, d, wall, slab = (UUID(int=n) for n in range(1, 7))
    edges = [(a, b), (a, c), (b, d), (c, d), (d, wall), (c, slab), (b, a)]

    masks = behind({wall: 1, slab: 2}, edges)

    assert masks == {wall: 1, slab: 2, d: 1, b: 3, c: 3, a: 3}
