"""The first half of the door: reading, admitting and claiming acts, and answering with their verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils
from sqlmodel import Session, SQLModel, col, select

from plumbline import db, row_sets
from plumbline.acts import errors
from plumbline.acts.claims import claims_of
from plumbline.acts.envelope import Payload, Signed, is_signed, read_payload
from plumbline.acts.models import ActRow, ActWait, KeptAct
from plumbline.acts.registry import ACTS
from plumbline.acts.transaction import Outcome
from plumbline.identity.access import Caller
from plumbline.identity.models import Device, DevicePerson, Membership, Person
from plumbline.identity.roles import MAY, Role, may
from plumbline.problems import JSON, NotAllowed, NotFound, Problem
from plumbline.projects.models import Project

HOUSE_PERSON = UUID(int=0)
MAKER_ROLES = (Role.ADMINISTRATOR.value, Role.PROJECT_MANAGER.value)  # Of whoever makes a project, in it.


@dataclass
class Result:
    """What the door answers for one envelope."""

    id: UUID | None
    verdict: str
    number: int | None = None
    flags: list[str] = field(default_factory=list)
    waits_for: list[str] = field(default_factory=list)
    problem: JSON | None = None
    received_at: datetime | None = None


@dataclass(frozen=True)
class Terms:
    """How a batch comes in: the receive time that a sample wishes, whether the house sends it, whether an act of
    the house repeats one that says another time (see Door.take), and whose session brought it.
    """

    received_at: datetime | None = None
    by_house: bool = False
    any_time: bool = False
    sender: Caller | None = None

    def handed_in_by(self, device_id: UUID) -> UUID | None:
        """Who brings what this device signed; None when the device itself does, or the house."""
        if self.sender is None or self.by_house or self.sender.device_id == device_id:
            return None
        return self.sender.person_id


@dataclass
class Incoming:
    """One envelope on its way: read, or refused before it became an act."""

    signed: Signed | None
    payload: Payload | None = None
    result: Result | None = None
    problem: Problem | None = None


@dataclass
class Batch:
    """One batch inside its transaction."""

    incoming: list[Incoming]
    project_id: UUID | None
    project: Project | None
    received_at: datetime
    roles: dict[UUID, list[str]]
    terms: Terms
    refused: dict[UUID, Problem] = field(default_factory=dict)  # Claimed acts that may not be applied.
    verdicts: dict[UUID, str] = field(default_factory=dict)  # Of acts that were tried in this transaction.

    def payloads(self) -> list[Payload]:
        """Acts that may still be applied or refused on record, in the order sent."""
        return [i.payload for i in self.incoming if i.payload and i.result is None]


def read(batch: Sequence[Signed | Result]) -> list[Incoming]:
    """Parse each payload strictly. Raises BatchOfManyProjects."""
    incoming = [_read_one(entry) for entry in batch]
    if len({i.payload.project for i in incoming if i.payload}) > 1:
        raise errors.BatchOfManyProjects()
    return incoming


def _read_one(entry: Signed | Result) -> Incoming:
    if isinstance(entry, Result):
        return Incoming(None, result=entry)
    try:
        payload = read_payload(entry.payload)
        if payload.device != entry.device_id:
            raise errors.PayloadUnreadable(what="device: another than the envelope's")
        return Incoming(entry, payload)
    except Problem as problem:
        return Incoming(entry, problem=problem)


def admit(session: Session, incoming: list[Incoming], terms: Terms) -> Batch:
    """Look up project, devices, people and roles; keep aside what is signed but can be no act of this project."""
    incoming = [Incoming(i.signed, i.payload, i.result, i.problem) for i in incoming]
    project_id = next((i.payload.project for i in incoming if i.payload), None)
    project = session.get(Project, project_id) if project_id else None
    batch = Batch(incoming, project_id, project, _received(project, incoming, terms.received_at), {}, terms)
    actors = {i.payload.actor for i in incoming if i.payload}
    batch.roles = {
        m.person_id: m.roles
        for m in session.exec(
            select(Membership).where(
                Membership.project_id == project_id, col(Membership.person_id).in_(actors), Membership.state == "active"
            )
        )
    }
    if project is None:
        _open(session, batch)
    devices = _devices(session, incoming)
    for one in incoming:
        _admit_one(session, batch, one, devices)
    return batch


def _open(session: Session, batch: Batch) -> None:
    """A project that this batch makes: its maker's further acts are judged by the roles that making it will give."""
    for one in batch.incoming:
        if one.payload and one.payload.type == "project:create" and _is_server_admin(session, one.payload.actor):
            batch.roles.setdefault(one.payload.actor, list(MAKER_ROLES))


