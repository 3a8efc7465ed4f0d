"""After random acts, valid and invalid, from phones that knew too little, the mass balance closes for every lot.

`ACTS=100000` does as many (make soak does); a failure names the lots, and SEED makes it again.
"""

import os

from tests.support.cast import Cast
from tests.support.random_acts import Chaos, open_books

ACTS = int(os.environ.get("ACTS", "600"))
SEED = int(os.environ.get("SEED", "5"))


def test_the_balance_closes_for_every_lot_after_random_acts(cast: Cast) -> None:
    chaos = Chaos(cast, SEED)

    chaos.run(ACTS)

    assert open_books(cast) == []
    # Both must come, or nothing was tried.
    assert chaos.verdicts["applied"] > ACTS / 5
    assert chaos.verdicts["refused"] > ACTS / 10
