"""The one document of definitions that phones and office screens keep: what forms, scans and gates need.

Plans are complete, for the phone judges too. Of materials it leaves out the property and chemistry limits, which
only the server reads.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from plumbline.definitions import catalogue
from plumbline.definitions.catalogue import Body, Definition

_MATERIAL_KEYS = (
    "id",
    "category",
    "region",
    "names",
    "aliases",
    "grades",
    "sizes",
    "proof",
    "shelf_life",
    "use_window",
)
_RETEST_KEYS = ("required", "witnessed", "names", "lots", "samples", "properties", "time_to_result_days")
_CERTIFICATE_KEYS = ("required_kind", "documents", "must_show")
_PLAN_TABLES = (
    "point_kinds",
    "roles",
    "actions",
    "field_types",
    "evidence_kinds",
    "environment_fields",
    "precondition_kinds",
    "time_window_kinds",
    "measured_points",
    "confidence_levels",
)


@dataclass(frozen=True)
class Document:
    """The slim document as it is sent. `etag` is a strong entity tag without its quotes, for the plain bytes."""

    plain: bytes
    gzipped: bytes
    etag: str


@lru_cache
def document() -> Document:
    """The shipped definitions for phones; made once in a process."""
    plain = json.dumps(slim(), ensure_ascii=False, separators=(",", ":")).encode()
    # mtime=0: the same definitions give the same bytes on every server behind a load balancer.
    return Document(plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:32])


def slim() -> Body:
    """The document as data: materials, plans, tables of words, condition keys in use, glossary."""
    itp = catalogue.data("itp.json")
    plans = [slim_plan(d) for d in catalogue.plans()]
    return {
        "version": catalogue.SHIPPED_VERSION,
        "materials": [slim_material(d) for d in catalogue.materials()],
        "plans": plans,
        **{name: itp[name] for name in _PLAN_TABLES},
        "condition_keys": _keys_in_use(plans),
        "certificate_kinds": _certificate_kinds(),
        "proof_kinds": catalogue.data("materials.json")["proof_kinds"],
        "property_names": {k: p["names"] for k, p in catalogue.data("materials.json")["properties"].items()},
        "unit_names": catalogue.data("additions.json")["unit_names"],
        "glossary": catalogue.data("glossary.json")["groups"],
    }


def slim_material(definition: Definition) -> Body:
    """A material type without its property limits; `units` are what it is counted in, base unit first."""
    body = definition.body
    return {
        **{key: body[key] for key in _MATERIAL_KEYS if body.get(key) is not None},
        "version": definition.version,
        "content_sha256": definition.content_sha256,
        "standard": {k: body["standard"][k] for k in ("code", "title") if k in body["standard"]},
        "identity_keys": body["traceability"]["identity_keys"],
        "certificate": {key: body["certificate"][key] for key in _CERTIFICATE_KEYS if key in body["certificate"]},
        "retest": {key: body["retest"][key] for key in _RETEST_KEYS if key in body["retest"]},
        "units": catalogue.units(body["id"]),
    }


def slim_plan(definition: Definition) -> Body:
    """A plan with its version; its evidence has ids, and each step names the conditions that its limits ask for."""
    steps = []
    for step in definition.body["steps"]:
        evidence = [{"id": id, **needed} for id, needed in catalogue.evidence_ids(step)]
        steps.append({**step, "evidence": evidence, "conditions": sorted(conditions_of(step))})
    return {
        **definition.body,
        "steps": steps,
        "version": definition.version,
        "content_sha256": definition.content_sha256,
    }


def conditions_of(step: Mapping[str, Any]) -> set[str]:
    """Condition keys that the limits and fields of a step read and that are no fields of it."""
    fields = {field["id"] for field in step["fields"]}
    return set(_keys(step["fields"])) - fields


def _keys(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for entry in node:
            yield from _keys(entry)
        return
    if not isinstance(node, Mapping):
        return
    for name, value in node.items():
        if name == "when":
            yield from value
        elif name == "unless":
            for waiver in value if isinstance(value, list) else [value]:
                yield from waiver
        elif name == "plus":
            yield value["key"]
        elif name == "design_key":
            yield value
        else:
            yield from _keys(value)


def _keys_in_use(plans: list[Body]) -> Body:
    """Keys of conditions in plans, and in the parts of materials that this document has."""
    plan_keys = catalogue.data("itp.json")["condition_keys"]
    material_keys = catalogue.data("materials.json")["condition_keys"]
    used = set(_keys(plans)) | set(_keys([slim_material(d) for d in catalogue.materials()]))
    return {key: plan_keys.get(key) or material_keys[key] for key in sorted(used)}


def _certificate_kinds() -> Body:
    kinds: Body = catalogue.data("materials.json")["certificate_kinds"]
    return {key: kind for key, kind in kinds.items() if key != "en10204"}
