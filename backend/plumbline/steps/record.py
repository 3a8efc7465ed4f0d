"""The full record of one step, for the approver and the inspector."""

from collections import Counter
from uuid import UUID

from sqlmodel import Session

from plumbline.acts.transaction import At
from plumbline.definitions import catalogue
from plumbline.projects import service as projects
from plumbline.projects.models import TaskNode
from plumbline.steps import clock, feed, lots, naming, place, service
from plumbline.steps.models import StepRecord
from plumbline.steps.schemas import SketchOut, StepRecordOut


def step_record(session: Session, project_id: UUID, step_id: UUID, reader_id: UUID) -> StepRecordOut:
    """One step with everything that a decision needs, and the acts behind it. Raises StepNotFound."""
    step = service.get(session, project_id, step_id)
    row = feed.step_rows(session, project_id, [step.id])[step.id]
    task = projects.get_task(session, project_id, step.task_id)
    newer = service.newer_than(session, step)
    decisions = row["decisions"]
    return StepRecordOut(
        step=row,
        kind_names=kind_names(step.kind),
        task=naming.task(task),
        path=naming.path(session, task),
        recorded_by=naming.person(session, step.recorded_by),
        people=naming.people(session, map(UUID, row["people"])),
        deciders=naming.people(session, (UUID(d["by"]) for d in decisions)),
        crew=naming.crew(session, step.crew_id),
        equipment=naming.machines(session, project_id, [step.id]).get(step.id, []),
        lots=lots.used_in(session, project_id, [step.id]),
        sketch=_sketch(session, step, task),
        captures=dict(Counter(file["capture"] for file in row["files"])),
        is_clock_off=clock.is_off(At(step.at_wall, step.at_offset_min, None, step.at_skew_ms), step.received_at),
        is_own=service.took_part(session, step, reader_id),
        superseded_by=newer,
        acts=naming.acts(session, project_id, _act_ids(session, step, newer, [UUID(d["act_id"]) for d in decisions])),
    )


def kind_names(kind: str) -> dict[str, str]:
    """Plan and step in words, as in “Concrete pour: Placing and vibrating”; an unknown kind is its own name."""
    found = catalogue.step_kind(kind)
    if found is None:
        return {"zh": kind, "en": kind}
    plan, step = found.plan.body["names"], found.body["names"]
    return {"zh": f"{plan['zh']}：{step['zh']}", "en": f"{plan['en']}: {step['en']}"}


def _sketch(session: Session, step: StepRecord, task: TaskNode) -> SketchOut:
    at = place.of_task(session, task)
    return SketchOut(
        site=projects.get_project(session, step.project_id).site,
        task=[f"{at[0]:f}", f"{at[1]:f}"] if at else None,
        fix=feed.where(step),
        distance_m=step.distance_m,
        is_inside_site=step.is_inside_site,
    )


def _act_ids(session: Session, step: StepRecord, newer: UUID | None, decided: list[UUID]) -> list[UUID]:
    later = [service.get(session, step.project_id, newer).act_id] if newer else []
    return [step.act_id, *decided, *later]
