"""Bodies drawn from schemas: whatever a route or an act type takes, filled with one estate's ids.

So a new act type or route is tried without being written down; where a schema alone does not say what makes sense,
SAID does.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from plumbline.acts.registry import Registered

Ids = Callable[[str], str]
Schema = Mapping[str, Any]

# What a field of this name holds when its schema only says "text"; `type.field` goes before `field`.
SAID: dict[str, Any] = {
    "approval:decide.reason": "more photos",
    "bytes": 100,
    "certificate:attach.kind": "mill_certificate",
    "code": "X-1",
    "equipment:add.kind": "pump",
    "grant:issue.expires_at": "2026-12-01T00:00:00Z",
    "defect:raise.kind": "crack",
    "defect:raise.x": "0.5",
    "defect:raise.y": "0.5",
    "key": "concrete_pour",
    "lat": "31.2308",
    "lon": "121.4711",
    # Two lots that differ, which no schema can say.
    "lot:merge.inputs": [
        {"lot": f"00000000-0000-7000-8000-00000000000{n}", "quantity": "1", "unit": "m3"} for n in (1, 2)
    ],
    "ncr:cause.factors": {"material": ["wet"]},
    "ncr:cost.amount": "100",
    "ncr:cost.currency": "CNY",
    "material": "concrete_readymix_cn",
    "property": "compressive_28d",
    "public_key": "BA" + "A" * 86,
    "quantity": "1",
    "quarantine:answer.decision": "taken_over",
    "recall:dispose.disposition": "in_stock",
    "roles": ["crew"],
    "seed": "ab" * 32,
    "site": [],
    "step:record.kind": "concrete_pour.delivery_check",
    "task:add.plan": "concrete_pour",
    "test:record.kind": "retest",
    "time_zone": "Asia/Shanghai",
    "title": "a crack",
    "unit": "m3",
    "value": "32.5",
}
CODES = frozenset({"sha256", "file", "code_sha256", "qr"})


def act_body(registered: Registered, ids: Ids) -> dict[str, Any]:
    """A body that the act type's schema takes. Raises AssertionError for a type that needs a word in SAID."""
    schema = registered.body.model_json_schema()
    body: dict[str, Any] = drawn(schema, schema, registered.name, "", ids)
    try:
        registered.body.model_validate_json(json.dumps(body), strict=True)
    except ValueError as bad:
        raise AssertionError(f"{registered.name}: say in tests/support/bodies.py how its body looks: {bad}") from bad
    return body


def drawn(schema: Schema, root: Schema, of: str, name: str, ids: Ids) -> Any:
    """One value that a JSON schema allows; `of` is the act type or route, `name` the field's."""
    if f"{of}.{name}" in SAID:
        return SAID[f"{of}.{name}"]
    schema = _plain(schema, root)
    if "const" in schema or schema.get("enum"):
        return schema["const"] if "const" in schema else schema["enum"][0]
    kind = schema.get("type", "string")
    kind = next(k for k in kind if k != "null") if isinstance(kind, list) else kind
    if kind == "object":
        fields = schema.get("properties", {})
        return {key: drawn(inner, root, of, key, ids) for key, inner in fields.items()}
    if name in SAID and "{26}" not in schema.get("pattern", ""):
        return SAID[name]
    if kind == "array":
        return [drawn(schema.get("items", {}), root, of, name, ids)]
    if kind in ("integer", "number"):
        return int(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
    return False if kind == "boolean" else _text(schema, name, ids)


def _plain(schema: Schema, root: Schema) -> Schema:
    """Without references and alternatives: the first that is more than null."""
    while True:
        if "$ref" in schema:
            found: Any = root
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        elif choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
            schema = next(choice for choice in choices if choice.get("type") != "null")
        else:
            return schema


def _text(schema: Schema, name: str, ids: Ids) -> str:
    formats = {"date": "2026-11-20", "date-time": "2026-11-20T08:00:00Z"}
    if schema.get("format") == "uuid" or name in CODES:
        return ids(name)
    if "{26}" in schema.get("pattern", ""):  # The code of a label.
        return ids("qr")
    if schema.get("format") in formats:
        return formats[schema["format"]]
    return "x" * max(1, int(schema.get("minLength", 1)))
