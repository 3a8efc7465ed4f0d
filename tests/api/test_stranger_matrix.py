"""Every operation of the API, by everybody who must not: drawn from the OpenAPI document.

A new route fails here until it stands in OPEN (needs nobody signed in, with the reason) or is closed to strangers, and
until RIGHTS says which members it is for.
"""

import re
from collections.abc import Callable, Iterator, Sized
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from httpx import Response
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import func, select, update
from uuid_utils.compat import uuid7

from plumbline import codes, db
from plumbline.grants.models import Grant, GrantView
from plumbline.identity.roles import MAY, SEES, Role
from plumbline.settings import Settings
from tests.support.bodies import drawn
from tests.support.cast import Actor, Cast
from tests.support.estate import (
    WORD,
    Estate,
    Outsiders,
    fingerprint,
    make_estate,
    make_outsiders,
    openapi,
    operations,
    single_roles,
)

Operation = tuple[str, str, dict[str, Any]]

# What answers people who are not signed in, and why that tells nothing of any project.
OPEN = {
    "GET /api/health": "says that the server lives",
    "GET /api/ready": "says that the server can work",
    "GET /api/definitions": "what ships with the product: standards, plans, words",
    "GET /api/definitions/{kind}/{key}": "the same, one at a time; a project's own need membership",
    "GET /api/roles": "the table of roles, which ships with the product",
    "POST /api/sign-in": "takes a password",
    "POST /api/join": "takes an invite's code",
    "POST /api/token": "takes a refresh token",
    "POST /api/sign-out": "takes a refresh token, and ends it",
    "POST /api/links/open": "takes a link's code",
    "GET /api/public/{code}": "takes a label's code, and answers where the project has opened its pages",
    "POST /api/public/{code}/faults": "the same, to report a fault there",
    "PUT /api/uploads/{upload_id}/content": "takes the token of its own address, as a presigned URL does",
    "PATCH /api/uploads/{upload_id}/content": "the same, chunk by chunk",
    "GET /api/originals/{project_id}/{sha256}": "takes the token of an address that was given out",
    "HEAD /api/uploads/{upload_id}/content": "the same, to ask how much is here",
    "PUT /api/uploads/{upload_id}/parts/{number}": "the same, one part of a large file",
}
# Of nobody's project: what a signed-in person sees of themselves.
OWN = {"GET /api/me", "GET /api/overview", "GET /api/me/push", "PUT /api/me/push", "POST /api/me/push/off"}
# Which members an operation is for; None: all. Named as in identity/roles.py.
RIGHTS: dict[str, frozenset[Role] | None] = {
    "POST /api/acts": None,  # Judged act by act: test_stranger_acts.py.
    "GET /api/codes/{code}": None,
    "GET /api/feed": None,
    "GET /api/projects/{project_id}/acts": None,  # Everybody's refused acts only by SEES["quarantine"].
    "GET /api/projects/{project_id}/acts/{act_id}": None,
    "POST /api/projects/{project_id}/acts/{type}": frozenset(),  # API keys alone.
    "GET /api/projects/{project_id}/api-keys": SEES["api-keys"],
    "POST /api/projects/{project_id}/api-keys": SEES["api-keys"],
    "DELETE /api/projects/{project_id}/api-keys/{key_id}": SEES["api-keys"],
    "GET /api/projects/{project_id}/causes": SEES["causes"],
    "GET /api/projects/{project_id}/causes/elements": SEES["causes"],
    "GET /api/projects/{project_id}/charts": SEES["scorecards"],
    "GET /api/projects/{project_id}/charts/choices": SEES["scorecards"],
    "GET /api/projects/{project_id}/contents": None,
    "GET /api/projects/{project_id}/defects/{defect_id}/costs": SEES["costs"],
    "GET /api/projects/{project_id}/defects/{defect_id}/parties": None,
    "GET /api/projects/{project_id}/devices": None,  # Everybody's only by SEES["devices"]; others their own.
    "GET /api/projects/{project_id}/devices/{device_id}/chain": SEES["devices"],
    "POST /api/projects/{project_id}/devices/{device_id}/revoke": SEES["devices"],
    "GET /api/projects/{project_id}/files/{sha256}": None,
    "POST /api/projects/{project_id}/files/{sha256}/link": None,
    "GET /api/projects/{project_id}/files/{sha256}/meta": None,
    "GET /api/projects/{project_id}/files/{sha256}/preview": None,
    "GET /api/projects/{project_id}/grants": SEES["grants"],
    "POST /api/projects/{project_id}/grants/{grant_id}/link": MAY["grant:issue"],
    "GET /api/projects/{project_id}/grants/{grant_id}/views": SEES["grants"],
    "GET /api/projects/{project_id}/holding": SEES["devices"],
    "POST /api/projects/{project_id}/holding/{device_id}/remind": SEES["devices"],
    "GET /api/projects/{project_id}/invites": SEES["invites"],
    "POST /api/projects/{project_id}/invites": MAY["member:admit"],
    "POST /api/projects/{project_id}/labels": None,
    "GET /api/projects/{project_id}/labels/{kind}/{file_name}": None,
    "GET /api/projects/{project_id}/lots/{lot_id}/record": None,
    "GET /api/projects/{project_id}/marks": None,
    "GET /api/projects/{project_id}/orphans": SEES["orphans"],
    "GET /api/projects/{project_id}/overview": SEES["overview"],
    "GET /api/projects/{project_id}/overview/records": SEES["overview"],
    "GET /api/projects/{project_id}/public-page": SEES["public-page"],
    "GET /api/projects/{project_id}/public-page/views": SEES["grants"],
    "GET /api/projects/{project_id}/quarantine": None,  # Everybody's only by SEES["quarantine"]; others their own.
    "GET /api/projects/{project_id}/quarantine/{case_id}": SEES["quarantine"],  # Others: their own.
    "GET /api/projects/{project_id}/recalls/preview": MAY["recall:open"],
    "GET /api/projects/{project_id}/recalls/{recall_id}/elsewhere": None,
    "GET /api/projects/{project_id}/recalls/{recall_id}/people": SEES["recall-people"],
    "GET /api/projects/{project_id}/recalls/{recall_id}/report": SEES["recall-people"],
    "GET /api/projects/{project_id}/scorecards": SEES["scorecards"],
    "GET /api/projects/{project_id}/scorecards/records": SEES["scorecards"],
    "GET /api/projects/{project_id}/snapshot": None,
    "GET /api/projects/{project_id}/steps/{step_id}": None,
    "GET /api/projects/{project_id}/suppliers": SEES["suppliers"],
    "POST /api/projects/{project_id}/suppliers/match": SEES["suppliers"],
    "GET /api/projects/{project_id}/tasks/import-template.csv": None,
    "POST /api/projects/{project_id}/tasks/import/preview": MAY["task:import"],
    "GET /api/projects/{project_id}/tasks/{task_id}/record": None,
    "GET /api/projects/{project_id}/trace": None,
    "GET /api/projects/{project_id}/trace/stream": None,
    "POST /api/projects/{project_id}/uploads": None,
    "DELETE /api/projects/{project_id}/uploads/{upload_id}": None,
    "GET /api/projects/{project_id}/uploads/{upload_id}/parts": None,
    "POST /api/projects/{project_id}/uploads/{upload_id}/parts": None,
    "POST /api/projects/{project_id}/uploads/{upload_id}/complete": None,
}
# Values of parameters that are no ids, for all operations alike.
PLAIN = {"kind": "lot", "type": "lot:receive", "direction": "both", "size": "320", "limit": "50", "text": WORD}
PLAIN |= {
    "q": WORD,
    "cursor": "0",
    "after": f"0~lot~{uuid7()}",
    "base": "0",
    "offset": "0",
    "number": "1",
    "show": "all",
    "verdict": "refused",
    "version": "1",
    "key": "concrete_pour",
    "heat": f"{WORD}-H",
    "manufacturer": WORD,
    "material": "concrete_readymix_cn",
    "since": "2020-01-01",
    "until": "2030-01-01",
    "note": WORD,
    "depth": "9",
    "certain": "false",
    "shares": "true",
    "cell": "exposed_sound",
    "of": "crew",
    "by": "crew",
    "metric": "first_pass",
    "month": "2026-11",
    "what": "lots_stopped",
    "trade": "-",
}
# Words that mean something else in one operation.
SPECIAL = {
    ("GET /api/projects/{project_id}/labels/{kind}/{file_name}", "size"): "60x40",
    ("GET /api/projects/{project_id}/marks", "kind"): "code128",
    **{
        (f"GET /api/projects/{{project_id}}/{trace}", name): day
        for trace in ("trace", "trace/stream")
        for name, day in (("since", "2020-01-01T00:00:00Z"), ("until", "2100-01-01T00:00:00Z"))
    },
}
# Refused to every session before anything is looked up: only another system's key may have the server sign.
KEYS_ONLY = "POST /api/projects/{project_id}/acts/{type}"
# Open to links, but not to this one with these questions.
NOT_SHOWN_HERE = {
    "GET /api/projects/{project_id}/acts": "a link asks for the acts of one thing, and for none that were refused",
    "GET /api/projects/{project_id}/files/{sha256}": "the link was given without the right to originals",
    "GET /api/projects/{project_id}/files/{sha256}/preview": "no job has made one of the estate's file",
}
# What tells a member that something is not for them; other problems say what is wrong with the request.
NO = {"/problems/not-allowed", "/problems/not-found", "/problems/sign-in-needed", "/problems/api-key-needed"}
# What is answered about anything that is not there or not to be seen; about a code: what every unknown code gets.
NOT_THERE = {"GET /api/codes/{code}": (404, "/problems/code-unknown")}
CSV = b"code,name,level\nX-1,a wall,element\n"


