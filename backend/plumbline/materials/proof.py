"""Acts on what proves a lot: certificates and tests."""

from uuid import UUID

from sqlmodel import col, select

from plumbline.acts import gathering
from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.identity.models import Organization
from plumbline.materials import service
from plumbline.materials.errors import CertificateWithoutFile, LotUnknown
from plumbline.materials.models import CERTIFICATES, TESTS, Certificate, CertificateLot, Lot, TestResult
from plumbline.materials.schemas import CertificateBody, TestBody


@applies("certificate:attach", CertificateBody)
def attach(tx: Tx, act: Act, body: CertificateBody) -> None:
    """Attach a certificate to one or several lots. Raises CertificateWithoutFile, LotUnknown."""
    if not any(f.role.split(":")[0] == "certificate" for f in act.files):
        raise CertificateWithoutFile()
    tx.session.add(
        Certificate(id=act.object_id, project_id=act.project_id, act_id=act.id, **body.model_dump(exclude={"lots"}))
    )
    _lock_lots(tx, act, body.lots)
    for lot_id in dict.fromkeys(body.lots):
        tx.session.add(CertificateLot(certificate_id=act.object_id, lot_id=lot_id, project_id=act.project_id))
        gathering.of(tx.session).forget(CERTIFICATES)
        tx.touch("lot", lot_id)
    tx.touch("certificate", act.object_id)


def _lock_lots(tx: Tx, act: Act, ids: list[UUID]) -> None:
    """Lock the lots and their parts on PostgreSQL: a step that counts papers comes wholly before this act, or after.

    Else it might count without this paper and yet get the later number, and drawn again it would count one more.
    """
    mine = select(Lot.id).where(Lot.project_id == act.project_id, col(Lot.id).in_(ids) | col(Lot.root_id).in_(ids))
    known = set(tx.session.exec(mine.order_by(col(Lot.id)).with_for_update()))
    for lot_id in ids:
        if lot_id not in known:
            raise LotUnknown(lot=lot_id)


@applies("test:record", TestBody)
def record_test(tx: Tx, act: Act, body: TestBody) -> None:
    """Record a test of a lot; a failed one stops the lot and what was made from it. Raises LotUnknown."""
    lot = service.lock_lot(tx.session, act.project_id, body.lot)
    service.need(tx.session, Organization, act.project_id, body.laboratory, "检测机构", "laboratory")
    values = body.model_dump(exclude={"lot", "laboratory"})
    tx.session.add(
        TestResult(
            id=act.object_id,
            project_id=act.project_id,
            lot_id=lot.id,
            laboratory_id=body.laboratory,
            act_id=act.id,
            **values,
        )
    )
    gathering.of(tx.session).forget(TESTS)
    tx.touch("test", act.object_id)
    tx.touch("lot", lot.id)
    if body.result == "fail":
        service.set_status(tx, act, lot, "stopped", None)
