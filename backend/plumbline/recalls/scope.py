"""What a recall reaches: its starts, and everything that the material went into from there.

The walk (trace/walk.py) is a part of statements: a recall of 100,000 nodes stops its lots in one UPDATE, and no id
travels to the server's memory and back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, ColumnElement, Select, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, SQLModel, col, select

from plumbline.identity.models import Crew, Equipment, Organization
from plumbline.materials.models import Certificate, CertificateLot, Lot
from plumbline.projects.models import Project
from plumbline.recalls.errors import RecallThingUnknown
from plumbline.recalls.models import RecallStart
from plumbline.recalls.schemas import About, NarrowOut
from plumbline.steps.models import StepEquipment, StepLot, StepRecord
from plumbline.trace.walk import Ids

THINGS: dict[str, type[SQLModel]] = {
    "lot": Lot,
    "supplier": Organization,
    "certificate": Certificate,
    "equipment": Equipment,
    "crew": Crew,
}
OF_STEPS = ("equipment", "crew")


def check_things(session: Session, project_id: UUID, about: About) -> None:
    """Refuse what is not of this project, and a recall on nothing. Raises RecallThingUnknown."""
    table: Any = THINGS.get(about.kind)
    if table is None:
        if (about.kind == "heat" and about.heat is None) or (about.kind == "period" and about.since is None):
            raise RecallThingUnknown(count=1)
        return
    wanted = set(about.things)
    known = select(table.id).where(table.project_id == project_id, col(table.id).in_(wanted))
    missing = len(wanted) - len(set(session.exec(known)))
    if missing or not wanted:
        raise RecallThingUnknown(count=missing or 1)


def starts(session: Session, project_id: UUID, about: About) -> Ids:
    """The nodes that a recall is on, as a statement: received lots, or steps for a crew or machine."""
    if about.kind in OF_STEPS:
        found = sa_select(col(StepRecord.id)).where(
            col(StepRecord.project_id) == project_id, col(StepRecord.status) != "superseded"
        )
        if about.kind == "crew":
            found = found.where(col(StepRecord.crew_id).in_(about.things))
        else:
            used = sa_select(col(StepEquipment.step_id)).where(
                col(StepEquipment.project_id) == project_id, col(StepEquipment.equipment_id).in_(about.things)
            )
            found = found.where(col(StepRecord.id).in_(used))
        return found.where(*_between(session, project_id, about, col(StepRecord.received_at)))
    return sa_select(col(Lot.id)).where(col(Lot.project_id) == project_id, *_of_lots(session, project_id, about))


def _of_lots(session: Session, project_id: UUID, about: About) -> list[ColumnElement[bool]]:
    if about.kind == "lot":
        return [col(Lot.id).in_(about.things)]
    # Parts of a lot follow from the trace; only what was received can be named by its papers.
    wanted: list[ColumnElement[bool]] = [col(Lot.parent_id).is_(None)]
    if about.kind == "supplier":
        wanted.append(col(Lot.supplier_id).in_(about.things))
    elif about.kind == "certificate":
        named = sa_select(col(CertificateLot.lot_id)).where(
            col(CertificateLot.project_id) == project_id, col(CertificateLot.certificate_id).in_(about.things)
        )
        wanted.append(col(Lot.id).in_(named))
    if about.heat is not None:
        wanted.append(or_(col(Lot.heat_no) == about.heat, col(Lot.batch_no) == about.heat))
    if about.manufacturer is not None:
        wanted.append(col(Lot.manufacturer) == about.manufacturer)
    if about.material is not None:
        wanted.append(col(Lot.material) == about.material)
    return wanted + _between(session, project_id, about, col(Lot.received_at))


def _between(session: Session, project_id: UUID, about: About, at: Any) -> list[ColumnElement[bool]]:
    """Days are those of the project's zone, the last one included."""
    if about.since is None and about.until is None:
        return []
    zone = ZoneInfo(session.exec(select(Project.time_zone).where(Project.id == project_id)).one())

    def begin(day: date) -> datetime:
        return datetime.combine(day, time(), zone)

    wanted: list[ColumnElement[bool]] = []
    if about.since is not None:
        wanted.append(at >= begin(about.since))
    if about.until is not None:
        wanted.append(at < begin(about.until + timedelta(days=1)))
    return wanted


def frozen(recall_id: UUID) -> Ids:
    """The starts of an opened recall."""
    return sa_select(col(RecallStart.node_id)).where(col(RecallStart.recall_id) == recall_id)


@dataclass(frozen=True)
class Counts:
    """What a walk reached: nodes, the lots among them, and the task nodes that its steps built."""

    nodes: int
    lots: int
    elements: int


def count(session: Session, project_id: UUID, tree: CTE) -> Counts:
    """Count what a walk reaches; one statement, so that a scope of 100,000 nodes is walked once for all of it."""
    inside = sa_select(tree.c.id)
    ours = sa_select(col(Lot.id)).where(col(Lot.project_id) == project_id, col(Lot.id).in_(inside))
    found = session.execute(
        sa_select(
            sa_select(func.count()).select_from(tree).scalar_subquery(),
            sa_select(func.count()).select_from(ours.subquery()).scalar_subquery(),
            _elements(project_id, inside).scalar_subquery(),
        )
    ).one()
    return Counts(*(int(n) for n in found))


def narrow(session: Session, project_id: UUID, seeds: Ids, found: Counts) -> NarrowOut:
    """What is stopped with the trace, and what would be without: all of the material from the supplier.

    Without a trace a site knows only what it bought from whom. For crews and machines: all that the project built.
    """
    kinds = sa_select(col(Lot.material), col(Lot.supplier_id)).where(col(Lot.id).in_(seeds)).distinct()
    pairs: Sequence[Any] = session.execute(kinds).all()
    same = [(col(Lot.material) == m) & (col(Lot.supplier_id) == s if s else True) for m, s in pairs]
    bought = sa_select(col(Lot.id)).where(col(Lot.project_id) == project_id, or_(*same)) if same else None
    without = None
    if bought is not None:
        uses = col(StepLot.project_id) == project_id
        without = sa_select(col(StepLot.step_id)).where(uses, col(StepLot.lot_id).in_(bought))
    return NarrowOut(
        lots=found.lots,
        lots_without=_count(session, bought) if bought is not None else 0,
        elements=found.elements,
        elements_without=int(session.execute(_elements(project_id, without)).scalar_one()),
    )


def _count(session: Session, ids: Any) -> int:
    return int(session.execute(sa_select(func.count()).select_from(ids.subquery())).scalar_one())


def _elements(project_id: UUID, steps: Any) -> Select[int]:
    """How many task nodes these steps built; all that were built when it cannot be told."""
    built = sa_select(func.count(func.distinct(StepRecord.task_id))).where(
        col(StepRecord.project_id) == project_id, col(StepRecord.status) != "superseded"
    )
    return built if steps is None else built.where(col(StepRecord.id).in_(steps))
