"""Bodies of the acts on assemblies and units. Quantities are decimal strings with a unit."""

from uuid import UUID

from pydantic import Field, model_validator

from plumbline.acts.fields import Day, Name, Note, Positive, Qr, Short, Unit
from plumbline.acts.registry import Body
from plumbline.materials.schemas import Reason


class Input(Body):
    """How much of a lot goes in, in any unit of its dimension."""

    lot: UUID
    quantity: Positive
    unit: Unit


class Inputs(Body):
    """What goes into another lot: each contributor once."""

    inputs: list[Input] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _each_once(self) -> "Inputs":
        if len({one.lot for one in self.inputs}) != len(self.inputs):
            raise ValueError("name each lot once")
        return self


class MergeBody(Inputs):
    """lot:merge: lots of one material become a new lot. The act's object is the new lot."""

    inputs: list[Input] = Field(min_length=2, max_length=50)
    place: UUID | None = None
    qr: Qr | None = None
    note: Note | None = None


class MixBody(Inputs):
    """lot:mix: into a silo, stockpile or bundle: a new mix, or one that nothing left yet."""

    place: UUID | None = None
    qr: Qr | None = None
    note: Note | None = None


class Parameter(Body):
    """A setting of a machine or a reading at a station, as read."""

    name: Short
    value: Short
    unit: str = Field("", max_length=16)


class Work(Body):
    """By whom, on what and how something was made."""

    crew: UUID | None = None
    operator: UUID | None = None
    equipment: UUID | None = None
    parameters: list[Parameter] = Field(default_factory=list, max_length=40)
    method: Name | None = None


class MakeBody(Work, Inputs):
    """assembly:make: a precast element, cage, weld or mixed concrete. The act's object is the new lot."""

    material: str = Field(max_length=60)
    grade: str | None = Field(None, max_length=60)
    size: str | None = Field(None, max_length=60)
    quantity: Positive
    unit: Unit
    serial_no: Name | None = None
    produced_on: Day | None = None
    place: UUID | None = None
    qr: Qr | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _a_serial_number_is_of_one(self) -> "MakeBody":
        if self.serial_no is not None and self.quantity != 1:
            raise ValueError("a serial number belongs to one piece: quantity 1")
        return self


class Recovered(Body):
    """What came out of an assembly: part of one of its contributors, as a new lot, in the contributor's base unit."""

    lot: UUID
    of: UUID
    quantity: Positive
    qr: Qr | None = None


class TakeApartBody(Body):
    """assembly:take_apart: so much of an assembly is taken apart; what can be used again becomes lots."""

    quantity: Positive
    parts: list[Recovered] = Field(default_factory=list, max_length=50)
    place: UUID | None = None
    reason: Reason


class NewUnit(Body):
    """One piece with its own number."""

    lot: UUID
    serial_no: Name
    qr: Qr | None = None


class NumberBody(Body):
    """unit:number: pieces of a lot get serial numbers and are lots of quantity 1 from then on."""

    units: list[NewUnit] = Field(min_length=1, max_length=50)


class StationBody(Work):
    """unit:work: what was done to a unit, assembly or lot at a station."""

    station: Short
    note: Note | None = None
