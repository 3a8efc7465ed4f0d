"""Bodies of the acts on projects, places and tasks, and what their routes answer."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from plumbline.acts.envelope import Sha256
from plumbline.acts.fields import Coordinate, Day, Name, Qr
from plumbline.acts.registry import Body

Level = Literal["unit", "division", "subdivision", "item", "batch", "element", "other"]
TaskCode = Annotated[str, StringConstraints(min_length=1, max_length=60)]
TaskName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("a time zone such as Asia/Shanghai")
    return name


class ProjectBody(Body):
    """project:create. `site` is the polygon of the site, [[lat, lon], …] in degrees."""

    name: TaskName
    name_en: TaskName | None = None
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    time_zone: Annotated[str, AfterValidator(_zone)]
    site: list[Annotated[list[Coordinate], Field(min_length=2, max_length=2)]] = Field(max_length=200)
    sample: bool = False


class PlaceBody(Body):
    """place:add."""

    name: Name
    name_en: Name | None = None
    kind: Literal["site", "store", "yard", "vehicle", "dealer", "laboratory"]
    lat: Coordinate | None = None
    lon: Coordinate | None = None
    qr: Qr | None = None


class TaskBody(Body):
    """task:add."""

    parent: UUID | None = None
    code: TaskCode
    name: TaskName
    name_en: TaskName | None = None
    level: Level
    plan: str | None = Field(None, max_length=60)
    lat: Coordinate | None = None
    lon: Coordinate | None = None
    planned_on: Day | None = None
    position: int = Field(0, ge=0, le=1_000_000)
    qr: Qr | None = None


class TaskImportBody(Body):
    """task:import. The rows travel as a file (CSV or XLSX); the act applies when the file is verified."""

    file: Sha256
    count: int = Field(ge=1, le=20_000)


class CodeOut(BaseModel):
    """What a scanned code stands for; the id of a `blank` label is its roll's."""

    kind: Literal["lot", "task", "place", "equipment", "blank"]
    id: UUID
    project_id: UUID


class ImportRow(BaseModel):
    """One task that an import would add; `line` is its line in the file."""

    line: int
    code: str
    parent_code: str | None
    name: str
    name_en: str | None
    level: str
    plan: str | None
    planned_on: date | None
    lat: str | None
    lon: str | None


class BadCellOut(BaseModel):
    """One reason against the import, with a sentence in both languages."""

    line: int
    field: str
    value: str
    problem: dict[str, str]


class ImportPreview(BaseModel):
    """What a file would add. Import only when `bad` is empty; `sha256` is what the act names."""

    rows: list[ImportRow]
    bad: list[BadCellOut]
    count: int
    sha256: str