def _is_server_admin(session: Session, person_id: UUID) -> bool:
    person = session.get(Person, person_id)
    return person is not None and person.is_server_admin


def _received(project: Project | None, incoming: list[Incoming], wished: datetime | None) -> datetime:
    if wished is None:
        return db.now()
    opens_sample = any(
        i.payload and i.payload.type == "project:create" and i.payload.body.get("sample") for i in incoming
    )
    return wished if (project.sample if project else opens_sample) else db.now()


def _devices(session: Session, incoming: list[Incoming]) -> dict[UUID, tuple[Device, set[UUID]]]:
    ids = {i.signed.device_id for i in incoming if i.signed}
    rows = session.exec(select(Device).where(col(Device.id).in_(ids))).all()
    people: dict[UUID, set[UUID]] = {d.id: set() for d in rows}
    for link in session.exec(select(DevicePerson).where(col(DevicePerson.device_id).in_(ids))):
        people[link.device_id].add(link.person_id)
    return {d.id: (d, people[d.id]) for d in rows}


def _admit_one(session: Session, batch: Batch, one: Incoming, devices: dict[UUID, tuple[Device, set[UUID]]]) -> None:
    if one.signed is None:
        return
    device, people = devices.get(one.signed.device_id, (None, set()))
    if device is None:
        one.result = refused(None, errors.DeviceUnknown())
        return
    problem = one.problem or _stranger(session, batch, one.payload, device, people)
    if problem is not None:
        keep(session, one, batch, problem)
        return
    assert one.payload is not None
    late = errors.DeviceStopped() if device.revoked_at else _not_allowed(batch, one.payload)
    if late is not None:
        batch.refused[one.payload.id] = late


def _stranger(
    session: Session, batch: Batch, payload: Payload | None, device: Device, people: set[UUID]
) -> Problem | None:
    """Why this act must not even take an id in the project: nobody outside may squat one."""
    assert payload is not None
    server = device.kind == "server"
    if server != batch.terms.by_house or (
        not server and (payload.seq is None or (payload.seq > 1) == (payload.prev is None))
    ):
        return errors.PayloadUnreadable(what="seq, prev")
    if not server and payload.actor not in people:
        return errors.ActorNotOnDevice()
    if payload.type == "project:create":
        return None if _is_server_admin(session, payload.actor) else NotFound()
    if payload.actor not in batch.roles and (batch.project is None or payload.actor != HOUSE_PERSON):
        return NotFound()
    return None


def _not_allowed(batch: Batch, payload: Payload) -> Problem | None:
    registered = ACTS.get(payload.type)
    if registered is None:
        return errors.ActTypeUnknown(act=payload.type[:60])
    if payload.actor == HOUSE_PERSON and batch.terms.by_house:
        return None
    if registered.by_house or (
        payload.type != "project:create" and not may(payload.type, batch.roles.get(payload.actor, []))
    ):
        return NotAllowed(act=payload.type, roles=sorted(MAY.get(payload.type, [])))
    return None


def keep(session: Session, one: Incoming, batch: Batch, problem: Problem) -> None:
    """Keep signed bytes that can be no act; the same bytes again are kept once."""
    assert one.signed is not None
    said = claims_of(one.signed.payload)  # Also of bytes outside the strict profile: a manager must find them.
    row = KeptAct(
        id=UUID(str(uuid_utils.uuid7())),
        claimed_id=said.id,
        project_id=said.project,
        device_id=one.signed.device_id,
        payload=one.signed.payload,
        pae_sha256=one.signed.sha256,
        signature=one.signed.signature,
        problem=problem.stored(),
        handed_in_by=batch.terms.handed_in_by(one.signed.device_id),
        received_at=batch.received_at,
    )
    insert_new(session, KeptAct, [row.model_dump()], ["pae_sha256", "device_id"])
    one.result = refused(row.claimed_id, problem)
    one.result.received_at = batch.received_at


def refused(id: UUID | None, problem: Problem) -> Result:
    """A refusal as result."""
    return Result(id, "refused", problem=problem.stored())


