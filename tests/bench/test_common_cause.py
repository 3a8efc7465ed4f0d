"""Does the common cause come out? 200 simulated sites with a planted cause, 200 without one, drawn by seed.

A site has 200 factors: lots of four materials of which each element has one, crews, machines, methods, days and
weathers; sizes are uneven, as on a site. Defects come by chance at 3 %; behind the planted factor, which stands behind
at least 30 elements, at five times that. How often the cause can come first is limited by chance itself: of 30 elements
at 15 % four or five are defective, and among 199 other factors one may have as many. So beside each figure stands what
somebody would reach who knew both rates beforehand and named the most likely factor, which nobody can beat.
"""

import math
import random
import time

import pytest

from plumbline.quality.causes import Factor, rank
from tests.bench.conftest import Report

SITES, BASE, LIFT, LEAST = 200, 0.03, 5, 30
# Kind → how many factors of it; each element has one of every kind. Lots of four materials, 120 together.
PARTS = {
    "lot-a": 40,
    "lot-b": 40,
    "lot-c": 25,
    "lot-d": 15,
    "crew": 16,
    "equipment": 20,
    "method": 6,
    "day": 33,
    "weather": 5,
}


def site(rng: random.Random, elements: int) -> dict[Factor, int]:
    """The elements that each factor stands behind."""
    exposures: dict[Factor, int] = {}
    for part, count in PARTS.items():
        weights = [rng.lognormvariate(0, 0.4) for _ in range(count)]
        for element, n in enumerate(rng.choices(range(count), weights, k=elements)):
            factor = Factor(part.split("-")[0], f"{part}{n}")
            exposures[factor] = exposures.get(factor, 0) | 1 << element
    return exposures


def defects(rng: random.Random, planted: int, elements: int) -> int:
    """Which elements are defective; `planted` has those behind which the cause stands."""
    rates = (BASE, BASE * LIFT)
    return sum(1 << n for n in range(elements) if rng.random() < rates[planted >> n & 1])


def likeliest(exposures: dict[Factor, int], cases: int) -> Factor:
    """What somebody names who knows the rates: the factor under which the defects are the most likely."""
    hit, miss = math.log(LIFT), math.log((1 - BASE * LIFT) / (1 - BASE))

    def weight(factor: Factor) -> float:
        hits = (exposures[factor] & cases).bit_count()
        return hits * hit + (exposures[factor].bit_count() - hits) * miss

    return max(exposures, key=weight)


@pytest.mark.parametrize("elements", [3_000, 6_000])
def test_planted_causes_come_first_and_nothing_is_claimed_without_one(figure: Report, elements: int) -> None:
    first = named = silent = best = 0
    spent = 0.0
    few: list[bool] = []
    for seed in range(SITES):
        rng = random.Random(seed)
        exposures = site(rng, elements)
        assert len(exposures) == 200
        able = sorted((f for f, mask in exposures.items() if mask.bit_count() >= LEAST), key=lambda f: (f.kind, f.key))
        cause = rng.choice(able)
        cases = defects(rng, exposures[cause], elements)
        began = time.perf_counter()
        found = rank(exposures, cases, elements)
        spent += time.perf_counter() - began
        is_first = cause in found.suspects[0].factors
        first, named = first + is_first, named + (is_first and found.suspects[0].is_claimed)
        best += likeliest(exposures, cases) == cause
        few += [is_first] if exposures[cause].bit_count() < 2 * LEAST else []
        nothing = rank(exposures, defects(rng, 0, elements), elements)
        silent += not any(s.is_claimed for s in nothing.suspects)
    size = f"common cause, {elements:,} elements"
    knows = (100 * best / SITES, "who knows the rates")
    figure(f"{size}: planted cause first", 100 * first / SITES, "% of sites", *knows, aim="≥ 95 %")
    figure(f"{size}: planted cause first and claimed", 100 * named / SITES, "% of sites")
    if few:
        figure(f"{size}: first where 30 to 59 exposed ({len(few)} sites)", 100 * sum(few) / len(few), "% of sites")
    figure(f"{size}: nothing claimed without a cause", 100 * silent / SITES, "% of sites", aim="≥ 95 %")
    figure(f"{size}: ranking 200 factors", 1000 * spent / SITES, "ms")
