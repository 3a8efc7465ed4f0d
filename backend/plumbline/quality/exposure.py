"""What stood behind each element: read in few statements, whatever their number, for defective and sound elements.

An element is a task node that has steps of its own. It is defective when a chosen defect is at it, or at a node above
it. Sound are elements without any defect that was not dismissed, where the same plans were worked by: a slab is not
compared with a weld. Which lots the finder of a defect suspected does not count: that is an opinion, and would prove
itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.defects.models import Defect
from plumbline.materials.models import Lot
from plumbline.projects.models import TaskNode
from plumbline.quality.causes import Factor
from plumbline.quality.graphs import behind
from plumbline.steps.element import worked_at
from plumbline.steps.models import StepEquipment, StepRecord
from plumbline.suppliers.service import merged
from plumbline.trace.models import TraceEdge

# Sound elements that are looked at. More than this tell nothing new, and the answer must come while somebody waits.
MOST_SOUND = 5_000
CHUNK = 10_000
# Air temperature is compared in bands of so many degrees.
BAND_C = 5


@dataclass
class Exposures:
    """Elements in a fixed order, which of them are defective (as bits), and what each factor stands behind."""

    elements: list[UUID] = field(default_factory=list)
    cases: int = 0
    factors: dict[Factor, int] = field(default_factory=dict)
    left_out: int = 0  # Sound elements beyond MOST_SOUND.
    other_defects: int = 0  # Elements with defects that were not chosen: neither defective nor sound here.

    def add(self, kind: str, key: Any, mask: int) -> None:
        """Let a factor stand behind more elements."""
        factor = Factor(kind, str(key))
        self.factors[factor] = self.factors.get(factor, 0) | mask


def gather(session: Session, project_id: UUID, defects: Sequence[UUID]) -> Exposures:
    """Exposures for the chosen defects; empty when no work is recorded at the places where they were found."""
    found = _elements(session, project_id, set(defects))
    bits = {element: 1 << n for n, element in enumerate(found.elements)}
    steps = _steps(session, project_id, found.elements)
    for step in steps:
        _of_step(found, step, bits[step.task_id])
    _machines(session, project_id, found, {step.id: bits[step.task_id] for step in steps})
    _materials(session, project_id, found, bits)
    return found


def _elements(session: Session, project_id: UUID, chosen: set[UUID]) -> Exposures:
    places = session.exec(
        select(Defect.id, Defect.task_id, StepRecord.task_id)
        .join(StepRecord, col(StepRecord.id) == col(Defect.step_id), isouter=True)
        .where(Defect.project_id == project_id, Defect.status != "rejected")
    ).all()
    bad = {at_step or at for id, at, at_step in places if id in chosen}
    other = {at_step or at for id, at, at_step in places if id not in chosen}
    parents = dict(session.exec(select(TaskNode.id, TaskNode.parent_id).where(TaskNode.project_id == project_id)).all())
    plans: dict[UUID, set[str]] = {}
    worked = select(StepRecord.task_id, StepRecord.definition_key).where(
        StepRecord.project_id == project_id, StepRecord.status != "superseded"
    )
    for task, plan in session.exec(worked.distinct()):
        plans.setdefault(task, set()).add(plan)
    cases = [task for task in plans if _is_below(task, bad, parents)]
    compared = set[str]().union(*(plans[task] for task in cases))
    rest = [task for task in plans if task not in set(cases) and plans[task] & compared]
    sound = [task for task in rest if not _is_below(task, other, parents)]
    # The random end of an id decides who is left out: a fair sample, and the same one each time.
    kept = sorted(sound, key=lambda id: id.bytes[8:])[:MOST_SOUND]
    elements = sorted(cases) + sorted(kept)
    return Exposures(elements, (1 << len(cases)) - 1, {}, len(sound) - len(kept), len(rest) - len(sound))


def _is_below(task: UUID, places: set[UUID], parents: dict[UUID, UUID | None]) -> bool:
    """Whether the task is one of these places or below one."""
    at: UUID | None = task
    for _ in range(64):  # Deeper than any breakdown; imported rows could name each other as parents.
        if at is None or at in places:
            return at is not None
        at = parents.get(at)
    return False


def _steps(session: Session, project_id: UUID, elements: Sequence[UUID]) -> list[StepRecord]:
    found: list[StepRecord] = []
    for some in _chunks(elements):
        found += session.exec(
            select(StepRecord).where(
                StepRecord.project_id == project_id,
                col(StepRecord.task_id).in_(some),
                StepRecord.status != "superseded",
            )
        )
    return found


def _of_step(found: Exposures, step: StepRecord, mask: int) -> None:
    """Crew, method, day and weather of one step."""
    if step.crew_id:
        found.add("crew", step.crew_id, mask)
    if step.method:
        found.add("method", step.method, mask)
    found.add("day", (worked_at(step).astimezone(UTC) + timedelta(minutes=step.at_offset_min)).date(), mask)
    for key, value in step.environment.items():
        if (said := _weather(key, value)) is not None:
            found.add("weather", f"{key}={said}", mask)


def _weather(key: str, value: Any) -> str | None:
    """A value of the surroundings as a factor: options as they are, degrees in bands, other numbers not at all."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key == "air_temp":
        try:
            low = int(float(value) // BAND_C) * BAND_C
        except (ValueError, OverflowError):
            return None
        return f"{low}..{low + BAND_C}"
    return value if isinstance(value, str) and value.isalpha() else None


def _machines(session: Session, project_id: UUID, found: Exposures, steps: dict[UUID, int]) -> None:
    for some in _chunks(list(steps)):
        used = select(StepEquipment.step_id, StepEquipment.equipment_id).where(
            StepEquipment.project_id == project_id, col(StepEquipment.step_id).in_(some)
        )
        for step, machine in session.exec(used):
            found.add("equipment", machine, steps[step])


def _materials(session: Session, project_id: UUID, found: Exposures, bits: dict[UUID, int]) -> None:
    """Lots in the elements, walked backward, with their heats and suppliers."""
    edges: set[tuple[UUID, UUID]] = set()
    for some in _chunks(found.elements):
        edges |= _edges_behind(session, project_id, some)
    # An element behind another one is work that goes into it, and stands for itself.
    masks = behind(bits, sorted(e for e in edges if e[0] not in bits))
    lots: list[Lot] = []
    twins = merged(session, project_id)
    for some in _chunks(sorted(masks)):
        lots += session.exec(select(Lot).where(Lot.project_id == project_id, col(Lot.id).in_(some)))
    for lot in lots:
        found.add("lot", lot.id, masks[lot.id])
        if lot.supplier_id:
            found.add("supplier", twins.get(lot.supplier_id, lot.supplier_id), masks[lot.id])
        if lot.heat_no:
            found.add("heat", f"{lot.manufacturer or ''}\t{lot.heat_no}", masks[lot.id])


def _edges_behind(session: Session, project_id: UUID, elements: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Every live edge on the way backward from these elements: one statement, whatever the depth."""
    mine, live = col(TraceEdge.project_id) == project_id, col(TraceEdge.void_act_id).is_(None)
    reached = (
        select(TraceEdge.source, TraceEdge.target)
        .where(mine, live, col(TraceEdge.target).in_(elements))
        .cte("behind", recursive=True)
    )
    # UNION on the pair ends cycles, as in trace/walk.py; a source is asked for its own sources once for each target.
    further = select(TraceEdge.source, TraceEdge.target).where(mine, live, col(TraceEdge.target) == reached.c.source)
    tree = reached.union(further)
    return {(row[0], row[1]) for row in session.execute(select(tree.c.source, tree.c.target))}


def _chunks(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))
