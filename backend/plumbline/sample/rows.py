"""What happens on a sample site, as table rows. Days count back from today; clocks are those of the site."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Decision = tuple[str, str | None]
APPROVED: Decision = ("approve", None)


@dataclass(frozen=True)
class Delivery:
    """A lot that comes, or is announced. `photo` draws its tag or its delivery note."""

    key: str
    day: int
    clock: str
    who: str
    material: str
    grade: str | None
    size: str | None
    quantity: str
    unit: str
    supplier: str
    place: str
    manufacturer: str | None = None
    heat_no: str | None = None
    batch_no: str | None = None
    delivery_note: str | None = None
    vehicle: str | None = None
    produced: int | None = None
    act: str = "lot:receive"
    photo: str | None = "tag"


@dataclass(frozen=True)
class Movement:
    """One act on a lot; `new` is the short name of the lot that it makes."""

    day: int
    clock: str
    who: str
    act: str
    lot: str
    quantity: str | None = None
    new: str | None = None
    to: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Making:
    """A lot made or mixed of others: (lot, quantity, unit) each; `new` is its short name."""

    day: int
    clock: str
    who: str
    act: str
    new: str
    inputs: tuple[tuple[str, str, str], ...]
    place: str
    material: str | None = None
    quantity: str | None = None
    unit: str | None = None
    serial_no: str | None = None


@dataclass(frozen=True)
class Paper:
    """A certificate over one or more lots; `table` is printed on it, its first row the headings."""

    day: int
    clock: str
    who: str
    kind: str
    number: str
    title: str
    issuer: str
    standard: str
    lots: tuple[str, ...]
    heats: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Trial:
    """A test of a lot; days as everywhere; `values` are (property, value, unit)."""

    day: int
    clock: str
    lot: str
    kind: str
    result: str
    report_no: str | None
    sampled: int
    tested: int | None = None
    due: int | None = None
    values: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Work:
    """One step record and what the project manager said to it. None: it waits.

    `photos` are `scene:evidence` of the form, or the short name of a lot for that lot's own picture. `lots` are
    (short name, quantity). `late_min`: how long the phone was without a signal. `away_m`: how far the fix is off.
    `unsent`: the last photo has not arrived.
    """

    day: int
    clock: str
    task: str
    kind: str
    who: str
    photos: tuple[str, ...] = ()
    lots: tuple[tuple[str, str], ...] = ()
    crew: str | None = None
    people: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    decision: Decision | None = APPROVED
    method: str | None = None
    note: str | None = None
    minutes: int = 60
    late_min: int = 0
    away_m: int = 5
    unsent: bool = False
    corrects: bool = False
    of_lot: str | None = None


@dataclass(frozen=True)
class Found:
    """A defect, with the lots that the finder suspects."""

    day: int
    clock: str
    who: str
    task: str
    title: str
    description: str
    severity: str
    photos: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """Everything that happens on one site."""

    deliveries: tuple[Delivery, ...]
    papers: tuple[Paper, ...]
    trials: tuple[Trial, ...]
    movements: tuple[Movement, ...]
    work: tuple[Work, ...]
    defects: tuple[Found, ...]
    makings: tuple[Making, ...] = ()
