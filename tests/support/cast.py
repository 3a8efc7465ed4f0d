"""The cast of the API tests: people of one tower in Shanghai, and a stranger from another site.

Everything they have came through the server's own doors: sign-in by HTTP, project, organizations and memberships
by signed acts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from plumbline.db import writing
from plumbline.identity import passwords
from plumbline.identity.service import create_person, set_password
from tests.support.device import Envelope, TestDevice

PASSWORD = "correct horse battery"
# The product's own settings cost half a second a person on a busy machine; how they hash is argon2's own business.
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD_HASH = passwords.hash_password(PASSWORD)
Client = TestClient[Litestar]


@dataclass
class Actor:
    """A person at a phone: signs acts, sends requests. `project_id` is where the acts go."""

    client: Client
    login: str
    person_id: UUID
    project_id: UUID
    device: TestDevice = field(default_factory=TestDevice)
    token: str = ""
    refresh_token: str = ""
    language: str = "en"

    def sign_in(self) -> "Actor":
        """Sign in with this phone; enrols its key the first time."""
        answer = self.client.post(
            "/api/sign-in", json={"login": self.login, "password": PASSWORD, "device": self.device.enrolment()}
        )
        assert answer.status_code == 200, answer.text
        self.take_session(answer.json())
        return self

    def take_session(self, session: Mapping[str, Any]) -> None:
        """Go on with the tokens of a sign-in, join or renewal."""
        self.token, self.refresh_token = session["access_token"], session["refresh_token"]
        self.device.id = UUID(session["device_id"])

    @property
    def headers(self) -> dict[str, str]:
        """Authorization and language of this person's requests."""
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}

    def get(self, path: str, **more: Any) -> Response:
        """GET as this person."""
        return self.client.get(path, headers=self.headers, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> Response:
        """POST as this person."""
        return self.client.post(path, json=json, headers=self.headers, **more)

    def delete(self, path: str) -> Response:
        """DELETE as this person."""
        return self.client.delete(path, headers=self.headers)

    def at(self, path: str) -> str:
        """A path below this person's project: at("/lots") is /api/projects/<id>/lots."""
        return f"/api/projects/{self.project_id}{path}"

    def act(self, type: str, object: UUID | str, body: Mapping[str, Any], **more: Any) -> Envelope:
        """The next act of this person's phone, signed and not yet sent; `more` as for TestDevice.payload."""
        more.setdefault("project", self.project_id)
        return self.device.act(type, object, body, **{"actor": self.person_id, **more})

    def send(self, *envelopes: Envelope) -> list[dict[str, Any]]:
        """Send acts in one batch; one result each. Fails when the batch itself is refused."""
        answer = self.post("/api/acts", {"envelopes": list(envelopes)})
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def do(self, type: str, object: UUID | str, body: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Sign one act and send it; returns its result, whatever the verdict."""
        return self.send(self.act(type, object, body, **more))[0]

    def did(self, type: str, object: UUID | str, body: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Like `do`, and the act must be applied."""
        result = self.do(type, object, body, **more)
        assert result["verdict"] == "applied", result
        return result

    def refusal(self, type: str, object: UUID | str, body: Mapping[str, Any], **more: Any) -> str:
        """Do an act that must be refused; returns the problem's slug."""
        result = self.do(type, object, body, **more)
        assert result["verdict"] == "refused", result
        return str(result["problem"]["type"]).removeprefix("/problems/")

    def feed(self, cursor: int = 0, limit: int = 1000) -> dict[str, Any]:
        """One page of the project's feed; this phone has then seen it."""
        answer = self.get("/api/feed", params={"project": str(self.project_id), "cursor": cursor, "limit": limit})
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        self.device.seen = max(self.device.seen, page["cursor"])
        return page

    def row(self, kind: str, id: UUID | str) -> dict[str, Any] | None:
        """The feed's present row of one object; None for a tombstone or when the feed never named it."""
        changes = self.feed(limit=5000)["changes"]
        return next((c["row"] for c in changes if c["kind"] == kind and c["id"] == str(id)), None)


@dataclass
class Cast:
    """Everybody, signed in, each at an own phone; `contractor` and `supplier` are organizations' ids."""

    client: Client
    engine: Engine
    project_id: UUID
    administrator: Actor
    project_manager: Actor
    foreman: Actor
    crew_member: Actor
    storekeeper: Actor
    quality: Actor
    supervisor: Actor
    inspector: Actor
    stranger: Actor
    contractor: UUID
    supervision: UUID
    authority: UUID
    supplier: UUID
    laboratory: UUID
    crew: UUID
    place: UUID


ROLES = {
    "project_manager": ("contractor", ["project_manager"]),
    "foreman": ("contractor", ["foreman"]),
    "crew_member": ("contractor", ["crew"]),
    "storekeeper": ("contractor", ["storekeeper"]),
    "quality": ("contractor", ["contractor_qc"]),
    "supervisor": ("supervision", ["supervisor"]),
    "inspector": ("authority", ["inspector"]),
}
NAMES = {
    "administrator": "管理员 周敏",
    "project_manager": "项目经理 王建国",
    "foreman": "施工员 李伟",
    "crew_member": "钢筋工 张强",
    "storekeeper": "库管员 陈静",
    "quality": "质检员 刘洋",
    "supervisor": "监理 赵磊",
    "inspector": "Inspector Mary Jones",
    "stranger": "Stranger from another site",
}
ORGANIZATIONS = {
    "contractor": ("上海建工一公司", "Shanghai Construction No. 1", "contractor"),
    "supervision": ("华东监理公司", "East China Supervision", "supervisor"),
    "authority": ("质量监督站", "Quality Supervision Station", "authority"),
    "supplier": ("宝山钢铁", "Baoshan Steel", "supplier"),
    "laboratory": ("建科检测", "Jianke Testing", "laboratory"),
}


def newcomer(client: Client, engine: Engine, login: str, project_id: UUID, *, is_server_admin: bool = False) -> Actor:
    """A person with a password, signed in on a new phone, and a member of nothing."""
    with writing(engine) as session:
        name = NAMES.get(login, login)
        person_id = create_person(session, name, is_server_admin=is_server_admin).id
        set_password(session, person_id, login, passwords.hash_password(PASSWORD))
    return Actor(client, login, person_id, project_id).sign_in()


def open_project(actor: Actor, code: str, sample: bool = False) -> None:
    """Create the actor's project; a server administrator becomes its administrator."""
    body = {
        "name": f"滨江住宅楼 {code}",
        "name_en": f"Riverside Tower {code}",
        "code": code,
        "time_zone": "Asia/Shanghai",
        "site": [["31.2300", "121.4700"], ["31.2300", "121.4720"], ["31.2315", "121.4720"], ["31.2315", "121.4700"]],
        "sample": sample,
    }
    actor.did("project:create", actor.project_id, body)


def make_cast(client: Client, engine: Engine) -> Cast:
    """The project with its people, all by signed acts of the administrator, in one batch."""
    project_id, other_id = uuid7(), uuid7()
    admin = newcomer(client, engine, "administrator", project_id, is_server_admin=True)
    stranger = newcomer(client, engine, "stranger", other_id, is_server_admin=True)
    open_project(admin, "SH-TOWER")
    open_project(stranger, "ELSEWHERE")
    people = {login: newcomer(client, engine, login, project_id) for login in ROLES}
    organizations = {key: uuid7() for key in ORGANIZATIONS}
    crew, place = uuid7(), uuid7()
    acts = [
        admin.act("organization:add", organizations[key], {"name": zh, "name_en": en, "kind": kind})
        for key, (zh, en, kind) in ORGANIZATIONS.items()
    ]
    contractor = str(organizations["contractor"])
    acts.append(
        admin.act(
            "crew:add",
            crew,
            {"name": "钢筋一班", "name_en": "Rebar crew 1", "organization": contractor, "trade": "rebar"},
        )
    )
    acts.append(admin.act("place:add", place, {"name": "一号料场", "name_en": "Yard 1", "kind": "yard"}))
    for login, (organization, roles) in ROLES.items():
        person = people[login].person_id
        body: dict[str, Any] = {
            "person": str(person),
            "organization": str(organizations[organization]),
            "roles": roles,
            "crew": str(crew) if login == "crew_member" else None,
        }
        acts.append(admin.act("member:admit", person, body))
    for result in admin.send(*acts):
        assert result["verdict"] == "applied", result
    everybody: dict[str, Any] = {**people, **organizations}
    return Cast(
        client=client,
        engine=engine,
        project_id=project_id,
        administrator=admin,
        stranger=stranger,
        crew=crew,
        place=place,
        **everybody,
    )
