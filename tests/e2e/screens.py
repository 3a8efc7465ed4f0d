"""Every screen with the sample project behind it: who looks at it, and at which thing. For pictures and for axe."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Page
from sqlalchemy import Engine, text
from uuid_utils.compat import uuid7

from plumbline import sample, schema
from plumbline.acts import house as server
from plumbline.acts.intake import HOUSE_PERSON
from plumbline.app import import_packages
from plumbline.db import make_engine, writing
from plumbline.grants.schemas import LinkIn
from plumbline.grants.service import make_link
from plumbline.recalls.freezing import item_id
from plumbline.settings import Settings, load
from tests.e2e.browsers import DESK, PHONE, UNKEPT, Browsers, Window
from tests.e2e.server import free_port, running
from tests.support.links import issue_body

PASSWORDS = "passwords.json"
SIZES: dict[str, dict[str, Any]] = {"360x740": PHONE, "1440x900": DESK}
# The tower in Shanghai is looked at in Chinese, the bridge pier in English, each by the people of that site.
CASTS = {
    "zh": {"manager": "wang.pm", "foreman": "li.foreman", "inspector": "gu.inspector"},
    "en": {"manager": "whitfield.pm", "foreman": "okafor.foreman", "inspector": "marsh.inspector"},
}
EVERYBODY = ("foreman", "manager", "inspector")
# name: (who, path); {…} are ids of the sample.
SCREENS: dict[str, tuple[str, str]] = {
    "work": ("foreman", "/"),
    "scan": ("foreman", "/scan"),
    "scan-unknown": ("foreman", "/q/00000000000000000000000000"),
    "lots": ("foreman", "/lots"),
    "lot": ("foreman", "/lots/{lot}"),
    "lot-stopped": ("foreman", "/lots/{stopped}"),
    "certificate-add": ("foreman", "/lots/{lot}/certificate"),
    "receive": ("foreman", "/receive"),
    "tasks": ("foreman", "/tasks"),
    "task": ("foreman", "/tasks/{task}"),
    "log": ("foreman", "/tasks/{task}/log/{kind}"),
    "defect-raise": ("foreman", "/tasks/{task}/defect"),
    "step": ("foreman", "/steps/{step}"),
    "defect": ("foreman", "/defects/{defect}"),
    "recall-phone": ("foreman", "/lots/{recalled}"),
    "ncr-phone": ("foreman", "/defects/{ncr}"),
    "outbox": ("foreman", "/outbox"),
    "me": ("foreman", "/me"),
    "inbox": ("manager", "/inbox"),
    "record": ("manager", "/records/{step}"),
    "office-tasks": ("manager", "/office/tasks"),
    "import": ("manager", "/office/tasks/import"),
    "materials": ("manager", "/materials"),
    "material": ("manager", "/materials/{stopped}"),
    "certificate": ("manager", "/certificates/{certificate}"),
    "trace-start": ("manager", "/trace"),
    "trace-graph": ("manager", "/trace?kind=task&node={task}&view=graph"),
    "trace-list": ("manager", "/trace?kind=lot&node={stopped}&view=list"),
    "trace-table": ("manager", "/trace?kind=lot&node={stopped}&view=table"),
    "map": ("manager", "/map"),
    "trace-map": ("manager", "/trace?kind=task&node={task}&view=map"),
    "trace-timeline": ("manager", "/trace?kind=task&node={task}&view=time"),
    "trace-quantities": ("manager", "/trace?kind=task&node={task}&view=flow"),
    "office-defects": ("manager", "/office/defects"),
    "office-defect": ("manager", "/office/defects/{defect}"),
    "causes": ("manager", "/office/causes?defects={defect}"),
    "quality": ("manager", "/quality"),
    "quality-crews": ("manager", "/quality?tab=crews"),
    "quality-charts": ("manager", "/quality?tab=charts"),
    "suppliers": ("manager", "/quality?tab=list"),
    "overview": ("manager", "/overview"),
    "overview-records": ("manager", "/overview/records?what=lots_stopped"),
    "company": ("manager", "/overview?scope=company"),
    "recalls": ("manager", "/recalls"),
    "recall-new": ("manager", "/recalls/new?kind=lot&things={lot}"),
    "recall-room": ("manager", "/recalls/{recall}"),
    "office-ncr": ("manager", "/office/defects/{ncr}"),
    "labels": ("manager", "/labels"),
    "labels-things": ("manager", "/labels?tab=things"),
    "people": ("manager", "/people"),
    "invites": ("manager", "/people?tab=invites"),
    "devices": ("manager", "/people?tab=devices"),
    "holding": ("manager", "/people?tab=holding"),
    "organizations": ("manager", "/people?tab=organizations"),
    "crews": ("manager", "/people?tab=crews"),
    "equipment": ("manager", "/people?tab=equipment"),
    "places": ("manager", "/people?tab=places"),
    "links": ("manager", "/people?tab=links"),
    "chain": ("manager", "/people/devices/{device}"),
    "hand-in": ("manager", "/hand-in"),
    "quarantine": ("manager", "/quarantine"),
    "refused": ("manager", "/quarantine/{refused}"),
    "settings": ("manager", "/settings"),
    "inspect": ("inspector", "/inspect"),
    "element": ("inspector", "/elements/{task}"),
    "not-found": ("inspector", "/nowhere"),
}
# For people without account; {link} is the code of an inspector's link to the project.
OPEN: dict[str, str] = {
    "sign-in": "/sign-in",
    "join": "/join/00000000000000000000000000",
    "link": "/g/{link}",
    "link-element": "/g/{link}?at=task:{task}",
    "link-lot": "/g/{link}?at=lot:{stopped}",
    "link-trace": "/g/{link}?at=trace-task:{task}",
    "link-unknown": "/g/00000000000000000000000000",
    "public-element": "/q/{label}",
    "public-lot": "/q/{lot_label}",
    "public-nothing": "/q/00000000000000000000000000",
}


@dataclass(frozen=True)
class SampleHouse:
    """A running server with the sample: its address, passwords by login, ids by language, names of firms and places."""

    url: str
    passwords: dict[str, str]
    ids: dict[str, dict[str, str]]
    names: str

    def sign_in(self, window: Window, language: str, who: str) -> Page:
        """Sign one of the sample's people in, and wait till the project is on the device."""
        login = CASTS[language][who]
        page = window.sign_in(login, self.passwords[login])
        window.open("/tasks")
        page.locator("main li").first.wait_for(timeout=30_000)
        page.wait_for_timeout(1500)
        return page

    def path(self, path: str, language: str) -> str:
        """A screen's path with the ids of that language's site."""
        return path.format(**self.ids[language])


