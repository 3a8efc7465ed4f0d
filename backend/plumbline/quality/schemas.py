"""What the routes of quality answer."""

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
