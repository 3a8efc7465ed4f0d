"""Every vector that the Python judge shares with the phone."""

import json
from pathlib import Path
from typing import Any

import pytest

from plumbline.definitions.judge import judge_field

VECTORS = json.loads((Path(__file__).parent / "vectors" / "judge.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])
def test_the_judge_gives_the_verdict_of_the_vector(vector: dict[str, Any]) -> None:
    given = judge_field(
        vector["field"],
        vector["value"],
        vector["context"],
        design=vector.get("design"),
        defaults=vector.get("defaults"),
    )
    assert (given.verdict if given else None) == vector["verdict"]
    for key in ("applied", "open_because", "defaults_used"):
        if key in vector:
            assert given is not None
            assert list(getattr(given, key)) == vector[key]


def test_there_are_enough_vectors_with_names_of_their_own() -> None:
    assert len({v["name"] for v in VECTORS}) == len(VECTORS) >= 60
