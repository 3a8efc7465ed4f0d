"""The quarantine: refused acts, and signed bytes that could become no act, with what a manager answered.

Managers see all of a project (identity/roles.py, SEES), everybody else what they signed themselves. Of a device or a
person outside the project nothing is told but the ids that were signed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import exists, func, literal, or_, select, union_all
from sqlmodel import Session, col
from sqlmodel import select as rows_of

from plumbline.acts.claims import Claims, claims_of
from plumbline.acts.models import ActRow, KeptAct, QuarantineAnswer
from plumbline.identity.models import Device, DevicePerson, Membership, Person
from plumbline.problems import JSON, NotFound

State = Literal["open", "answered", "all"]
Source = Literal["act", "kept"]


@dataclass(frozen=True)
class Item:
    """One case: what was signed, by which device and for whom, why it was refused, and the answer if there is one."""

    id: UUID
    source: Source
    claims: Claims
    device_id: UUID
    payload: bytes
    pae_sha256: str
    signature: bytes
    problem: JSON | None
    flags: list[str]
    received_at: datetime
    handed_in_by: UUID | None
    answer: QuarantineAnswer | None


def listed(
    session: Session, project_id: UUID, state: State, limit: int, offset: int, own: UUID | None = None
) -> list[Item]:
    """Cases of a project, newest first. `own`: only those that this person signed."""
    cases = _cases(project_id, own)
    wanted = select(cases.c.id, cases.c.source).where(*_in_state(cases.c.id, state))
    wanted = wanted.order_by(cases.c.received_at.desc(), cases.c.id.desc()).limit(limit).offset(offset)
    found = [(row[0], row[1]) for row in session.execute(wanted)]
    acts = _by_id(session, ActRow, [id for id, source in found if source == "act"])
    kept = _by_id(session, KeptAct, [id for id, source in found if source == "kept"])
    answers = _answers(session, [id for id, _ in found])
    return [
        _of_act(acts[id], answers.get(id)) if source == "act" else _of_kept(kept[id], answers.get(id))
        for id, source in found
    ]


def count_open(session: Session, project_id: UUID, own: UUID | None = None) -> int:
    """How many cases nobody has answered."""
    cases = _cases(project_id, own)
    return int(
        session.execute(select(func.count()).select_from(cases).where(*_in_state(cases.c.id, "open"))).scalar_one()
    )


def get(session: Session, project_id: UUID, item_id: UUID, own: UUID | None = None) -> Item:
    """One case. Raises NotFound, also when `own` names somebody who did not sign it."""
    cases = _cases(project_id, own)
    source = session.execute(select(cases.c.source).where(cases.c.id == item_id)).scalar()
    answer = session.get(QuarantineAnswer, item_id)
    act, kept = session.get(ActRow, item_id), session.get(KeptAct, item_id)
    if source == "act" and act is not None:
        return _of_act(act, answer)
    if source == "kept" and kept is not None:
        return _of_kept(kept, answer)
    raise NotFound


def _cases(project_id: UUID, own: UUID | None) -> Any:
    refused = select(col(ActRow.id), literal("act").label("source"), col(ActRow.received_at)).where(
        col(ActRow.project_id) == project_id, col(ActRow.verdict) == "refused"
    )
    kept = select(col(KeptAct.id), literal("kept").label("source"), col(KeptAct.received_at)).where(
        col(KeptAct.project_id) == project_id
    )
    if own is not None:
        mine = select(col(DevicePerson.device_id)).where(col(DevicePerson.person_id) == own)
        refused = refused.where(col(ActRow.actor_id) == own)
        kept = kept.where(col(KeptAct.device_id).in_(mine))
    return union_all(refused, kept).subquery()


def _in_state(id: Any, state: State) -> list[Any]:
    is_answered = exists().where(col(QuarantineAnswer.item_id) == id)
    if state == "all":
        return []
    return [is_answered if state == "answered" else ~is_answered]


def _by_id(session: Session, table: Any, ids: list[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in session.exec(rows_of(table).where(col(table.id).in_(ids)))} if ids else {}


def _answers(session: Session, ids: list[UUID]) -> dict[UUID, QuarantineAnswer]:
    found = session.exec(rows_of(QuarantineAnswer).where(col(QuarantineAnswer.item_id).in_(ids)))
    return {answer.item_id: answer for answer in found}


def _of_act(row: ActRow, answer: QuarantineAnswer | None) -> Item:
    return Item(
        row.id, "act", claims_of(row.payload), row.device_id, row.payload, row.pae_sha256, row.signature,
        row.problem, row.flags, row.received_at, row.handed_in_by, answer,
    )  # fmt: skip


def _of_kept(row: KeptAct, answer: QuarantineAnswer | None) -> Item:
    return Item(
        row.id, "kept", claims_of(row.payload), row.device_id, row.payload, row.pae_sha256, row.signature,
        row.problem, [], row.received_at, row.handed_in_by, answer,
    )  # fmt: skip


def names(session: Session, project_id: UUID, people: set[UUID]) -> dict[UUID, str]:
    """Names of those of these people who are or were members of the project."""
    found = session.exec(
        rows_of(Person.id, Person.display_name)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Membership.project_id == project_id, col(Person.id).in_(people))
    )
    return {row[0]: row[1] for row in found}


def devices(session: Session, project_id: UUID, ids: set[UUID]) -> dict[UUID, Device]:
    """Those of these devices that somebody uses who is or was a member of the project, and the server's own."""
    used_here = (
        rows_of(DevicePerson.device_id)
        .join(Membership, col(Membership.person_id) == DevicePerson.person_id)
        .where(Membership.project_id == project_id)
    )
    known = or_(col(Device.id).in_(used_here), col(Device.kind) == "server")
    found = session.exec(rows_of(Device).where(col(Device.id).in_(ids), known))
    return {device.id: device for device in found}
