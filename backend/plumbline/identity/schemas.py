"""Bodies of identity's acts, and what its routes take and give."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from plumbline.acts.fields import Day, Name, Qr
from plumbline.acts.registry import Body
from plumbline.identity.roles import Role


def _once(roles: list[Role]) -> list[Role]:
    return list(dict.fromkeys(roles))


LongName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Roles = Annotated[list[Role], Field(min_length=1, max_length=10), AfterValidator(_once)]
OrganizationKind = Literal[
    "owner", "contractor", "subcontractor", "supplier", "laboratory", "supervisor", "designer", "authority"
]


class OrganizationBody(Body):
    """organization:add; the object is the organization's new id."""

    name: LongName
    name_en: LongName | None = None
    kind: OrganizationKind


class AdmissionBody(Body):
    """member:admit; the object is the person. Admitting a member again changes organization, roles and crew."""

    person: UUID
    organization: UUID
    roles: Roles
    crew: UUID | None = None


class RemovalBody(Body):
    """member:remove; the object is the person."""

    person: UUID
    reason: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class CrewBody(Body):
    """crew:add; the object is the crew's new id."""

    name: Name
    name_en: Name | None = None
    organization: UUID
    trade: Word


class EquipmentBody(Body):
    """equipment:add; the object is the machine's new id. `qr` is the code on its label."""

    code: Word
    name: Name
    name_en: Name | None = None
    kind: Word
    serial_no: Name | None = None
    calibrated_on: Day | None = None
    calibration_due_on: Day | None = None
    qr: Qr | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.calibrated_on and self.calibration_due_on and self.calibration_due_on < self.calibrated_on:
            raise ValueError("calibration_due_on lies before calibrated_on")
        return self


class Incoming(BaseModel):
    """Base of what routes take: unknown keys are refused, text is stripped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class DeviceIn(Incoming):
    """The device that signs in: a new key, or the id of one that this person has enrolled before."""

    id: UUID | None = Field(None, description="Device enrolled before by this person.")
    public_key: str | None = Field(
        None, max_length=100, description="Uncompressed P-256 point, 65 bytes, standard base64."
    )
    label: str = Field("", max_length=120, description="What people call the device, such as “Redmi of Li Wei”.")
    kind: Literal["phone", "office"] = Field("phone", description="A phone on site or a browser in the office.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.id is None) == (self.public_key is None):
            raise ValueError("give either id or public_key")
        return self


class SignIn(Incoming):
    """A sign-in by password."""

    login: str = Field(min_length=1, max_length=120)
    # Passwords keep their spaces.
    password: Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=200)]
    device: DeviceIn


class Join(Incoming):
    """Joining by the code of an invitation; login and password come together or not at all."""

    code: str = Field(
        min_length=26, max_length=60, description="The invitation's code; case and hyphens do not matter."
    )
    display_name: PersonName | None = Field(None, description="The joiner's own spelling of the name.")
    login: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    password: Annotated[str, StringConstraints(strip_whitespace=False, max_length=200)] | None = None
    device: DeviceIn

    @model_validator(mode="after")
    def _together(self) -> Self:
        if (self.login is None) != (self.password is None):
            raise ValueError("login and password come together")
        return self


class RefreshIn(Incoming):
    """A refresh token."""

    refresh_token: str = Field(min_length=1, max_length=100)


class PersonOut(BaseModel):
    """A person as they see themselves."""

    id: UUID
    display_name: str
    login: str | None = Field(None, description="Null for people who joined by code and have no password.")


class SessionOut(BaseModel):
    """Tokens of one person on one device."""

    access_token: str = Field(description="JWT for `Authorization: Bearer`.")
    expires_in: int = Field(description="Life of the access token, seconds.")
    refresh_token: str = Field(description="Used once; the answer brings the next one.")
    person: PersonOut
    device_id: UUID


class JoinedOut(SessionOut):
    """Tokens of somebody who joined, and the project that still has to confirm them."""

    project_id: UUID
    state: Literal["waiting", "active"] = Field(description="`waiting` until the inviter's member:admit is applied.")


class ChainHead(BaseModel):
    """Where the device's chain of acts stands on the server."""

    seq: int = Field(description="Greatest sequence number received.")
    prev: str = Field(description="SHA-256 of that payload's encoding: `prev` of the next act.")


class MyProject(BaseModel):
    """A project of the person, or one that still has to confirm them."""

    id: UUID
    name: str
    name_en: str | None
    roles: list[str]
    state: Literal["active", "waiting"]
    sample: bool


class MeOut(BaseModel):
    """Who the token belongs to, and what they can open."""

    person: PersonOut
    is_server_admin: bool = Field(description="May create projects on this server.")
    device_id: UUID | None = Field(description="Null for API keys.")
    device_seq: ChainHead | None = Field(description="Null before the device's first act.")
    projects: list[MyProject]
    server_time: datetime


class InviteIn(Incoming):
    """An invitation for one person."""

    display_name: PersonName
    organization: UUID
    roles: Roles
    crew: UUID | None = None


class NewInvite(BaseModel):
    """A new invitation; the code is shown this once."""

    id: UUID
    code: str
    url: str = Field(description="What the QR code holds.")
    expires_at: datetime


class InviteOut(BaseModel):
    """An invitation as the project's list shows it."""

    id: UUID
    display_name: str
    organization_id: UUID
    roles: list[str]
    crew_id: UUID | None
    state: Literal["open", "joined", "confirmed", "expired"]
    person_id: UUID | None = Field(description="Who joined with it; to be confirmed by member:admit.")
    created_at: datetime
    expires_at: datetime


class ApiKeyIn(Incoming):
    """A key for another system; it carries its maker's roles in this project."""

    label: str = Field(min_length=1, max_length=120)


class ApiKeyOut(BaseModel):
    """An API key without its secret."""

    id: UUID
    label: str
    person_id: UUID = Field(description="Whose roles the key carries.")
    created_at: datetime
    revoked_at: datetime | None


class NewApiKey(ApiKeyOut):
    """A new API key; the key itself is shown this once."""

    key: str


class DeviceOut(BaseModel):
    """A device that members of the project act with."""

    id: UUID
    kind: str
    label: str
    enrolled_at: datetime
    revoked_at: datetime | None
    person_ids: list[UUID] = Field(description="Members of this project who are enrolled on it.")


class RolesOut(BaseModel):
    """The table of roles: ids of roles as in inspection plans."""

    roles: list[str]
    may: dict[str, list[str]] = Field(description="By act type; none: the server itself.")
    sees: dict[str, list[str]] = Field(description="By what is read, where that is not every member's.")
    gives: dict[str, list[str]] = Field(description="By role, which roles its holder may give and take.")
