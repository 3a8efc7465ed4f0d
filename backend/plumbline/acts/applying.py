"""The middle of the door: applying claimed acts, first all under one savepoint, then one by one if that fails.

What the acts of the batch need is read ahead, and what they add is written as sets (see gathering). An act that waits
is deferred; when what it waits for arrives, it is applied in the same transaction.
"""

import json
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from plumbline.acts import errors, gathering, waiting
from plumbline.acts.envelope import Payload, first_error, read_payload
from plumbline.acts.gathering import Need
from plumbline.acts.intake import Batch
from plumbline.acts.models import ActRow
from plumbline.acts.registry import ACTS, Body, Waits
from plumbline.acts.transaction import Act, ActFile, At, Outcome, Tx, Where
from plumbline.evidence import service as evidence
from plumbline.identity.models import Membership
from plumbline.problems import NotFound, Problem
from plumbline.projects.models import Project
from plumbline.settings import Settings


def as_act(payload: Payload, received_at: datetime) -> Act:
    """The act as domain functions read it."""
    return Act(
        id=payload.id,
        type=payload.type,
        project_id=payload.project,
        object_id=payload.object,
        actor_id=payload.actor,
        device_id=payload.device,
        seq=payload.seq,
        seen_cursor=payload.seen.cursor,
        at=At(payload.at.wall, payload.at.offset_min, payload.at.mono_ms, payload.at.skew_ms),
        where=_where(payload),
        files=tuple(ActFile(f.sha256, f.bytes, f.mime, f.role, f.capture) for f in payload.files),
        depends_on=tuple(payload.depends_on),
        supersedes=payload.supersedes,
        received_at=received_at,
    )


def _where(payload: Payload) -> Where | None:
    claim = payload.where
    if claim is None:
        return None
    accuracy = None if claim.accuracy_m is None else Decimal(claim.accuracy_m)
    return Where(Decimal(claim.lat), Decimal(claim.lon), accuracy, claim.fix_age_ms)


def apply_all(session: Session, settings: Settings, batch: Batch, fresh: list[Payload]) -> list[Outcome]:
    """Apply the claimed acts in the order sent, then whatever was waiting for them."""
    outcomes = _together(session, settings, batch, fresh)
    if outcomes is None:
        outcomes = [_alone(session, settings, batch, p) for p in fresh]
    _wake(session, settings, batch, outcomes)
    return outcomes


def _together(session: Session, settings: Settings, batch: Batch, fresh: list[Payload]) -> list[Outcome] | None:
    if any(p.id in batch.refused for p in fresh):
        return None
    try:
        with session.begin_nested():
            bodies = _read_ahead(session, batch, fresh)
            outcomes = [_apply(session, settings, batch, p, bodies[p.id]) for p in fresh]
            session.flush()
    except (Problem, Waits, IntegrityError):
        batch.verdicts.clear()
        return None
    return outcomes


def _read_ahead(session: Session, batch: Batch, fresh: list[Payload]) -> dict[UUID, Body]:
    """Read the bodies, and what the acts are going to ask for: one statement for each table. Raises BodyMalformed."""
    needs: list[Need] = []
    bodies: dict[UUID, Body] = {}
    acts = [as_act(payload, batch.received_at) for payload in fresh]
    evidence.expect(session, acts)
    for act, payload in zip(acts, fresh, strict=True):
        body = bodies[act.id] = _body(payload)
        reads = ACTS[act.type].reads
        if reads is not None:
            needs += reads(act, body)
    gathering.of(session).load(needs)
    return bodies


def _alone(session: Session, settings: Settings, batch: Batch, payload: Payload) -> Outcome:
    act = as_act(payload, batch.received_at)
    outcome = _tried(session, settings, batch, payload, act)
    batch.verdicts[act.id] = outcome.verdict
    return outcome


