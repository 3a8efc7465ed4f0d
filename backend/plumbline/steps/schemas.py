"""What comes in with a step, and what its record and the element page show."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints, model_validator

from plumbline.acts.fields import Name, Note, Positive, Unit
from plumbline.acts.registry import Body

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
StepKind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}\.[a-z][a-z0-9_]{0,59}$")]
Text = Annotated[str, StringConstraints(max_length=2000)]
Scalar = bool | int | Text | None
Value = Scalar | Annotated[list[Scalar], Field(max_length=500)]


def _each_once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) != len(ids):
        raise ValueError("each only once")
    return ids


Ids = Annotated[list[UUID], Field(max_length=100), AfterValidator(_each_once)]


class MeasuredAnswer(Body):
    """An answer that is measured against a design value of the same place."""

    value: Value
    design: Value = None


Answers = Annotated[dict[Key, MeasuredAnswer | Value], Field(max_length=200)]


class DefinitionRef(Body):
    """The plan and the version of it that the form was filled in under."""

    key: Key
    version: int = Field(ge=1)


class LotUse(Body):
    """How much of a lot the step used, in the lot's base unit or one that converts to it exactly."""

    lot: UUID
    quantity: Positive
    unit: Unit


class StepBody(Body):
    """Body of step:record. Numbers that measure something are decimal strings."""

    task: UUID
    kind: StepKind
    definition: DefinitionRef
    crew: UUID | None = None
    people: Ids = Field(default_factory=list)
    equipment: Ids = Field(default_factory=list)
    method: Name | None = None
    lots: list[LotUse] = Field(default_factory=list, max_length=100)
    environment: dict[Key, Value] = Field(default_factory=dict, max_length=50)
    answers: Answers = Field(default_factory=dict)
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> "StepBody":
        if len({use.lot for use in self.lots}) != len(self.lots):
            raise ValueError("lots: each lot only once; add the quantities up")
        if not self.kind.startswith(self.definition.key + "."):
            raise ValueError("kind: a step of the plan that definition names")
        return self

    @property
    def step_key(self) -> str:
        """The step inside its plan: `pouring` of `concrete_pour.pouring`."""
        return self.kind.partition(".")[2]


class Named(BaseModel):
    """A person or crew by id and name."""

    id: UUID
    name: str
    name_en: str | None = None


class MachineOut(Named):
    """A machine or instrument as it was used in the step."""

    code: str
    kind: str
    calibration_due_on: date | None
    is_calibration_expired: bool = Field(description="On the day of the step, as it was known then.")


class LotUseOut(BaseModel):
    """A lot that the step used, with its present status."""

    lot_id: UUID
    code: str
    material: str
    material_names: dict[str, str]
    grade: str | None
    size: str | None
    heat_no: str | None
    batch_no: str | None
    manufacturer: str | None
    quantity: str = Field(description="Decimal string in `unit`.")
    unit: str
    status: str


class TaskRef(Named):
    """A task node on the way from the root."""

    code: str
    level: str


class ActBehind(BaseModel):
    """An act behind a record: what was signed, when it came, and where it stands in the project's order."""

    id: UUID
    type: str
    number: int | None
    actor_id: UUID
    received_at: datetime
    claimed_at: str = Field(description="The device's wall clock: a claim.")
    device_id: UUID
    device_label: str
    signed_by: Literal["device", "server"]
    signature_holds: bool = Field(description="Checked again for this answer.")
    payload_sha256: str
    flags: list[str]


class SketchOut(BaseModel):
    """What a sketch of site, task and fix needs; degrees WGS 84 as decimal strings."""

    site: list[list[str]]
    task: list[str] | None = Field(description="[lat, lon] of the task, or of the nearest node above that has a place.")
    fix: dict[str, Any] | None = Field(description="The phone's claim: lat, lon, accuracy_m, fix_age_ms.")
    distance_m: int | None
    is_inside_site: bool | None


class StepRecordOut(BaseModel):
    """One step for the approver and the inspector. `step` is its feed row."""

    step: dict[str, Any]
    kind_names: dict[str, str]
    task: TaskRef
    path: list[TaskRef]
    recorded_by: Named
    people: list[Named]
    deciders: list[Named]
    crew: Named | None
    equipment: list[MachineOut]
    lots: list[LotUseOut]
    sketch: SketchOut
    captures: dict[str, int] = Field(description="Files by how they were captured: camera, file, gallery, …")
    is_clock_off: bool
    is_own: bool = Field(description="Whether the reader recorded it or took part, and so may not decide.")
    superseded_by: UUID | None
    acts: list[ActBehind]


class Entry(BaseModel):
    """One line under a heading of the element page."""

    step_id: UUID
    kind: str
    at: datetime | None = Field(description="When the work was done, by claim; of receipt when the clock was off.")
    what: dict[str, Any]


class HeadingsOut(BaseModel):
    """The six headings 人机料法环测 of an element, each in the order of time."""

    people: list[Entry]
    machine: list[Entry]
    material: list[Entry]
    method: list[Entry]
    environment: list[Entry]
    measurement: list[Entry]


class OpenResultOut(BaseModel):
    """A late result (28-day strength) that the element still waits for."""

    lot_id: UUID
    due_on: date


class TaskRecordOut(BaseModel):
    """The element page: what was done here, by whom, with what, and what was found wrong."""

    task: TaskRef
    path: list[TaskRef]
    row: dict[str, Any] = Field(description="Feed row of the task.")
    steps: list[dict[str, Any]] = Field(description="Feed rows of its steps in the order of time, superseded ones too.")
    headings: HeadingsOut
    defects: list[dict[str, Any]]
    lots: list[LotUseOut] = Field(description="Lots used here, summed over the steps that stand.")
    open_results: list[OpenResultOut] = Field(description="Used on condition: what of these lots is proved later.")
    certificates: list[dict[str, Any]]
    tests: list[dict[str, Any]]
    people: list[Named]
