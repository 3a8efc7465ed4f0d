"""200 script payloads in every name, note and file name of a site: none runs, and none becomes markup.

The window fails on any refusal of the security policy, so markup that the policy would have stopped is found too.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from plumbline.db import now, writing
from plumbline.grants.schemas import LinkIn
from plumbline.grants.service import make_link
from plumbline.identity.models import ApiKey, Device, DevicePerson, Invite
from plumbline.identity.service import create_person
from tests.e2e.browsers import DESK, PHONE, UNKEPT, Browsers, Window
from tests.e2e.screens import OPEN, SCREENS, settle
from tests.e2e.site import PASSWORD, Site
from tests.support import works
from tests.support.cast import Actor
from tests.support.links import issue_body
from tests.support.payloads import payloads

# Lists that show all 200 at once; the others show the first of their rows.
WHOLE = {
    "people", "invites", "devices", "links", "equipment",
    "office-tasks", "materials", "suppliers", "office-defects", "task", "log", "receive", "recall-room",
}  # fmt: skip
WATCH = "window.runs = 0; window.ran = () => { window.runs += 1; };"

# Chooses one file after the other as a person does; returns the names that were never shown.
CHOOSE = """async (names) => {
  const input = document.querySelector("input[type=file]"), unseen = [];
  for (const name of names) {
    const chosen = new DataTransfer(), file = new File(["x"], name, { type: "application/zip" });
    chosen.items.add(file);
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    const isShown = () => document.body.textContent.includes(file.name);
    for (let n = 0; n < 400 && !isShown(); n++) await new Promise((done) => setTimeout(done, 5));
    if (!isShown()) unseen.push(name);
  }
  return unseen;
}"""
# The name of the error with which each sink answers a text; in a task of its own, where the page's policy holds.
SINKS = """() => new Promise((done) => setTimeout(() => {
  const markup = "<img src=x onerror=ran()>", element = document.createElement("div");
  const sinks = {
    innerHTML: () => { element.innerHTML = markup; },
    outerHTML: () => { document.body.appendChild(element).outerHTML = markup; },
    insertAdjacentHTML: () => element.insertAdjacentHTML("beforeend", markup),
    write: () => document.write(markup),
    srcdoc: () => { document.createElement("iframe").srcdoc = markup; },
    "script.text": () => { document.createElement("script").text = "ran()"; },
    "script.src": () => { document.createElement("script").src = "/x.js"; },
    parse: () => new DOMParser().parseFromString(markup, "text/html"),
    worker: () => new Worker("/x.js"),
    policy: () => trustedTypes.createPolicy("another", {}),
    eval: () => (0, eval)("ran()"),
    Function: () => new Function("ran()")(),
  };
  const said = {};
  for (const [name, attempt] of Object.entries(sinks)) {
    try { attempt(); said[name] = "taken"; } catch (error) { said[name] = error.name; }
  }
  done(said);
}, 0))"""


@dataclass(frozen=True)
class Poisoned:
    """A site whose every text is a payload; `ids` for the paths of the screens."""

    site: Site
    ids: dict[str, str]


@pytest.fixture(scope="module")
def poisoned(site_of: Callable[[str], Site]) -> Poisoned:
    """All texts that people can give, each payload in each of them."""
    site, texts = site_of("sqlite"), payloads()
    lots = _material(site, texts)
    ids = _work(site, texts, lots)
    _people(site, texts)
    return Poisoned(site, ids)


Acts = list[tuple[str, object, dict[str, object]]]


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
        kind = {"material": "concrete_readymix_cn", "grade": text[:60], "size": text[:60]}
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
    manager.did("task:add", wall, {"parent": None, "code": texts[0][:40], **name})
    acts: Acts = []
    for at, text in enumerate(texts):
        acts.append(("task:add", uuid7(), {"parent": wall, "code": f"T-{at}", "name": text, "level": "other"}))
        wrong: dict[str, object] = {"task": wall, "title": text, "description": text, "severity": "major"}
        acts.append(("defect:raise", {1: defect, 2: ncr}.get(at, uuid7()), wrong))
        acts.append(("lot:hold", lots[at], {"reason": text}))
    used = works.pour(wall, (lots[0], "1"))  # type: ignore[arg-type]  # An id as text does as well.
    site.cast.foreman.did("step:record", step, {**used, "note": "\n".join(texts[:25]), "method": texts[3]})
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
        "recall": recall, "recalled": lots[2], "ncr": ncr,
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


def visited(
    poisoned: Poisoned, browsers: Browsers, who: str, login: str, shape: dict[str, object]
) -> Iterator[tuple[str, Window]]:
    """Every screen of one person, settled, by its name."""
    with browsers.window(poisoned.site.url, shape, **UNKEPT) as window:
        window.context.add_init_script(WATCH)
        window.context.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
        window.sign_in(login, PASSWORD)
        window.open("/tasks")
        window.page.locator("main li").first.wait_for(timeout=30_000)
        for name, (by, path) in SCREENS.items():
            if by == who and name not in OPEN:
                window.follow(path.format(**poisoned.ids))
                settle(window.page, rest_ms=80)
                yield name, window
        settle(window.page)  # What ran late counts too: nothing was loaded anew meanwhile.
        yield "the last one", window


@pytest.mark.parametrize(
    ("who", "login", "shape"),
    [("foreman", "foreman", PHONE), ("manager", "project_manager", DESK), ("inspector", "inspector", DESK)],
)
def test_no_payload_runs_on_any_screen(
    browsers: Browsers, poisoned: Poisoned, who: str, login: str, shape: dict[str, object]
) -> None:
    seen, texts = "", [" ".join(text.split()) for text in payloads()]
    for name, window in visited(poisoned, browsers, who, login, shape):
        assert window.page.evaluate("window.runs") == 0, window.page.url
        shown = " ".join((window.page.locator("body").text_content() or "").split())
        if name in WHOLE:
            assert [text for text in texts if text not in shown] == [], f"names that are not on the screen {name}"
        seen += shown

    assert "onerror=ran()" in seen, "the payloads must have been on the screens, as text"


def test_no_payload_runs_as_the_name_of_a_file_a_key_or_a_row(browsers: Browsers, poisoned: Poisoned) -> None:
    with browsers.window(poisoned.site.url, DESK, **UNKEPT) as window:
        window.context.add_init_script(WATCH)
        page = window.sign_in("administrator", PASSWORD)
        window.follow("/settings")
        page.get_by_text("onerror=ran()").first.wait_for()
        window.follow("/office/tasks/import")
        table = io.StringIO()
        rows = [("code", "name", "level"), *((f"X-{n}", text, "element") for n, text in enumerate(payloads()))]
        csv.writer(table).writerows(rows)
        file = {"name": "tasks.csv", "mimeType": "text/csv", "buffer": table.getvalue().encode()}
        page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]  # As playwright takes it.
        page.get_by_text("onerror=ran()").first.wait_for()
        assert page.evaluate("window.runs") == 0
        window.follow("/hand-in")
        page.locator("input[type=file]").first.wait_for(state="attached")

        assert page.evaluate(CHOOSE, payloads()) == [], "names of files that were never on the screen"
        settle(page)
        assert page.evaluate("window.runs") == 0


def test_the_browser_refuses_markup_and_code_made_of_text(browsers: Browsers, poisoned: Poisoned) -> None:
    window = browsers.open(poisoned.site.url, DESK)  # Not checked: each refusal is an error of the page.
    window.context.add_init_script(WATCH)
    page = window.open("/sign-in")
    page.locator("h1").first.wait_for()

    refused = page.evaluate(SINKS)
    runs = page.evaluate("window.runs")
    window.context.close()

    assert {sink: error for sink, error in refused.items() if error not in ("TypeError", "EvalError")} == {}
    assert runs == 0
