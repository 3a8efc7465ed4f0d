"""Common causes: what stands behind defects more often than behind sound work. Pure; no session, no web."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plumbline.quality.exact import fisher_greater, holm, least_p, within_reach

ALPHA = 0.05


@dataclass(frozen=True)
class Factor:
    """Something that may stand behind work: a lot, a supplier, a crew, a day. `key` is its id or value."""

    kind: str  # lot, heat, supplier, crew, equipment, method, day, weather
    key: str


@dataclass(frozen=True)
class Suspect:
    """One line of the answer: factors that stood behind the same elements, and their 2×2 table.

    Of `exposed` elements with the factor behind them `hits` are defective; of the other `total - exposed` elements
    `cases - hits` are. `p` is Fisher's, `p_corrected` Holm's; None for a factor too rare to be significant at all.
    """

    factors: tuple[Factor, ...]
    hits: int
    exposed: int
    cases: int
    total: int
    p: float
    p_corrected: float | None
    mask: int

    @property
    def is_claimed(self) -> bool:
        """Whether chance alone would seldom name anything at all in a list like this."""
        return self.p_corrected is not None and self.p_corrected <= ALPHA


@dataclass(frozen=True)
class Ranking:
    """Suspects, the least likely by chance first; how many were tested, and how many were too rare to be."""

    suspects: list[Suspect]
    tested: int
    too_rare: int


def rank(exposures: Mapping[Factor, int], cases: int, total: int) -> Ranking:
    """Rank factors by how much more often they stand behind the defective elements than behind sound ones.

    `exposures` gives the elements that a factor stands behind, as bits of a whole number; `cases` has the bits of the
    defective ones, `total` is how many elements there are. Factors behind the very same elements cannot be told apart
    and are one test. Factors behind all or none of them say nothing and are left out.
    """
    alike: dict[int, list[Factor]] = {}
    for factor, mask in exposures.items():
        if 0 < mask.bit_count() < total:
            alike.setdefault(mask, []).append(factor)
    count = cases.bit_count()
    tables = [(mask, (mask & cases).bit_count(), mask.bit_count()) for mask in alike]
    family = within_reach([least_p(exposed, count, total) for _, _, exposed in tables], ALPHA)
    ps = [fisher_greater(hits, exposed, count, total) for _, hits, exposed in tables]
    members = sorted(family)
    corrected = dict(zip(members, holm([ps[i] for i in members]), strict=True))
    suspects = [
        Suspect(_in_order(alike[mask]), hits, exposed, count, total, ps[i], corrected.get(i), mask)
        for i, (mask, hits, exposed) in enumerate(tables)
    ]
    return Ranking(sorted(suspects, key=_by_weight), len(family), len(tables) - len(family))


def _in_order(factors: Sequence[Factor]) -> tuple[Factor, ...]:
    return tuple(sorted(factors, key=lambda f: (f.kind, f.key)))


def _by_weight(one: Suspect) -> tuple[float, float, int, str, str]:
    """The least p first; among equals the one that explains more defects, then by name."""
    return one.p, -one.hits, one.exposed, one.factors[0].kind, one.factors[0].key
