"""The life of a defect: found, confirmed or dismissed, answered, put right, closed; each thing said is kept."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.gathering import find
from plumbline.acts.registry import Body
from plumbline.acts.transaction import Act, Tx
from plumbline.defects.errors import (
    DefectDecided,
    DefectUnknown,
    NcrNotFinished,
    NotConfirmed,
    NotTheParty,
    OwnWork,
    PartyUnknown,
)
from plumbline.defects.models import Defect, NcrAction, NcrEntry
from plumbline.identity.models import Crew, Equipment, Membership, Organization

Names = dict[str, str]
TABLES: dict[str, Any] = {"organization": Organization, "crew": Crew, "equipment": Equipment}
STATUS: dict[str, Names] = {
    "open": {"zh": "待处理", "en": "open"},
    "rejected": {"zh": "不成立", "en": "not upheld"},
    "confirmed": {"zh": "不合格", "en": "nonconformance"},
    "closed": {"zh": "已关闭", "en": "closed"},
}
OPEN: dict[str, Names] = {
    "party": {"zh": "责任方", "en": "responsible party"},
    "cause": {"zh": "原因分析", "en": "root cause"},
    "correction": {"zh": "至少一项整改措施", "en": "at least one correction or corrective action"},
    "actions": {"zh": "措施未完成或未验证有效", "en": "actions that are not done and found effective"},
    "reinspection": {"zh": "复查合格", "en": "a re-inspection that passes"},
}


def locked(tx: Tx, project_id: UUID, id: UUID) -> Defect:
    """The defect, its row locked on PostgreSQL. Raises DefectUnknown."""
    defect = find(tx.session, Defect, id, lock=True)
    if defect is None or defect.project_id != project_id:
        raise DefectUnknown(defect=id)
    return defect


def open_defect(tx: Tx, act: Act) -> Defect:
    """A defect that nobody has decided. Of two who decide at once the first wins. Raises DefectDecided."""
    defect = locked(tx, act.project_id, act.object_id)
    if defect.status != "open":
        raise _decided(tx.session, defect, defect.decided_by)
    return defect


def confirmed(tx: Tx, act: Act, id: UUID) -> Defect:
    """A nonconformance that is not closed. Raises DefectUnknown, NotConfirmed, DefectDecided."""
    defect = locked(tx, act.project_id, id)
    if defect.status == "open":
        raise NotConfirmed(code=defect.code)
    if defect.status != "confirmed":
        raise _decided(tx.session, defect, defect.closed_by)
    return defect


def _decided(session: Session, defect: Defect, by: UUID | None) -> DefectDecided:
    return DefectDecided(code=defect.code, state=STATUS[defect.status], by=firm(session, defect, by))


def firm(session: Session, defect: Defect, person_id: UUID | None) -> Names:
    """For whom somebody works: names of people stay out of what is stored."""
    member = session.get(Membership, (defect.project_id, person_id)) if person_id else None
    found = session.get(Organization, member.organization_id) if member and member.organization_id else None
    return {"zh": found.name, "en": found.name_en or found.name} if found else {"zh": "他人", "en": "Somebody"}


def say(tx: Tx, act: Act, defect: Defect, kind: str, body: Body) -> None:
    """Keep what was said, and let phones know."""
    tx.row(
        NcrEntry,
        id=act.id,
        project_id=act.project_id,
        defect_id=defect.id,
        kind=kind,
        said=body.model_dump(mode="json", exclude_none=True),
        by=act.actor_id,
        at=act.received_at,
    )
    tx.session.add(defect)
    tx.touch("defect", defect.id)
    tx.touch("task", defect.task_id)


def party(session: Session, project_id: UUID, kind: str, id: UUID) -> Any:
    """The organization, crew or machine. Raises PartyUnknown."""
    found = find(session, TABLES[kind], id)
    if found is None or found.project_id != project_id:
        raise PartyUnknown(party=id)
    return found


def check_of_party(tx: Tx, act: Act, defect: Defect) -> None:
    """Only the responsible side answers: its people, or for a crew also its company's. Raises NotTheParty."""
    if defect.party_kind is None or defect.party_id is None:
        raise NotTheParty(party={"zh": "尚未确定", "en": "nobody yet"})
    found = party(tx.session, act.project_id, defect.party_kind, defect.party_id)
    member = find(tx.session, Membership, (act.project_id, act.actor_id))
    mine = {member.crew_id, member.organization_id} if member else set()
    theirs = {defect.party_id, getattr(found, "organization_id", None)} - {None}
    # A machine has no people of its own: whoever works with it may speak for it.
    if defect.party_kind != "equipment" and not mine & theirs:
        raise NotTheParty(party={"zh": found.name, "en": found.name_en or found.name})


def actions_of(session: Session, defect: Defect) -> list[NcrAction]:
    """Everything that is to be done about it, in the order of planning."""
    mine = select(NcrAction).where(NcrAction.project_id == defect.project_id, NcrAction.defect_id == defect.id)
    return list(session.exec(mine.order_by(col(NcrAction.id))))


def check_finished(tx: Tx, act: Act, defect: Defect) -> None:
    """Close by flow: nothing is open, and it is not closed by who put it right. Raises NcrNotFinished, OwnWork."""
    actions = actions_of(tx.session, defect)
    caused = select(NcrEntry.id).where(
        NcrEntry.project_id == act.project_id, NcrEntry.defect_id == defect.id, NcrEntry.kind == "cause"
    )
    missing = {
        "party": defect.party_id is None,
        "cause": tx.session.exec(caused).first() is None,
        "correction": not any(a.kind in ("correction", "corrective") for a in actions),
        "actions": any(a.status != "effective" for a in actions),
        "reinspection": defect.reinspection != "pass",
    }
    if any(missing.values()):
        raise NcrNotFinished(code=defect.ncr_code, open=[OPEN[key] for key, is_open in missing.items() if is_open])
    if any(a.done_by == act.actor_id for a in actions):
        raise OwnWork()
