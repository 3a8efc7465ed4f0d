"""A large project by set inserts: what thousands of acts would have drawn, in a second."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert, update
from sqlmodel import Session, SQLModel, col, select
from uuid_utils.compat import uuid7

from plumbline.acts.models import Change
from plumbline.materials.models import Lot
from plumbline.projects.models import Project, TaskNode

AT_ONCE = 2_000


def fill(engine: Engine, project_id: UUID, lots: int, tasks: int) -> list[UUID]:
    """Add lots, each with a number of its own, and tasks, all by one act as an import does; ids of the lots."""
    with Session(engine) as session, session.begin():
        head = session.exec(select(Project.feed_seq).where(Project.id == project_id)).one()
        lot_ids = [uuid7() for _ in range(lots)]
        task_ids = [uuid7() for _ in range(tasks)]
        _insert(session, Lot, _lots(project_id, lot_ids))
        _insert(session, TaskNode, _tasks(project_id, task_ids))
        changes = [(head + n, "lot", id) for n, id in enumerate(lot_ids, 1)]
        changes += [(head + lots + 1, "task", id) for id in task_ids]
        named = ("number", "kind", "object_id")
        _insert(session, Change, [{"project_id": project_id, **dict(zip(named, c, strict=True))} for c in changes])
        session.execute(
            update(Project).where(col(Project.id) == project_id).values(feed_seq=head + lots + (1 if tasks else 0))
        )
    return lot_ids


def _insert(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    stored = table.__table__  # type: ignore[attr-defined]  # The table itself: the mapper would cost ten times as much.
    for at in range(0, len(rows), AT_ONCE):
        session.execute(insert(stored), rows[at : at + AT_ONCE])


def _lots(project_id: UUID, ids: list[UUID]) -> list[dict[str, Any]]:
    amount = Decimal("12.5")
    one = Lot(
        id=project_id, project_id=project_id, code="", material="rebar_hrb400e_cn", grade="HRB400E", size="Φ16",
        unit="t", status="received", received=amount, on_hand=amount, root_id=project_id, act_id=uuid7(),
        manufacturer="宝山钢铁",
    ).model_dump()  # fmt: skip
    return [
        one | {"id": id, "root_id": id, "code": f"B-{n:05}", "heat_no": f"H{n:06}", "delivery_note": f"DN-{n:07}"}
        for n, id in enumerate(ids)
    ]


def _tasks(project_id: UUID, ids: list[UUID]) -> list[dict[str, Any]]:
    one = TaskNode(
        id=project_id, project_id=project_id, code="", name="", level="element", act_id=uuid7()
    ).model_dump()  # fmt: skip
    return [
        one
        | {"id": id, "code": f"T{n:05}", "name": f"{n // 40}层{n % 40}号墙", "name_en": f"Wall {n % 40}", "position": n}
        for n, id in enumerate(ids)
    ]
