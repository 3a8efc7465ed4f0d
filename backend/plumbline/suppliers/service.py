"""Rules of suppliers: who stands for whom, who may deliver, and what a foreign name may mean."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from plumbline.acts.gathering import find
from plumbline.acts.transaction import Act, Tx
from plumbline.identity.models import Organization, Person
from plumbline.materials.models import Lot
from plumbline.materials.service import knew
from plumbline.suppliers.errors import SupplierSuspended, SupplierUnknown
from plumbline.suppliers.likeness import LEAST, folded, likeness
from plumbline.suppliers.models import Supplier, SupplierName
from plumbline.suppliers.schemas import MatchOut, Proposal, SupplierOut

MOST_PROPOSALS = 5
UNSEEN = "supplier-suspended-unseen"


def organization(session: Session, project_id: UUID, id: UUID) -> Organization:
    """An organization of the project. Raises SupplierUnknown."""
    found = find(session, Organization, id)
    if found is None or found.project_id != project_id:
        raise SupplierUnknown()
    return found


def standing(session: Session, project_id: UUID, id: UUID, lock: bool = False) -> Supplier | None:
    """What is kept of an organization as a supplier; locked on PostgreSQL when it will be changed."""
    return find(session, Supplier, (project_id, id), lock=lock)


def stands_for(session: Session, project_id: UUID, id: UUID) -> UUID:
    """The supplier that an organization was merged into, at the end of the chain; itself when it was not."""
    seen = [id]
    while (row := standing(session, project_id, seen[-1])) and row.merged_into and row.merged_into not in seen:
        seen.append(row.merged_into)
    return seen[-1]


def merged(session: Session, project_id: UUID) -> dict[UUID, UUID]:
    """Each duplicate with whom it stands for now."""
    rows = session.exec(
        select(Supplier.organization_id, Supplier.merged_into).where(
            Supplier.project_id == project_id, col(Supplier.merged_into).is_not(None)
        )
    )
    into = {one: other for one, other in rows if other is not None}
    found = {}
    for one in into:
        end, steps = into[one], 0
        while end in into and steps < len(into):
            end, steps = into[end], steps + 1
        found[one] = end
    return found


def check_receipt(tx: Tx, act: Act, supplier: UUID | None) -> bool:
    """Refuse a receipt from a suspended supplier when the device had seen it, else flag the act.

    Returns whether the lot must carry the flag. Raises SupplierSuspended.
    """
    if supplier is None:
        return False
    row = standing(tx.session, act.project_id, stands_for(tx.session, act.project_id, supplier))
    if row is None or row.standing != "suspended":
        return False
    if knew(tx, act, row.standing_act_id):
        name = organization(tx.session, act.project_id, row.organization_id).name
        raise SupplierSuspended(name=name, reason=row.reason or "", supplier=row.organization_id)
    tx.flag(UNSEEN)
    return True


def of_project(session: Session, project_id: UUID) -> list[SupplierOut]:
    """Organizations that supply, or that anything is kept of as suppliers, by name."""
    rows = {s.organization_id: s for s in session.exec(select(Supplier).where(Supplier.project_id == project_id))}
    lots: dict[UUID | None, int] = dict(
        session.exec(
            select(Lot.supplier_id, func.count())
            .where(Lot.project_id == project_id, Lot.root_id == Lot.id)
            .group_by(col(Lot.supplier_id))
        ).all()
    )
    names: dict[UUID, list[str]] = {}
    kept = select(SupplierName).where(SupplierName.project_id == project_id).order_by(SupplierName.name)
    for name in session.exec(kept):
        names.setdefault(name.organization_id, []).append(name.name)
    people = {row.by for row in rows.values() if row.by}
    called = dict(session.exec(select(Person.id, Person.display_name).where(col(Person.id).in_(people))).all())
    mine = select(Organization).where(Organization.project_id == project_id).order_by(Organization.name)
    return [
        _out(one, rows.get(one.id), names.get(one.id, []), lots.get(one.id, 0), called)
        for one in session.exec(mine)
        if one.kind == "supplier" or one.id in rows or one.id in lots or one.id in names
    ]


def _out(one: Organization, row: Supplier | None, names: list[str], lots: int, called: dict[UUID, str]) -> SupplierOut:
    kept: dict[str, Any] = row.model_dump(include={"standing", "reason", "at", "merged_into"}) if row else {
        "standing": "none", "reason": None, "at": None, "merged_into": None,
    }  # fmt: skip
    by = called.get(row.by) if row and row.by else None
    return SupplierOut(id=one.id, name=one.name, name_en=one.name_en, by_name=by, names=names, lots=lots, **kept)


def match(session: Session, project_id: UUID, names: Sequence[str]) -> list[MatchOut]:
    """For each foreign name the supplier confirmed for it, or those that may be meant, the likeliest first."""
    suppliers = [one for one in of_project(session, project_id) if one.merged_into is None]
    ends = merged(session, project_id)
    confirmed = dict(
        session.exec(
            select(SupplierName.folded, SupplierName.organization_id).where(SupplierName.project_id == project_id)
        ).all()
    )
    known = [(one, [folded(n) for n in (one.name, one.name_en, *one.names) if n]) for one in suppliers]
    found = []
    for name in names:
        text = folded(name)
        owner = confirmed.get(text)
        scored = [(max((likeness(text, other) for other in others), default=0.0), one) for one, others in known]
        likely = sorted((s for s in scored if s[0] >= LEAST), key=lambda s: (-s[0], s[1].name, s[1].id))
        proposals = [
            Proposal(id=one.id, name=one.name, name_en=one.name_en, likeness=round(score, 2))
            for score, one in likely[:MOST_PROPOSALS]
        ]
        end = ends.get(owner, owner) if owner else None
        found.append(MatchOut(name=name, confirmed=end, proposals=[] if end else proposals))
    return found
