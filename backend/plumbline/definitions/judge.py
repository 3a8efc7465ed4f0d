"""The judge: is a recorded value within its limits? Exact decimals, no database, no web.

Verdict of one value, of the limits that apply: one failed = fail; else one open = open; else one `should`
breached = warn; else pass. Limits of which none applies, and a measured number without any, are open: a person
judges. Values are judged as stated; rounding by the product standard comes before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plumbline.definitions.bounds import Names, joined, said
from plumbline.definitions.catalogue import condition_defaults
from plumbline.definitions.conditions import Doc, Facts, Holds, as_decimal, when
from plumbline.definitions.limits import Outcome, Reading, Result, judge_limit, with_plus

_CONFIDENCE = ("low", "medium", "high")
_MEASURED = frozenset({"number", "integer", "series"})
_ENVIRONMENT_KEYS = {"air_temp": "air_temp_c"}


@dataclass(frozen=True)
class Verdict:
    """What the judge says, and on what ground.

    `bound`, `source` and `confidence` are those of the limits that decided. `applied` are their indexes in the
    field's `limits` (0 for a field with one bound of its own). `open_because`: `key:<condition>` nobody stated,
    `limit` marked open, `design` value missing, `readings` too few, `value` not readable, `mean` of one result,
    `evaluate` by several results, `none` applies, `reference:<name>` or `unit:<name>` unknown, `test:<name>` other.
    """

    verdict: Result
    bound: Names
    source: str
    confidence: str
    applied: tuple[int, ...] = ()
    defaults_used: tuple[str, ...] = ()
    open_because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """The verdict on one field of a step."""

    field: str
    verdict: Verdict

    def as_row(self) -> dict[str, Any]:
        """As a step's feed row carries it."""
        v = self.verdict
        return {
            "field": self.field,
            "verdict": v.verdict,
            "bound": v.bound,
            "source": v.source,
            "confidence": v.confidence,
            "defaults_used": list(v.defaults_used),
            "open_because": list(v.open_because),
        }


Judged = list[tuple[int, Doc, Outcome]]


def judge_field(
    field: Doc, value: Any, context: Doc, *, design: Any = None, defaults: Doc | None = None
) -> Verdict | None:
    """Judge one answer of a form.

    `value`: decimal string or number, boolean, option id, or a list of readings for a series. `design`: one value, or
    one for each reading. `defaults`: condition key → value that counts when nothing is stated. None when there is
    nothing to judge: no value, a field that is not asked here, or one without a bound that is no measured number.
    """
    if value is None or value == "":
        return None
    facts = Facts(context, defaults or {})
    asked = when(field.get("when", {}), facts)
    limits = _limits_of(field)
    if asked.holds is Holds.NO or (not limits and field["type"] not in _MEASURED):
        return None
    reading = _reading(field, value, design, facts)
    judged: Judged = []
    for index, limit in enumerate(limits):
        outcome = judge_limit(limit, reading, facts, asked)
        if outcome is not None:
            judged.append((index, limit, outcome))
    short = reading.is_series and len(reading.points) < field.get("min_readings", 1)
    extra = {"readings"} if short else set()
    return summed(judged, facts, field.get("unit"), field.get("options", ()), extra)


def judge_step(
    plan_step: Doc, answers: Doc, environment: Doc, context: Doc, *, defaults: Doc | None = None
) -> list[Judgement]:
    """Judge every answer of a step, in the order of the form.

    An answer is a plain value, or {"value": …, "design": …}. Answers under a condition key that is no field
    ("vibrator": "poker") are facts of this step. Own answers weigh more than the environment, and that more than the
    context of lot, order and design. `defaults` are those of the shipped plans unless given.
    """
    if defaults is None:
        defaults = condition_defaults()
    facts = step_facts(answers, environment, context)
    judgements = []
    for field in plan_step["fields"]:
        value, design = split_answer(answers.get(field["id"]))
        verdict = judge_field(field, value, facts, design=design, defaults=defaults)
        if verdict is not None:
            judgements.append(Judgement(field["id"], verdict))
    return judgements


def step_facts(answers: Doc, environment: Doc, context: Doc) -> dict[str, Any]:
    """All that is known while a step is judged, by condition key."""
    surroundings = {_ENVIRONMENT_KEYS.get(key, key): value for key, value in environment.items()}
    own = {key: split_answer(answer)[0] for key, answer in answers.items()}
    return {**context, **{k: v for k, v in {**surroundings, **own}.items() if v is not None and v != ""}}


def split_answer(answer: Any) -> tuple[Any, Any]:
    """Value and design of an answer in either of its two forms."""
    if isinstance(answer, Mapping):
        return answer.get("value"), answer.get("design")
    return answer, None


def summed(
    judged: Judged, facts: Facts, unit: str | None, options: Sequence[Doc] = (), extra: set[str] | None = None
) -> Verdict:
    """One verdict of the outcomes of all limits; `extra` are reasons that hold the whole value open."""
    reasons = set(extra or ()) | ({"none"} if not judged else set())
    results = {outcome.result for _, _, outcome in judged} | ({"open"} if reasons else set())
    verdict: Result = next((r for r in ("fail", "open", "warn") if r in results), "pass")
    deciding = [entry for entry in judged if entry[2].result == verdict]
    if verdict == "open":
        reasons |= {reason for _, _, outcome in deciding for reason in outcome.because}
    ranks = [_CONFIDENCE.index(limit.get("confidence", "low")) for _, limit, _ in deciding]
    return Verdict(
        verdict=verdict,
        bound=_bound([(i, with_plus(limit, facts), o) for i, limit, o in deciding], unit, options, reasons),
        source="; ".join(dict.fromkeys(limit["source"] for _, limit, _ in deciding if "source" in limit)),
        confidence=_CONFIDENCE[min(ranks)] if ranks else "low",
        applied=tuple(index for index, _, _ in judged),
        defaults_used=tuple(sorted(facts.defaults_used)),
        open_because=tuple(sorted(reasons)) if verdict == "open" else (),
    )


def _bound(deciding: Judged, unit: str | None, options: Sequence[Doc], reasons: set[str]) -> Names:
    if deciding:
        return joined([said(limit, limit.get("unit", unit), options) for _, limit, _ in deciding])
    if "readings" in reasons:
        return {"zh": "读数不足,由人判定", "en": "too few readings; a person judges"}
    return {"zh": "无适用限值,由人判定", "en": "no limit applies; a person judges"}


def _limits_of(field: Doc) -> Sequence[Doc]:
    """A field's limits; a bound of the field's own counts as its only limit, without the field's `when`."""
    if "limits" in field:
        limits: Sequence[Doc] = field["limits"]
        return limits
    if not {"range", "deviation", "expect"} & set(field):
        return ()
    return ({k: v for k, v in field.items() if k not in ("when", "unit")},)


def _reading(field: Doc, value: Any, design: Any, facts: Facts) -> Reading:
    points = tuple(value) if isinstance(value, list | tuple) else (value,)
    if design is None and "design_key" in field:
        design = facts.get(field["design_key"])
    if design is None and field.get("reading") == "deviation":
        design = 0
    stated = list(design) if isinstance(design, list | tuple) else [design] * len(points)
    designs = [as_decimal(one) for one in stated]
    known: list[Decimal] = [one for one in designs if one is not None]
    return Reading(points, tuple(known) if len(known) == len(designs) else (), field["type"] == "series")
