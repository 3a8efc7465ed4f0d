"""What applies to nonconformances: ncr:assign, answer, cause, act, done, check, reinspect, cost, close."""

from plumbline.acts.gathering import find
from plumbline.acts.models import ActRow
from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.defects import life
from plumbline.defects.errors import (
    ActionDecided,
    ActionNotYours,
    ActionUnknown,
    DefectExists,
    OwnerUnknown,
    OwnWork,
    PartyDecided,
    ProofMissing,
)
from plumbline.defects.models import NcrAction, NcrCost
from plumbline.defects.schemas import (
    ActionBody,
    AnswerBody,
    AssignBody,
    CauseBody,
    CheckBody,
    CloseNcrBody,
    CostBody,
    DoneBody,
    ReinspectBody,
)
from plumbline.identity.models import Membership
from plumbline.identity.roles import may

ACTION_STATUS = {
    "open": {"zh": "未完成", "en": "open"},
    "done": {"zh": "已完成，待验证", "en": "done, to be checked"},
    "effective": {"zh": "已验证有效", "en": "found effective"},
}


@applies("ncr:assign", AssignBody)
def assign(tx: Tx, act: Act, body: AssignBody) -> None:
    """Name the responsible party; with `supersedes` instead of the one named before.

    Of two who decide at once the first wins. Raises DefectUnknown, NotConfirmed, PartyUnknown, PartyDecided.
    """
    defect = life.confirmed(tx, act, act.object_id)
    life.party(tx.session, act.project_id, body.party.kind, body.party.id)
    if defect.party_kind and defect.party_id and act.supersedes != defect.party_act_id:
        there = life.party(tx.session, act.project_id, defect.party_kind, defect.party_id)
        first = tx.session.get(ActRow, defect.party_act_id) if defect.party_act_id else None
        raise PartyDecided(
            code=defect.ncr_code,
            party={"zh": there.name, "en": there.name_en or there.name},
            by=life.firm(tx.session, defect, first.actor_id if first else None),
        )
    defect.party_kind, defect.party_id, defect.party_act_id = body.party.kind, body.party.id, act.id
    life.say(tx, act, defect, "assign", body)


@applies("ncr:answer", AnswerBody)
def answer(tx: Tx, act: Act, body: AnswerBody) -> None:
    """The responsible side says whether it agrees. Raises DefectUnknown, NotConfirmed, NotTheParty."""
    defect = life.confirmed(tx, act, act.object_id)
    life.check_of_party(tx, act, defect)
    life.say(tx, act, defect, "answer", body)


@applies("ncr:cause", CauseBody)
def cause(tx: Tx, act: Act, body: CauseBody) -> None:
    """Say why it happened; the newest analysis counts. Raises DefectUnknown, NotConfirmed."""
    life.say(tx, act, life.confirmed(tx, act, act.object_id), "cause", body)


@applies("ncr:act", ActionBody)
def plan(tx: Tx, act: Act, body: ActionBody) -> None:
    """Plan an action with owner and due date. Raises DefectUnknown, NotConfirmed, OwnerUnknown, DefectExists."""
    defect = life.confirmed(tx, act, body.defect)
    owner = find(tx.session, Membership, (act.project_id, body.owner))
    if owner is None or owner.state != "active":
        raise OwnerUnknown(owner=body.owner)
    if find(tx.session, NcrAction, act.object_id) is not None:
        raise DefectExists(defect=act.object_id)
    tx.session.add(
        NcrAction(
            id=act.object_id,
            project_id=act.project_id,
            defect_id=defect.id,
            kind=body.kind,
            what=body.what,
            owner_id=body.owner,
            due_on=body.due_on,
            status="open",
            act_id=act.id,
        )
    )
    tx.touch("defect", defect.id)


@applies("ncr:done", DoneBody)
def done(tx: Tx, act: Act, body: DoneBody) -> None:
    """Say that an action is done, with its proof. Raises ActionUnknown, ActionNotYours, ActionDecided, ProofMissing."""
    action = _action(tx, act)
    if act.actor_id != action.owner_id and not may("ncr:act", tx.roles):
        raise ActionNotYours(action=action.id)
    if action.status != "open":
        raise ActionDecided(state=ACTION_STATUS[action.status])
    if not act.files:
        raise ProofMissing()
    action.status, action.done_by, action.done_at = "done", act.actor_id, act.received_at
    action.done_note, action.done_act_id = body.note or None, act.id
    action.checked_by = action.checked_at = action.check_note = None
    tx.session.add(action)
    tx.touch("defect", action.defect_id)


@applies("ncr:check", CheckBody)
def check(tx: Tx, act: Act, body: CheckBody) -> None:
    """Say whether an action helped; one that did not is open again. Raises ActionUnknown, ActionDecided, OwnWork."""
    action = _action(tx, act)
    if action.status != "done":
        raise ActionDecided(state=ACTION_STATUS[action.status])
    if act.actor_id in (action.done_by, action.owner_id):
        raise OwnWork()
    action.status = "effective" if body.effective else "open"
    action.checked_by, action.checked_at, action.check_note = act.actor_id, act.received_at, body.note or None
    tx.session.add(action)
    tx.touch("defect", action.defect_id)


def _action(tx: Tx, act: Act) -> NcrAction:
    action = find(tx.session, NcrAction, act.object_id, lock=True)
    if action is None or action.project_id != act.project_id:
        raise ActionUnknown(action=act.object_id)
    life.confirmed(tx, act, action.defect_id)
    return action


@applies("ncr:reinspect", ReinspectBody)
def reinspect(tx: Tx, act: Act, body: ReinspectBody) -> None:
    """Look again; the newest result counts. Raises DefectUnknown, NotConfirmed."""
    defect = life.confirmed(tx, act, act.object_id)
    defect.reinspection = body.result
    life.say(tx, act, defect, "reinspect", body)


@applies("ncr:cost", CostBody)
def cost(tx: Tx, act: Act, body: CostBody) -> None:
    """Enter what it cost; never in the feed. Raises DefectUnknown, NotConfirmed."""
    defect = life.confirmed(tx, act, body.defect)
    tx.row(
        NcrCost,
        id=act.object_id,
        project_id=act.project_id,
        defect_id=defect.id,
        what=body.what,
        amount=body.amount,
        currency=body.currency,
        by=act.actor_id,
        at=act.received_at,
        act_id=act.id,
    )


@applies("ncr:close", CloseNcrBody)
def close(tx: Tx, act: Act, body: CloseNcrBody) -> None:
    """Close a nonconformance of which nothing is open. Raises DefectUnknown, NotConfirmed, NcrNotFinished, OwnWork."""
    defect = life.confirmed(tx, act, act.object_id)
    life.check_finished(tx, act, defect)
    defect.status, defect.closed_by, defect.closed_at = "closed", act.actor_id, act.received_at
    life.say(tx, act, defect, "close", body)
