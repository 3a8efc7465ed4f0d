"""What several defects have in common, with names and the elements behind each number."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.defects.models import Defect
from plumbline.definitions import catalogue
from plumbline.identity.models import Crew, Equipment, Organization
from plumbline.materials.models import Lot
from plumbline.problems import NotFound
from plumbline.projects.models import TaskNode
from plumbline.quality.causes import ALPHA, Factor, Suspect, rank
from plumbline.quality.exposure import Exposures, gather
from plumbline.quality.schemas import BehindOut, CausesOut, Cell, ElementOut, FactorOut, SuspectOut

MOST_SUSPECTS = 40
MOST_ALIKE = 20
MOST_ELEMENTS = 500


def causes(session: Session, project_id: UUID, defects: Sequence[UUID]) -> CausesOut:
    """Rank what stands behind the defects. Raises NotFound when one of them is not in the project."""
    known = _known(session, project_id, defects)
    found = gather(session, project_id, known)
    ranking = rank(found.factors, found.cases, len(found.elements))
    # What stands behind none of the defects is tested, and corrected for, but is nobody's question.
    listed = [one for one in ranking.suspects if one.hits][:MOST_SUSPECTS]
    names = _names(session, project_id, [f for one in listed for f in one.factors[:MOST_ALIKE]])
    return CausesOut(
        defects=len(known),
        defective=found.cases.bit_count(),
        sound=len(found.elements) - found.cases.bit_count(),
        left_out=found.left_out,
        other_defects=found.other_defects,
        tested=ranking.tested,
        too_rare=ranking.too_rare,
        alpha=ALPHA,
        suspects=[_suspect(one, names) for one in listed],
        more=sum(1 for one in ranking.suspects if one.hits) - len(listed),
    )


def _known(session: Session, project_id: UUID, defects: Sequence[UUID]) -> list[UUID]:
    wanted = set(defects)
    mine = select(Defect.id).where(Defect.project_id == project_id, col(Defect.id).in_(wanted))
    known = sorted(session.exec(mine))
    if len(known) != len(wanted) or not known:
        raise NotFound
    return known


def _suspect(one: Suspect, names: dict[Factor, FactorOut]) -> SuspectOut:
    return SuspectOut(
        factors=[names[factor] for factor in one.factors[:MOST_ALIKE]],
        exposed_defective=one.hits,
        exposed_sound=one.exposed - one.hits,
        other_defective=one.cases - one.hits,
        other_sound=one.total - one.exposed - one.cases + one.hits,
        p=one.p,
        p_corrected=one.p_corrected,
        is_claimed=one.is_claimed,
    )


def behind(session: Session, project_id: UUID, defects: Sequence[UUID], factor: Factor, cell: Cell) -> BehindOut:
    """The elements of one cell of a factor's table, by code. Raises NotFound as `causes` does."""
    found = gather(session, project_id, _known(session, project_id, defects))
    ids = _in_cell(found, found.factors.get(factor, 0), cell)
    rows = session.exec(
        select(TaskNode)
        .where(TaskNode.project_id == project_id, col(TaskNode.id).in_(ids))
        .order_by(TaskNode.code)
        .limit(MOST_ELEMENTS)
    )
    shown = [ElementOut(**row.model_dump(include={"id", "code", "name", "name_en"})) for row in rows]
    return BehindOut(elements=shown, count=len(ids))


def _in_cell(found: Exposures, mask: int, cell: Cell) -> list[UUID]:
    is_exposed, is_defective = cell.startswith("exposed"), cell.endswith("defective")
    every = (1 << len(found.elements)) - 1
    wanted = (mask if is_exposed else every & ~mask) & (found.cases if is_defective else every & ~found.cases)
    return [element for n, element in enumerate(found.elements) if wanted >> n & 1]


def _names(session: Session, project_id: UUID, factors: Iterable[Factor]) -> dict[Factor, FactorOut]:
    wanted = list(factors)
    rows: dict[str, Any] = {}
    tables: dict[str, Any] = {"lot": Lot, "supplier": Organization, "crew": Crew, "equipment": Equipment}
    for kind, table in tables.items():
        ids = {UUID(f.key) for f in wanted if f.kind == kind}
        if ids:
            mine = session.exec(select(table).where(table.project_id == project_id, table.id.in_(ids)))
            rows |= {str(row.id): row for row in mine}
    return {factor: _named(factor, rows.get(factor.key)) for factor in wanted}


def _named(factor: Factor, row: Any) -> FactorOut:
    kind: Any = factor.kind
    if isinstance(row, Lot):
        name = " · ".join(part for part in (row.code, row.grade, row.size, row.heat_no or row.batch_no) if part)
        return FactorOut(kind=kind, key=factor.key, name=name, id=row.id)
    if isinstance(row, Equipment):
        return FactorOut(kind=kind, key=factor.key, name=f"{row.code} {row.name}", name_en=row.name_en, id=row.id)
    if row is not None:
        return FactorOut(kind=kind, key=factor.key, name=row.name, name_en=row.name_en, id=row.id)
    if factor.kind == "weather":
        zh, en = _weather_names(*factor.key.split("=", 1))
        return FactorOut(kind=kind, key=factor.key, name=zh, name_en=en)
    return FactorOut(kind=kind, key=factor.key, name=factor.key.replace("\t", " ").strip())


def _weather_names(key: str, value: str) -> tuple[str, str]:
    """What a factor of the surroundings is called in Chinese and English."""
    field = catalogue.data("itp.json")["environment_fields"].get(key, {"names": {"zh": key, "en": key}})
    option = next((o["names"] for o in field.get("options", []) if o["id"] == value), None)
    said = option or {"yes": {"zh": "是", "en": "yes"}, "no": {"zh": "否", "en": "no"}}.get(value)
    if said is None:
        band = value.replace("..", "–")
        said = {"zh": f"{band} °C", "en": f"{band} °C"} if ".." in value else {"zh": value, "en": value}
    names = field["names"]
    return f"{names['zh']}：{said['zh']}", f"{names['en']}: {said['en']}"