@pytest.fixture
def estate(cast: Cast, settings: Settings) -> Estate:
    """The project that must not be seen."""
    return make_estate(cast, settings)


@pytest.fixture
def outsiders(estate: Estate) -> Outsiders:
    """Those who must not see it."""
    return make_outsiders(estate.cast)


def name_of(operation: Operation) -> str:
    return f"{operation[0]} {operation[1]}"


def closed(app: Litestar) -> list[Operation]:
    return [o for o in operations(app) if name_of(o) not in OPEN and name_of(o) not in OWN]


class Count:
    """How many questions were asked, and which answers told too much."""

    def __init__(self, note: Callable[[str, object], None], kind: str) -> None:
        self._note, self._kind = note, kind

    def told(self, what: str, cells: int, leaks: Sized) -> None:
        """Print it with the run's other counts."""
        self._note(f"stranger matrix, {what}, {self._kind}", f"{cells} cells, {len(leaks)} leaks")


@pytest.fixture
def counted(record_property: Callable[[str, object], None], cast: Cast) -> Count:
    """What this test counts."""
    return Count(record_property, cast.engine.dialect.name)


class Asking:
    """Requests of one person, with the ids that `ids` tells for parameters and fields."""

    def __init__(self, app: Litestar, who: Actor, ids: Any, project_id: object) -> None:
        self._root = openapi(app)
        self._who, self._ids, self._project_id = who, ids, str(project_id)

    def value(self, name: str) -> str:
        if name in ("project_id", "project"):
            return self._project_id
        return PLAIN[name] if name in PLAIN else str(self._ids(name))

    def ask(self, operation: Operation) -> Response:
        verb, path, described = operation
        filled = re.sub(r"\{(\w+)\}", lambda part: self.value(part[1]), path)
        names = [p["name"] for p in described.get("parameters", []) if p["in"] == "query"]
        query = {name: SPECIAL.get((name_of(operation), name)) or self.value(name) for name in names}
        headers = self._who.headers if self._who.token else {}
        return self._who.client.request(verb, filled, params=query, headers=headers, **self._body(operation))

    def _body(self, operation: Operation) -> dict[str, Any]:
        content = operation[2].get("requestBody", {}).get("content", {})
        if "application/json" in content:
            schema = content["application/json"]["schema"]
            return {"json": drawn(schema, self._root, name_of(operation), "", self.value)}
        if "multipart/form-data" in content:
            return {"files": {"file": ("tasks.csv", CSV)}}
        return {"json": {"envelopes": []}} if operation[1] == "/api/acts" else {}


