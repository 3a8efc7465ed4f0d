"""Rules of projects: scanned codes, human-readable numbers, and finding tasks."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, SQLModel, col, select

from plumbline.acts import gathering
from plumbline.acts.gathering import find
from plumbline.acts.transaction import Tx
from plumbline.projects.errors import CodeTaken, CodeUnknown, TaskUnknown
from plumbline.projects.models import Code, CodeCounter, Project, TaskNode

BLANK = "blank"
# By which column people call a thing that carries a label.
_CALLED = {"lot": "code", "task": "code", "place": "name", "equipment": "code"}
_KINDS = {
    "lot": ("批次", "lot"),
    "task": ("任务节点", "task"),
    "place": ("场所", "place"),
    "equipment": ("设备", "equipment"),
}
_COUNTER = (
    update(CodeCounter.__table__)  # type: ignore[attr-defined]  # SQLModel does not type it.
    .where(CodeCounter.__table__.c.project_id == bindparam("b_project"))  # type: ignore[attr-defined]
    .where(CodeCounter.__table__.c.prefix == bindparam("b_prefix"))  # type: ignore[attr-defined]
    .values(last=bindparam("b_last"))
)


def get_project(session: Session, project_id: UUID) -> Project:
    """The project's row. The caller has already asked whether the reader is a member."""
    project = find(session, Project, project_id)
    assert project is not None
    return project


def next_code(tx: Tx, project_id: UUID, prefix: str) -> str:
    """The next human-readable number of a prefix, as in R-0231.

    The first of a batch takes the lock on the counter's row; the following ones count on in memory.
    """
    session, counters = tx.session, gathering.of(tx.session).facts("counters")
    place = (project_id, prefix)
    if place in counters:
        counters[place] += 1
        values = {"b_project": project_id, "b_prefix": prefix, "b_last": counters[place]}
        gathering.of(session).late(("counter", *place), _COUNTER, values)
    else:
        counters[place] = _first_code(session, project_id, prefix)
    return f"{prefix}-{counters[place]:04d}"


def _first_code(session: Session, project_id: UUID, prefix: str) -> int:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    table = CodeCounter.__table__  # type: ignore[attr-defined]  # SQLModel does not type it.
    statement = (
        insert(table)
        .values(project_id=project_id, prefix=prefix, last=1)
        .on_conflict_do_update(index_elements=["project_id", "prefix"], set_={"last": table.c.last + 1})
        .returning(table.c.last)
    )
    # On the connection: what is gathered need not be written for it.
    return int(session.connection().execute(statement).scalar_one())


def bind_code(tx: Tx, project_id: UUID, code: str | None, kind: str, object_id: UUID) -> None:
    """Let a scanned code stand for an object: a new one, or a blank label of the project's rolls, once.

    Raises CodeTaken when it stands for something else; it says for what, within the project.
    """
    if code is None:
        return
    # Locked on PostgreSQL: of two phones that bind the same blank label at once, the second must see the first.
    there = find(tx.session, Code, code, lock=True)
    if there is None:
        tx.session.add(Code(code=code, project_id=project_id, kind=kind, object_id=object_id))
    elif there.project_id == project_id and there.kind == BLANK:
        there.kind, there.object_id = kind, object_id
        tx.session.add(there)
        tx.touch("roll", there.roll_id or object_id)
    elif there.object_id != object_id:
        if there.project_id != project_id:
            # Nothing of a thing leaves its project.
            raise CodeTaken(code=code, what={"zh": "其他对象", "en": "something else"})
        raise CodeTaken(code=code, **words_for(tx.session, project_id, there.kind, there.object_id))


def words_for(session: Session, project_id: UUID, kind: str, id: UUID) -> dict[str, Any]:
    """What carries a label or mark, for a refusal that names it: words in both languages, kind, id, name."""
    name = called(session, project_id, kind, id) or "?"
    kind_zh, kind_en = _KINDS[kind]
    what = {"zh": f"{kind_zh}“{name}”", "en": f"{kind_en} “{name}”"}
    return {"what": what, "bound_kind": kind, "bound_id": str(id), "bound_name": name}


def called(session: Session, project_id: UUID, kind: str, id: UUID) -> str | None:
    """The name or number on the label of a lot, task, place or piece of equipment; None when there is none such."""
    table = SQLModel.metadata.tables[kind]
    name = table.c[_CALLED[kind]]
    return session.execute(select(name).where(table.c.project_id == project_id, table.c.id == id)).scalar()


def find_code(session: Session, code: str, project_ids: list[UUID]) -> Code:
    """What a code stands for, among the reader's projects. Raises CodeUnknown."""
    found = session.get(Code, code)
    if found is None or found.project_id not in project_ids:
        raise CodeUnknown()
    return found


def get_task(session: Session, project_id: UUID, task_id: UUID) -> TaskNode:
    """A task node of the project. Raises TaskUnknown."""
    task = find(session, TaskNode, task_id)
    if task is None or task.project_id != project_id:
        raise TaskUnknown(task=task_id)
    return task


def path_of(session: Session, task: TaskNode) -> list[TaskNode]:
    """The task's ancestors and itself, from the root down."""
    path = [task]
    while path[0].parent_id is not None:
        parent = find(session, TaskNode, path[0].parent_id)
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
