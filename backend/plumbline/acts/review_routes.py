"""Routes of review: what was refused, and how the chain of a device stands."""

import base64
from typing import Annotated, Any
from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter
from sqlmodel import Session, col, select

from plumbline import db
from plumbline.acts import answering, chains, quarantine
from plumbline.acts.chains import Chain, Link
from plumbline.acts.models import ActRow
from plumbline.acts.quarantine import Item
from plumbline.acts.schemas import (
    AnswerOut,
    CaseDetail,
    CaseList,
    CaseOut,
    ChainOut,
    GapOut,
    LinkOut,
    ProblemOut,
    SignerOut,
)
from plumbline.identity.access import Caller, Reader, member_of
from plumbline.identity.models import Device, DevicePerson
from plumbline.identity.roles import sees
from plumbline.problems import Lang, NotFound, render


@get("/api/projects/{project_id:uuid}/quarantine", sync_to_thread=True)
def list_quarantine(
    project_id: FromPath[UUID],
    state: State,
    reader: Reader,
    show: FromQuery[quarantine.State] = "open",
    limit: FromQuery[Annotated[int, Parameter(ge=0, le=200)]] = 50,
    offset: FromQuery[Annotated[int, Parameter(ge=0, le=1_000_000)]] = 0,
) -> CaseList:
    """Refused acts and kept bytes, newest first, with how many are open; people without the role see their own.

    Problems: not-found (also for strangers).
    """
    with db.reading(state.engine) as session:
        own = _own(session, reader, project_id)
        items = quarantine.listed(session, project_id, show, limit, offset, own)
        signers = Signers(session, project_id, items)
        return CaseList(
            open=quarantine.count_open(session, project_id, own),
            cases=[CaseOut(**_case(item, signers, reader.lang)) for item in items],
        )


@get("/api/projects/{project_id:uuid}/quarantine/{case_id:uuid}", sync_to_thread=True)
def get_quarantined(project_id: FromPath[UUID], case_id: FromPath[UUID], state: State, reader: Reader) -> CaseDetail:
    """One case with the exact bytes that were signed. Problems: not-found (also for strangers)."""
    with db.reading(state.engine) as session:
        item = quarantine.get(session, project_id, case_id, _own(session, reader, project_id))
        signers = Signers(session, project_id, [item])
        return CaseDetail(
            **_case(item, signers, reader.lang),
            payload=_text(item.payload),
            payload_base64=base64.b64encode(item.payload).decode(),
            payload_sha256=item.pae_sha256,
            signature=base64.b64encode(item.signature).decode(),
        )


def _own(session: Session, reader: Caller, project_id: UUID) -> UUID | None:
    """Whose cases only; None for those who see all. Raises NotFound."""
    member = member_of(session, reader, project_id)
    return None if sees("quarantine", member.roles) else reader.person_id


class Signers:
    """Names of people and labels of devices that the project knows."""

    def __init__(self, session: Session, project_id: UUID, items: list[Item]) -> None:
        people = {item.claims.actor for item in items if item.claims.actor}
        people |= {item.handed_in_by for item in items if item.handed_in_by}
        people |= {item.answer.answered_by for item in items if item.answer}
        self.names = quarantine.names(session, project_id, people)
        self.devices = quarantine.devices(session, project_id, {item.device_id for item in items})


def _case(item: Item, signers: Signers, lang: Lang) -> dict[str, Any]:
    device = signers.devices.get(item.device_id)
    return {
        "id": item.id,
        "source": item.source,
        "act_id": item.claims.id,
        "type": item.claims.type,
        "object_id": item.claims.object,
        "seq": item.claims.seq,
        "claimed_at": item.claims.wall,
        "received_at": item.received_at,
        "device": SignerOut(id=item.device_id, name=device.label if device else None),
        "person": _person(item.claims.actor, signers),
        "handed_in_by": _person(item.handed_in_by, signers),
        "problem": ProblemOut(**render(item.problem, lang)) if item.problem else None,
        "flags": item.flags,
        "answer": _answer(item, signers),
    }


def _person(id: UUID | None, signers: Signers) -> SignerOut | None:
    return SignerOut(id=id, name=signers.names.get(id)) if id else None


def _answer(item: Item, signers: Signers) -> AnswerOut | None:
    if item.answer is None:
        return None
    by = SignerOut(id=item.answer.answered_by, name=signers.names.get(item.answer.answered_by))
    return AnswerOut(**(answering.answer_row(item.answer) | {"by": by}))


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


@get("/api/projects/{project_id:uuid}/devices/{device_id:uuid}/chain", sync_to_thread=True)
def get_chain(project_id: FromPath[UUID], device_id: FromPath[UUID], state: State, reader: Reader) -> ChainOut:
    """How a device's chain stands now: newest number, gaps, forks with all their acts, links that do not fit.

    Who may see everybody's devices may ask for each that has acts or a member here, everybody else for their own.
    Problems: not-found (also for strangers).
    """
    with db.reading(state.engine) as session:
        device = _visible(session, reader, project_id, device_id)
        return _chain(project_id, device, chains.chain_of(session, device_id))


def _visible(session: Session, reader: Caller, project_id: UUID, device_id: UUID) -> Device:
    member = member_of(session, reader, project_id)
    device = session.get(Device, device_id)
    if device is None or device.kind == "server":
        raise NotFound
    if session.get(DevicePerson, (device_id, reader.person_id)) is not None:
        return device
    if sees("devices", member.roles) and _is_used_here(session, project_id, device_id):
        return device
    raise NotFound


def _is_used_here(session: Session, project_id: UUID, device_id: UUID) -> bool:
    acted = select(ActRow.id).where(ActRow.device_id == device_id, col(ActRow.project_id) == project_id).limit(1)
    return bool(quarantine.devices(session, project_id, {device_id}) or session.exec(acted).first())


def _chain(project_id: UUID, device: Device, chain: Chain) -> ChainOut:
    return ChainOut(
        device_id=device.id,
        label=device.label,
        is_whole=chain.is_whole,
        links=chain.links,
        newest=_link(project_id, chain.newest) if chain.newest else None,
        gaps=[GapOut(first=first, last=last) for first, last in chain.gaps],
        forks=[[_link(project_id, link) for link in fork] for fork in chain.forks],
        broken=[_link(project_id, link) for link in chain.broken],
        is_truncated=chain.is_truncated,
    )


def _link(project_id: UUID, link: Link) -> LinkOut:
    """Of an act of another project only its number and time are told."""
    if link.project_id != project_id:
        return LinkOut(seq=link.seq, received_at=link.received_at)
    return LinkOut(
        seq=link.seq,
        received_at=link.received_at,
        id=link.id,
        type=link.type,
        verdict=link.verdict,  # type: ignore[arg-type]  # `claimed` never leaves its transaction.
        number=link.number,
        payload_sha256=link.sha256,
    )


handlers = [list_quarantine, get_quarantined, get_chain]
