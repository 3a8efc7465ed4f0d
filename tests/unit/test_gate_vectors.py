"""The use gate by the vectors that it shares with the phone, and by the materials that are shipped."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plumbline.definitions import catalogue
from plumbline.definitions.gate import Known, asks_for, judge

VECTORS = json.loads((Path(__file__).parent / "vectors" / "gate.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])
def test_the_gate_judges_as_the_vector_says(vector: dict[str, Any]) -> None:
    known = Known(**vector["lot"])
    gate = judge(vector["material"], known, date.fromisoformat(vector["day"]), vector["defaults"])
    assert (list(gate.missing), gate.due_on) == (vector["missing"], vector["due_on"])


def test_every_shipped_material_can_be_judged_and_rebar_asks_for_paper_and_retest() -> None:
    day = date(2026, 11, 27)
    gates = {m.key: judge(m.body, Known("received"), day) for m in catalogue.materials()}
    assert gates["rebar_ribbed_cn"].missing == ("certificate", "retest")
    assert gates["concrete_readymix_cn"].missing == ()
    assert gates["concrete_readymix_cn"].due_on == "2026-12-25"
    rebar = catalogue.material("rebar_astm_a615")
    assert rebar is not None
    assert asks_for(rebar.body) == {"certificate"}