def made_up(name: str) -> str:
    """Ids that nothing has."""
    shapes = {"code": codes.make_code(), "sha256": "0" * 64, "file_name": f"{uuid7()}.png", "file": "0" * 64}
    return shapes.get(name, str(uuid7()))


def told(answer: Response) -> tuple[int, str | None]:
    """What an answer gives away without its words: the status, and the problem of a refusal."""
    return answer.status_code, answer.json().get("type") if answer.is_error else None


def held_against(answers: dict[str, Response], allowed: set[int]) -> dict[str, str]:
    """Answers that are not refusals of the kind that is due, or that show something."""
    return {
        name: f"{answer.status_code}: {answer.text[:200]}"
        for name, answer in answers.items()
        if answer.status_code not in allowed or WORD in answer.text
    }


def other_than_nothing(answers: dict[str, Response]) -> dict[str, str]:
    """Answers that differ, in status or problem, from those about what is not there."""
    due = {name: NOT_THERE.get(name.split(": ")[1], (404, "/problems/not-found")) for name in answers}
    return {name: str(told(answer)) for name, answer in answers.items() if told(answer) != due[name]}


def listed(cells: dict[str, str]) -> str:
    """One cell a line, for the message of a failure."""
    return "\n".join(f"{name}  {answer}" for name, answer in cells.items())