def insert_new(session: Session, table: type[SQLModel], rows: list[dict[str, Any]], key: list[str]) -> list[Any]:
    """One set insert that skips rows whose key is there; returns the first key column of those inserted."""
    stored = table.__table__  # type: ignore[attr-defined]  # SQLModel does not type it.
    return row_sets.insert_rows(session, stored, rows, key=key, skip=True)


def claim(session: Session, batch: Batch) -> list[Payload]:
    """Claim all ids sorted, in one statement; answers repeats, keeps same-id-other-bytes; returns what is ours."""
    signed = {i.payload.id: i for i in reversed(batch.incoming) if i.payload and i.signed and i.result is None}
    rows = [_row(i, batch) for _, i in sorted(signed.items())]
    ours = set(insert_new(session, ActRow, rows, ["id"]))
    fresh: list[Payload] = []
    for one in batch.incoming:
        if one.payload is None or one.result is not None:
            continue
        if one.payload.id in ours and signed[one.payload.id] is one:
            fresh.append(one.payload)
        elif not _is_repeat(session, batch, one, signed):
            keep(session, one, batch, errors.IdTaken())
    return fresh


def _is_repeat(session: Session, batch: Batch, one: Incoming, signed: dict[UUID, Incoming]) -> bool:
    assert one.payload is not None
    assert one.signed is not None
    first = signed[one.payload.id].signed
    if first is not one.signed and first is not None and first.payload != one.signed.payload:
        return False
    row = session.get(ActRow, one.payload.id)
    if row is None or row.device_id != one.signed.device_id:
        return False
    return row.payload == one.signed.payload or (batch.terms.any_time and _is_same_wish(row.payload, one.payload))


def _is_same_wish(stored: bytes, payload: Payload) -> bool:
    return read_payload(stored).model_copy(update={"at": payload.at}) == payload


def _row(one: Incoming, batch: Batch) -> dict[str, Any]:
    payload, signed = one.payload, one.signed
    assert payload is not None
    assert signed is not None
    return {
        "id": payload.id,
        "project_id": payload.project,
        "number": None,
        "type": payload.type,
        "v": payload.v,
        "object_id": payload.object,
        "actor_id": payload.actor,
        "device_id": payload.device,
        "seq": payload.seq,
        "prev": payload.prev,
        "payload": signed.payload,
        "pae_sha256": signed.sha256,
        "signature": signed.signature,
        "supersedes_id": payload.supersedes,
        "handed_in_by": batch.terms.handed_in_by(signed.device_id),
        "verdict": "claimed",
        "problem": None,
        "flags": [],
        "received_at": batch.received_at,
        "applied_at": None,
    }


def results(session: Session, batch: Batch, outcomes: list[Outcome], numbers: dict[UUID, int]) -> list[Result]:
    """The verdict of every envelope as it stands at the end of the transaction, in the order sent."""
    mine = {o.act.id: _of_outcome(o, numbers) for o in outcomes}
    ids = {i.payload.id for i in batch.incoming if i.payload and i.result is None} - mine.keys()
    if ids:
        mine |= _stored(session, ids)
    answers = (one.result or (one.payload and mine[one.payload.id]) for one in batch.incoming)
    return [answer for answer in answers if answer]


def _of_outcome(o: Outcome, numbers: dict[UUID, int]) -> Result:
    problem = o.problem.stored() if o.problem else None
    return Result(o.act.id, o.verdict, numbers.get(o.act.id), o.flags, sorted(o.waits_for), problem, o.act.received_at)


def _stored(session: Session, ids: set[UUID]) -> dict[UUID, Result]:
    waits: dict[UUID, list[str]] = {}
    for wait in session.exec(select(ActWait).where(col(ActWait.act_id).in_(ids)).order_by(ActWait.key)):
        waits.setdefault(wait.act_id, []).append(wait.key)
    fresh = select(ActRow).where(col(ActRow.id).in_(ids)).execution_options(populate_existing=True)
    return {row.id: of_row(row, waits) for row in session.exec(fresh)}


def of_row(row: ActRow, waits: dict[UUID, list[str]]) -> Result:
    """The current verdict of a stored act."""
    return Result(row.id, row.verdict, row.number, row.flags, waits.get(row.id, []), row.problem, row.received_at)


def check_signature(signed: Signed, point: bytes | None) -> Signed | Result:
    """The envelope when its signature holds, else the refusal. Runs before any lock is taken."""
    if point is None:
        return refused(None, errors.DeviceUnknown())
    if not is_signed(point, signed.payload, signed.signature):
        return refused(None, errors.SignatureWrong())
    return signed
