"""What applies to recalls: recall:open, recall:scope, recall:acknowledge, recall:dispose, recall:close."""

from plumbline.acts.gathering import find
from plumbline.acts.registry import applies
from plumbline.acts.transaction import Act, Tx
from plumbline.identity.models import Membership
from plumbline.materials.models import Lot, TestResult
from plumbline.projects.service import next_code
from plumbline.recalls import balance, following, freezing, scope, stopping
from plumbline.recalls.errors import (
    DesignerNeeded,
    RecallClosed,
    RecallExists,
    RecallItemDecided,
    RecallItemUnknown,
    RecallNothingFound,
    RecallNotWhole,
    RecallQuantityTooMuch,
    RecallThingUnknown,
    RecallUnknown,
)
from plumbline.recalls.models import Recall, RecallAck, RecallDisposition, RecallItem, RecallStart
from plumbline.recalls.schemas import AcknowledgeBody, CloseBody, DisposeBody, OpenBody, ScopeBody
from plumbline.trace.walk import reached

__all__ = ["following"]  # Imported for what it registers: it follows what leaves a recalled lot.
ASSESSMENT = "assessment"  # Role of the file in which the designer accepts the material.


@applies("recall:open", OpenBody)
def open_recall(tx: Tx, act: Act, body: OpenBody) -> None:
    """Open a recall or drill: its scope is frozen, and its lots stop at once unless it is a drill.

    Raises RecallExists, RecallThingUnknown, RecallNothingFound, LotAlreadyRecalled.
    """
    if find(tx.session, Recall, act.object_id) is not None:
        raise RecallExists(recall=act.object_id)
    scope.check_things(tx.session, act.project_id, body)
    if body.test is not None:
        test = tx.session.get(TestResult, body.test)
        if test is None or test.project_id != act.project_id:
            raise RecallThingUnknown(count=1)
    seeds = scope.starts(tx.session, act.project_id, body)
    if not body.drill and body.kind not in scope.OF_STEPS:
        stopping.refuse_recalled(tx.session, act.project_id, seeds, body.kind)
    starts = sorted(tx.session.execute(seeds).scalars())
    if not starts:
        raise RecallNothingFound()
    recall = _new(tx, act, body)
    kind = "step" if body.kind in scope.OF_STEPS else "lot"
    for node in starts:
        tx.row(RecallStart, recall_id=recall.id, node_id=node, project_id=act.project_id, kind=kind)
    tree = reached(act.project_id, scope.frozen(recall.id))
    found = scope.count(tx.session, act.project_id, tree)
    recall.nodes = found.nodes
    if not recall.is_drill:
        recall.lots_stopped = stopping.stop_all(tx, act, recall, tree)
    _compare(tx, recall, found)
    if recall.nodes > freezing.AT_ONCE:
        tx.job("recall-scope", str(recall.id), str(act.project_id), str(recall.id))
    else:
        freezing.freeze(tx, act, recall, freezing.AT_ONCE + 1)
    tx.touch("recall", recall.id)
    tx.job("push-recall", str(recall.id), str(recall.id))


def _new(tx: Tx, act: Act, body: OpenBody) -> Recall:
    recall = Recall(
        id=act.object_id,
        project_id=act.project_id,
        code=next_code(tx, act.project_id, "RC"),
        is_drill=body.drill,
        basis=body.kind,
        about=body.model_dump(mode="json", exclude={"kind", "reason", "drill", "test"}, exclude_none=True),
        reason=body.reason,
        test_id=body.test,
        status="open",
        is_whole=False,
        opened_by=act.actor_id,
        opened_at=act.received_at,
        act_id=act.id,
    )
    tx.session.add(recall)
    return recall


def _compare(tx: Tx, recall: Recall, counted: scope.Counts) -> None:
    found = scope.narrow(tx.session, recall.project_id, scope.frozen(recall.id), counted)
    recall.lots_without, recall.elements, recall.elements_without = (
        found.lots_without,
        found.elements,
        found.elements_without,
    )
    if recall.is_drill:
        recall.lots_stopped = found.lots
    tx.session.add(recall)


@applies("recall:scope", ScopeBody, by_house=True)
def go_on(tx: Tx, act: Act, body: ScopeBody) -> None:
    """Freeze the next part of a large scope. Raises RecallUnknown."""
    recall = locked(tx, act)
    if not recall.is_whole:
        freezing.freeze(tx, act, recall, freezing.PART)


