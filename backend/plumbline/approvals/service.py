"""Reading decisions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.approvals.models import Decision

# Words of a decision, for refusals and pages.
WORDS = {
    "approve": {"zh": "批准", "en": "approved"},
    "reject": {"zh": "退回", "en": "rejected"},
    "ask": {"zh": "要求补充", "en": "asked for more"},
}


def decision_rows(
    session: Session, project_id: UUID, subject_kind: str, ids: Sequence[UUID]
) -> dict[UUID, list[dict[str, Any]]]:
    """Decisions on each subject in the order of receipt, as feed rows carry them."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for decision in _of(session, project_id, subject_kind, ids):
        found.setdefault(decision.subject_id, []).append(_row(decision))
    return found


def newest(session: Session, project_id: UUID, subject_kind: str, subject_id: UUID) -> Decision | None:
    """The decision that stands."""
    decisions = _of(session, project_id, subject_kind, [subject_id])
    return decisions[-1] if decisions else None


def _of(session: Session, project_id: UUID, subject_kind: str, ids: Sequence[UUID]) -> Sequence[Decision]:
    mine = select(Decision).where(
        Decision.project_id == project_id,
        Decision.subject_kind == subject_kind,
        col(Decision.subject_id).in_(ids),
    )
    return session.exec(mine.order_by(col(Decision.received_at), col(Decision.id))).all()


def _row(decision: Decision) -> dict[str, Any]:
    return {
        "id": str(decision.id),
        "stage": decision.stage,
        "decision": decision.decision,
        "reason": decision.reason,
        "by": str(decision.decided_by),
        "at": decision.decided_at,
        "act_id": str(decision.act_id),
    }
