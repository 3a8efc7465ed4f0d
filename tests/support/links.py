"""Links for tests: given by the office as on screen, opened by somebody without account."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from httpx import Response
from uuid_utils.compat import uuid7

from plumbline.db import now
from tests.support.cast import Actor, Cast, Client

AGENT = "Mozilla/5.0 (test phone of an inspector)"


def scope_of(cast: Cast, kind: str, id: UUID | None = None) -> dict[str, str]:
    """A scope as grant:issue names it; without id the whole project."""
    return {"kind": kind, "id": str(id or cast.project_id)}


def issue_body(scope: dict[str, str], days: float = 30, **change: Any) -> dict[str, Any]:
    """Body of grant:issue."""
    ends_at = (now() + timedelta(days=days)).isoformat().replace("+00:00", "Z")
    return {"kind": "inspector", "scope": scope, "rights": ["view"], "expires_at": ends_at, **change}


@dataclass
class Link:
    """A link and its holder's browser. `token` is set by `open`."""

    client: Client
    project_id: UUID
    grant_id: UUID
    code: str
    token: str = ""

    def open(self) -> Response:
        """Open the link; a refusal leaves the token as it was."""
        answer = self.client.post("/api/links/open", json={"code": self.code}, headers={"User-Agent": AGENT})
        if answer.status_code == 200:
            self.token = answer.json()["access_token"]
        return answer

    def get(self, path: str, **params: Any) -> Response:
        """GET below the project: get("/trace", kind=…)."""
        return self.client.get(
            f"/api/projects/{self.project_id}{path}",
            params=params or None,
            headers={"Authorization": f"Bearer {self.token}", "User-Agent": AGENT},
        )


def issue(by: Actor, scope: dict[str, str], **change: Any) -> UUID:
    """A grant without its link."""
    id = uuid7()
    by.did("grant:issue", id, issue_body(scope, **change))
    return id


def make_link(by: Actor, grant_id: UUID) -> Link:
    """The link of a grant, not yet opened."""
    holder = {"holder": "Mary Jones", "organization": "质量监督站", "contact": "mary@station.example"}
    answer = by.post(by.at(f"/grants/{grant_id}/link"), holder)
    assert answer.status_code == 201, answer.text
    return Link(by.client, by.project_id, grant_id, answer.json()["code"])


def given(by: Actor, scope: dict[str, str], **change: Any) -> Link:
    """A link that is open."""
    link = make_link(by, issue(by, scope, **change))
    assert link.open().status_code == 200
    return link
