"""The shipped definitions: materials and inspection plans, read once from the package's own data.

Every key is version 1. `content_sha256` is over the canonical JSON (sorted keys, no spaces, UTF-8) of its body, so
that a record can prove which limits it was judged by.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

Kind = Literal["material", "plan"]
Body = dict[str, Any]

SHIPPED_VERSION = 1


@dataclass(frozen=True)
class Definition:
    """One version of one definition."""

    kind: str
    key: str
    version: int
    content_sha256: str
    body: Body


@dataclass(frozen=True)
class StepKind:
    """One step of a plan, as a step record names it: `concrete_pour.pouring`."""

    plan: Definition
    body: Body

    @property
    def kind(self) -> str:
        """Plan key and step id with a dot."""
        return f"{self.plan.key}.{self.body['id']}"


def content_sha256(body: Any) -> str:
    """Hash of the canonical JSON of a definition's body, 64 lower-case hex."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache
def data(name: str) -> Body:
    """One shipped data file, parsed. Callers must not change it."""
    text = resources.files("plumbline.definitions").joinpath("data", name).read_text(encoding="utf-8")
    parsed: Body = json.loads(text)
    return parsed


@lru_cache
def shipped() -> dict[tuple[str, str], Definition]:
    """All shipped definitions by kind and key."""
    bought, made = data("materials.json")["materials"], data("made.json")["materials"]
    bodies = [("material", body) for body in (*bought, *made)]
    bodies += [("plan", _extended(plan)) for plan in data("itp.json")["templates"]]
    return {
        (kind, body["id"]): Definition(kind, body["id"], SHIPPED_VERSION, content_sha256(body), body)
        for kind, body in bodies
    }


def material(key: str) -> Definition | None:
    """A shipped material type, or None."""
    return shipped().get(("material", key))


def plan(key: str) -> Definition | None:
    """A shipped inspection plan, or None."""
    return shipped().get(("plan", key))


def materials() -> list[Definition]:
    """All shipped material types in their order."""
    return [d for (kind, _), d in shipped().items() if kind == "material"]


def plans() -> list[Definition]:
    """All shipped inspection plans in their order."""
    return [d for (kind, _), d in shipped().items() if kind == "plan"]


def step_kind(name: str) -> StepKind | None:
    """The shipped step of a name such as `concrete_pour.pouring`, or None."""
    plan_key, _, _ = name.partition(".")
    found = plan(plan_key)
    return None if found is None else step_of(found, name)


def step_of(found: Definition, name: str) -> StepKind | None:
    """The step that `name` means in a given version of its plan, or None."""
    plan_key, _, step_id = name.partition(".")
    if plan_key != found.key:
        return None
    return next((StepKind(found, step) for step in found.body["steps"] if step["id"] == step_id), None)


def step_kinds() -> Iterator[StepKind]:
    """Every step of every shipped plan, in order."""
    return (StepKind(found, step) for found in plans() for step in found.body["steps"])


def roles() -> dict[str, dict[str, str]]:
    """Role id → names in zh and en."""
    names: dict[str, dict[str, str]] = data("itp.json")["roles"]
    return names


def material_names(key: str) -> dict[str, str]:
    """Names of a material type; an unknown key is its own name."""
    found = material(key)
    return dict(found.body["names"]) if found else {"zh": key, "en": key}


def units(key: str) -> list[str]:
    """Units that a material is counted in, base unit first; pieces where nothing is said."""
    known: list[str] = data("additions.json")["units"].get(key, ["pcs"])
    return list(known)


@lru_cache
def condition_names() -> dict[str, dict[str, str]]:
    """Condition key → names in zh and en, of plans and of materials."""
    both = {**data("materials.json")["condition_keys"], **data("itp.json")["condition_keys"]}
    return {key: what["names"] for key, what in both.items()}


@lru_cache
def condition_defaults() -> dict[str, Any]:
    """Condition key → value that counts in plans when nobody stated anything."""
    return {key: what["default"] for key, what in data("itp.json")["condition_keys"].items() if "default" in what}


@lru_cache
def material_defaults() -> dict[str, Any]:
    """Condition key → value that counts for materials when nobody stated anything."""
    keys = data("materials.json")["condition_keys"]
    return {key: what["default"] for key, what in keys.items() if "default" in what}


def evidence_ids(step: Mapping[str, Any]) -> list[tuple[str, Body]]:
    """The evidence of a step with its subject ids `e1`, `e2`, …: stable inside one version of the plan."""
    return [(f"e{index}", needed) for index, needed in enumerate(step["evidence"], start=1)]


def _extended(template: Body) -> Body:
    """A plan with what additions.json says of its fields."""
    more = data("additions.json")["fields"]
    steps = []
    for step in template["steps"]:
        path = f"{template['id']}.{step['id']}"
        fields = [{**field, **more.get(f"{path}.{field['id']}", {})} for field in step["fields"]]
        steps.append({**step, "fields": fields})
    return {**template, "steps": steps}
