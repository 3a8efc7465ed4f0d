"""Why a lot may not be used, in both languages: what a person wrote, or which test failed."""

from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.definitions import catalogue
from plumbline.materials.models import Lot, TestResult

Names = dict[str, str]

TESTS: dict[str, Names] = {
    "retest": {"zh": "进场复试", "en": "site retest"},
    "strength_28d": {"zh": "28 d 抗压强度", "en": "28-day strength"},
    "strength_3d": {"zh": "3 d 强度", "en": "3-day strength"},
    "same_condition": {"zh": "同条件试块强度", "en": "same-condition cube strength"},
}


def test_names(kind: str) -> Names:
    """What a kind of test is called; its own key when nobody named it."""
    proofs: dict[str, Names] = catalogue.data("materials.json")["proof_kinds"]
    return TESTS.get(kind) or proofs.get(kind) or {"zh": kind, "en": kind}


def failed(test: TestResult) -> Names:
    """A failed test as the reason of a stop."""
    names = test_names(test.kind)
    no_zh, no_en = (f"，报告 {test.report_no}", f", report {test.report_no}") if test.report_no else ("", "")
    return {"zh": f"{names['zh']}不合格{no_zh}", "en": f"{names['en']} failed{no_en}"}


def reasons(session: Session, lots: list[Lot]) -> dict[UUID, Names]:
    """By lot, why its status is what it is; lots without a reason are left out."""
    acts = {lot.status_act_id for lot in lots if lot.status == "stopped" and lot.status_act_id}
    tests = {t.act_id: failed(t) for t in session.exec(select(TestResult).where(col(TestResult.act_id).in_(acts)))}
    found: dict[UUID, Names] = {}
    for lot in lots:
        if lot.status_act_id in tests:
            found[lot.id] = tests[lot.status_act_id]
        elif lot.status_reason:
            found[lot.id] = {"zh": lot.status_reason, "en": lot.status_reason}
    return found
