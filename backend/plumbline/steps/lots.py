"""Lots that steps used, as pages show them."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts import gathering
from plumbline.acts.gathering import find
from plumbline.definitions.catalogue import material_names
from plumbline.materials.models import CERTIFICATES, TESTS, CertificateLot, Lot, TestResult
from plumbline.materials.rows import status_of
from plumbline.materials.units import convert
from plumbline.steps.feed import decimal_text
from plumbline.steps.models import StepLot
from plumbline.steps.schemas import LotUseOut
from plumbline.trace.walk import walk

MOST_ORIGINS = 2000  # Of one element; enough for every wall, and a bound for a slab of a thousand trucks.
SHOWN = {"code", "material", "grade", "size", "heat_no", "batch_no", "manufacturer"}


def used_in(session: Session, project_id: UUID, step_ids: Sequence[UUID]) -> list[LotUseOut]:
    """Lots used in these steps by code, quantities summed in the lot's base unit, with their present status."""
    used = (
        select(StepLot, Lot)
        .join(Lot, col(Lot.id) == col(StepLot.lot_id))
        .where(StepLot.project_id == project_id, col(StepLot.step_id).in_(step_ids))
        .order_by(Lot.code)
    )
    found: dict[UUID, tuple[Lot, Decimal]] = {}
    for use, lot in session.exec(used):
        before = found.get(lot.id, (lot, Decimal(0)))[1]
        found[lot.id] = (lot, before + convert(use.quantity, use.unit, lot.unit))
    return [_shown(lot, quantity) for lot, quantity in found.values()]


def _shown(lot: Lot, quantity: Decimal) -> LotUseOut:
    return LotUseOut(
        lot_id=lot.id,
        material_names=material_names(lot.material),
        quantity=decimal_text(quantity),
        unit=lot.unit,
        status=status_of(lot),
        **lot.model_dump(include=SHOWN),
    )


def proofs_of(session: Session, project_id: UUID, lot_ids: Sequence[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Certificates and tests of these lots and of every lot that they came from, by id, in a stable order."""
    origins = walk(session, project_id, lot_ids, "backward", MOST_ORIGINS).nodes
    certificates = select(CertificateLot.certificate_id).where(
        CertificateLot.project_id == project_id, col(CertificateLot.lot_id).in_(origins)
    )
    tests = select(TestResult.id).where(TestResult.project_id == project_id, col(TestResult.lot_id).in_(origins))
    return sorted(set(session.exec(certificates))), sorted(session.exec(tests))


def count_certificates(session: Session, project_id: UUID, lot_ids: Sequence[UUID]) -> int:
    """How many certificates prove these lots, or the deliveries that they are parts of, as far as is known now."""
    lots = [lot for id in lot_ids if (lot := find(session, Lot, id)) and lot.project_id == project_id]
    proven = {*lot_ids, *(lot.root_id for lot in lots)}
    papers = gathering.of(session).facts(CERTIFICATES)
    if proven - papers.keys():
        _read_papers(session, project_id, proven)
    return len(set().union(*(papers[lot] for lot in proven)))


def tests_of(session: Session, lot: Lot) -> list[TestResult]:
    """The tests of a lot and of the delivery that it is part of, as far as is known now."""
    proven = dict.fromkeys((lot.id, lot.root_id))
    noted = gathering.of(session).facts(TESTS)
    if proven.keys() - noted.keys():
        _read_tests(session, lot.project_id, set(proven))
    return [test for id in proven for test in noted[id]]


def _read_papers(session: Session, project_id: UUID, lot_ids: set[UUID]) -> None:
    """Note the certificates of these lots and of the rest of the batch."""
    asked = _with_the_batch(session, project_id, lot_ids)
    papers = gathering.of(session).facts(CERTIFICATES)
    papers.update({lot: set() for lot in asked})
    naming = select(CertificateLot.lot_id, CertificateLot.certificate_id).where(
        CertificateLot.project_id == project_id, col(CertificateLot.lot_id).in_(asked)
    )
    for lot, certificate in session.exec(naming):
        papers[lot].add(certificate)


def _read_tests(session: Session, project_id: UUID, lot_ids: set[UUID]) -> None:
    """Note the tests of these lots and of the rest of the batch."""
    asked = _with_the_batch(session, project_id, lot_ids)
    noted = gathering.of(session).facts(TESTS)
    noted.update({lot: [] for lot in asked})
    mine = select(TestResult).where(TestResult.project_id == project_id, col(TestResult.lot_id).in_(asked))
    for test in session.exec(mine.order_by(col(TestResult.id))):
        noted[test.lot_id].append(test)


def _with_the_batch(session: Session, project_id: UUID, lot_ids: set[UUID]) -> set[UUID]:
    """These lots and every other lot of the batch: what is asked for one is asked for all in the same question."""
    others = [lot for lot in gathering.of(session).known(Lot) if lot.project_id == project_id]
    return lot_ids.union(*((lot.id, lot.root_id) for lot in others))
