"""Grants as the office keeps them: links, lists, and the things in sight of a reader."""

from functools import reduce
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from plumbline.codes import code_sha256, make_code
from plumbline.db import now
from plumbline.grants import errors, log
from plumbline.grants.models import Grant, GrantLink
from plumbline.grants.schemas import ContentsOut, GrantOut, LinkIn, ThingOut, VisitOut
from plumbline.grants.sight import Sight
from plumbline.identity.models import Person
from plumbline.materials.models import Lot
from plumbline.materials.rows import status_of
from plumbline.projects.models import Project, TaskNode
from plumbline.projects.service import get_project

Names = tuple[str, str | None]


def grant_of(session: Session, project_id: UUID, grant_id: UUID) -> Grant:
    """A grant of the project. Raises GrantUnknown."""
    found = session.get(Grant, grant_id)
    if found is None or found.project_id != project_id:
        raise errors.GrantUnknown
    return found


def make_link(session: Session, project_id: UUID, grant_id: UUID, data: LinkIn, made_by: UUID) -> tuple[Grant, str]:
    """Make the grant's link, or another in place of the one it has; returns the code, which is stored nowhere.

    Raises GrantUnknown, GrantEnded.
    """
    grant = grant_of(session, project_id, grant_id)
    if state_of(grant, has_link=True) != "open":
        raise errors.GrantEnded
    code = make_code()
    made = data.model_dump() | {"code_sha256": code_sha256(code), "made_by": made_by, "made_at": now()}
    link = session.get(GrantLink, grant_id, with_for_update=True)
    if link is None:
        session.add(GrantLink(grant_id=grant_id, project_id=project_id, **made))
    else:
        link.sqlmodel_update(made | {"generation": link.generation + 1})
    return grant, code


def state_of(grant: Grant, *, has_link: bool) -> Literal["prepared", "open", "expired", "revoked"]:
    """How a grant stands now."""
    if grant.revoked_at is not None:
        return "revoked"
    if grant.expires_at <= now():
        return "expired"
    return "open" if has_link else "prepared"


def of_project(session: Session, project_id: UUID, scope_id: UUID | None) -> list[GrantOut]:
    """The project's grants, ended ones too, newest first; with `scope_id` those for one thing."""
    wanted = (
        select(Grant, GrantLink, Person.display_name)
        .join(GrantLink, col(GrantLink.grant_id) == Grant.id, isouter=True)
        .join(Person, col(Person.id) == Grant.issued_by, isouter=True)
        .where(Grant.project_id == project_id)
    )
    if scope_id is not None:
        wanted = wanted.where(Grant.scope_id == scope_id)
    counts = log.counts(session, project_id)
    return [
        _out(session, grant, link, name, counts.get(grant.id, (0, 0, None)))
        for grant, link, name in session.exec(wanted.order_by(col(Grant.issued_at).desc(), col(Grant.id)))
    ]


def _out(session: Session, grant: Grant, link: GrantLink | None, issuer: str | None, seen: log.Counts) -> GrantOut:
    name, name_en = scope_names(session, grant)
    kept = {"id", "kind", "scope_id", "rights", "issued_by", "issued_at", "expires_at", "revoked_at", "act_id"}
    return GrantOut(
        **grant.model_dump(include=kept),
        scope=grant.scope_kind,  # type: ignore[arg-type]  # One of the three, as the table's check says.
        scope_name=name,
        scope_name_en=name_en,
        state=state_of(grant, has_link=link is not None),
        holder=link.holder if link else None,
        organization=link.organization if link else None,
        contact=link.contact if link else None,
        issued_by_name=issuer,
        opened=seen[0],
        views=seen[1],
        last_view_at=seen[2],
    )


def scope_names(session: Session, grant: Grant) -> Names:
    """What the scope is called: the project, or code and name of an element, or a lot's code."""
    if grant.scope_kind == "task":
        task = session.get_one(TaskNode, grant.scope_id)
        return f"{task.code} {task.name}", task.name_en and f"{task.code} {task.name_en}"
    if grant.scope_kind == "lot":
        return session.get_one(Lot, grant.scope_id).code, None
    project = get_project(session, grant.project_id)
    return project.name, project.name_en


def visit_of(session: Session, grant: Grant, link: GrantLink) -> VisitOut:
    """What the holder of a link is told about it."""
    project = session.get_one(Project, grant.project_id)
    name, name_en = scope_names(session, grant)
    return VisitOut(
        grant_id=grant.id,
        kind=grant.kind,  # type: ignore[arg-type]  # One of the four that grant:issue takes.
        holder=link.holder,
        organization=link.organization,
        scope=grant.scope_kind,  # type: ignore[arg-type]  # One of the three, as the table's check says.
        scope_id=grant.scope_id,
        scope_name=name,
        scope_name_en=name_en,
        rights=grant.rights,
        expires_at=grant.expires_at,
        project_id=project.id,
        project_name=project.name,
        project_name_en=project.name_en,
        time_zone=project.time_zone,
    )


def contents(session: Session, sight: Sight, text: str, limit: int) -> ContentsOut:
    """Elements and lots in sight whose code, name, heat or batch number contains the text, by code."""
    tasks, lots = _tasks(session, sight, text, limit), _lots(session, sight, text, limit)
    sight.note("contents", None)
    return ContentsOut(
        things=[_task(task) for task in tasks[:limit]] + [_lot(lot) for lot in lots[:limit]],
        more=len(tasks) > limit or len(lots) > limit,
    )


def _tasks(session: Session, sight: Sight, text: str, limit: int) -> list[TaskNode]:
    t = TaskNode
    wanted = select(t).where(t.project_id == sight.project_id)
    if text:
        wanted = wanted.where(_says(session, text, t.code, t.name, t.name_en))
    if sight.scope is not None:
        wanted = wanted.where(col(t.id).in_(sight.scope.full))
    return list(session.exec(wanted.order_by(t.code).limit(limit + 1)))


def _lots(session: Session, sight: Sight, text: str, limit: int) -> list[Lot]:
    t = Lot
    wanted = select(t).where(t.project_id == sight.project_id)
    if text:
        wanted = wanted.where(_says(session, text, t.code, t.heat_no, t.batch_no))
    if sight.scope is not None:
        wanted = wanted.where(col(t.id).in_(sight.scope.full))
    return list(session.exec(wanted.order_by(t.code).limit(limit + 1)))


def _says(session: Session, text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether one of the columns contains the text, in capitals or not: one comparison, since all rows are looked at.

    SQLite's LIKE takes ASCII letters in any case by itself, which is what its lower() would do.
    """
    first, *others = columns
    said: ColumnElement[str] = reduce(lambda whole, c: whole + "\n" + func.coalesce(c, ""), others, first + "")
    if session.get_bind().dialect.name == "sqlite":
        return said.contains(text, autoescape=True)
    return func.lower(said).contains(text.lower(), autoescape=True)


def _task(task: TaskNode) -> ThingOut:
    return ThingOut(kind="task", id=task.id, code=task.code, name=task.name, name_en=task.name_en, status=task.level)


def _lot(lot: Lot) -> ThingOut:
    facts = " · ".join(part for part in (lot.grade, lot.size, lot.heat_no or lot.batch_no) if part)
    return ThingOut(kind="lot", id=lot.id, code=lot.code, name=facts or lot.code, name_en=None, status=status_of(lot))
