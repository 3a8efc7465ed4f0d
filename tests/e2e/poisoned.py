"""A site whose every name, note and reason is a script to whoever pastes it into a page; strangers may see it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from plumbline.codes import make_code
from plumbline.db import now, writing
from plumbline.grants.schemas import LinkIn
from plumbline.grants.service import make_link
from plumbline.identity.models import ApiKey, Device, DevicePerson, Invite
from plumbline.identity.service import create_person
from plumbline.materials.models import Lot
from tests.e2e.site import Site
from tests.support import works
from tests.support.cast import Actor
from tests.support.links import issue, issue_body, scope_of
from tests.support.payloads import payloads

Acts = list[tuple[str, object, dict[str, object]]]


@dataclass(frozen=True)
class Poisoned:
    """A site whose every text is a payload; `ids` for the paths of the screens."""

    site: Site
    ids: dict[str, str]


def make_poisoned(site: Site) -> Poisoned:
    """All texts that people can give, each payload in each of them."""
    texts = payloads()
    assert len(set(texts)) == 200
    lots = _material(site, texts)
    ids = _work(site, texts, lots)
    _people(site, texts)
    return Poisoned(site, ids | _shared(site, texts, ids))


def _in_batches(by: Actor, acts: Acts, **more: Any) -> None:
    for start in range(0, len(acts), 50):
        results = by.send(*(by.act(type, str(object), body, **more) for type, object, body in acts[start : start + 50]))
        assert {result["verdict"] for result in results} == {"applied"}, results


def _material(site: Site, texts: list[str]) -> list[str]:
    """Organizations, places, crews, equipment, lots and papers called by the payloads; ids of the lots."""
    manager, contractor = site.cast.project_manager, str(site.cast.contractor)
    lots, firms = [str(uuid7()) for _ in texts], [str(uuid7()) for _ in texts]
    acts: Acts = []
    papers: Acts = []
    for at, text in enumerate(texts):
        named = {"name": text, "name_en": text}
        facts = dict.fromkeys(("manufacturer", "heat_no", "batch_no", "delivery_note", "note"), text)
        kind = {"material": "concrete_readymix_cn", "grade": text[:60], "size": text[:60], "qr": make_code()}
        acts += [
            ("organization:add", firms[at], {**named, "kind": "supplier"}),
            ("place:add", uuid7(), {**named, "kind": "yard"}),
            ("crew:add", uuid7(), {**named, "organization": contractor, "trade": text[:40]}),
            ("equipment:add", uuid7(), {**named, "code": f"E-{at}", "kind": text[:40]}),
            ("lot:receive", lots[at], {**kind, **facts, "quantity": "10", "unit": "m3", "supplier": firms[at]}),
        ]
        paper = {"kind": "mill_certificate", "number": text, "issuer": text, "note": text, "heats": [text]}
        papers.append(("certificate:attach", uuid7(), {**paper, "lots": [lots[at]]}))
    _in_batches(manager, acts)
    _in_batches(manager, papers, files=[works.photo(role="certificate")])
    return lots


def _work(site: Site, texts: list[str], lots: list[str]) -> dict[str, str]:
    """Tasks, records, defects and reasons called by the payloads."""
    manager, wall, defect, step = site.cast.project_manager, str(uuid7()), str(uuid7()), str(uuid7())
    ncr = str(uuid7())
    name = {"name": texts[1], "name_en": texts[2], "level": "element", "plan": "concrete_pour"}
    label = make_code()
    manager.did("task:add", wall, {"parent": None, "code": texts[0][:40], "qr": label, **name})
    acts: Acts = []
    for at, text in enumerate(texts):
        acts.append(("task:add", uuid7(), {"parent": wall, "code": f"T-{at}", "name": text, "level": "other"}))
        wrong: dict[str, object] = {"task": wall, "title": text, "description": text, "severity": "major"}
        acts.append(("defect:raise", {1: defect, 2: ncr}.get(at, uuid7()), wrong))
        acts.append(("lot:hold", lots[at], {"reason": text}))
    used = works.pour(wall, (lots[0], "1"))  # type: ignore[arg-type]  # An id as text does as well.
    site.cast.foreman.did("step:record", step, {**used, "note": "\n".join(texts[:25]), "method": texts[3]})
    site.cast.foreman.did("step:record", uuid7(), works.pour(wall, (lots[10], "1")))  # type: ignore[arg-type]
    _in_batches(manager, acts)
    manager.did("approval:decide", uuid7(), works.decide(step, "ask", "\n".join(texts[25:50])))  # type: ignore[arg-type]
    again = {"parent": None, "code": texts[0][:40], "name": texts[4], "name_en": texts[5], "level": "other"}
    refused = manager.do("task:add", uuid7(), again)
    assert refused["verdict"] == "refused", refused
    papers = site.rows("certificate")
    recall = _cases(site, texts, lots[2], ncr)
    return {
        "lot": lots[0], "stopped": lots[1], "task": wall, "defect": defect, "step": step,
        "kind": "concrete_pour.delivery_check", "certificate": str(papers[0]["id"]),
        "device": str(manager.device.id), "refused": refused["id"], "project": str(site.project),
        "recall": recall, "recalled": lots[2], "ncr": ncr, "label": label,
        "shared": lots[16],
    }  # fmt: skip


def _people(site: Site, texts: list[str]) -> None:
    """People, invitations, phones, keys of other systems and holders of links called by the payloads."""
    cast, engine = site.cast, site.house.engine
    people, grants = [uuid7() for _ in texts], [uuid7() for _ in texts]
    scope = {"kind": "project", "id": str(site.project)}
    place = {"organization": str(cast.contractor), "roles": ["crew"]}
    with writing(engine) as session:
        for text, person in zip(texts, people, strict=True):
            create_person(session, text, id=person)
    _in_batches(cast.administrator, [("member:admit", p, {"person": str(p), **place}) for p in people])
    _in_batches(cast.project_manager, [("grant:issue", grant, issue_body(scope)) for grant in grants])
    mine: dict[str, Any] = {"project_id": site.project, "created_at": now()}
    with writing(engine) as session:
        for text, person, grant in zip(texts, people, grants, strict=True):
            device, hashed = uuid7(), uuid7().hex * 2
            key = b"\x04" + device.bytes * 4
            session.add(Device(id=device, kind="phone", label=text, public_key=key, enrolled_at=now()))
            session.flush()
            session.add(DevicePerson(device_id=device, person_id=person))
            session.add(ApiKey(id=uuid7(), key_sha256=hashed, label=text, person_id=person, **mine))
            invited: dict[str, Any] = {"organization_id": cast.contractor, "roles": ["crew"], "invited_by": person}
            ends: dict[str, Any] = {"display_name": text, "expires_at": now() + timedelta(hours=72)}
            session.add(Invite(id=uuid7(), code_sha256=hashed, **invited, **ends, **mine))
            holder = LinkIn.model_validate({"holder": text, "organization": text, "contact": text})
            make_link(session, site.project, grant, holder, cast.project_manager.person_id)


def _cases(site: Site, texts: list[str], lot: str, ncr: str) -> str:
    """A recall and a nonconformance whose every reason is a payload; the recall's id."""
    manager, recall = site.cast.project_manager, str(uuid7())
    manager.did("recall:open", recall, {"kind": "lot", "things": [lot], "reason": texts[6]})
    manager.did("defect:confirm", ncr, {"requirement": texts[7]})
    manager.did("ncr:assign", ncr, {"party": {"kind": "crew", "id": str(site.cast.crew)}, "reason": texts[8]})
    manager.did("ncr:cause", ncr, {"whys": texts[9:11], "factors": {"machine": texts[11:13]}})
    action = {"defect": ncr, "kind": "corrective", "what": texts[13], "due_on": "2026-12-20"}
    manager.did("ncr:act", uuid7(), {**action, "owner": str(manager.person_id)})
    return recall


def _shared(site: Site, texts: list[str], ids: dict[str, str]) -> dict[str, str]:
    """What strangers may open: links to the project, the wall and a lot, and the pages of labels; the links' codes."""
    manager = site.cast.project_manager
    manager.did("project:publish", site.project, {"is_open": True, "takes_faults": True})
    assert site.house.client.get(f"/api/public/{ids['label']}").status_code == 200  # Somebody has scanned the wall.
    scopes = {
        "link": ("project", None),
        "wall_link": ("task", UUID(ids["task"])),
        "lot_link": ("lot", UUID(ids["shared"])),
    }
    holder = LinkIn(holder=texts[8], organization=texts[9], contact=None)
    grants = {name: issue(manager, scope_of(site.cast, *scope)) for name, scope in scopes.items()}
    with writing(site.house.engine) as session:
        links = {n: make_link(session, site.project, g, holder, manager.person_id) for n, g in grants.items()}
        label = session.get_one(Lot, UUID(ids["shared"])).qr
    return {name: code for name, (_, code) in links.items()} | {"lot_label": str(label)}
