"""The page of a lot for readers who keep no copy of the project."""

from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow
from plumbline.acts.registry import rows_of
from plumbline.assemblies.service import station_rows
from plumbline.grants.schemas import LotRecordOut
from plumbline.identity.models import Organization
from plumbline.materials.models import Lot
from plumbline.materials.service import proofs_of
from plumbline.problems import NotFound
from plumbline.projects.models import Place
from plumbline.steps import naming
from plumbline.steps.schemas import Named


def lot_record(session: Session, project_id: UUID, lot_id: UUID) -> LotRecordOut:
    """One lot with what proves it and the acts behind it. Raises NotFound."""
    lot = session.get(Lot, lot_id)
    if lot is None or lot.project_id != project_id:
        raise NotFound
    certificates, tests = proofs_of(session, project_id, [lot.id])
    return LotRecordOut(
        lot=rows_of(session, project_id, "lot", [lot.id])[0],
        supplier=_named(session.get(Organization, lot.supplier_id) if lot.supplier_id else None),
        place=_named(session.get(Place, lot.place_id) if lot.place_id else None),
        certificates=rows_of(session, project_id, "certificate", certificates),
        tests=rows_of(session, project_id, "test", tests),
        stations=station_rows(session, project_id, lot.id),
        acts=naming.acts(session, project_id, _acts_on(session, project_id, [lot.id, *certificates, *tests])),
    )


def _named(thing: Organization | Place | None) -> Named | None:
    return Named(id=thing.id, name=thing.name, name_en=thing.name_en) if thing else None


def _acts_on(session: Session, project_id: UUID, object_ids: list[UUID]) -> list[UUID]:
    on_them = select(ActRow.id).where(
        ActRow.project_id == project_id, ActRow.verdict == "applied", col(ActRow.object_id).in_(object_ids)
    )
    return list(session.exec(on_them))
