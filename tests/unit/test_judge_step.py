"""Whole steps: which answers are judged, with what facts, and what the step still lacks."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.definitions import catalogue
from plumbline.definitions.answers import answer_errors, unanswered
from plumbline.definitions.bounds import unit_word
from plumbline.definitions.evidence import missing_evidence
from plumbline.definitions.judge import judge_field, judge_step


def step(name: str) -> dict[str, Any]:
    found = catalogue.step_kind(name)
    assert found is not None
    return found.body


POURING = step("concrete_pour.pouring")
CHECK = step("concrete_pour.delivery_check")


@dataclass(frozen=True)
class File:
    role: str
    mime: str = "image/jpeg"


def verdicts(plan_step: dict[str, Any], answers: dict[str, Any], **context: Any) -> dict[str, str]:
    return {j.field: j.verdict.verdict for j in judge_step(plan_step, answers, {}, context)}


def test_a_delivery_is_judged_by_what_was_ordered() -> None:
    answers = {"truck_volume": "9", "slump": "205", "concrete_temp": "31", "no_water_added": True, "truck_no": "沪A1"}
    given = verdicts(CHECK, answers, slump_specified_mm="180", mass_concrete=False)
    assert given == {"truck_volume": "pass", "slump": "pass", "concrete_temp": "pass", "no_water_added": "pass"}


def test_water_added_on_site_fails() -> None:
    assert verdicts(CHECK, {"no_water_added": False}) == {"no_water_added": "fail"}


def test_facts_may_be_stated_among_the_answers() -> None:
    answers = {"layer_thickness": "450", "vibrator": "poker", "poker_length_mm": "360"}
    assert verdicts(POURING, answers) == {"layer_thickness": "pass"}


def test_an_own_answer_weighs_more_than_the_context() -> None:
    answers = {"layer_thickness": "450", "vibrator": "poker", "poker_length_mm": "300"}
    assert verdicts(POURING, answers, poker_length_mm="400") == {"layer_thickness": "fail"}


def test_the_environment_states_the_air_temperature() -> None:
    field = {"id": "x", "type": "number", "required": True, "unit": "min"}
    limits = [{"when": {"air_temp_c": {"gt": 25}}, "range": {"max": 60}, "source": "s", "confidence": "high"}]
    plan_step = {"fields": [{**field, "limits": limits}]}
    (judged,) = judge_step(plan_step, {"x": "61"}, {"air_temp": "30"}, {})
    assert judged.verdict.verdict == "fail"


def test_a_judgement_row_says_bound_source_and_confidence() -> None:
    (judged,) = judge_step(CHECK, {"concrete_temp": "36"}, {}, {"mass_concrete": False})
    assert judged.as_row() == {
        "field": "concrete_temp",
        "verdict": "fail",
        "bound": {"zh": "5 … 35 °C", "en": "5 … 35 °C"},
        "source": "GB 50666-2011 clause 8.1.2",
        "confidence": "high",
        "defaults_used": [],
        "open_because": [],
    }


def test_a_default_that_was_used_is_named() -> None:
    fixing = step("rebar_installation.fixing")
    facts = {"joint_type": "lap", "stress": "tension", "member_type": "beam"}
    (judged,) = judge_step(fixing, {"lap_percentage": "30"}, {}, facts)
    assert (judged.verdict.verdict, judged.verdict.defaults_used) == ("warn", ("splice_waiver",))


def test_a_design_value_travels_with_the_answer() -> None:
    fixing = step("rebar_installation.fixing")
    answers = {"spacing": {"value": ["190", "200", "215"], "design": "200"}}
    assert verdicts(fixing, answers) == {"spacing": "fail"}


def test_every_field_of_every_plan_can_be_judged() -> None:
    values = {"number": "1", "integer": "1", "series": ["1", "2", "3"], "boolean": True}
    for kind in catalogue.step_kinds():
        for field in kind.body["fields"]:
            options = [o["id"] for o in field.get("options", [])] or ["x"]
            verdict = judge_field(field, values.get(field["type"], options[0]), {}, design="1")
            assert verdict is None or (verdict.bound["zh"] and verdict.bound["en"])


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=3))
def test_a_number_inside_its_range_passes_and_outside_fails(value: Any) -> None:
    field = {"id": "x", "type": "number", "range": {"min": 5, "max": 35.5}, "source": "s", "confidence": "high"}
    verdict = judge_field(field, str(value), {})
    assert verdict is not None
    assert verdict.verdict == ("pass" if 5 <= value <= 35.5 else "fail")


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "1e999999999", "٣", "--1", [], {}, True])
def test_odd_values_are_never_passed(odd: Any) -> None:
    field = {"id": "x", "type": "number", "range": {"min": 0}, "source": "s", "confidence": "high"}
    verdict = judge_field(field, odd, {})
    assert verdict is not None
    assert verdict.verdict == "open"


def test_a_pour_without_photos_says_what_is_missing() -> None:
    missing = missing_evidence(POURING, [File("photo:e1"), File("photo:e1"), File("photo")], {})
    assert [(m.kind, m.subject, m.needed, m.have) for m in missing] == [
        ("photo", "e1", 3, 2),
        ("photo", "e2", 1, 0),
        ("photo", "e3", 1, 0),
    ]
    assert missing[1].as_row()["names"] == {"zh": "振捣", "en": "vibration"}


def test_a_complete_pour_misses_nothing() -> None:
    files = [File("photo:e1")] * 3 + [File("photo:e2"), File("photo:e3")]
    assert missing_evidence(POURING, files, {}) == []


def test_a_video_is_no_photo_and_a_photo_no_video() -> None:
    plan_step = {"fields": [], "evidence": [{"kind": k, "subject": {}, "min": 1} for k in ("photo", "video")]}
    swapped = [File("photo:e2"), File("video:e1", "video/mp4")]
    assert [m.subject for m in missing_evidence(plan_step, swapped, {})] == ["e1", "e2"]
    right = [File("photo:e1"), File("video:e2", "video/mp4")]
    assert missing_evidence(plan_step, right, {}) == []


def test_certificates_of_the_lots_and_readings_of_the_form_count() -> None:
    fields = [{"id": "size", "type": "series"}]
    evidence = [{"kind": "certificate", "subject": {}, "min": 1}, {"kind": "measurement", "subject": {}, "min": 1}]
    plan_step = {"fields": fields, "evidence": evidence}
    assert [m.kind for m in missing_evidence(plan_step, [], {})] == ["certificate", "measurement"]
    assert missing_evidence(plan_step, [], {"lot_certificates": 1}, {"size": ["25.1"]}) == []


def test_required_answers_are_asked_for_unless_their_condition_fails() -> None:
    answers = {"delivery_note_no": "1", "truck_no": "2", "truck_volume": "9", "slump": "180", "concrete_temp": "20"}
    assert unanswered(CHECK, answers, {}, {}, {}) == ["batch_time", "arrival_time", "no_water_added"]
    field = {"id": "x", "type": "number", "required": True, "when": {"seismic": [True]}}
    assert unanswered({"fields": [field]}, {}, {}, {"seismic": False}, {}) == []
    assert unanswered({"fields": [field]}, {}, {}, {}, {}) == ["x"]


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("truck_volume", "nine"),
        ("truck_volume", "1e3"),
        ("truck_volume", 9.5),
        ("truck_volume", True),
        ("truck_volume", "1.1234567"),
        ("no_water_added", "yes"),
        ("batch_time", "yesterday"),
        ("batch_time", "2026-11-22T08:00:00"),
        ("truck_no", "x" * 2001),
        ("slump", {"value": "180", "design": "soft"}),
        ("colour", "red"),
        ("mass_concrete", "maybe"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_named(field: str, answer: Any) -> None:
    (error,) = answer_errors(CHECK, {field: answer})
    assert error.field == field
    assert error.problem["zh"]
    assert error.problem["en"]


def test_good_answers_have_no_errors() -> None:
    answers = {
        "truck_volume": "9.5",
        "no_water_added": True,
        "batch_time": "2026-11-22T08:00:00.000Z",
        "slump": {"value": "180", "design": "200"},
        "mass_concrete": False,
        "concrete_temp": None,
    }
    assert answer_errors(CHECK, answers) == []
    assert answer_errors(step("rebar_installation.fixing"), {"spacing": ["150", "152", "149"]}) == []


@pytest.mark.parametrize(
    ("unit", "written"), [("m3", "m³"), ("N/mm2", "N/mm²"), ("kg/m3", "kg/m³"), ("deg", "°"), ("mm", "mm"), ("%", "%")]
)
def test_units_are_shown_as_people_write_them(unit: str, written: str) -> None:
    assert unit_word(unit) == written