@applies("recall:acknowledge", AcknowledgeBody)
def acknowledge(tx: Tx, act: Act, body: AcknowledgeBody) -> None:
    """Say that one knows of a recall, for this person on this device; the first time counts. Raises RecallUnknown."""
    recall = find(tx.session, Recall, act.object_id)
    if recall is None or recall.project_id != act.project_id:
        raise RecallUnknown(recall=act.object_id)
    if find(tx.session, RecallAck, (recall.id, act.actor_id, act.device_id)) is not None:
        return
    member = find(tx.session, Membership, (act.project_id, act.actor_id))
    tx.session.add(
        RecallAck(
            recall_id=recall.id,
            person_id=act.actor_id,
            device_id=act.device_id,
            project_id=act.project_id,
            organization_id=member.organization_id if member else None,
            at=act.received_at,
            act_id=act.id,
        )
    )
    tx.touch("recall", recall.id)


@applies("recall:dispose", DisposeBody)
def dispose(tx: Tx, act: Act, body: DisposeBody) -> None:
    """Say what became of a quantity; with `supersedes` instead of what was said before.

    Of two people who decide the same at once the first wins. Raises RecallItemUnknown, RecallClosed, DesignerNeeded,
    RecallItemDecided, RecallQuantityTooMuch.
    """
    item = find(tx.session, RecallItem, body.item)
    if item is None or item.project_id != act.project_id:
        raise RecallItemUnknown(item=body.item)
    # The recall first, as recall:close does: nobody decides while it closes, or closes while somebody decides.
    recall, item = find(tx.session, Recall, item.recall_id, lock=True), find(tx.session, RecallItem, item.id, lock=True)
    assert recall is not None
    assert item is not None
    if recall.status == "closed":
        raise RecallClosed(code=recall.code, recall=recall.id)
    is_signed = "designer" in tx.roles or any(f.role.split(":")[0] == ASSESSMENT for f in act.files)
    if body.disposition == "accepted" and not is_signed:
        raise DesignerNeeded()
    if act.supersedes is not None:
        balance.take_back(tx, act, item)
    left = item.quantity - item.disposed
    if left <= 0:
        raise RecallItemDecided(item=item.id, **balance.decided_by(tx.session, item))
    quantity = left if body.quantity is None else body.quantity
    if quantity > left:
        raise RecallQuantityTooMuch(
            item=item.id, left=balance.plain(left), wanted=balance.plain(quantity), unit=item.unit
        )
    item.disposed += quantity
    tx.session.add(item)
    tx.row(
        RecallDisposition,
        id=act.object_id,
        project_id=act.project_id,
        recall_id=recall.id,
        item_id=item.id,
        disposition=body.disposition,
        quantity=quantity,
        note=body.note or None,
        by=act.actor_id,
        at=act.received_at,
        act_id=act.id,
    )
    tx.touch("recall_item", item.id)
    tx.touch("recall", recall.id)
    if item.lot_id is not None and find(tx.session, Lot, item.lot_id) is not None:
        tx.touch("lot", item.lot_id)


@applies("recall:close", CloseBody)
def close(tx: Tx, act: Act, body: CloseBody) -> None:
    """Close a recall whose balance is full, or whose difference is named; its lots go where it was decided.

    Raises RecallUnknown, RecallClosed, RecallNotWhole, RecallBalanceOpen.
    """
    recall = locked(tx, act)
    if recall.status == "closed":
        raise RecallClosed(code=recall.code, recall=recall.id)
    if not recall.is_whole:
        raise RecallNotWhole(code=recall.code)
    if body.difference is None:
        balance.check(tx.session, recall)
    recall.status, recall.closed_by, recall.closed_at = "closed", act.actor_id, act.received_at
    recall.close_act_id, recall.close_note, recall.difference = act.id, body.note or None, body.difference
    tx.session.add(recall)
    if not recall.is_drill:
        stopping.let_go(tx, act, recall)
    tx.touch("recall", recall.id)


def locked(tx: Tx, act: Act) -> Recall:
    """The recall that the act is about, its row locked on PostgreSQL. Raises RecallUnknown."""
    recall = find(tx.session, Recall, act.object_id, lock=True)
    if recall is None or recall.project_id != act.project_id:
        raise RecallUnknown(recall=act.object_id)
    return recall
