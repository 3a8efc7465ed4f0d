"""Whether a project is whole: what was acknowledged is there with all that belongs to it, and nothing is by halves.

Every function returns complaints in words; none means that its promise held. They read the tables with SQL of
their own, so that the product's code is not asked whether the product is right.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, text
from sqlmodel import Session, col, select

from plumbline import jobs
from plumbline.acts.models import ActRow, ActWait, Change
from plumbline.db import reading
from plumbline.evidence.models import ActFileRow, Derivative, EvidenceFile, Upload
from plumbline.materials.models import INFLOWS, OUTFLOWS, Lot, LotMovement
from plumbline.projects.models import Project
from plumbline.steps.models import StepRecord
from plumbline.storage.errors import ObjectMissing
from plumbline.storage.interface import Store, evidence_key
from plumbline.trace.models import TraceEdge, TraceNode
from tests.faults.phones import Ledger, Sent

Complaints = list[str]


def lost(engine: Engine, project_id: UUID, ledger: Ledger) -> Complaints:
    """What one phone was told and is not so."""
    with reading(engine) as session:
        rows = {str(r.id): r for r in session.exec(select(ActRow).where(ActRow.project_id == project_id))}
        files = _files(session, project_id)
        uploads = {u.id for u in session.exec(select(Upload).where(Upload.project_id == project_id))}
    said = [_as_told(one, rows.get(one.id), ledger.answers[one.id]) for one in ledger.acts if one.id in ledger.answers]
    said += [f"intent for {sha} is gone" for sha, id in ledger.intents.items() if UUID(id) not in uploads]
    said += [
        f"{sha} was verified and is {files[sha].status if sha in files else 'unknown'}"
        for sha in ledger.verified
        if sha not in files or files[sha].status != "verified"
    ]
    return [one for one in said if one]


def _as_told(sent: Sent, row: ActRow | None, answer: dict[str, Any]) -> str:
    if row is None:
        return f"{sent.type} {sent.id} was acknowledged as {answer['verdict']} and is gone"
    if answer["verdict"] == "deferred":
        return ""  # It may have been applied since; `half_applied` looks at what still waits.
    if (row.verdict, row.number) != (answer["verdict"], answer["number"]) or row.verdict != sent.wants:
        return f"{sent.type} {sent.id}: told {answer['verdict']} {answer['number']}, is {row.verdict} {row.number}"
    return ""


def half_applied(engine: Engine, project_id: UUID, sent: list[Sent]) -> Complaints:
    """What is there only in part, over the whole project."""
    with reading(engine) as session:
        acts = {str(r.id): r for r in session.exec(select(ActRow).where(ActRow.project_id == project_id))}
        applied = {id: a for id, a in acts.items() if a.verdict == "applied"}
        return [
            *_verdicts(session, project_id, acts, applied),
            *_balances(session, project_id, applied),
            *_rows(session, project_id, applied, sent),
            *_waits(session, project_id, applied),
        ]


def _verdicts(session: Session, project_id: UUID, acts: dict[str, ActRow], applied: dict[str, ActRow]) -> Complaints:
    said = [f"{a.type} {id} is {a.verdict}" for id, a in acts.items() if a.verdict == "claimed"]
    said += [
        f"{a.type} {id} is refused and has number {a.number}"
        for id, a in acts.items()
        if a.number and id not in applied
    ]
    numbers = sorted(a.number or 0 for a in applied.values())
    last = session.exec(select(Project.feed_seq).where(Project.id == project_id)).one()
    if numbers != list(range(1, last + 1)):
        said.append(f"numbers have gaps or repeats: {len(numbers)} acts, the last number is {last}")
    changed = session.exec(select(Change.number).where(Change.project_id == project_id).distinct())
    silent = {"evidence:verified"}  # Touches nothing when no act lists the file.
    expected = {a.number or 0 for a in applied.values() if a.type not in silent}
    missing = expected - set(changed)
    return said + [f"numbers {sorted(missing)[:5]} are missing in the feed"] * bool(missing)


def _balances(session: Session, project_id: UUID, applied: dict[str, ActRow]) -> Complaints:
    """The mass balance of every lot, in its own row and against its account."""
    sums: dict[tuple[UUID, str], Decimal] = Counter()  # type: ignore[assignment]
    said = []
    for entry in session.exec(select(LotMovement).where(LotMovement.project_id == project_id)):
        sums[(entry.lot_id, entry.column)] += entry.quantity
        if str(entry.act_id) not in applied:
            said.append(f"movement of {entry.lot_id} by an act that is not applied")
    for lot in session.exec(select(Lot).where(Lot.project_id == project_id)):
        columns = {c: getattr(lot, c) for c in (*INFLOWS, *OUTFLOWS)}
        wrong = [c for c, amount in columns.items() if amount != sums[(lot.id, c)]]
        left = sum(columns[c] for c in INFLOWS) - sum(columns[c] for c in OUTFLOWS)
        if wrong or left != lot.on_hand:
            said.append(f"lot {lot.code} does not balance: {wrong} on hand {lot.on_hand}, should be {left}")
    return said


def _rows(session: Session, project_id: UUID, applied: dict[str, ActRow], sent: list[Sent]) -> Complaints:
    """Each applied act has its row, node, edges and files: as many as were signed."""
    lots = set(session.exec(select(Lot.id).where(Lot.project_id == project_id)))
    steps = {(s.id, s.act_id) for s in session.exec(select(StepRecord).where(StepRecord.project_id == project_id))}
    nodes = set(session.exec(select(TraceNode.id).where(TraceNode.project_id == project_id)))
    changed = set(session.exec(select(Change.number, Change.object_id).where(Change.project_id == project_id)).all())
    consumed = _count(session, project_id, TraceEdge, "consume")
    files = _count(session, project_id, ActFileRow)
    said = []
    for one in sent:
        if one.id not in applied:
            if consumed.get(UUID(one.id)) or files.get(UUID(one.id)):
                said.append(f"{one.type} {one.id} is not applied and left edges or files")
            continue
        object_id = UUID(one.object)
        there = object_id in lots if one.type.startswith("lot:") else (object_id, UUID(one.id)) in steps
        if (applied[one.id].number, object_id) not in changed:
            said.append(f"{one.type} {one.id} is applied and the feed does not show its object")
        if not there or object_id not in nodes:
            said.append(f"{one.type} {one.id} is applied without its row or node")
        if consumed.get(UUID(one.id), 0) != one.lots or files.get(UUID(one.id), 0) != one.files:
            said.append(f"{one.type} {one.id} is applied without its edges or files")
    return said


def _count(session: Session, project_id: UUID, table: Any, kind: str | None = None) -> dict[UUID, int]:
    wanted = select(table.act_id, func.count()).where(table.project_id == project_id).group_by(table.act_id)
    return dict(session.exec(wanted.where(table.kind == kind) if kind else wanted).all())


def _waits(session: Session, project_id: UUID, applied: dict[str, ActRow]) -> Complaints:
    """Nobody waits for what has come."""
    waiting = session.exec(select(ActWait).where(ActWait.project_id == project_id)).all()
    return [f"{w.act_id} still waits for {w.key}" for w in waiting if w.key.removeprefix("act:") in applied]


def unread(engine: Engine, store: Store, project_id: UUID) -> Complaints:
    """Files that count as verified and whose bytes are not those of their name, read from the store itself."""
    with reading(engine) as session:
        files = _files(session, project_id)
        acts = set(session.exec(select(ActRow.id).where(ActRow.project_id == project_id, ActRow.verdict == "applied")))
    verified = {sha: f for sha, f in files.items() if f.status == "verified"}
    said = [f"{sha} is verified without its act" for sha, f in verified.items() if f.verified_act_id not in acts]
    return said + [
        f"{sha} is verified and cannot be read back" for sha in verified if not _reads(store, project_id, sha)
    ]


def _reads(store: Store, project_id: UUID, sha256: str) -> bool:
    digest = hashlib.sha256()
    try:
        for chunk in store.read(evidence_key(project_id, sha256)):
            digest.update(chunk)
    except ObjectMissing:
        return False
    return digest.hexdigest() == sha256


def _files(session: Session, project_id: UUID) -> dict[str, EvidenceFile]:
    return {f.sha256: f for f in session.exec(select(EvidenceFile).where(EvidenceFile.project_id == project_id))}


def undone(engine: Engine, project_id: UUID, seconds: float) -> Complaints:
    """Pictures that have no derivatives after `seconds`, and jobs that nobody does."""
    end = time.monotonic() + seconds
    while (said := _undone(engine, project_id)) and time.monotonic() < end:
        time.sleep(0.25)
    return said


def _undone(engine: Engine, project_id: UUID) -> Complaints:
    with reading(engine) as session:
        pictures = set(
            session.exec(
                select(EvidenceFile.sha256).where(
                    EvidenceFile.project_id == project_id, col(EvidenceFile.is_decodable).is_(True)
                )
            )
        )
        made = Counter(session.exec(select(Derivative.sha256).where(Derivative.project_id == project_id)))
    said = [f"{sha} has {made[sha]} derivatives" for sha in pictures if made[sha] != 2]
    return said + waiting_jobs(engine, 0)


def comes(seen: Callable[[], bool], seconds: float) -> None:
    """Wait until this is seen. Raises AssertionError when it is not after so many seconds."""
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end, f"not seen after {seconds} s"
        time.sleep(0.05)


def waiting_jobs(engine: Engine, seconds: float) -> Complaints:
    """Jobs that are not done after `seconds`."""
    prefix = "" if engine.dialect.name == "sqlite" else f"{jobs.SCHEMA}."
    wanted = text(f"SELECT workflow_uuid, status FROM {prefix}workflow_status WHERE status <> 'SUCCESS'")
    end = time.monotonic() + seconds
    while True:
        with reading(engine) as session:
            found = [f"job {id} is {status}" for id, status in session.execute(wanted)]
        if not found or time.monotonic() >= end:
            return found
        time.sleep(0.1)
