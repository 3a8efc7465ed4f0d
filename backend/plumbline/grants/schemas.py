"""Bodies of grants' acts, and what its routes take and give."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from plumbline.acts.registry import Body
from plumbline.steps.schemas import ActBehind, Named

GrantKind = Literal["inspector", "approver", "supplier", "public"]
ScopeKind = Literal["project", "task", "lot"]


class Right(StrEnum):
    """What a grant lets its holder do. Only those in USABLE can be given."""

    VIEW = "view"
    ORIGINALS = "originals"
    APPROVE = "approve"
    ANNOUNCE = "announce"


USABLE = frozenset({Right.VIEW, Right.ORIGINALS})


def _with_view(rights: list[Right]) -> list[Right]:
    return list(dict.fromkeys([Right.VIEW, *rights]))


class ScopeBody(Body):
    """What is shown: the project itself, a task node with all below it, or a lot."""

    kind: ScopeKind
    id: UUID


class IssueBody(Body):
    """grant:issue; the object is the grant's new id. `view` is in `rights` also when it is left out."""

    kind: GrantKind
    scope: ScopeBody
    rights: Annotated[list[Right], Field(max_length=8), AfterValidator(_with_view)]
    expires_at: AwareDatetime


class RevokeBody(Body):
    """grant:revoke; the object is the grant."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


class Incoming(BaseModel):
    """Base of what routes take: unknown keys are refused, text is stripped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class LinkIn(Incoming):
    """Who will hold the link. Kept apart from the acts, so that it can be corrected or erased."""

    holder: str = Field(min_length=1, max_length=80)
    organization: str | None = Field(None, min_length=1, max_length=200)
    contact: str | None = Field(
        None, min_length=1, max_length=120, description="Phone or e-mail, for the office alone."
    )


class NewLink(BaseModel):
    """A new link; the code is shown this once, and an earlier link of the grant no longer opens."""

    grant_id: UUID
    code: str
    url: str = Field(description="What is sent, or printed as QR code.")
    expires_at: datetime


class GrantOut(BaseModel):
    """A grant as the project's list shows it."""

    id: UUID
    kind: GrantKind
    scope: ScopeKind
    scope_id: UUID
    scope_name: str
    scope_name_en: str | None
    rights: list[str]
    state: Literal["prepared", "open", "expired", "revoked"] = Field(description="`prepared`: no link was made yet.")
    holder: str | None
    organization: str | None
    contact: str | None
    issued_by: UUID
    issued_by_name: str | None
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    act_id: UUID
    opened: int = Field(description="How often the link was opened.")
    views: int = Field(description="Answers given to it, the openings among them.")
    last_view_at: datetime | None


class ViewOut(BaseModel):
    """One line of a grant's log, or of that of public pages."""

    id: UUID
    at: datetime
    what: str
    object_id: UUID | None
    object_code: str | None
    path: str
    address: str
    agent: str


class OpenIn(Incoming):
    """The code of a link."""

    code: str = Field(min_length=26, max_length=60, description="Case and hyphens do not matter.")


class VisitOut(BaseModel):
    """What a link opens."""

    grant_id: UUID
    kind: GrantKind
    holder: str
    organization: str | None
    scope: ScopeKind
    scope_id: UUID
    scope_name: str
    scope_name_en: str | None
    rights: list[str]
    expires_at: datetime
    project_id: UUID
    project_name: str
    project_name_en: str | None
    time_zone: str


class OpenedOut(VisitOut):
    """A link just opened: a token for reading what it shows, and what that is."""

    access_token: str = Field(description="JWT for `Authorization: Bearer`; open the link again when it has ended.")
    expires_in: int = Field(description="Life of the token, seconds.")


class ThingOut(BaseModel):
    """An element or lot that the reader may open."""

    kind: Literal["task", "lot"]
    id: UUID
    code: str
    name: str
    name_en: str | None
    status: str = Field(description="A lot's status; a task's level.")


class ContentsOut(BaseModel):
    """Elements and lots in sight, by code; `more` when there are further ones: search for them."""

    things: list[ThingOut]
    more: bool


class LotRecordOut(BaseModel):
    """The page of a lot: what it is, where it came from, what proves it, and the acts behind it."""

    lot: dict[str, Any] = Field(description="Feed row of the lot.")
    supplier: Named | None
    place: Named | None
    certificates: list[dict[str, Any]]
    tests: list[dict[str, Any]]
    stations: list[dict[str, Any]] = Field(description="Work at stations: equipment, operator, parameters.")
    acts: list[ActBehind] = Field(description="On the lot, its certificates and its tests, by number.")
