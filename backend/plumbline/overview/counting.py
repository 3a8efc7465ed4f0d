"""One statement for each kind of record: which they are, where they are, and of which trade."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, String, cast, exists, select
from sqlmodel import col

from plumbline.defects.models import Defect, NcrAction
from plumbline.definitions import catalogue
from plumbline.identity.models import Equipment
from plumbline.materials.models import CertificateLot, Lot, TestResult
from plumbline.overview.schemas import Group, What
from plumbline.projects.models import TaskNode
from plumbline.recalls.models import Recall
from plumbline.steps.models import StepRecord

# What the plan of a lot and of its tests is called: material has a trade of its own.
MATERIAL = "material_receiving"
ENDED = ("closed", "rejected")

# Each statement gives id, id that opens it, task id or place id, plan, and what tells the record apart.
Query = Executable


@dataclass(frozen=True)
class Kind:
    """A kind of record that is open, late, stopped or unproven."""

    group: Group
    of: str  # step, defect, task, lot, test, equipment, recall
    query: Callable[[UUID, date], Query]


def _steps(*more: Callable[[], ColumnElement[bool]]) -> Callable[[UUID, date], Query]:
    def query(project_id: UUID, _today: date) -> Query:
        return select(
            col(StepRecord.id).label("id"),
            col(StepRecord.task_id).label("task_id"),
            col(StepRecord.definition_key).label("plan"),
            col(StepRecord.kind).label("name"),
            col(StepRecord.received_at).label("at"),
        ).where(col(StepRecord.project_id) == project_id, *(one() for one in more))

    return query


def _defects(project_id: UUID, _today: date) -> Query:
    plan = select(col(StepRecord.definition_key)).where(col(StepRecord.id) == col(Defect.step_id)).scalar_subquery()
    return select(
        col(Defect.id).label("id"),
        col(Defect.task_id).label("task_id"),
        plan.label("plan"),
        col(Defect.code).label("name"),
        col(Defect.title).label("more"),
        col(Defect.received_at).label("at"),
    ).where(col(Defect.project_id) == project_id, col(Defect.status).not_in(ENDED))


def _recalls(project_id: UUID, _today: date) -> Query:
    return select(
        col(Recall.id).label("id"),
        col(Recall.code).label("name"),
        col(Recall.reason).label("more"),
        col(Recall.opened_at).label("at"),
    ).where(col(Recall.project_id) == project_id, col(Recall.status) == "open")


def _late_actions(project_id: UUID, today: date) -> Query:
    mine = (col(NcrAction.project_id) == project_id, col(NcrAction.status) == "open", col(NcrAction.due_on) < today)
    return (
        select(
            col(NcrAction.id).label("id"),
            col(Defect.id).label("opens"),
            col(Defect.task_id).label("task_id"),
            col(Defect.code).label("name"),
            col(NcrAction.what).label("more"),
            col(NcrAction.due_on).label("at"),
        )
        .join(Defect, col(Defect.id) == col(NcrAction.defect_id))
        .where(*mine)
    )


def _late_tasks(project_id: UUID, today: date) -> Query:
    approved = exists().where(
        col(StepRecord.project_id) == project_id,
        col(StepRecord.task_id) == col(TaskNode.id),
        col(StepRecord.status) == "approved",
    )
    return select(
        col(TaskNode.id).label("id"),
        col(TaskNode.id).label("task_id"),
        col(TaskNode.plan).label("plan"),
        col(TaskNode.code).label("name"),
        col(TaskNode.planned_on).label("at"),
    ).where(col(TaskNode.project_id) == project_id, col(TaskNode.planned_on) < today, ~approved)


def _tests(is_late: bool) -> Callable[[UUID, date], Query]:
    def query(project_id: UUID, today: date) -> Query:
        due = col(TestResult.due_on)
        wanted = due < today if is_late else (due.is_(None)) | (due >= today)
        return (
            select(
                col(TestResult.id).label("id"),
                col(Lot.id).label("opens"),
                col(Lot.place_id).label("place_id"),
                col(Lot.code).label("name"),
                col(TestResult.kind).label("more"),
                due.label("at"),
            )
            .join(Lot, col(Lot.id) == col(TestResult.lot_id))
            .where(col(TestResult.project_id) == project_id, col(TestResult.result) == "pending", wanted)
        )

    return query


def _calibrations(project_id: UUID, today: date) -> Query:
    return select(
        col(Equipment.id).label("id"),
        col(Equipment.code).label("name"),
        col(Equipment.name).label("more"),
        col(Equipment.calibration_due_on).label("at"),
    ).where(col(Equipment.project_id) == project_id, col(Equipment.calibration_due_on) < today)


def _lots(*more: Callable[[], ColumnElement[bool]]) -> Callable[[UUID, date], Query]:
    def query(project_id: UUID, _today: date) -> Query:
        return select(
            col(Lot.id).label("id"),
            col(Lot.place_id).label("place_id"),
            col(Lot.code).label("name"),
            col(Lot.material).label("material"),
            col(Lot.received_at).label("at"),
        ).where(col(Lot.project_id) == project_id, *(one() for one in more))

    return query


def _is_certified() -> ColumnElement[bool]:
    return exists().where(col(CertificateLot.lot_id) == col(Lot.id))


def _needs_certificate() -> ColumnElement[bool]:
    return col(Lot.material).in_([m.body["id"] for m in catalogue.materials() if m.body.get("certificate")])


KINDS: dict[What, Kind] = {
    "steps_to_decide": Kind("open", "step", _steps(lambda: col(StepRecord.status) == "submitted")),
    "steps_asked": Kind("open", "step", _steps(lambda: col(StepRecord.status) == "more_asked")),
    "defects_open": Kind("open", "defect", _defects),
    "recalls_open": Kind("open", "recall", _recalls),
    "tasks_late": Kind("late", "task", _late_tasks),
    "actions_late": Kind("late", "defect", _late_actions),
    "tests_late": Kind("late", "test", _tests(is_late=True)),
    "calibrations_late": Kind("late", "equipment", _calibrations),
    "lots_stopped": Kind("stopped", "lot", _lots(lambda: col(Lot.status) == "stopped")),
    "lots_held": Kind("stopped", "lot", _lots(lambda: col(Lot.status) == "quarantined")),
    "steps_rejected": Kind("stopped", "step", _steps(lambda: col(StepRecord.status) == "rejected")),
    # Received lots alone: what proves them proves their parts.
    "lots_without_certificate": Kind(
        "unproven",
        "lot",
        _lots(
            lambda: col(Lot.root_id) == col(Lot.id),
            lambda: col(Lot.status) != "announced",
            _needs_certificate,
            lambda: ~_is_certified(),
        ),
    ),
    # As text, for both databases print an empty list alike.
    "steps_without_evidence": Kind(
        "unproven",
        "step",
        _steps(
            lambda: cast(col(StepRecord.missing), String) != "[]",
            lambda: col(StepRecord.status).not_in(("superseded", "rejected")),
        ),
    ),
    "steps_awaiting_files": Kind("unproven", "step", _steps(lambda: col(StepRecord.status) == "awaiting_files")),
    "tests_pending": Kind("unproven", "test", _tests(is_late=False)),
}
