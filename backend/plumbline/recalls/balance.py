"""The balance of a recall: what came in, what is accounted for, and what is open, by material and unit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from plumbline.acts.gathering import find
from plumbline.acts.transaction import Act, Tx
from plumbline.identity.models import Crew, Membership, Organization
from plumbline.materials.models import ZERO, Lot
from plumbline.materials.service import plain as plain
from plumbline.projects.models import Place, TaskNode
from plumbline.recalls.errors import RecallBalanceOpen, RecallItemUnknown
from plumbline.recalls.models import Recall, RecallDisposition, RecallItem, RecallTotal
from plumbline.steps.models import StepRecord

Names = dict[str, str]
MOST_NAMED = 3  # Places in one sentence.
WORDS: dict[str, Names] = {
    "in_stock": {"zh": "在库", "en": "in stock"},
    "quarantined": {"zh": "已隔离", "en": "quarantined"},
    "returned": {"zh": "已退货", "en": "returned"},
    "removed": {"zh": "已清除", "en": "removed"},
    "accepted": {"zh": "设计评估后接受", "en": "assessed and accepted by the designer"},
    "not_found": {"zh": "未找到", "en": "not found"},
}


@dataclass(frozen=True)
class Sum:
    """One material in one unit: received = accounted + open, exactly."""

    material: str
    unit: str
    received: Decimal
    accounted: Decimal
    items: int
    open_items: int

    @property
    def open(self) -> Decimal:
        """What nobody has said anything of; below zero when more was found than came in."""
        return self.received - self.accounted


def sums(session: Session, recall_ids: list[UUID]) -> dict[UUID, list[Sum]]:
    """The balance of recalls, by recall, in a stable order."""
    is_open = case((RecallItem.quantity > RecallItem.disposed, 1), else_=0)  # type: ignore[arg-type]
    counted = case((RecallItem.quantity > 0, 1), else_=0)  # type: ignore[arg-type]
    by = (col(RecallItem.recall_id), col(RecallItem.material), col(RecallItem.unit))
    rows = session.execute(
        sa_select(
            *by,
            func.sum(RecallItem.disposed),
            func.sum(counted),
            func.sum(is_open),
        )
        .where(col(RecallItem.recall_id).in_(recall_ids))
        .group_by(*by)
    )
    counts = {(recall, material, unit): (done, int(n), int(left)) for recall, material, unit, done, n, left in rows}
    totals = select(RecallTotal).where(col(RecallTotal.recall_id).in_(recall_ids))
    found: dict[UUID, list[Sum]] = {id: [] for id in recall_ids}
    for t in session.exec(totals.order_by(RecallTotal.material, RecallTotal.unit)):
        done, n, left = counts.get((t.recall_id, t.material, t.unit), (ZERO, 0, 0))
        found[t.recall_id].append(Sum(t.material, t.unit, t.received, done, n, left))
    return found


def check(session: Session, recall: Recall) -> None:
    """Refuse to close while something is open; says how much, where, and who holds it. Raises RecallBalanceOpen."""
    open_ones = [s for s in sums(session, [recall.id])[recall.id] if s.open != 0]
    if not open_ones:
        return
    where, who = _holders(session, recall)
    raise RecallBalanceOpen(
        code=recall.code,
        recall=recall.id,
        open=[f"{plain(s.open)} {s.unit}" if s.material else _places(s) for s in open_ones],
        where=where or [{"zh": "账面数量与实物不符", "en": "the account and what was found differ"}],
        who=who or [{"zh": "质检员", "en": "the quality inspector"}],
    )


def _places(s: Sum) -> Names:
    return {"zh": f"{plain(s.open)} 个部位", "en": f"{plain(s.open)} places"}


def _holders(session: Session, recall: Recall) -> tuple[list[Any], list[Any]]:
    """The first open items as lots and elements, and the crews and places that hold them."""
    wanted = (
        select(RecallItem)
        .where(RecallItem.project_id == recall.project_id, RecallItem.recall_id == recall.id)
        .where(RecallItem.quantity > RecallItem.disposed)
        .order_by(col(RecallItem.quantity).desc(), col(RecallItem.id))
        .limit(MOST_NAMED)
    )
    where: list[Any] = []
    who: list[Any] = []
    for item in session.exec(wanted):
        where.append(_where(session, item))
        holder = _holder(session, item)
        if holder is not None and holder not in who:
            who.append(holder)
    return where, who


def _holder(session: Session, item: RecallItem) -> Names | None:
    """The crew that has it in hand, else the place where it is."""
    found = find(session, Crew, item.crew_id) if item.crew_id else None
    holder = found or (find(session, Place, item.place_id) if item.place_id else None)
    return None if holder is None else {"zh": holder.name, "en": holder.name_en or holder.name}


def _where(session: Session, item: RecallItem) -> Any:
    step = find(session, StepRecord, item.step_id) if item.step_id else None
    task = find(session, TaskNode, step.task_id) if step else None
    if task is not None:
        return {"zh": f"{task.code} {task.name}", "en": f"{task.code} {task.name_en or task.name}"}
    lot = find(session, Lot, item.lot_id) if item.lot_id else None
    return lot.code if lot else "?"


def decided_by(session: Session, item: RecallItem) -> dict[str, Any]:
    """Who settled an item last, by organization: names of people stay out of what is stored."""
    last = session.exec(
        select(RecallDisposition)
        .where(RecallDisposition.project_id == item.project_id, RecallDisposition.item_id == item.id)
        .where(col(RecallDisposition.void_act_id).is_(None))
        .order_by(col(RecallDisposition.at).desc(), col(RecallDisposition.id).desc())
    ).first()
    if last is None:
        return {"what": {"zh": "有记录可查", "en": "on record"}, "by": {"zh": "账面记录", "en": "The account"}}
    member = session.get(Membership, (item.project_id, last.by))
    firm = session.get(Organization, member.organization_id) if member and member.organization_id else None
    by = {"zh": firm.name, "en": firm.name_en or firm.name} if firm else {"zh": "他人", "en": "Somebody"}
    return {"what": WORDS[last.disposition], "by": by, "by_id": last.by, "act": last.act_id}


def take_back(tx: Tx, act: Act, item: RecallItem) -> None:
    """A corrected decision counts no more. Raises RecallItemUnknown when the act to replace decided something else."""
    former = tx.session.exec(
        select(RecallDisposition).where(
            RecallDisposition.project_id == act.project_id,
            RecallDisposition.item_id == item.id,
            RecallDisposition.act_id == act.supersedes,
            col(RecallDisposition.void_act_id).is_(None),
        )
    ).first()
    if former is None:
        raise RecallItemUnknown(item=item.id)
    former.void_act_id = act.id
    item.disposed -= former.quantity
    tx.session.add(former)
