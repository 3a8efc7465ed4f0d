"""What the routes of quality answer."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

FactorKind = Literal["lot", "heat", "supplier", "crew", "equipment", "method", "day", "weather"]


class FactorOut(BaseModel):
    """What may be the cause: its kind, its key for asking further, its names, and what opens as its record."""

    kind: FactorKind
    key: str
    name: str
    name_en: str | None = None
    id: UUID | None = Field(default=None, description="Of the lot, supplier, crew or machine.")


class SuspectOut(BaseModel):
    """Factors that stood behind the same elements, with their 2×2 table and the exact test of it."""

    factors: list[FactorOut]
    exposed_defective: int
    exposed_sound: int
    other_defective: int
    other_sound: int
    p: float = Field(description="Fisher's exact test, one-sided.")
    p_corrected: float | None = Field(description="By Holm, for all tested; null: too rare to be significant at all.")
    is_claimed: bool = Field(description="Corrected p ≤ 0.05: chance would seldom name anything in such a list.")


class CausesOut(BaseModel):
    """What the chosen defects have in common, the least likely by chance first."""

    defects: int
    defective: int = Field(description="Elements with the chosen defects.")
    sound: int = Field(description="Elements compared with: same plans, no defect.")
    left_out: int = Field(description="Sound elements beyond the most that are compared.")
    other_defects: int = Field(description="Elements with defects that were not chosen: left out of both sides.")
    tested: int
    too_rare: int
    alpha: float
    suspects: list[SuspectOut]
    more: int = Field(description="Further suspects that are not listed.")


Cell = Literal["exposed_defective", "exposed_sound", "other_defective", "other_sound"]


class ElementOut(BaseModel):
    """An element, by its task node."""

    id: UUID
    code: str
    name: str
    name_en: str | None


class BehindOut(BaseModel):
    """The elements of one cell of a 2×2 table, by code."""

    elements: list[ElementOut]
    count: int


Metric = Literal[
    "first_pass",
    "certificates",
    "evidence",
    "failed_per_1000_t",
    "failed_per_1000_m3",
    "defects_per_100_steps",
    "recall_response",
    "late",
]


class MonthOut(BaseModel):
    """One month of a metric."""

    month: str = Field(description="YYYY-MM, on site.")
    hits: int
    of: str
    value: float | None


class MetricOut(BaseModel):
    """A number with what it was counted from: `hits` of `of`, or events per `of`."""

    key: Metric
    is_rate: bool = Field(description="Events over an amount (exact Poisson interval), not a share (Wilson's).")
    more_is_better: bool
    hits: int
    of: str = Field(description="Cases; of a rate, the amount in the unit that its name says.")
    value: float | None
    low: float | None = Field(description="Lower end of the 95 % interval.")
    high: float | None
    months: list[MonthOut]
    signals: list[int] = Field(description="Nelson's tests that the months fail, by number.")


class CardOut(BaseModel):
    """The scorecard of one supplier or crew."""

    id: UUID
    name: str
    name_en: str | None
    metrics: list[MetricOut]


class FactOut(BaseModel):
    """One record behind a number."""

    kind: Literal["lot", "step", "defect", "test", "recall"]
    id: UUID
    opens: UUID = Field(description="The id that its page is opened with: of a test, the lot's.")
    title: str = Field(description="A code; of a step, its kind.")
    on: date
    is_against: bool = Field(description="It counts against them.")


class FactsOut(BaseModel):
    """The records behind a number, those that count against them first."""

    facts: list[FactOut]
    count: int


class PointOut(BaseModel):
    """One point of a control chart with its own limits, and the steps behind it."""

    label: str = Field(description="The day, YYYY-MM-DD; of a week, its Monday.")
    value: float
    of: float
    lower: float
    upper: float
    rules: list[int] = Field(description="Nelson's tests that this point completes.")
    steps: list[UUID]


class ChartOut(BaseModel):
    """A control chart."""

    kind: Literal["p", "u", "mean", "range", "spread", "single", "moving_range"]
    centre: float
    points: list[PointOut]


class ChartsOut(BaseModel):
    """The charts of one question: of a measurement, the values and their spread."""

    names: dict[str, str]
    unit: str | None
    is_deviation: bool = Field(description="Values are differences from the design value.")
    charts: list[ChartOut] = Field(description="Empty when there are not two points yet.")
    count: int = Field(description="Steps behind it.")


class ChoiceOut(BaseModel):
    """Something that can be charted of a crew, machine or supplier."""

    what: str
    names: dict[str, str]
    unit: str | None
    count: int
