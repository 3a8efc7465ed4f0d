"""A manager's answer to what was refused: two act types, and the feed row that brings the answer to the phone."""

from typing import Any, Literal, Self
from uuid import UUID

from pydantic import model_validator
from sqlmodel import Session, col, select

from plumbline.acts.errors import AnswerActUnknown, NotAnswered, NotInQuarantine
from plumbline.acts.fields import Note
from plumbline.acts.models import ActRow, KeptAct, QuarantineAnswer
from plumbline.acts.registry import Body, Waits, applies, feed_row
from plumbline.acts.transaction import Act, Tx

Decision = Literal["dismissed", "taken_over", "asked"]


class AnswerBody(Body):
    """Body of quarantine:answer. `dismissed` and `asked` want a note; `taken_over` names the act that did it anew."""

    decision: Decision
    note: Note | None = None
    act: UUID | None = None

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if (self.decision == "taken_over") != (self.act is not None):
            raise ValueError("act: belongs to taken_over, and to nothing else")
        if self.decision != "taken_over" and not self.note:
            raise ValueError("note: say why, or what is asked")
        return self


class ReopenBody(Body):
    """Body of quarantine:reopen."""

    note: Note | None = None


@applies("quarantine:answer", AnswerBody)
def answer(tx: Tx, act: Act, body: AnswerBody) -> None:
    """Answer a refused act or kept bytes of this project; a later answer takes the place of the one before.

    Raises NotInQuarantine, AnswerActUnknown; waits while the new act does.
    """
    claimed_id = _claimed_id(tx.session, act.project_id, act.object_id)
    if body.act is not None:
        _check_done(tx.session, act.project_id, body.act)
    tx.session.merge(
        QuarantineAnswer(
            item_id=act.object_id,
            project_id=act.project_id,
            claimed_id=claimed_id,
            decision=body.decision,
            note=body.note or None,
            new_act_id=body.act,
            act_id=act.id,
            answered_by=act.actor_id,
            answered_at=act.received_at,
        )
    )
    tx.touch("answer", act.object_id)
    tx.job("push-answer", str(act.id), str(act.object_id), str(act.id))


@applies("quarantine:reopen", ReopenBody)
def reopen(tx: Tx, act: Act, body: ReopenBody) -> None:
    """Take an answer back: the case is open again, and the answer leaves the phones. Raises NotAnswered."""
    # A select and not session.get, so that what an earlier act of the same batch did is seen too.
    mine = select(QuarantineAnswer).where(
        QuarantineAnswer.project_id == act.project_id, QuarantineAnswer.item_id == act.object_id
    )
    found = tx.session.exec(mine).first()
    if found is None:
        raise NotAnswered
    tx.session.delete(found)
    tx.touch("answer", act.object_id)


def _claimed_id(session: Session, project_id: UUID, item_id: UUID) -> UUID | None:
    """The id under which the phone knows the act. Raises NotInQuarantine."""
    refused = session.get(ActRow, item_id)
    if refused is not None and refused.project_id == project_id and refused.verdict == "refused":
        return refused.id
    kept = session.get(KeptAct, item_id)
    if kept is None or kept.project_id != project_id:
        raise NotInQuarantine
    return kept.claimed_id


def _check_done(session: Session, project_id: UUID, act_id: UUID) -> None:
    found = session.get(ActRow, act_id)
    if found is None or found.project_id != project_id or found.verdict == "refused":
        raise AnswerActUnknown
    if found.verdict != "applied":
        raise Waits(f"act:{act_id}")


@feed_row("answer")
def answer_rows(session: Session, project_id: UUID, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Answers that stand; `act_id` is the refused act as the phone knows it."""
    found = session.exec(
        select(QuarantineAnswer).where(
            QuarantineAnswer.project_id == project_id, col(QuarantineAnswer.item_id).in_(ids)
        )
    )
    return {a.item_id: answer_row(a) for a in found}


def answer_row(answer: QuarantineAnswer) -> dict[str, Any]:
    """One answer as the feed and the quarantine show it."""
    return {
        "id": str(answer.item_id),
        "act_id": str(answer.claimed_id) if answer.claimed_id else None,
        "decision": answer.decision,
        "note": answer.note,
        "new_act_id": str(answer.new_act_id) if answer.new_act_id else None,
        "by": str(answer.answered_by),
        "at": answer.answered_at.isoformat().replace("+00:00", "Z"),
    }
