"""The API reference as a page: every route, act type and refusal, drawn from the code itself.

`plumbline reference` writes it; a test holds the committed API.md against it.
"""

from typing import Any, get_args

from litestar import Litestar

from plumbline.acts.registry import ACTS, Body
from plumbline.identity.roles import MAY
from plumbline.problems import every_problem

HEAD = """# API reference

Drawn from the code by `plumbline reference`; the machine-readable document is at `/schema/openapi.json`.

Everything under `/api` wants `Authorization: Bearer …`: the access token of a sign-in, or an API key (`plk_…`), except
`/api/sign-in`, `/api/join`, `/api/token`, `/api/health`, `/api/ready` and `/api/definitions`. `Accept-Language` chooses
the language of refusals (`zh…` Chinese, else English). Refusals are problem documents (RFC 9457).

Other systems write with `POST /api/projects/{project_id}/acts/{type}`: choose a UUIDv7 as `id` (the idempotency key:
the same id again gets the same answer), name the `object` the act is about, and give the `body` of its type from the
table below. Quantities are decimal strings with a unit. Reading back: `GET /api/feed?project=…&cursor=…`.
"""


def page(app: Litestar) -> str:
    """The whole page as Markdown."""
    document: dict[str, Any] = app.openapi_schema.to_schema()
    parts = [HEAD, "## Routes\n", *_routes(document), "## Acts\n", *_acts(), "## Refusals\n", *_refusals()]
    return "\n".join(parts).rstrip() + "\n"


def _routes(document: dict[str, Any]) -> list[str]:
    lines = ["| Route | Parameters | Answer | What it does |", "| --- | --- | --- | --- |"]
    for path, methods in sorted(document["paths"].items()):
        for method, route in sorted(methods.items()):
            does = _cell(route.get("description", ""))
            lines.append(f"| `{method.upper()} {path}` | {_parameters(route)} | {_answer(route)} | {does} |")
    return [*lines, ""]


def _parameters(route: dict[str, Any]) -> str:
    names = [p["name"] + ("" if p.get("required") else "?") for p in route.get("parameters", []) if p["in"] == "query"]
    body = route.get("requestBody", {}).get("content", {})
    names += [f"body: {_name(kind.get('schema', {}))}" for kind in body.values()]
    return _cell(", ".join(names)) or "–"


def _answer(route: dict[str, Any]) -> str:
    for status, answer in sorted(route["responses"].items()):
        if status.startswith("2"):
            kinds = [_name(c.get("schema", {})) for c in answer.get("content", {}).values()]
            return f"{status} {', '.join(kinds)}".strip()
    return "–"


def _name(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if schema.get("type") == "array":
        return f"list of {_name(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "")


def _acts() -> list[str]:
    lines = [
        "`?` marks what may be left out.",
        "",
        "| Type | Body | Who may | What it does |",
        "| --- | --- | --- | --- |",
    ]
    for name, act in sorted(ACTS.items()):
        who = "the server only" if act.by_house else ", ".join(sorted(MAY[name])) or "the server only"
        lines.append(f"| `{name}` | {_fields(act.body)} | {who} | {_cell(act.apply.__doc__ or '')} |")
    return [*lines, ""]


def _fields(body: type[Body]) -> str:
    return ", ".join(
        f"{name}{'' if field.is_required() else '?'}{_inner(field.annotation)}"
        for name, field in body.model_fields.items()
    )


def _inner(annotation: Any) -> str:
    """The fields of a body inside a list: ` [{lot, quantity}]`."""
    for inner in get_args(annotation):
        if isinstance(inner, type) and issubclass(inner, Body):
            return f" [{{{_fields(inner)}}}]"
    return ""


def _refusals() -> list[str]:
    lines = ["| Type | Status | Title | 中文 |", "| --- | --- | --- | --- |"]
    lines += [f"| `/problems/{p.slug}` | {p.status} | {p.title['en']} | {p.title['zh']} |" for p in every_problem()]
    return lines


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
