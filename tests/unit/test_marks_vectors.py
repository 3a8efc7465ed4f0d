"""What was read off a thing has one normal form, on the server as on the phone."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.codes import normalize
from plumbline.marks.reading import KINDS, LONGEST, read
from plumbline.marks.service import codes_of_roll

VECTORS = Path(__file__).parent / "vectors"
MARKS: list[dict[str, Any]] = json.loads((VECTORS / "marks.json").read_text("utf-8"))
ROLL: dict[str, Any] = json.loads((VECTORS / "roll.json").read_text("utf-8"))


@pytest.mark.parametrize("one", MARKS, ids=[one["name"] for one in MARKS])
def test_every_mark_of_the_vectors_has_its_normal_form(one: dict[str, Any]) -> None:
    reading = read(one["kind"], one["text"])
    assert (reading.value if reading else None) == one["value"]
    if reading:
        assert (reading.is_single, reading.elements) == (one["is_single"], one["elements"])


def test_the_same_thing_read_in_ten_ways_is_one_mark() -> None:
    same = [one["value"] for one in MARKS if one["value"] == "(01)09506000134352(10)ABC123(21)12345"]
    assert len(same) == 9
    tag = [one for one in MARKS if one["value"] == "(01)80614141123458(21)6789"]
    assert {one["kind"] for one in tag} == {"rfid", "typed", "gs1"}


def test_the_codes_of_a_roll_follow_from_its_seed() -> None:
    for n, code in ROLL["codes"].items():
        assert codes_of_roll(ROLL["seed"], int(n), int(n)) == [code]
        assert normalize(code) == code


@given(st.sampled_from(KINDS), st.text(max_size=420))
def test_whatever_is_read_is_short_and_printable_or_nothing(kind: str, text: str) -> None:
    reading = read(kind, text)
    if reading:
        assert 0 < len(reading.value) <= LONGEST
        assert "\x00" not in reading.value
        assert not set(reading.value) & set(map(chr, range(32)))


@given(st.text(max_size=60))
def test_a_normal_form_read_again_stays_itself(text: str) -> None:
    first = read("code128", text)
    if first:
        again = read("code128", first.value)
        assert again is not None
        assert again.value == first.value
