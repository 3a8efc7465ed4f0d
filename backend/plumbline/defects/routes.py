"""Routes that read defects: who may be responsible and by which facts, and what it cost."""

from decimal import Decimal
from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath
from sqlmodel import col, select

from plumbline import db
from plumbline.defects import parties
from plumbline.defects.models import NcrCost
from plumbline.defects.schemas import CostOut, CostsOut, PartiesOut
from plumbline.identity.access import Reader, member_of, member_who_sees
from plumbline.materials.service import plain


@get("/api/projects/{project_id:uuid}/defects/{defect_id:uuid}/parties", sync_to_thread=True)
def read_parties(project_id: FromPath[UUID], defect_id: FromPath[UUID], state: State, reader: Reader) -> PartiesOut:
    """Crews, suppliers and machines behind a defect, with the facts; a person decides. Problems: not-found."""
    with db.reading(state.engine) as session:
        member_of(session, reader, project_id)
        return parties.proposed(session, project_id, parties.get(session, project_id, defect_id))


@get("/api/projects/{project_id:uuid}/defects/{defect_id:uuid}/costs", sync_to_thread=True)
def read_costs(project_id: FromPath[UUID], defect_id: FromPath[UUID], state: State, reader: Reader) -> CostsOut:
    """Costs of a nonconformance, for those who may see them. Problems: not-found, not-allowed."""
    with db.reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "costs")
        defect = parties.get(session, project_id, defect_id)
        mine = select(NcrCost).where(NcrCost.project_id == project_id, NcrCost.defect_id == defect.id)
        rows = session.exec(mine.order_by(col(NcrCost.at), col(NcrCost.id))).all()
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.amount
    costs = [CostOut(id=r.id, what=r.what, amount=plain(r.amount), currency=r.currency, by=r.by, at=r.at) for r in rows]
    return CostsOut(costs=costs, sums={currency: plain(total) for currency, total in sorted(sums.items())})


handlers = [read_parties, read_costs]