def _values(folder: Path, port: int) -> dict[str, str]:
    url = f"http://localhost:{port}"
    return {"data_dir": str(folder), "base_url": url, "log_level": "WARNING", "database_url": ""}


def load_sample(folder: Path) -> None:
    """Load the sample into an empty folder, with the passwords of its people beside it."""
    settings = load(**_values(folder, 0))
    engine = make_engine(settings)
    schema.upgrade(engine, settings)
    server.enrol(engine, settings)
    passwords = {one["login"]: one["password"] for one in sample.load(engine, settings)}
    engine.dispose()
    (folder / PASSWORDS).write_text(json.dumps(passwords))


@contextmanager
def sample_house(folder: Path, loaded: Path | None = None) -> Iterator[SampleHouse]:
    """Serve the sample from an empty folder: a copy of what is `loaded`, or loaded now."""
    if loaded is None:
        load_sample(folder)
    else:
        shutil.copytree(loaded, folder, dirs_exist_ok=True)
    with served(folder, free_port(), json.loads((folder / PASSWORDS).read_text())) as house:
        yield house


@contextmanager
def served(folder: Path, port: int, passwords: dict[str, str]) -> Iterator[SampleHouse]:
    """Serve the sample that lies in `folder` by HTTP to this machine and HTTPS beside it, as `make run` does."""
    import_packages()  # What is posted below is known then, also where another process loaded the sample.
    values = _values(folder, port)
    settings = load(**values)
    engine = make_engine(settings)
    ids = {"zh": ids_of(engine, "A"), "en": ids_of(engine, "B")}
    for known in ids.values():
        known["link"] = link_to(engine, settings, UUID(known["project"]))
        known["label"], known["lot_label"] = publish(engine, settings, known)
        known["refused"] = refuse(engine, settings, UUID(known["project"]))
        known |= recalled(engine, settings, UUID(known["project"]))
    names = names_of(engine)
    engine.dispose()
    arguments = ["serve", "--tls", "--port", str(port), "--tls-port", str(free_port())]
    with running(folder, values, arguments, values["base_url"]):
        yield SampleHouse(values["base_url"], passwords, ids, names)


