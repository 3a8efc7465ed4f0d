"""The estate of one project, for those who must not see it: one thing of every kind, each marked with one word.

An answer that holds the word has shown something of the project, whatever its status and wherever the word stands.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from litestar import Litestar
from sqlalchemy import Engine, Table, func, select
from sqlmodel import SQLModel
from uuid_utils.compat import uuid7

from plumbline import codes, db
from plumbline.acts.registry import ACTS
from plumbline.identity.roles import Role
from plumbline.recalls.freezing import item_id
from plumbline.settings import Settings
from tests.support import evidence, works
from tests.support.bodies import act_body
from tests.support.cast import Actor, Cast, newcomer
from tests.support.device import TestDevice

WORD = "KESTREL"
# Other words of paths and bodies for things that the estate has.
ALSO = {"parent": "task", "node": "lot", "object": "lot", "id": "lot", "thing": "lot", "scope": "lot"}
ALSO |= {"into": "organization"}
ALSO |= {
    "depends_on": "act",
    "supersedes": "act",
    "before": "grant",
    "people": "person",
    "things": "lot",
    "owner": "person",
    "operator": "person",
    "of": "lot",
    "to": "place",
    "via": "place",
}


@dataclass
class Estate:
    """Ids and codes of what the project owns; `ids` by the word that paths and bodies use for them."""

    cast: Cast
    ids: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)  # Codes and hashes: names for things that are no UUID.

    def value(self, word: str) -> str:
        """The estate's own thing for a parameter or field of this name: `lot_id`, `lots`, `supplier`, `sha256`."""
        if word == "qr":
            return codes.make_code()  # A code is one thing's on the whole server, so each body has its own.
        known = self.ids | self.codes
        word = ALSO.get(word.removesuffix("_id"), word)
        for name in (word, word.removesuffix("_id"), word.removesuffix("_ids"), word.removesuffix("s")):
            if name in known:
                return known[name]
        raise LookupError(f"{word}: the estate of tests/support/estate.py has none; add one")

    @property
    def project_id(self) -> UUID:
        """The project that owns it."""
        return self.cast.project_id


def make_estate(cast: Cast, settings: Settings) -> Estate:
    """Everything a project can own, made through its own doors."""
    estate = Estate(cast)
    _build(estate, settings)
    _let_in(estate)
    return estate


def _build(estate: Estate, settings: Settings) -> None:
    cast = estate.cast
    qr = codes.make_code()
    task = works.add_task(cast, code=f"{WORD}-T", name=f"{WORD} 墙", name_en=f"{WORD} wall")
    lot = works.receive_lot(
        cast.storekeeper, supplier=str(cast.supplier), heat_no=f"{WORD}-H", delivery_note=f"{WORD}-D", qr=qr
    )
    photo = f"{WORD} photo".encode()
    sha256 = evidence.send(cast.foreman, photo)
    file = evidence.claim(photo)
    step = uuid7()
    poured = {**works.pour(task, (lot, "2")), "note": f"{WORD} poured"}
    act = cast.foreman.did("step:record", step, poured, files=[file])["id"]
    decision, defect, certificate, test = uuid7(), uuid7(), uuid7(), uuid7()
    cast.project_manager.did("approval:decide", decision, works.decide(step, "ask", f"{WORD}: one more photo"))
    cast.quality.did("defect:raise", defect, {"task": str(task), "title": f"{WORD} crack", "severity": "major"})
    paper = {"kind": "mill_certificate", "number": f"{WORD}-C", "lots": [str(lot)]}
    cast.storekeeper.did("certificate:attach", certificate, paper, files=[evidence.claim(photo, role="certificate")])
    result = {"lot": str(lot), "kind": "retest", "result": "pending", "report_no": f"{WORD}-R"}
    cast.quality.did("test:record", test, result)
    refused = cast.crew_member.do("lot:scrap", lot, {"quantity": "1", "reason": f"{WORD} wet"})
    machine, roll, recall = uuid7(), uuid7(), uuid7()
    drill = {"kind": "lot", "things": [str(lot)], "reason": f"{WORD} drill", "drill": True}
    cast.quality.did("recall:open", recall, drill)
    cast.administrator.did("roll:reserve", roll, act_body(ACTS["roll:reserve"], lambda name: str(uuid7())))
    cast.foreman.did("equipment:add", machine, {"code": f"{WORD}-E", "name": f"{WORD} pump", "kind": "pump"})
    estate.codes |= {"code": qr, "sha256": sha256, "file": sha256, "file_name": f"{lot}.png"}
    known = {"project": cast.project_id, "task": task, "lot": lot, "step": step, "act": act, "decision": decision}
    known |= {
        "defect": defect,
        "certificate": certificate,
        "test": test,
        "equipment": machine,
        "roll": roll,
        "recall": recall,
        "item": item_id(recall, "stock", lot),
        "case": refused["id"],
    }
    known |= {"place": cast.place, "crew": cast.crew, "organization": cast.contractor, "supplier": cast.supplier}
    known |= {"laboratory": cast.laboratory}
    estate.ids |= {name: str(id) for name, id in known.items()}


