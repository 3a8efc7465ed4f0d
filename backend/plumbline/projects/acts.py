"""Acts on projects, places and tasks, and the feed rows they draw."""

from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from plumbline.acts.intake import MAKER_ROLES
from plumbline.acts.registry import Waits, applies, feed_row
from plumbline.acts.transaction import Act, Tx
from plumbline.defects.models import Defect
from plumbline.definitions import catalogue
from plumbline.evidence import service as evidence
from plumbline.identity.models import Membership
from plumbline.projects import importing
from plumbline.projects.errors import ImportHasBadRows, PlanUnknown, ProjectThere, TaskCodeTaken
from plumbline.projects.models import Place, Project, TaskNode
from plumbline.projects.schemas import PlaceBody, ProjectBody, TaskBody, TaskImportBody
from plumbline.projects.service import bind_code, get_task
from plumbline.steps.models import StepRecord


@applies("project:create", ProjectBody)
def create_project(tx: Tx, act: Act, body: ProjectBody) -> None:
    """Open a project; whoever does it becomes its administrator. Raises ProjectThere."""
    taken = tx.session.exec(
        select(Project.id).where((Project.id == act.project_id) | (Project.code == body.code))
    ).first()
    if taken is not None:
        raise ProjectThere(code=body.code)
    tx.session.add(Project(id=act.project_id, **body.model_dump()))
    tx.session.add(
        Membership(
            project_id=act.project_id,
            person_id=act.actor_id,
            organization_id=None,
            roles=list(MAKER_ROLES),
            state="active",
        )
    )
    tx.touch("project", act.project_id)
    tx.touch("member", act.actor_id)


@applies("place:add", PlaceBody)
def add_place(tx: Tx, act: Act, body: PlaceBody) -> None:
    """Add a place where material can be. Raises CodeTaken."""
    bind_code(tx, act.project_id, body.qr, "place", act.object_id)
    tx.session.add(Place(id=act.object_id, project_id=act.project_id, **body.model_dump()))
    tx.touch("place", act.object_id)


@applies("task:add", TaskBody)
def add_task(tx: Tx, act: Act, body: TaskBody) -> None:
    """Add a node below its parent. Raises TaskUnknown, TaskCodeTaken, PlanUnknown, CodeTaken."""
    if body.parent is not None:
        get_task(tx.session, act.project_id, body.parent)
    if body.plan is not None and catalogue.plan(body.plan) is None:
        raise PlanUnknown(plan=body.plan)
    if body.code in codes_of(tx.session, act.project_id, [body.code]):
        raise TaskCodeTaken(code=body.code)
    bind_code(tx, act.project_id, body.qr, "task", act.object_id)
    values = body.model_dump(exclude={"parent"})
    tx.session.add(
        TaskNode(id=act.object_id, project_id=act.project_id, parent_id=body.parent, act_id=act.id, **values)
    )
    tx.touch("task", act.object_id)


def codes_of(session: Session, project_id: UUID, among: list[str] | None = None) -> dict[str, UUID]:
    """Task codes of the project with their ids; only those `among`, when given."""
    wanted = select(TaskNode.code, TaskNode.id).where(TaskNode.project_id == project_id)
    if among is not None:
        wanted = wanted.where(col(TaskNode.code).in_(among))
    return {row[0]: row[1] for row in session.exec(wanted)}


@applies("task:import", TaskImportBody)
def import_tasks(tx: Tx, act: Act, body: TaskImportBody) -> None:
    """Add every row of a verified file, or none. Raises Waits for the file, ImportHasBadRows."""
    if not evidence.is_verified(tx.session, act.project_id, [body.file]):
        raise Waits(f"file:{body.file}")
    known = codes_of(tx.session, act.project_id)
    table = importing.parse(evidence.read_bytes(tx.settings, act.project_id, body.file), existing=set(known))
    if table.bad or len(table.rows) != body.count:
        raise ImportHasBadRows(bad_count=len(table.bad) or abs(len(table.rows) - body.count))
    ids = known | {row.code: uuid5(act.id, row.code) for row in table.rows}
    for n, row in enumerate(table.rows):
        tx.session.add(
            TaskNode(
                id=ids[row.code],
                project_id=act.project_id,
                parent_id=ids[row.parent_code] if row.parent_code else None,
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                level=row.level,
                plan=row.plan,
                planned_on=row.planned_on,
                lat=row.lat,
                lon=row.lon,
                position=n,
                act_id=act.id,
            )
        )
        tx.touch("task", ids[row.code])


@feed_row("project")
def project_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """The project itself."""
    keys = {"name", "name_en", "code", "time_zone", "site", "sample"}
    found = session.exec(select(Project).where(Project.id == project_id))
    return {p.id: {"id": str(p.id), **p.model_dump(include=keys)} for p in found}


@feed_row("place")
def place_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Places of the project."""
    found = session.exec(select(Place).where(Place.project_id == project_id, col(Place.id).in_(ids)))
    return {p.id: {**p.model_dump(exclude={"id", "project_id"}), "id": str(p.id)} for p in found}


@feed_row("task")
def task_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Task nodes with how many of their own steps are recorded and approved, and their open defects."""
    steps = _counts(session, project_id, ids)
    defects = dict(
        session.exec(
            select(Defect.task_id, func.count())
            .where(Defect.project_id == project_id, col(Defect.task_id).in_(ids))
            .where(col(Defect.status).in_(("open", "confirmed")))
            .group_by(col(Defect.task_id))
        ).all()
    )
    found = session.exec(select(TaskNode).where(TaskNode.project_id == project_id, col(TaskNode.id).in_(ids)))
    return {t.id: _task_row(t, steps.get(t.id, (0, 0)), defects.get(t.id, 0)) for t in found}


def _counts(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    approved = func.sum(case((col(StepRecord.status) == "approved", 1), else_=0))
    found = session.exec(
        select(StepRecord.task_id, func.count(), approved)
        .where(StepRecord.project_id == project_id, col(StepRecord.task_id).in_(ids), StepRecord.status != "superseded")
        .group_by(col(StepRecord.task_id))
    )
    return {task: (int(total), int(done)) for task, total, done in found}


def _task_row(task: TaskNode, steps: tuple[int, int], defects: int) -> dict[str, Any]:
    keys = {"code", "name", "name_en", "level", "plan", "lat", "lon", "qr", "position"}
    return {
        "id": str(task.id),
        "parent_id": str(task.parent_id) if task.parent_id else None,
        "planned_on": task.planned_on.isoformat() if task.planned_on else None,
        **task.model_dump(include=keys),
        "steps_total": steps[0],
        "steps_approved": steps[1],
        "defects_open": defects,
    }
