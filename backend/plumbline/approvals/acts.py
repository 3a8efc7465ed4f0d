"""What applies to approvals: approval:decide."""

from plumbline.acts.models import ActRow
from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.approvals import service
from plumbline.approvals.errors import DecisionExists, OwnStep, ReasonMissing, StepAwaitsFiles, StepDecided
from plumbline.approvals.models import Decision
from plumbline.approvals.schemas import DecisionBody
from plumbline.identity.models import Person
from plumbline.steps import files
from plumbline.steps import service as steps
from plumbline.steps.errors import StepSuperseded
from plumbline.steps.models import StepRecord

STATUS_AFTER = {"approve": "approved", "reject": "rejected", "ask": "more_asked"}
FLOW = ("default", 1)  # The one flow there is: a single stage, the project manager.


@applies("approval:decide", DecisionBody)
def decide(tx: Tx, act: Act, body: DecisionBody) -> None:
    """Approve, reject or ask for more of a submitted step.

    Raises ReasonMissing, StepNotFound, OwnStep, StepAwaitsFiles, StepDecided, StepSuperseded, DecisionExists.
    """
    if body.decision != "approve" and not body.reason:
        raise ReasonMissing()
    if tx.session.get(Decision, act.object_id) is not None:
        raise DecisionExists(decision=act.object_id)
    step = steps.locked(tx.session, act.project_id, body.step)
    if steps.took_part(tx.session, step, act.actor_id):
        raise OwnStep(step=step.id)
    _is_open(tx, step)
    step.status = STATUS_AFTER[body.decision]
    tx.session.add(step)
    tx.session.add(_row(act, body, step))
    tx.touch("step", step.id)
    tx.touch("task", step.task_id)
    tx.job("push-decision", str(act.object_id), str(act.object_id))


def _is_open(tx: Tx, step: StepRecord) -> None:
    """A submitted step may be decided on; so may one that was asked about, by somebody who knew of the question."""
    if step.status == "awaiting_files":
        raise StepAwaitsFiles(step=step.id, count=files.awaited_by(tx.session, step))
    if step.status == "superseded":
        raise StepSuperseded(step=step.id, by=steps.newer_than(tx.session, step))
    if step.status == "submitted":
        return
    standing = service.newest(tx.session, step.project_id, "step", step.id)
    assert standing is not None
    asked = tx.session.get(ActRow, standing.act_id) if standing.decision == "ask" else None
    if asked is not None and tx.had_seen(asked.number):
        return
    by = tx.session.get(Person, standing.decided_by)
    raise StepDecided(
        step=step.id,
        by=by.display_name if by else standing.decided_by,
        decision=service.WORDS[standing.decision],
        decision_id=standing.id,
    )


def _row(act: Act, body: DecisionBody, step: StepRecord) -> Decision:
    return Decision(
        id=act.object_id,
        project_id=act.project_id,
        subject_kind="step",
        subject_id=step.id,
        flow_key=FLOW[0],
        flow_version=FLOW[1],
        stage=body.stage,
        decision=body.decision,
        reason=body.reason or None,
        decided_by=act.actor_id,
        decided_at=act.at.wall,
        received_at=act.received_at,
        act_id=act.id,
    )
