"""Exact tests and intervals in plain integers: no table of approximations, no numerical library.

SciPy would do the same in 100 MB and half a second of import. What is needed of it is a hypergeometric tail, which is
a quotient of whole numbers, and two intervals.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache

# Two-sided 95 %: the 97.5th percentile of the normal distribution.
Z95 = 1.959963984540054


@lru_cache(maxsize=65_536)
def fisher_greater(hits: int, exposed: int, cases: int, total: int) -> float:
    """Chance that at least `hits` of `exposed` elements are among the `cases` of `total`, if exposure does not matter.

    Fisher's exact test, one-sided (R. A. Fisher, The Design of Experiments, 1935, §11; the tail of the hypergeometric
    distribution), in exact integers. Raises ValueError when the four counts make no table.
    """
    sound = total - cases
    most = min(exposed, cases)
    least = max(0, exposed - sound)
    if not (0 <= cases <= total and 0 <= exposed <= total and least <= hits <= most):
        raise ValueError(f"no 2×2 table: {hits} of {exposed} exposed, {cases} cases of {total}")
    if hits == least:
        return 1.0
    # Each term from the one before: a division without remainder costs less than a new binomial.
    rest = exposed - hits
    ways, others, tail = math.comb(cases, hits), math.comb(sound, rest), 0
    for k in range(hits, most + 1):
        tail += ways * others
        ways = ways * (cases - k) // (k + 1)
        others = others * rest // (sound - rest + 1)
        rest -= 1
    return tail / math.comb(total, exposed)


def least_p(exposed: int, cases: int, total: int) -> float:
    """The smallest p that `fisher_greater` can give with these margins: as many hits as there can be."""
    return fisher_greater(min(exposed, cases), exposed, cases, total)


def within_reach(least: Sequence[float], alpha: float) -> set[int]:
    """Which tests could be significant at all, by the smallest p that each can reach; the others need no correction.

    R. E. Tarone, A modified Bonferroni method for discrete data, Biometrics 46 (1990), 515–522: with the smallest k for
    which at most k tests can reach alpha / k, only those are in the family. It looks at margins alone, never at how
    the cases fell, so that the error rate of the family stays below alpha.
    """
    ordered = sorted(least)
    for k in range(1, len(ordered) + 1):
        bound = alpha / k
        if bisect_right(ordered, bound) <= k:
            return {index for index, p in enumerate(least) if p <= bound}
    return set(range(len(least)))


def holm(ps: Sequence[float]) -> list[float]:
    """p values corrected for many tests, in the order given.

    S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statistics 6 (1979), 65–70.
    Holm and not Benjamini–Hochberg: a crew or a supplier is named here, so the chance of naming anybody wrongly must
    stay below 5 % for the whole list, also when lots, heats and suppliers overlap; Holm holds this under any
    dependence, while Benjamini–Hochberg only bounds the share of wrong names among the names.
    """
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    corrected, worst = [0.0] * len(ps), 0.0
    for rank, index in enumerate(order):
        worst = max(worst, min(1.0, (len(ps) - rank) * ps[index]))
        corrected[index] = worst
    return corrected


def wilson(hits: int, of: int, z: float = Z95) -> tuple[float, float]:
    """Interval of a proportion, 0 to 1.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22 (1927), 209–212. Never leaves 0 to 1, and says something for 0 of n. (0, 1) for 0 of 0.
    """
    if of == 0:
        return 0.0, 1.0
    share, square = hits / of, z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = z / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (0.0 if hits == 0 else max(0.0, middle - half)), (1.0 if hits == of else min(1.0, middle + half))


def poisson_interval(count: int, alpha: float = 0.05) -> tuple[float, float]:
    """Exact interval of the mean of a Poisson count.

    F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936), 437–442: the means at which the
    count, or a more extreme one, has probability alpha / 2 on either side.
    """
    lower = 0.0 if count == 0 else _root(lambda mean: 1 - _at_most(count - 1, mean) - alpha / 2, 0.0, float(count))
    upper = _root(lambda mean: alpha / 2 - _at_most(count, mean), float(count), 2.0 * count + 20)
    return lower, upper


def _at_most(count: int, mean: float) -> float:
    """P(X ≤ count) of a Poisson variable; each term by its logarithm, which does not overflow."""
    if mean <= 0:
        return 1.0
    log = math.log(mean)
    return math.fsum(math.exp(k * log - mean - math.lgamma(k + 1)) for k in range(count + 1))


def _root(rising: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(80):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
