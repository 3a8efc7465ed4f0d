"""What a site of the sample is made of before work begins: places, equipment and the tree of tasks, as table rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ground:
    """A project: the corners of its site as (lat, lon) in degrees WGS 84."""

    code: str
    name: str
    name_en: str | None
    time_zone: str
    site: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Place:
    """A place where material can be."""

    key: str
    name: str
    name_en: str | None
    kind: str
    lat: str | None = None
    lon: str | None = None


@dataclass(frozen=True)
class Machine:
    """A machine or instrument. Calibration is told in days before today; a due day below 0 is yet to come."""

    key: str
    name: str
    name_en: str | None
    kind: str
    serial_no: str | None = None
    calibrated: int | None = None
    due: int | None = None


@dataclass(frozen=True)
class Task:
    """A node of the tree; its key is its code. `planned` is in days before today, below 0: to come."""

    code: str
    parent: str | None
    name: str
    name_en: str | None
    level: str
    plan: str | None = None
    planned: int | None = None
    lat: str | None = None
    lon: str | None = None