def ids_of(engine: Engine, site: str) -> dict[str, str]:
    """What the screens look at: the worst defect with its element, a bad lot, a record, a certificate."""

    def one(statement: str, **given: Any) -> Any:
        return conn.execute(text(statement), given).first()

    with engine.connect() as conn:
        rank = "CASE severity WHEN 'critical' THEN 0 WHEN 'major' THEN 1 ELSE 2 END"
        projects = [row[0] for row in conn.execute(text("SELECT id FROM project ORDER BY time_zone"))]
        project = projects[0] if site == "A" else projects[1]
        defect = one(f"SELECT id, task_id FROM defect WHERE project_id = :p ORDER BY {rank}", p=project)
        step = one("SELECT id, kind FROM step WHERE task_id = :t ORDER BY received_at DESC", t=defect[1])
        lots = "SELECT id FROM lot WHERE project_id = :p ORDER BY {} , code"
        bad = one(lots.format("CASE status WHEN 'stopped' THEN 0 WHEN 'quarantined' THEN 1 ELSE 2 END"), p=project)
        good = one(lots.format("CASE status WHEN 'released' THEN 0 ELSE 1 END"), p=project)
        made = one(lots.format("CASE WHEN kind IN ('assembly', 'unit') THEN 0 ELSE 1 END, on_hand DESC"), p=project)
        paper = one("SELECT id FROM certificate WHERE project_id = :p", p=project)
        phone = one("SELECT device_id FROM act WHERE project_id = :p AND seq > 1 ORDER BY number", p=project)
    found = {
        "defect": defect[0], "task": defect[1], "step": step[0], "lot": good[0], "stopped": bad[0],
        "certificate": paper[0], "project": project, "device": phone[0],
        "assembly": made[0],
    }  # fmt: skip
    return {name: str(UUID(str(id))) for name, id in found.items()} | {"kind": step[1]}


def link_to(engine: Engine, settings: Settings, project_id: UUID) -> str:
    """The code of an inspector's link to the whole project."""
    grant_id, scope = uuid7(), {"kind": "project", "id": str(project_id)}
    server.post(engine, settings, project_id, "grant:issue", grant_id, issue_body(scope))
    with writing(engine) as session:
        holder = LinkIn.model_validate({"holder": "顾明"})
        return make_link(session, project_id, grant_id, holder, HOUSE_PERSON)[1]


def publish(engine: Engine, settings: Settings, known: dict[str, str]) -> tuple[str, str]:
    """Open the public pages of the project's labels; the codes on the element and on the bad lot."""
    project = UUID(known["project"])
    opened = {"is_open": True, "takes_faults": True}
    assert server.post(engine, settings, project, "project:publish", project, opened).verdict == "applied"
    with engine.connect() as conn:
        task, lot = UUID(known["task"]).hex, UUID(known["stopped"]).hex
        task_qr = conn.execute(text("SELECT qr FROM task WHERE id = :id"), {"id": task}).scalar()
        return str(task_qr), str(conn.execute(text("SELECT qr FROM lot WHERE id = :id"), {"id": lot}).scalar())


def refuse(engine: Engine, settings: Settings, project_id: UUID) -> str:
    """The id of a record that the server refused: a task whose code is taken."""
    with engine.connect() as conn:
        task = conn.execute(text("SELECT code FROM task WHERE project_id = :p"), {"p": project_id.hex}).scalar()
        act = conn.execute(text("SELECT actor_id FROM act WHERE project_id = :p AND seq > 1"), {"p": project_id.hex})
        actor = UUID(str(act.scalar()))
    body = {"parent": None, "code": task, "name": "八层3号墙", "level": "element"}
    refused = server.post(engine, settings, project_id, "task:add", uuid7(), body, actor=actor)
    assert refused.verdict == "refused"
    return str(refused.id)


