"""What applies to public pages: project:publish, fault:report."""

from typing import Any

from plumbline.acts.gathering import find
from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.defects.errors import DefectExists
from plumbline.defects.models import Defect, DefectLot
from plumbline.materials import service as materials
from plumbline.projects import service as projects
from plumbline.public.errors import ProjectNotObject
from plumbline.public.models import PublicPage
from plumbline.public.schemas import FaultBody, PublishBody

FLAG = "public"
TITLE_LENGTH = 80


@applies("project:publish", PublishBody)
def publish(tx: Tx, act: Act, body: PublishBody) -> None:
    """Open or close the pages behind the project's labels. Raises ProjectNotObject."""
    if act.object_id != act.project_id:
        raise ProjectNotObject()
    row = find(tx.session, PublicPage, act.project_id, lock=True)
    said: dict[str, Any] = {"is_open": body.is_open, "takes_faults": body.is_open and body.takes_faults}
    said |= {"by": act.actor_id, "at": act.received_at, "act_id": act.id}
    if row is None:
        tx.session.add(PublicPage(project_id=act.project_id, **said))
    else:
        tx.session.add(row.sqlmodel_update(said))


@applies("fault:report", FaultBody, by_house=True)
def report(tx: Tx, act: Act, body: FaultBody) -> None:
    """What somebody reported through a label: an open defect that nobody of the project has looked at yet.

    Flags `public`. Raises TaskUnknown, LotUnknown, DefectExists.
    """
    if tx.session.get(Defect, act.object_id) is not None:
        raise DefectExists(defect=act.object_id)
    task = projects.get_task(tx.session, act.project_id, body.task)
    if body.lot is not None:
        materials.lock_lot(tx.session, act.project_id, body.lot)
        tx.session.add(DefectLot(project_id=act.project_id, defect_id=act.object_id, lot_id=body.lot))
    line = body.note.splitlines()[0].strip()
    tx.session.add(
        Defect(
            id=act.object_id,
            project_id=act.project_id,
            code=projects.next_code(tx, act.project_id, "D"),
            task_id=task.id,
            title=line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1]}…",
            description=body.note,
            # How grave it is, is for those to say who look at it.
            severity="minor",
            status="open",
            is_public=True,
            repeats=[],
            raised_by=act.actor_id,
            at_wall=act.at.wall,
            at_offset_min=act.at.offset_min,
            at_skew_ms=act.at.skew_ms,
            received_at=act.received_at,
            act_id=act.id,
        )
    )
    tx.flag(FLAG)
    tx.touch("defect", act.object_id)
    tx.touch("task", task.id)
