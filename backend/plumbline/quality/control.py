"""Control charts: p, u, X̄ with R or S, and single values with their moving range. Pure; floats, for drawing.

D. C. Montgomery, Introduction to Statistical Quality Control (Wiley), chapters 6 and 7; ISO 7870-2:2013. Limits lie
three standard errors from the centre line. No verdict on a record depends on them: that is the decimal judge's.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from plumbline.quality.rules import FOR_COUNTS, FOR_MEANS, Signal, signals

# Expected range of n values in standard deviations (d2), and the standard deviation of it (d3): ISO 7870-2, table 2.
D2 = {2: 1.128, 3: 1.693, 4: 2.059, 5: 2.326, 6: 2.534, 7: 2.704, 8: 2.847, 9: 2.970, 10: 3.078}
D3 = {2: 0.853, 3: 0.888, 4: 0.880, 5: 0.864, 6: 0.848, 7: 0.833, 8: 0.820, 9: 0.808, 10: 0.797}


@dataclass(frozen=True)
class Point:
    """One point with the limits that hold for it; `of` is the sample size, area or number of steps behind it."""

    value: float
    of: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Chart:
    """A chart: what is on its line, the centre, the points in order, and the signals on them."""

    kind: str  # p, u, mean, range, spread, single, moving_range
    centre: float
    points: list[Point]
    signals: list[Signal] = field(default_factory=list)


def p_chart(hits: Sequence[int], of: Sequence[int]) -> Chart:
    """Proportions of samples that may differ in size. Raises ValueError for no sample, or an empty one."""
    _needs(of)
    centre = sum(hits) / sum(of)
    errors = [math.sqrt(centre * (1 - centre) / n) for n in of]
    values = [k / n for k, n in zip(hits, of, strict=True)]
    return _chart("p", centre, values, of, errors, FOR_COUNTS, highest=1.0)


def u_chart(counts: Sequence[int], of: Sequence[float]) -> Chart:
    """Counts per unit, of samples that may differ in size. Raises ValueError for no sample, or an empty one."""
    _needs(of)
    centre = sum(counts) / sum(of)
    errors = [math.sqrt(centre / n) for n in of]
    return _chart("u", centre, [c / n for c, n in zip(counts, of, strict=True)], of, errors, FOR_COUNTS)


def mean_charts(groups: Sequence[Sequence[float]]) -> list[Chart]:
    """X̄ and R where all groups have the same 2 to 10 values, else X̄ and S; single values where any group has one.

    Raises ValueError for fewer than two groups.
    """
    if len(groups) < 2 or not all(groups):
        raise ValueError("a chart needs at least two groups of at least one value")
    sizes = {len(group) for group in groups}
    if 1 in sizes:
        return _singles([sum(group) / len(group) for group in groups])
    if len(sizes) == 1 and max(sizes) <= 10:
        return _mean_and_range(groups, sizes.pop())
    return _mean_and_spread(groups)


def _mean_and_range(groups: Sequence[Sequence[float]], n: int) -> list[Chart]:
    ranges = [max(group) - min(group) for group in groups]
    mean_range = sum(ranges) / len(ranges)
    sigma = mean_range / D2[n]
    means = [sum(group) / n for group in groups]
    sizes = [n] * len(groups)
    return [
        _chart("mean", sum(means) / len(means), means, sizes, [sigma / math.sqrt(n)] * len(groups), FOR_MEANS, None),
        _chart("range", mean_range, ranges, sizes, [sigma * D3[n]] * len(groups), FOR_COUNTS),
    ]


def _mean_and_spread(groups: Sequence[Sequence[float]]) -> list[Chart]:
    """X̄ and S for groups that differ in size: weighted means, Montgomery §6.3.2, equations 6.30 and 6.31."""
    sizes = [len(group) for group in groups]
    means = [sum(group) / len(group) for group in groups]
    centre = sum(n * mean for n, mean in zip(sizes, means, strict=True)) / sum(sizes)
    spreads = [
        math.sqrt(sum((x - mean) ** 2 for x in group) / (len(group) - 1))
        for group, mean in zip(groups, means, strict=True)
    ]
    pooled = math.sqrt(sum((n - 1) * s * s for n, s in zip(sizes, spreads, strict=True)) / (sum(sizes) - len(sizes)))
    by_mean = [pooled / c4(n) / math.sqrt(n) for n in sizes]
    by_spread = [pooled / c4(n) * math.sqrt(1 - c4(n) ** 2) for n in sizes]
    return [
        _chart("mean", centre, means, sizes, by_mean, FOR_MEANS, None),
        _chart("spread", pooled, spreads, sizes, by_spread, FOR_COUNTS),
    ]


def _singles(values: Sequence[float]) -> list[Chart]:
    """Single values with limits from the mean moving range of two: Montgomery §6.4."""
    moving = [abs(b - a) for a, b in itertools.pairwise(values)]
    mean_range = sum(moving) / len(moving)
    sigma = mean_range / D2[2]
    ones = [1] * len(values)
    return [
        _chart("single", sum(values) / len(values), values, ones, [sigma] * len(values), FOR_MEANS, None),
        # Neighbouring moving ranges share a value, so that runs among them say nothing.
        _chart("moving_range", mean_range, moving, ones[1:], [sigma * D3[2]] * len(moving), (1,)),
    ]


def c4(n: int) -> float:
    """Expected standard deviation of n values in standard deviations; exact, by the gamma function."""
    return math.sqrt(2 / (n - 1)) * math.exp(math.lgamma(n / 2) - math.lgamma((n - 1) / 2))


def _needs(of: Sequence[float]) -> None:
    if not of or min(of) <= 0:
        raise ValueError("a chart needs samples, none of them empty")


def _chart(
    kind: str,
    centre: float,
    values: Sequence[float],
    of: Sequence[float],
    errors: Sequence[float],
    rules: Sequence[int],
    lowest: float | None = 0.0,
    highest: float | None = None,
) -> Chart:
    scores = [(v - centre) / e if e > 0 else 0.0 for v, e in zip(values, errors, strict=True)]
    points = [
        Point(v, n, _at_least(centre - 3 * e, lowest), _at_most(centre + 3 * e, highest))
        for v, n, e in zip(values, of, errors, strict=True)
    ]
    # Where nothing differs there is no sigma to measure a signal by.
    return Chart(kind, centre, points, signals(scores, rules) if any(errors) else [])


def _at_least(value: float, bound: float | None) -> float:
    return value if bound is None else max(value, bound)


def _at_most(value: float, bound: float | None) -> float:
    return value if bound is None else min(value, bound)
