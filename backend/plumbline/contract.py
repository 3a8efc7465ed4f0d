"""What the OpenAPI document says beside the routes' own types: refusals by status, and what wants a token.

A route lists its refusals in its docstring, after "Problems:", by their slugs; from there they come into the document,
so that what people read and what machines read is one text. Fuzzing holds both against what the routes answer.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Any

from litestar import Litestar
from litestar.datastructures import MutableScopeHeaders
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import (
    Components,
    OpenAPI,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Reference,
    Schema,
    SecurityScheme,
)
from litestar.routes import HTTPRoute
from litestar.types import Message, Scope

from plumbline.outage import DatabaseUnavailable, DiskFull
from plumbline.problems import Malformed, NotFound, Problem, SignInNeeded, TooLarge, every_problem

TOKEN = "bearer"
PROBLEM_SCHEMA = "Problem"
# What any route may answer when database or disk are away.
ALWAYS: tuple[type[Problem], ...] = (DatabaseUnavailable, DiskFull)


def describe(app: Litestar) -> None:
    """Complete the document of `app`: refusals of every route, the token, the form of a problem document."""
    document = app.openapi_schema
    components = document.components = document.components or Components()
    components.schemas = {**(components.schemas or {}), PROBLEM_SCHEMA: _problem_schema()}
    components.security_schemes = {TOKEN: SecurityScheme(type="http", scheme="bearer", bearer_format="JWT or API key")}
    by_slug = {problem.slug: problem for problem in every_problem()}
    for handler, operation in _operations(app, document):
        operation.description = inspect.getdoc(_written(handler))
        refusals = [*_listed(operation, by_slug), *_implied(handler, operation), *ALWAYS]
        operation.responses = {**_answers(operation), **_refusals(refusals)}
        if _wants_token(handler):
            operation.security = [{TOKEN: []}]


async def tell_methods(message: Message, scope: Scope) -> None:
    """Answer OPTIONS with every method of the path: Litestar names only those of the handler registered first."""
    if message["type"] != "http.response.start" or scope.get("method") != "OPTIONS":
        return
    path = scope.get("path_template")
    routes = [r for r in scope["litestar_app"].routes if isinstance(r, HTTPRoute) and r.path_format == path]
    methods = {method for route in routes for method in route.methods}
    if methods:
        MutableScopeHeaders.from_message(message)["Allow"] = ", ".join(sorted(methods))


def _operations(app: Litestar, document: OpenAPI) -> Iterator[tuple[HTTPRouteHandler, Operation]]:
    for route in app.routes:
        item = (document.paths or {}).get(route.path_format) if isinstance(route, HTTPRoute) else None
        if item is None:
            continue
        assert isinstance(route, HTTPRoute)
        for handler in route.route_handlers:
            for method in handler.http_methods:
                operation = getattr(item, method.lower(), None)
                if operation is not None:
                    yield handler, operation


def _written(handler: HTTPRouteHandler) -> Any:
    """The function as it was written: where handlers share a path, the framework tells its wrapper's docstring."""
    function: Any = handler.fn
    while hasattr(function, "func"):
        function = function.func
    return function


def listed(description: str) -> list[str]:
    """The slugs that a docstring names after "Problems:", to the end of that sentence; notes in brackets aside."""
    _, _, named = re.sub(r"Problems[^:.]*:", "Problems:", description).partition("Problems:")
    sentence = re.sub(r"\([^)]*\)", "", named).partition(".")[0]
    return re.findall(r"[a-z][a-z-]+", sentence)


def _listed(operation: Operation, by_slug: dict[str, type[Problem]]) -> list[type[Problem]]:
    # Slugs that are none are found by a test; the server need not refuse to start for a word.
    return [by_slug[slug] for slug in listed(operation.description or "") if slug in by_slug]


def _implied(handler: HTTPRouteHandler, operation: Operation) -> Iterator[type[Problem]]:
    """What the layers before the route refuse: no token, an unreadable path, parameter or body."""
    if _reads(handler, "reader", "maybe_reader", "viewer"):
        yield SignInNeeded
    if any(isinstance(p, Reference) or p.param_in == "path" for p in operation.parameters or []):
        yield NotFound
    if operation.parameters or operation.request_body:
        yield Malformed
    if operation.request_body:
        yield TooLarge


def _wants_token(handler: HTTPRouteHandler) -> bool:
    return _reads(handler, "reader")


def _reads(handler: HTTPRouteHandler, *names: str) -> bool:
    return any(name in handler.parsed_fn_signature.parameters for name in names)


def _answers(operation: Operation) -> dict[str, OpenAPIResponse | Reference]:
    """Without the 400 that the framework assumes: ours is a problem document with 422."""
    return {status: answer for status, answer in (operation.responses or {}).items() if status != "400"}


def _refusals(problems: list[type[Problem]]) -> dict[str, OpenAPIResponse | Reference]:
    by_status: dict[int, list[str]] = {}
    for problem in problems:
        slugs = by_status.setdefault(problem.status, [])
        if problem.slug not in slugs:
            slugs.append(problem.slug)
    content = {"application/problem+json": OpenAPIMediaType(schema=Reference(f"#/components/schemas/{PROBLEM_SCHEMA}"))}
    return {
        str(status): OpenAPIResponse(description=", ".join(slugs), content=dict(content))
        for status, slugs in sorted(by_status.items())
    }


def _problem_schema() -> Schema:
    text = Schema(type=OpenAPIType.STRING)
    known: dict[str, Any] = {"type": text, "title": text, "detail": text, "status": Schema(type=OpenAPIType.INTEGER)}
    return Schema(
        type=OpenAPIType.OBJECT,
        title=PROBLEM_SCHEMA,
        description="A refusal (RFC 9457). `type` is /problems/<slug>; further members name ids and numbers.",
        properties=known,
        required=list(known),
    )