def test_every_operation_is_known(app: Litestar) -> None:
    names = {name_of(o) for o in operations(app)}

    assert names - set(OPEN) - OWN - set(RIGHTS) == set(), "say in RIGHTS or OPEN who these are for"
    assert (set(OPEN) | OWN | set(RIGHTS)) - names == set(), "gone from the API"


def forged(settings: Settings, actor: Actor) -> Actor:
    """The actor with a token of the same claims, signed by another secret."""
    claims = jwt.decode(actor.token, options={"verify_signature": False})
    token = jwt.encode(claims, "another secret, long enough for the algorithm", algorithm="HS256")
    return Actor(actor.client, "", actor.person_id, actor.project_id, actor.device, token)


def without_seat(cast: Cast, outsiders: Outsiders, settings: Settings) -> Iterator[tuple[str, Actor]]:
    yield "nobody", Actor(cast.client, "", uuid7(), cast.project_id)
    yield "forged token", forged(settings, cast.project_manager)
    yield "revoked device", outsiders.revoked


def elsewhere(cast: Cast, outsiders: Outsiders) -> Iterator[tuple[str, Actor]]:
    yield "other project, other organization", cast.stranger
    yield "other project", outsiders.neighbour
    yield "removed member", outsiders.removed
    yield "invited, not confirmed", outsiders.waiting


def test_nobody_gets_in_without_a_session(
    app: Litestar, estate: Estate, outsiders: Outsiders, settings: Settings, counted: Count
) -> None:
    before = fingerprint(estate.cast.engine, estate.project_id)
    cells = {
        f"{who}: {name_of(o)}": Asking(app, actor, estate.value, estate.project_id).ask(o)
        for who, actor in without_seat(estate.cast, outsiders, settings)
        for o in closed(app)
    }

    counted.told("without a session", len(cells), held_against(cells, {401}))
    assert not held_against(cells, {401}), listed(held_against(cells, {401}))
    assert fingerprint(estate.cast.engine, estate.project_id) == before


def test_to_people_from_elsewhere_the_project_does_not_exist(
    app: Litestar, estate: Estate, outsiders: Outsiders, counted: Count
) -> None:
    before = fingerprint(estate.cast.engine, estate.project_id)
    cells = {
        f"{who}: {name_of(o)}": Asking(app, actor, estate.value, estate.project_id).ask(o)
        for who, actor in elsewhere(estate.cast, outsiders)
        for o in closed(app)
        if o[1] != "/api/acts" and name_of(o) != KEYS_ONLY
    }

    leaks = held_against(cells, {404}) | other_than_nothing(cells)
    counted.told("people from elsewhere", len(cells), leaks)
    assert not leaks, listed(leaks)
    assert fingerprint(estate.cast.engine, estate.project_id) == before


def test_foreign_ids_in_ones_own_project_are_ids_that_nothing_has(
    app: Litestar, estate: Estate, outsiders: Outsiders, counted: Count
) -> None:
    """The estate's ids in path, query and body under the neighbour's own project: as if they were made up."""
    before = fingerprint(estate.cast.engine, estate.project_id)
    home = outsiders.neighbour
    differ = {}
    for operation in closed(app):
        theirs = Asking(app, home, estate.value, home.project_id).ask(operation)
        nothing = Asking(app, home, made_up, home.project_id).ask(operation)
        is_shown = WORD in theirs.text.replace(f'"value":"{WORD}"', "")
        if is_shown or told(theirs) != told(nothing):
            differ[name_of(operation)] = f"{told(theirs)} instead of {told(nothing)}: {theirs.text[:200]}"

    counted.told("foreign ids in path, query and body", len(closed(app)), differ)
    assert differ == {}
    assert fingerprint(estate.cast.engine, estate.project_id) == before


