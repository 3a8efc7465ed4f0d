"""Nelson's tests for special causes on a control chart, each named at every point that completes it. Pure.

L. S. Nelson, The Shewhart control chart: tests for special causes, Journal of Quality Technology 16 (1984), 237–239.
Tests 1, 2, 5 and 6 are those of the Western Electric Statistical Quality Control Handbook (1956), pp. 25–28, test 2
with nine points in place of eight. ISO 7870-2:2013, clause 8, prints them as well.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# What each test says, by its number.
RULES: dict[int, str] = {
    1: "one point beyond three sigma",
    2: "nine points in a row on one side of the centre line",
    3: "six points in a row steadily rising or falling",
    4: "fourteen points in a row alternating up and down",
    5: "two of three points in a row beyond two sigma on one side",
    6: "four of five points in a row beyond one sigma on one side",
    7: "fifteen points in a row within one sigma of the centre line",
    8: "eight points in a row beyond one sigma, on both sides",
}
# Nelson: for charts of counts and of ranges, whose distribution is not even, only these.
FOR_COUNTS = (1, 2, 3, 4)
FOR_MEANS = tuple(RULES)
# Rounding must not make a signal of a point that lies on a line.
EPSILON = 1e-9


@dataclass(frozen=True)
class Signal:
    """A test that the point at this index completes."""

    at: int
    rule: int


def signals(scores: Sequence[float], rules: Sequence[int]) -> list[Signal]:
    """Signals on points given as distances from the centre line in sigmas; a limit of its own each point is fine."""
    tests: dict[int, Callable[[int], bool]] = {
        1: lambda i: abs(scores[i]) > 3 + EPSILON,
        2: lambda i: _one_side(scores, i, 9, 9, 0),
        3: lambda i: _trend(scores, i, 6),
        4: lambda i: _alternates(scores, i, 14),
        5: lambda i: _one_side(scores, i, 2, 3, 2),
        6: lambda i: _one_side(scores, i, 4, 5, 1),
        7: lambda i: i >= 14 and all(abs(s) < 1 - EPSILON for s in scores[i - 14 : i + 1]),
        8: lambda i: _both_sides(scores, i, 8),
    }
    return [Signal(i, rule) for i in range(len(scores)) for rule in rules if tests[rule](i)]


def _one_side(scores: Sequence[float], i: int, wanted: int, of: int, beyond: float) -> bool:
    """Whether `wanted` of the last `of` points, this one among them, lie beyond so many sigmas on this one's side."""
    side = 1 if scores[i] > 0 else -1
    if i + 1 < of or scores[i] * side <= beyond + EPSILON:
        return False
    return sum(1 for s in scores[i - of + 1 : i + 1] if s * side > beyond + EPSILON) >= wanted


def _trend(scores: Sequence[float], i: int, of: int) -> bool:
    if i + 1 < of:
        return False
    steps = [b - a for a, b in zip(scores[i - of + 1 : i], scores[i - of + 2 : i + 1], strict=True)]
    return all(s > EPSILON for s in steps) or all(s < -EPSILON for s in steps)


def _alternates(scores: Sequence[float], i: int, of: int) -> bool:
    if i + 1 < of:
        return False
    steps = [b - a for a, b in zip(scores[i - of + 1 : i], scores[i - of + 2 : i + 1], strict=True)]
    return all(a * b < 0 for a, b in itertools.pairwise(steps))


def _both_sides(scores: Sequence[float], i: int, of: int) -> bool:
    last = scores[max(0, i - of + 1) : i + 1]
    beyond = len(last) == of and all(abs(s) > 1 + EPSILON for s in last)
    return beyond and min(last) < 0 < max(last)
