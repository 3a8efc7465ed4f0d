"""Rules of projects: scanned codes, human-readable numbers, and finding tasks."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, select

from plumbline.acts.transaction import Tx
from plumbline.projects.errors import CodeTaken, CodeUnknown, TaskUnknown
from plumbline.projects.models import Code, CodeCounter, Project, TaskNode


def get_project(session: Session, project_id: UUID) -> Project:
    """The project's row. The caller has already asked whether the reader is a member."""
    return session.exec(select(Project).where(Project.id == project_id)).one()


def next_code(tx: Tx, project_id: UUID, prefix: str) -> str:
    """The next human-readable number of a prefix, as in R-0231; gaps appear where acts are refused later."""
    session = tx.session
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    table = CodeCounter.__table__  # type: ignore[attr-defined]  # SQLModel does not type it.
    statement = (
        insert(table)
        .values(project_id=project_id, prefix=prefix, last=1)
        .on_conflict_do_update(index_elements=["project_id", "prefix"], set_={"last": table.c.last + 1})
        .returning(table.c.last)
    )
    return f"{prefix}-{session.execute(statement).scalar_one():04d}"


def bind_code(tx: Tx, project_id: UUID, code: str | None, kind: str, object_id: UUID) -> None:
    """Let a scanned code stand for an object. Raises CodeTaken when it stands for another."""
    if code is None:
        return
    there = tx.session.get(Code, code)
    if there is None:
        tx.session.add(Code(code=code, project_id=project_id, kind=kind, object_id=object_id))
    elif there.object_id != object_id:
        raise CodeTaken(code=code)


def find_code(session: Session, code: str, project_ids: list[UUID]) -> Code:
    """What a code stands for, among the reader's projects. Raises CodeUnknown."""
    found = session.get(Code, code)
    if found is None or found.project_id not in project_ids:
        raise CodeUnknown()
    return found


def get_task(session: Session, project_id: UUID, task_id: UUID) -> TaskNode:
    """A task node of the project. Raises TaskUnknown."""
    task = session.get(TaskNode, task_id)
    if task is None or task.project_id != project_id:
        raise TaskUnknown(task=task_id)
    return task


def path_of(session: Session, task: TaskNode) -> list[TaskNode]:
    """The task's ancestors and itself, from the root down."""
    path = [task]
    while path[0].parent_id is not None:
        parent = session.get(TaskNode, path[0].parent_id)
        if parent is None or parent in path:
            break
        path.insert(0, parent)
    return path


def below(session: Session, project_id: UUID, task_id: UUID) -> list[UUID]:
    """The task and all its descendants, by id."""
    seeds = select(col(TaskNode.id)).where(TaskNode.project_id == project_id, TaskNode.id == task_id)
    tree = seeds.cte("tree", recursive=True)
    tree = tree.union(
        select(col(TaskNode.id)).where(TaskNode.project_id == project_id, col(TaskNode.parent_id) == tree.c.id)
    )
    return list(session.execute(select(tree.c.id)).scalars())
