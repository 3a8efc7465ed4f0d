"""What a label says to everybody: read for each view, so that a closed page is closed at once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.codes import normalize
from plumbline.definitions import catalogue
from plumbline.materials.models import Certificate, Lot, TestResult
from plumbline.materials.rows import status_of
from plumbline.materials.service import proofs_of
from plumbline.projects.errors import CodeUnknown
from plumbline.projects.models import Code, Project, TaskNode
from plumbline.public.models import PublicPage
from plumbline.public.schemas import MaterialOut, PaperOut, PublicOut, TestOut, WorkOut
from plumbline.quality.facts import Site
from plumbline.steps.models import StepLot, StepRecord

# Rejected steps, and those that were corrected or wait for photos, are the project's own business.
SHOWN = ("approved", "submitted")
MOST = 200


def opened(session: Session, code: str) -> tuple[Code, PublicPage]:
    """The lot or element of a label whose project has opened its pages. Raises CodeUnknown for everything else."""
    try:
        found = session.get(Code, normalize(code))
    except ValueError as bad:
        raise CodeUnknown() from bad
    page = session.get(PublicPage, found.project_id) if found else None
    if found is None or page is None or not page.is_open or found.kind not in ("lot", "task"):
        raise CodeUnknown()
    return found, page


def shown(session: Session, code: Code, page: PublicPage) -> PublicOut:
    """The page of a lot or element."""
    project = session.get_one(Project, code.project_id)
    about = _lot(session, code) if code.kind == "lot" else _task(session, code)
    return PublicOut(project=project.name, project_en=project.name_en, takes_faults=page.takes_faults, **about)


def _lot(session: Session, code: Code) -> dict[str, Any]:
    lot = session.get_one(Lot, code.object_id)
    certificates, tests = _proofs(session, code.project_id, [lot.id])
    return {
        "kind": "lot", "name": lot.code, "name_en": None, "material": _material(lot), "materials": [], "steps": [],
        "certificates": certificates, "tests": tests,
    }  # fmt: skip


def _task(session: Session, code: Code) -> dict[str, Any]:
    task = session.get_one(TaskNode, code.object_id)
    mine = select(StepRecord).where(
        StepRecord.project_id == code.project_id,
        StepRecord.task_id == task.id,
        col(StepRecord.status).in_(SHOWN),
    )
    steps = session.exec(mine.order_by(col(StepRecord.received_at), col(StepRecord.id)).limit(MOST)).all()
    lots = _lots_in(session, code.project_id, [step.id for step in steps])
    certificates, tests = _proofs(session, code.project_id, [lot.id for lot in lots])
    site = Site(session, code.project_id)
    return {
        "kind": "task",
        "name": f"{task.code} {task.name}",
        "name_en": task.name_en and f"{task.code} {task.name_en}",
        "material": None,
        "materials": [_material(lot) for lot in lots],
        "steps": [WorkOut(names=_names(s.kind), on=site.day(s.received_at), status=s.status) for s in steps],
        "certificates": certificates,
        "tests": tests,
    }


def _lots_in(session: Session, project_id: UUID, steps: Sequence[UUID]) -> Sequence[Lot]:
    used = select(StepLot.lot_id).where(StepLot.project_id == project_id, col(StepLot.step_id).in_(steps))
    return session.exec(select(Lot).where(col(Lot.id).in_(used)).order_by(Lot.code).limit(MOST)).all()


def _proofs(session: Session, project_id: UUID, lots: list[UUID]) -> tuple[list[PaperOut], list[TestOut]]:
    papers, tests = proofs_of(session, project_id, lots)
    certificates = session.exec(select(Certificate).where(col(Certificate.id).in_(papers)).order_by(Certificate.number))
    results = session.exec(select(TestResult).where(col(TestResult.id).in_(tests)).order_by(TestResult.kind))
    return (
        [PaperOut(**c.model_dump(include={"kind", "number", "issuer", "issued_on"})) for c in certificates],
        [TestOut(**t.model_dump(include={"kind", "result", "tested_on", "due_on"})) for t in results],
    )


def _material(lot: Lot) -> MaterialOut:
    same = {"code", "grade", "size", "manufacturer", "heat_no", "batch_no"}
    return MaterialOut(
        names=catalogue.material_names(lot.material), status=status_of(lot), **lot.model_dump(include=same)
    )


def _names(kind: str) -> dict[str, str]:
    found = catalogue.step_kind(kind)
    return dict(found.body["names"]) if found else {"zh": kind, "en": kind}


def element_of(session: Session, code: Code) -> tuple[UUID | None, UUID | None]:
    """Where a fault found at a label lies, as (element, lot). Of a lot: where it was used last, else the root.

    The element is None in a project without any.
    """
    if code.kind == "task":
        return code.object_id, None
    used = (
        select(StepRecord.task_id)
        .join(StepLot, col(StepLot.step_id) == col(StepRecord.id))
        .where(StepLot.project_id == code.project_id, StepLot.lot_id == code.object_id)
        .order_by(col(StepRecord.received_at).desc(), col(StepRecord.id))
    )
    root = select(TaskNode.id).where(TaskNode.project_id == code.project_id, col(TaskNode.parent_id).is_(None))
    place = session.exec(used.limit(1)).first() or session.exec(root.order_by(TaskNode.code).limit(1)).first()
    return place, code.object_id