def _tried(session: Session, settings: Settings, batch: Batch, payload: Payload, act: Act) -> Outcome:
    refusal = batch.refused.get(payload.id)
    if refusal is not None:
        return Outcome(act, "refused", problem=refusal)
    try:
        with session.begin_nested():
            outcome = _apply(session, settings, batch, payload)
            session.flush()
            gathering.of(session).write_marks()
            return outcome
    except Problem as problem:
        return Outcome(act, "refused", problem=problem)
    except Waits as waits:
        return Outcome(act, "deferred", waits_for=waits.keys)
    except IntegrityError as bad:
        return Outcome(act, "refused", problem=errors.ConflictInDatabase(what=_constraint(bad)))


def _constraint(bad: IntegrityError) -> str:
    name = getattr(getattr(bad.orig, "diag", None), "constraint_name", None)
    return str(name or bad.orig).splitlines()[0][:120]


def _apply(session: Session, settings: Settings, batch: Batch, payload: Payload, body: Body | None = None) -> Outcome:
    act = as_act(payload, batch.received_at)
    if batch.project is None and act.type != "project:create" and not _is_open(session, act):
        raise NotFound()
    _await_dependencies(session, batch, act)
    tx = Tx(session, settings, batch.roles.get(act.actor_id, []), act=act)
    carry_out(tx, act, payload, body)
    batch.verdicts[act.id] = "applied"
    gathering.of(session).mark(act.id)
    return Outcome(act, "applied", tx, flags=tx.flags)


def _is_open(session: Session, act: Act) -> bool:
    """Whether an earlier act of this batch made the project."""
    return gathering.find(session, Project, act.project_id) is not None


def carry_out(tx: Tx, act: Act, payload: Payload, body: Body | None = None) -> None:
    """Note the act's files and let its domain function add rows: at the door, and again when rows are redrawn.

    `body` is given when it was read already. Raises BodyMalformed and what the function refuses or waits for.
    """
    body = body or _body(payload)
    evidence.declare(tx, act)
    ACTS[payload.type].apply(tx, act, body)


def _body(payload: Payload) -> Body:
    """The act's body as its type has it. Raises BodyMalformed."""
    try:
        return ACTS[payload.type].body.model_validate_json(json.dumps(payload.body), strict=True)
    except ValidationError as bad:
        raise errors.BodyMalformed(act=payload.type, what=first_error(bad)) from bad


def _await_dependencies(session: Session, batch: Batch, act: Act) -> None:
    """Raises DependencyRefused, and Waits for what is not applied yet."""
    if not act.depends_on:
        return
    verdicts = dict(batch.verdicts)
    unknown = [d for d in act.depends_on if d not in verdicts]
    if unknown:
        stored = select(ActRow.id, ActRow.verdict).where(col(ActRow.id).in_(unknown))
        verdicts |= {row[0]: row[1] for row in session.exec(stored)}
    if any(verdicts.get(d) == "refused" for d in act.depends_on):
        raise errors.DependencyRefused()
    missing = [f"act:{d}" for d in act.depends_on if verdicts.get(d) != "applied"]
    if missing:
        raise Waits(*missing)


def _wake(session: Session, settings: Settings, batch: Batch, outcomes: list[Outcome]) -> None:
    """Apply deferred acts whose last wait has ended; they may wake others. `outcomes` grows."""
    done, came = 0, set[str]()
    while done < len(outcomes):
        new = outcomes[done:]
        done = len(outcomes)
        keys = waiting.arrived(new)
        came.update(keys)
        waiting.note(session, new)
        for row in waiting.woken(session, batch.project_id, keys):
            outcomes.append(_alone(session, settings, _as_of(session, batch, row), read_payload(row.payload)))
    for o in outcomes:
        o.waits_for = tuple(key for key in o.waits_for if key not in came)


def _as_of(session: Session, batch: Batch, row: ActRow) -> Batch:
    """The batch as a woken act needs it: received when it came, done with the roles that its actor has."""
    member = session.get(Membership, (row.project_id, row.actor_id))
    roles = {row.actor_id: member.roles if member else []}
    return Batch([], batch.project_id, batch.project, row.received_at, roles, batch.terms, verdicts=batch.verdicts)
