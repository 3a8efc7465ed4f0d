"""Control charts against the worked examples of Montgomery, Introduction to Statistical Quality Control."""

import random

import pytest

from plumbline.quality.control import c4, mean_charts, p_chart, u_chart
from plumbline.quality.rules import FOR_COUNTS, FOR_MEANS, RULES, signals

CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
VISCOSITY = [33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84]
# Piston rings, inner diameter: thousandths of a millimetre above 73.900.
RINGS = [
    "130 102 119 92 108", "95 92 101 111 104", "88 124 121 105 102", "102 96 93 115 109", "92 107 115 89 114",
    "109 94 97 85 93", "95 106 94 100 105", "85 103 93 115 88", "108 95 109 105 104", "98 100 90 107 95",
    "94 98 94 95 90", "104 100 107 100 96", "83 102 98 97 112", "106 67 94 100 84", "112 114 98 99 107",
    "100 84 105 98 96", "94 112 86 105 107", "106 110 118 103 100", "84 102 103 105 97", "100 110 113 120 103",
    "82 101 115 105 96", "104 99 90 106 109", "110 89 90 109 114", "115 108 93 100 110", "82 84 95 117 113",
]  # fmt: skip


def rings() -> list[list[float]]:
    return [[73.9 + int(text) / 1000 for text in row.split()] for row in RINGS]


def test_p_chart_of_the_juice_cans() -> None:
    """Example 7.1: 30 samples of 50 cans; p̄ = 0.2313, limits 0.0524 and 0.4102; samples 15 and 23 are out."""
    chart = p_chart(CANS, [50] * 30)

    assert chart.centre == pytest.approx(0.2313, abs=5e-5)
    assert chart.points[0].lower == pytest.approx(0.0524, abs=1e-4)
    assert chart.points[0].upper == pytest.approx(0.4102, abs=1e-4)
    assert [s.at + 1 for s in chart.signals if s.rule == 1] == [15, 23]


def test_u_chart_of_the_dyed_cloth() -> None:
    """Example 7.5: rolls of unequal size; ū = 1.42 a unit; all in control. Roll 1 (10 units): 0.29 to 2.55."""
    counts, units = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23], [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5]
    chart = u_chart(counts, units)

    assert chart.centre == pytest.approx(1.42, abs=0.005)
    assert (chart.points[0].lower, chart.points[0].upper) == pytest.approx((0.29, 2.55), abs=0.01)
    assert [s for s in chart.signals if s.rule == 1] == []


def test_mean_and_range_of_the_piston_rings() -> None:
    """Tables 6.3: x̄ = 74.001, R̄ = 0.023; A2 = 0.577, D4 = 2.114 give 74.014, 73.988 and 0.049."""
    means, ranges = mean_charts(rings())

    assert (means.kind, ranges.kind) == ("mean", "range")
    assert means.centre == pytest.approx(74.001, abs=5e-4)
    assert (means.points[0].lower, means.points[0].upper) == pytest.approx((73.988, 74.014), abs=1e-3)
    assert ranges.centre == pytest.approx(0.023, abs=5e-4)
    assert (ranges.points[0].lower, ranges.points[0].upper) == pytest.approx((0.0, 0.049), abs=1e-3)
    assert [s for s in means.signals + ranges.signals if s.rule == 1] == []


def test_mean_and_spread_where_groups_differ_in_size() -> None:
    """Example 6.4: the rings with some left out; limits follow each group's own size."""
    groups = rings()
    groups[1] = groups[1][:3]
    means, spreads = mean_charts(groups)

    assert (means.kind, spreads.kind) == ("mean", "spread")
    assert means.centre == pytest.approx(74.001, abs=1e-3)
    assert spreads.centre == pytest.approx(0.0103, abs=5e-4)
    assert means.points[1].upper - means.points[1].lower > means.points[0].upper - means.points[0].lower


def test_single_values_of_the_paint() -> None:
    """Example 6.5 of the third edition: viscosity; x̄ = 33.52, MR̄ = 0.48, limits 32.24 and 34.80."""
    single, moving = mean_charts([[v] for v in VISCOSITY])

    assert (single.kind, moving.kind) == ("single", "moving_range")
    assert single.centre == pytest.approx(33.52, abs=0.005)
    assert moving.centre == pytest.approx(0.48, abs=0.005)
    assert (single.points[0].lower, single.points[0].upper) == pytest.approx((32.24, 34.80), abs=0.01)
    assert moving.points[0].upper == pytest.approx(1.57, abs=0.01)
    assert len(moving.points) == 14


def test_c4_as_printed() -> None:
    """Montgomery, appendix VI: 0.7979, 0.9400, 0.9869."""
    assert [c4(n) for n in (2, 5, 20)] == pytest.approx([0.7979, 0.9400, 0.9869], abs=5e-5)


@pytest.mark.parametrize(
    ("rule", "scores"),
    [
        (1, [0.5, 3.1]),
        (1, [0.5, -3.1]),
        (2, [0.1] * 9),
        (3, [-1.4, -0.9, -0.4, 0.1, 0.6, 1.1]),
        (4, [0.5, -0.5] * 7),
        (5, [2.1, 0.0, 2.2]),
        (6, [-1.2, -1.1, 0.2, -1.3, -1.4]),
        (7, [0.5, -0.5, 0.2] * 5),
        (8, [1.2, -1.2, 1.3, 1.4, -1.5, 1.1, -1.2, 1.6]),
    ],
)
def test_each_rule_speaks_at_the_point_that_completes_it_and_not_before(rule: int, scores: list[float]) -> None:
    assert [s.at for s in signals(scores, (rule,))] == [len(scores) - 1]


@pytest.mark.parametrize(
    ("rule", "scores"),
    [
        (1, [3.0]),
        (2, [0.1] * 8 + [0.0]),
        (3, [0, 1, 2, 3, 4, 4]),
        (4, [0.5, -0.5] * 6 + [0.5, 0.5]),
        (5, [2.1, -2.2, 0.0]),
        (6, [1.2, 1.1, 0.2, 0.3, 1.4]),
        (7, [0.5] * 14 + [1.5]),
        (8, [1.2] * 8),
    ],
)
def test_what_only_comes_close_is_no_signal(rule: int, scores: list[float]) -> None:
    assert signals(scores, (rule,)) == []


def test_values_that_never_differ_are_no_signal() -> None:
    assert all(chart.signals == [] for chart in mean_charts([[5.0]] * 30))
    assert p_chart([0] * 30, [50] * 30).signals == []


def test_a_process_under_control_seldom_signals_by_the_first_rule() -> None:
    rng = random.Random(7)
    scores = [rng.gauss(0, 1) for _ in range(20_000)]
    assert 20 <= len(signals(scores, (1,))) <= 90  # 0.27 %: 54 expected.


def test_every_rule_has_words_and_counts_take_four() -> None:
    assert set(RULES) == set(FOR_MEANS) == set(range(1, 9))
    assert FOR_COUNTS == (1, 2, 3, 4)


@pytest.mark.parametrize("bad", [lambda: p_chart([], []), lambda: u_chart([1], [0]), lambda: mean_charts([[1.0]])])
def test_charts_of_nothing_are_refused(bad) -> None:  # type: ignore[no-untyped-def]  # Three functions of three types.
    with pytest.raises(ValueError, match="a chart needs"):
        bad()
