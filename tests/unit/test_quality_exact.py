"""Exact tests and intervals against published examples."""

import math
from fractions import Fraction

import pytest

from plumbline.quality.exact import fisher_greater, holm, least_p, poisson_interval, wilson, within_reach


def test_the_lady_tasting_tea() -> None:
    """Fisher, The Design of Experiments (1935): eight cups, four with the milk first."""
    assert fisher_greater(4, 4, 4, 8) == pytest.approx(1 / 70, rel=1e-12)
    assert fisher_greater(3, 4, 4, 8) == pytest.approx(17 / 70, rel=1e-12)


def test_convicted_twins() -> None:
    """Fisher (1935): 10 of 13 monozygotic against 2 of 17 dizygotic twins; p = 0.000465."""
    assert fisher_greater(10, 13, 12, 30) == pytest.approx(0.000465, abs=5e-7)


@pytest.mark.parametrize(("exposed", "cases", "total"), [(7, 5, 20), (13, 9, 20), (1, 1, 2), (40, 35, 60)])
def test_the_tail_is_the_sum_of_the_hypergeometric_terms(exposed: int, cases: int, total: int) -> None:
    for hits in range(max(0, exposed + cases - total), min(exposed, cases) + 1):
        terms = range(hits, min(exposed, cases) + 1)
        whole = sum(math.comb(cases, k) * math.comb(total - cases, exposed - k) for k in terms)
        assert fisher_greater(hits, exposed, cases, total) == float(Fraction(whole, math.comb(total, exposed)))
    assert least_p(exposed, cases, total) == fisher_greater(min(exposed, cases), exposed, cases, total)


@pytest.mark.parametrize("table", [(5, 4, 4, 8), (-1, 4, 4, 8), (1, 9, 4, 8), (0, 6, 4, 8)])
def test_counts_that_make_no_table_are_refused(table: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="no 2×2 table"):
        fisher_greater(*table)


def test_holm_steps_down() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_tests_that_can_never_be_significant_need_no_correction() -> None:
    # Nine factors behind one element each cannot reach 0.05 / 1; two others can reach 0.05 / 2.
    assert within_reach([0.4] * 9 + [0.001, 0.02], 0.05) == {9, 10}
    assert within_reach([0.0008] * 60, 0.05) == set(range(60))
    # Sixty that reach 0.001 at best stay above 0.05 together, whatever happens.
    assert within_reach([0.001] * 60, 0.05) == set()
    assert within_reach([], 0.05) == set()


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_newcombe_prints_it(hits: int, of: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), 857–872, table I, method 3."""
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nothing_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(5, 5)[1] == 1.0


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.39)]
)
def test_garwoods_limits(count: int, low: float, high: float) -> None:
    """F. Garwood, Biometrika 28 (1936), table of 95 % limits."""
    assert poisson_interval(count) == pytest.approx((low, high), rel=1e-3, abs=1e-9)


def test_a_large_count_does_not_overflow() -> None:
    low, high = poisson_interval(5000)
    assert 4860 < low < 5000 < high < 5142
