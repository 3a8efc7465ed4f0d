"""The middle of the door: applying claimed acts, first all under one savepoint, then one by one if that fails.

An act that waits is deferred; when what it waits for arrives, it is applied in the same transaction.
"""

import json
from datetime import datetime
from decimal import Decimal

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from plumbline.acts import errors, waiting
from plumbline.acts.envelope import Payload, first_error, read_payload
from plumbline.acts.intake import Batch
from plumbline.acts.models import ActRow
from plumbline.acts.registry import ACTS, Waits
from plumbline.acts.transaction import Act, ActFile, At, Outcome, Tx, Where
from plumbline.evidence import service as evidence
from plumbline.identity.models import Membership
from plumbline.problems import Problem
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
            outcomes = [_apply(session, settings, batch, p) for p in fresh]
            session.flush()
    except (Problem, Waits, IntegrityError):
        return None
    return outcomes


def _alone(session: Session, settings: Settings, batch: Batch, payload: Payload) -> Outcome:
    act = as_act(payload, batch.received_at)
    refusal = batch.refused.get(payload.id)
    if refusal is not None:
        return Outcome(act, "refused", problem=refusal)
    try:
        with session.begin_nested():
            outcome = _apply(session, settings, batch, payload)
            session.flush()
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


def _apply(session: Session, settings: Settings, batch: Batch, payload: Payload) -> Outcome:
    act = as_act(payload, batch.received_at)
    _await_dependencies(session, act)
    tx = Tx(session, settings, batch.roles.get(act.actor_id, []), act=act)
    carry_out(tx, act, payload)
    _mark(session, act)
    return Outcome(act, "applied", tx, flags=tx.flags)


def carry_out(tx: Tx, act: Act, payload: Payload) -> None:
    """Note the act's files and let its domain function add rows: at the door, and again when rows are redrawn.

    Raises BodyMalformed and what the function refuses or waits for.
    """
    registered = ACTS[payload.type]
    try:
        body = registered.body.model_validate_json(json.dumps(payload.body), strict=True)
    except ValidationError as bad:
        raise errors.BodyMalformed(act=act.type, what=first_error(bad)) from bad
    evidence.declare(tx, act)
    registered.apply(tx, act, body)


def _mark(session: Session, act: Act) -> None:
    """Later acts of the batch must find this one applied; its number comes last."""
    row = session.get(ActRow, act.id)
    assert row is not None
    row.verdict = "applied"


def _await_dependencies(session: Session, act: Act) -> None:
    if not act.depends_on:
        return
    rows = session.exec(select(ActRow.id, ActRow.verdict).where(col(ActRow.id).in_(act.depends_on))).all()
    verdicts = {row[0]: row[1] for row in rows}
    if "refused" in verdicts.values():
        raise errors.DependencyRefused()
    missing = [f"act:{d}" for d in act.depends_on if verdicts.get(d) != "applied"]
    if missing:
        raise Waits(*missing)


def _wake(session: Session, settings: Settings, batch: Batch, outcomes: list[Outcome]) -> None:
    """Apply deferred acts whose last wait has ended; they may wake others. `outcomes` grows."""
    done = 0
    while done < len(outcomes):
        new = outcomes[done:]
        done = len(outcomes)
        waiting.note(session, new)
        for row in waiting.woken(session, batch.project_id, waiting.arrived(new)):
            outcomes.append(_alone(session, settings, _as_of(session, batch, row), read_payload(row.payload)))


def _as_of(session: Session, batch: Batch, row: ActRow) -> Batch:
    """The batch as a woken act needs it: received when it came, done with the roles that its actor has."""
    member = session.get(Membership, (row.project_id, row.actor_id))
    return Batch([], batch.project_id, batch.project, row.received_at, {row.actor_id: member.roles if member else []})
