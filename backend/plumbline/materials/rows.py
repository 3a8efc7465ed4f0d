"""Feed rows of lots, certificates and tests."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.registry import feed_row
from plumbline.definitions import catalogue
from plumbline.evidence import service as evidence
from plumbline.materials import words
from plumbline.materials.models import Certificate, CertificateLot, Lot, LotInput, TestResult
from plumbline.materials.service import plain

Row = dict[str, Any]


def _ids(values: Iterable[UUID]) -> list[str]:
    return [str(v) for v in values]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _instant(value: Any) -> str | None:
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()


@feed_row("lot")
def lot_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, Row]:
    """Lots with balance, status, and the ids of what proves them."""
    lots = session.exec(select(Lot).where(Lot.project_id == project_id, col(Lot.id).in_(ids))).all()
    proven = [lot.id for lot in lots] + [lot.root_id for lot in lots]
    certificates = _by_lot(
        session.exec(
            select(CertificateLot.lot_id, CertificateLot.certificate_id).where(col(CertificateLot.lot_id).in_(proven))
        ).all()
    )
    tests = _by_lot(
        session.exec(select(TestResult.lot_id, TestResult.id).where(col(TestResult.lot_id).in_(proven))).all()
    )
    files = evidence.file_rows(session, project_id, [lot.act_id for lot in lots])
    inputs = _by_lot(
        session.exec(
            select(LotInput.lot_id, LotInput.input_id)
            .where(LotInput.project_id == project_id, col(LotInput.lot_id).in_(ids))
            .order_by(col(LotInput.input_id))
        ).all()
    )
    why = words.reasons(session, list(lots))
    return {
        lot.id: {"status_reason": why.get(lot.id), "files": files.get(lot.act_id, [])}
        | _lot_row(lot, _own_and_root(certificates, lot), _own_and_root(tests, lot), inputs.get(lot.id, []))
        for lot in lots
    }


def _by_lot(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for lot, other in pairs:
        found.setdefault(lot, []).append(other)
    return found


def _own_and_root(found: dict[UUID, list[UUID]], lot: Lot) -> list[UUID]:
    """What proves the received lot proves its parts too."""
    return list(dict.fromkeys([*found.get(lot.id, []), *found.get(lot.root_id, [])]))


def status_of(lot: Lot) -> str:
    """The status that people see: an emptied lot is exhausted unless it is stopped or held."""
    return "exhausted" if lot.status in ("received", "released") and lot.on_hand <= 0 else lot.status


def _lot_row(lot: Lot, certificates: list[UUID], tests: list[UUID], inputs: list[UUID]) -> Row:
    material = catalogue.material(lot.material)
    same = {
        "code", "qr", "kind", "material", "grade", "size", "unit", "manufacturer", "heat_no",
        "batch_no", "serial_no", "delivery_note", "vehicle", "flags", "note",
    }  # fmt: skip
    return {
        "id": str(lot.id),
        **lot.model_dump(include=same),
        "material_names": material.body["names"] if material else {"zh": lot.material, "en": lot.material},
        "status": status_of(lot),
        "received": plain(lot.received + lot.produced + lot.counted_in),
        "on_hand": plain(lot.on_hand),
        "place_id": _text(lot.place_id),
        "to_place_id": _text(lot.to_place_id),
        "crew_id": _text(lot.crew_id),
        "supplier_id": _text(lot.supplier_id),
        "recall_id": _text(lot.recall_id),
        "produced_on": _day(lot.produced_on),
        "delivered_at": _instant(lot.delivered_at),
        "received_at": _instant(lot.received_at),
        "parent_ids": [str(lot.parent_id)] if lot.parent_id else _ids(inputs),
        "certificate_ids": _ids(certificates),
        "test_ids": _ids(tests),
        "act_id": str(lot.act_id),
    }


@feed_row("certificate")
def certificate_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, Row]:
    """Certificates with the lots they cover and their files."""
    found = session.exec(
        select(Certificate).where(Certificate.project_id == project_id, col(Certificate.id).in_(ids))
    ).all()
    pairs = session.exec(
        select(CertificateLot.certificate_id, CertificateLot.lot_id).where(col(CertificateLot.certificate_id).in_(ids))
    ).all()
    lots = _by_lot(pairs)
    files = evidence.file_rows(session, project_id, [c.act_id for c in found])
    return {
        c.id: {
            "id": str(c.id),
            **c.model_dump(include={"kind", "number", "issuer", "standard", "heats", "note"}),
            "issued_on": _day(c.issued_on),
            "lot_ids": _ids(lots.get(c.id, [])),
            "files": files.get(c.act_id, []),
            "act_id": str(c.act_id),
        }
        for c in found
    }


@feed_row("test")
def test_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, Row]:
    """Tests of lots."""
    found = session.exec(select(TestResult).where(TestResult.project_id == project_id, col(TestResult.id).in_(ids)))
    return {
        t.id: {
            "id": str(t.id),
            "lot_id": str(t.lot_id),
            **t.model_dump(include={"kind", "result", "report_no", "values"}),
            "laboratory_id": _text(t.laboratory_id),
            "sampled_on": _day(t.sampled_on),
            "tested_on": _day(t.tested_on),
            "due_on": _day(t.due_on),
            "act_id": str(t.act_id),
        }
        for t in found
    }