def _let_in(estate: Estate) -> None:
    """Invites, keys, devices, links, uploads: what lets somebody in must not be found from outside either."""
    cast, at = estate.cast, estate.cast.administrator.at
    admin = cast.administrator
    invited = {"display_name": f"{WORD} Li", "organization": str(cast.contractor), "roles": ["crew"]}
    invite = admin.post(at("/invites"), invited).json()
    key = admin.post(at("/api-keys"), {"label": f"{WORD} ERP"}).json()
    grant = uuid7()
    scope = {"kind": "project", "id": str(cast.project_id)}
    expires_at = (db.now() + timedelta(days=2)).isoformat().replace("+00:00", "Z")
    admin.did("grant:issue", grant, {"kind": "inspector", "scope": scope, "rights": ["view"], "expires_at": expires_at})
    link = admin.post(at(f"/grants/{grant}/link"), {"holder": f"{WORD} inspector"}).json()
    upload = evidence.intend(cast.foreman, f"{WORD} second photo".encode())
    estate.codes |= {"invite_code": invite["code"], "link_code": link["code"], "api_key": key["key"]}
    others = {"invite": invite["id"], "key": key["id"], "grant": grant, "upload": upload["upload_id"]}
    others |= {"device": cast.crew_member.device.id, "person": cast.crew_member.person_id}
    estate.ids |= {name: str(id) for name, id in others.items()}


def fingerprint(engine: Engine, project_id: UUID) -> dict[str, Any]:
    """How many rows each table has of this project: a write from outside would change one of them."""
    tables = [t for t in SQLModel.metadata.sorted_tables if _is_watched(t)]
    with engine.connect() as conn:
        return {t.name: conn.scalar(select(func.count()).where(t.c.project_id == project_id)) for t in tables}


def _is_watched(table: Table) -> bool:
    # Bytes that strangers sign are kept for review, beside the project and never in it.
    return "project_id" in table.c and table.name != "kept_act"


@dataclass
class Outsiders:
    """People who had, have or might have had something to do with the project."""

    neighbour: Actor  # Project manager of another project of this server, no administrator of anything.
    removed: Actor
    waiting: Actor  # Joined by an invite, not yet confirmed.
    revoked: Actor  # A member whose phone was revoked.


def make_outsiders(cast: Cast) -> Outsiders:
    """The four, each signed in with a token that has not run out."""
    neighbour = newcomer(cast.client, cast.engine, "neighbour", cast.stranger.project_id)
    _admit(cast.stranger, neighbour, ["project_manager"])
    removed = newcomer(cast.client, cast.engine, "removed", cast.project_id)
    _admit(cast.administrator, removed, ["project_manager"])
    body = {"person": str(removed.person_id), "reason": "left the site"}
    cast.administrator.did("member:remove", removed.person_id, body)
    revoked = newcomer(cast.client, cast.engine, "lost_phone", cast.project_id)
    _admit(cast.administrator, revoked, ["project_manager"])
    answer = cast.administrator.post(cast.administrator.at(f"/devices/{revoked.device.id}/revoke"))
    assert answer.is_success, answer.text
    return Outsiders(neighbour, removed, _waiting(cast), revoked)


def _admit(by: Actor, who: Actor, roles: list[str]) -> None:
    organization = uuid7()
    by.did("organization:add", organization, {"name": "劳务公司", "kind": "contractor"})
    by.did(
        "member:admit", who.person_id, {"person": str(who.person_id), "organization": str(organization), "roles": roles}
    )


def _waiting(cast: Cast) -> Actor:
    invited = {"display_name": "新工人", "organization": str(cast.contractor), "roles": ["crew"]}
    code = cast.administrator.post(cast.administrator.at("/invites"), invited).json()["code"]
    device = TestDevice()
    session = cast.client.post("/api/join", json={"code": code, "device": device.enrolment()}).json()
    actor = Actor(cast.client, "", UUID(session["person"]["id"]), cast.project_id, device)
    actor.take_session(session)
    return actor


def single_roles(estate: Estate) -> dict[Role, Actor]:
    """A member with each single role, admitted by the administrator."""
    cast = estate.cast
    people = {role: newcomer(cast.client, cast.engine, f"only_{role}", cast.project_id) for role in Role}
    bodies = {
        role: {"person": str(actor.person_id), "organization": str(cast.contractor), "roles": [str(role)]}
        for role, actor in people.items()
    }
    acts = [cast.administrator.act("member:admit", people[role].person_id, body) for role, body in bodies.items()]
    assert {result["verdict"] for result in cast.administrator.send(*acts)} == {"applied"}
    return people


@cache
def openapi(app: Litestar) -> dict[str, Any]:
    """The app's OpenAPI document; drawing it takes longer than most requests."""
    return app.openapi_schema.to_schema()


def operations(app: Litestar) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path template, operation) of every operation of the OpenAPI document."""
    paths = openapi(app)["paths"]
    verbs = ("get", "post", "put", "patch", "delete", "head")
    return [(verb.upper(), path, item[verb]) for path, item in paths.items() for verb in verbs if verb in item]