def holder_of(estate: Estate) -> Actor:
    """Somebody who has opened the estate's link."""
    opened = estate.cast.client.post("/api/links/open", json={"code": estate.codes["link_code"]}).json()
    return Actor(estate.cast.client, "", uuid7(), estate.project_id, token=opened["access_token"])


def revoked(estate: Estate) -> None:
    estate.cast.administrator.did("grant:revoke", UUID(estate.ids["grant"]), {"reason": "enough"})


def expired(estate: Estate) -> None:
    with db.writing(estate.cast.engine) as session:
        session.execute(update(Grant).values(expires_at=db.now() - timedelta(seconds=1)))


@pytest.mark.parametrize("end", [revoked, expired])
def test_a_link_that_has_ended_opens_nothing(
    app: Litestar, estate: Estate, counted: Count, end: Callable[[Estate], None]
) -> None:
    holder = holder_of(estate)
    assert WORD in holder.get(holder.at("/contents")).text, "the link must show something while it stands"
    end(estate)

    cells = {name_of(o): Asking(app, holder, estate.value, estate.project_id).ask(o) for o in closed(app)}

    counted.told(f"links that were {end.__name__}", len(cells), held_against(cells, {401, 403, 410}))
    assert held_against(cells, {401, 403, 410}) == {}
    # Where it had been let in, it is told why it no longer is; nowhere else is a link known at all.
    assert {name for name, answer in cells.items() if answer.status_code == 410} == open_to_links(app)
    problems = {told(cells[name])[1] for name in open_to_links(app)}
    assert problems == {f"/problems/link-{end.__name__}"}


def logged(estate: Estate) -> int:
    """How many views of links stand in the log."""
    with db.reading(estate.cast.engine) as session:
        return int(session.execute(select(func.count()).select_from(GrantView)).scalar_one())


def open_to_links(app: Litestar) -> set[str]:
    """The operations that take whoever reads by a link, by what their functions ask for."""
    handlers = [
        h for route in app.routes for h in getattr(route, "route_handlers", []) if isinstance(h, HTTPRouteHandler)
    ]
    shown = [h for h in handlers if "viewer" in h.parsed_fn_signature.parameters]
    return {f"{verb} {path}" for h in shown for verb in h.http_methods for path in map(template, h.paths)}


def template(path: str) -> str:
    """A path as the OpenAPI document writes it: no types, no slash at the end."""
    return re.sub(r":\w+}", "}", path).rstrip("/")


def test_a_link_reads_what_is_open_to_links_each_view_is_logged_and_it_writes_nothing(
    app: Litestar, estate: Estate, counted: Count
) -> None:
    before = fingerprint(estate.cast.engine, estate.project_id)
    holder = holder_of(estate)
    done, unlogged, lines = set(), {}, logged(estate)
    for operation in closed(app):
        answer = Asking(app, holder, estate.value, estate.project_id).ask(operation)
        if not answer.is_error:
            done.add(name_of(operation))
            if logged(estate) != lines + 1:
                unlogged[name_of(operation)] = str(answer.status_code)
            lines = logged(estate)

    assert done | set(NOT_SHOWN_HERE) == open_to_links(app)
    assert done.isdisjoint(NOT_SHOWN_HERE)
    counted.told("writing by a link", sum(o[0] != "GET" for o in closed(app)), {o for o in done if o[:4] != "GET "})
    counted.told("views by a link, logged each", len(done), unlogged)
    assert unlogged == {}
    after = fingerprint(estate.cast.engine, estate.project_id)
    assert after.pop("grant_view") > before.pop("grant_view"), "the views are logged"
    assert after == before


def test_each_role_gets_what_its_row_says_and_no_more(app: Litestar, estate: Estate, counted: Count) -> None:
    members = single_roles(estate)
    wrong = {}
    for operation in closed(app):
        allowed = RIGHTS[name_of(operation)]
        for role, actor in members.items():
            answer = Asking(app, actor, estate.value, estate.project_id).ask(operation)
            is_refused = answer.is_error and answer.json().get("type") in NO
            if is_refused == (allowed is None or role in allowed):
                wrong[f"{role}: {name_of(operation)}"] = f"{answer.status_code}: {answer.text[:120]}"

    counted.told("roles", len(closed(app)) * len(members), wrong)
    assert not wrong, listed(wrong)
