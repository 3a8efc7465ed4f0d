"""Random graphs with splits, merges, mixes, returns and cycles: the trace says what a plain walk in memory says.

`GRAPHS=2000` tries as many (make soak does); a failure names seed and graph.
"""

import os

from tests.support.cast import Cast
from tests.support.oracle import differences

GRAPHS = int(os.environ.get("GRAPHS", "25"))
SEED = int(os.environ.get("SEED", "5"))


def test_random_graphs_are_traced_as_the_oracle_walks_them(cast: Cast) -> None:
    wrong = differences(cast.engine, cast.project_id, GRAPHS, SEED)

    assert wrong == [], "\n".join(wrong[:10])