def recalled(engine: Engine, settings: Settings, project_id: UUID) -> dict[str, str]:
    """A recall under way on a lot that was built in, and a nonconformance with everything in it but its end."""

    def did(type: str, object: UUID, body: dict[str, Any]) -> None:
        result = server.post(engine, settings, project_id, type, object, body)
        assert result.verdict == "applied", result

    with engine.connect() as conn:
        given = {"p": project_id.hex}
        used = "SELECT id FROM lot WHERE project_id = :p AND used > 0 AND status = 'released' ORDER BY used DESC, code"
        lot = UUID(str(conn.execute(text(used), given).scalar()))
        found = "SELECT id FROM defect WHERE project_id = :p AND status = 'open' ORDER BY code"
        ncr = UUID(str(conn.execute(text(found), given).scalar()))
        crew = UUID(str(conn.execute(text("SELECT id FROM crew WHERE project_id = :p"), given).scalar()))
        owner = UUID(str(conn.execute(text("SELECT person_id FROM membership WHERE project_id = :p"), given).scalar()))
    recall = uuid7()
    did("recall:open", recall, {"kind": "lot", "things": [str(lot)], "reason": "28 d 强度不合格"})
    stock = {"item": str(item_id(recall, "stock", lot)), "disposition": "quarantined", "quantity": "0.1"}
    server.post(engine, settings, project_id, "recall:dispose", uuid7(), stock)
    did("defect:confirm", ncr, {"requirement": "GB 50204-2015 8.2.1"})
    did("ncr:assign", ncr, {"party": {"kind": "crew", "id": str(crew)}, "reason": "GB 50666-2011 8.4.6"})
    factors = {"machine": ["2 / 3"], "measurement": ["0.4 mm"]}
    did("ncr:cause", ncr, {"whys": ["1", "2"], "factors": factors})
    action = {"defect": str(ncr), "kind": "corrective", "what": "M15", "owner": str(owner), "due_on": "2026-12-20"}
    did("ncr:act", uuid7(), action)
    return {"recall": str(recall), "recalled": str(lot), "ncr": str(ncr)}


def names_of(engine: Engine) -> str:
    """All names that people gave in English, and the codes of labels: they stay as they are in a Chinese list."""
    given = ("organization", "place", "crew", "equipment", "project", "task")
    with engine.connect() as conn:
        found = [row[0] for table in given for row in conn.execute(text(f"SELECT name_en FROM {table}"))]
        found += [row[0] for row in conn.execute(text("SELECT display_name FROM person"))]
        found += [row[0] for row in conn.execute(text("SELECT label FROM device"))]
        # Codes of labels are shown in fours; some of those are letters alone.
        codes = [row[0] for row in conn.execute(text("SELECT code FROM code"))]
        found += [" ".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]
    return "\n".join(name for name in found if name)


def settle(page: Page, rest_ms: float = 250) -> None:
    """Wait till a screen stands still: a heading, no spinner, previews there, and a rest for what comes late."""
    page.locator("h1, h2").first.wait_for()
    page.wait_for_load_state("networkidle", timeout=20_000)
    page.locator("[data-spinner]").first.wait_for(state="detached")
    page.wait_for_timeout(rest_ms)


def walk(
    house: SampleHouse, browsers: Browsers, language: str, size: str, whose: tuple[str, ...] = EVERYBODY, **more: Any
) -> Iterator[tuple[str, Window]]:
    """Each screen of these people in turn, settled, in one language and size; yields its name and the window."""
    shape = SIZES[size] | UNKEPT
    with browsers.window(house.url, shape, language, **more) as window:
        for name, path in OPEN.items():
            window.open(house.path(path, language))
            settle(window.page)
            yield name, window
        window.open("/ca")
        yield "ca", window
    for who in whose:
        with browsers.window(house.url, shape, language, **more) as window:
            house.sign_in(window, language, who)
            for name, (by, path) in SCREENS.items():
                if by == who:
                    window.follow(house.path(path, language))
                    settle(window.page)
                    yield name, window
