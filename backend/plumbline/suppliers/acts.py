"""What applies to suppliers: approve, suspend, merge, name."""

from uuid import UUID

from plumbline.acts.gathering import find
from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.suppliers import service
from plumbline.suppliers.errors import SupplierMerged, SupplierMergeSelf, SupplierNameEmpty, SupplierNameTaken
from plumbline.suppliers.likeness import folded
from plumbline.suppliers.models import Supplier, SupplierName
from plumbline.suppliers.schemas import ApproveBody, MergeBody, NameBody, SuspendBody


def _kept(tx: Tx, act: Act, id: UUID) -> Supplier:
    """The supplier's row, made when it is the first. Raises SupplierUnknown."""
    service.organization(tx.session, act.project_id, id)
    row = service.standing(tx.session, act.project_id, id, lock=True)
    if row is None:
        row = Supplier(project_id=act.project_id, organization_id=id)
        tx.session.add(row)
    return row


def _not_merged(tx: Tx, act: Act, id: UUID) -> None:
    end = service.stands_for(tx.session, act.project_id, id)
    if end != id:
        name = service.organization(tx.session, act.project_id, id).name
        raise SupplierMerged(name=name, into=service.organization(tx.session, act.project_id, end).name)


def _stand(tx: Tx, act: Act, standing: str, reason: str | None) -> None:
    row = _kept(tx, act, act.object_id)
    _not_merged(tx, act, act.object_id)
    row.standing, row.reason, row.standing_act_id = standing, reason, act.id
    row.by, row.at = act.actor_id, act.received_at
    tx.session.add(row)
    tx.touch("organization", act.object_id)


@applies("supplier:approve", ApproveBody)
def approve(tx: Tx, act: Act, body: ApproveBody) -> None:
    """Approve a supplier, or lift its suspension. Raises SupplierUnknown, SupplierMerged."""
    _stand(tx, act, "approved", body.reason)


@applies("supplier:suspend", SuspendBody)
def suspend(tx: Tx, act: Act, body: SuspendBody) -> None:
    """Suspend a supplier: nothing more is received of it. Raises SupplierUnknown, SupplierMerged."""
    _stand(tx, act, "suspended", body.reason)


@applies("supplier:merge", MergeBody)
def merge(tx: Tx, act: Act, body: MergeBody) -> None:
    """Merge a duplicate into the supplier that stays. Raises SupplierUnknown, SupplierMerged, SupplierMergeSelf."""
    row = _kept(tx, act, act.object_id)
    service.organization(tx.session, act.project_id, body.into)
    _not_merged(tx, act, act.object_id)
    if service.stands_for(tx.session, act.project_id, body.into) == act.object_id:
        raise SupplierMergeSelf()
    _not_merged(tx, act, body.into)
    row.merged_into, row.merge_act_id = body.into, act.id
    tx.session.add(row)
    tx.touch("organization", act.object_id)


@applies("supplier:name", NameBody)
def name(tx: Tx, act: Act, body: NameBody) -> None:
    """Confirm what another system calls a supplier. Raises SupplierUnknown, SupplierNameEmpty, SupplierNameTaken."""
    service.organization(tx.session, act.project_id, act.object_id)
    text = folded(body.name)
    if not text:
        raise SupplierNameEmpty(name=body.name)
    there = find(tx.session, SupplierName, (act.project_id, text), lock=True)
    if there is not None and there.organization_id != act.object_id:
        of = service.organization(tx.session, act.project_id, there.organization_id).name
        raise SupplierNameTaken(name=body.name, of=of)
    if there is None:
        tx.session.add(
            SupplierName(
                project_id=act.project_id,
                folded=text,
                name=body.name,
                system=body.system,
                organization_id=act.object_id,
                act_id=act.id,
            )
        )
