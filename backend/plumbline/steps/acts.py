"""What applies to steps: step:record."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from plumbline.acts.gathering import Need, named
from plumbline.acts.registry import Waits, applies
from plumbline.acts.transaction import Act, Tx
from plumbline.definitions import catalogue
from plumbline.definitions.catalogue import StepKind
from plumbline.definitions.judge import judge_step
from plumbline.identity.models import Crew, Equipment, Membership
from plumbline.materials import service as materials
from plumbline.materials.models import Lot
from plumbline.projects import service as projects
from plumbline.projects.models import Project, TaskNode
from plumbline.steps import checks, clock, correction, files, gating, lots, missing, place
from plumbline.steps.errors import StepKindUnknown
from plumbline.steps.models import StepEquipment, StepLot, StepPerson, StepRecord
from plumbline.steps.schemas import StepBody


def _reads(act: Act, body: StepBody) -> Iterator[Need]:
    yield Need(StepRecord, act.object_id)
    yield Need(TaskNode, body.task)
    yield Need(Project, act.project_id)
    yield from named(Crew, body.crew)
    yield from (Need(Membership, (act.project_id, person)) for person in body.people)
    yield from (Need(Equipment, machine) for machine in body.equipment)
    yield from (Need(Lot, use.lot, lock=True) for use in body.lots)


@applies("step:record", StepBody, reads=_reads)
def record(tx: Tx, act: Act, body: StepBody) -> None:
    """Record one step at a task node, consume its lots and judge its values, once and for all.

    Flags `clock-off`, `calibration-expired`, `ended-before-started`, and those of the lots. Raises TaskUnknown,
    CrewUnknown, PersonNotMember, EquipmentUnknown, StepKindUnknown, StepExists, AnswersUnreadable, the
    refusals of corrections, of materials and of the use gate; Waits for a version of the plan that is not here yet.
    """
    kind = _kind(body)
    said = body.model_dump(mode="json", include={"environment", "answers"})
    checks.answers(kind.body, said["answers"])
    checks.is_new(tx, act)
    task = projects.get_task(tx.session, act.project_id, body.task)
    checks.crew(tx.session, act.project_id, body.crew)
    for former in checks.people(tx.session, act.project_id, body.people):
        tx.touch("member", former)  # Whom no record named had left the phones; their name is wanted again.
    machines = checks.machines(tx.session, act, body.equipment)
    corrected = correction.make_way(tx, act) if act.supersedes else None
    _flag(tx, act, body, any(machines.values()))
    found = _found(tx, act, body, kind, said)
    for use in body.lots:
        materials.consume(tx, act, use.lot, use.quantity, use.unit, act.object_id)
    gating.check(tx, act, body)
    fix = place.found(tx.session, act, task)
    tx.row(StepRecord, **_row(tx, act, body, fix), supersedes_id=corrected, **found)
    _name_parts(tx, act, body, machines)
    tx.node(act.object_id, "step")
    tx.node(task.id, "task")
    tx.edge(act.object_id, task.id, "build")
    tx.touch("step", act.object_id)
    tx.touch("task", task.id)


def _kind(body: StepBody) -> StepKind:
    plan = catalogue.plan(body.definition.key)
    if plan is None or plan.version != body.definition.version:
        raise Waits(f"definition:{body.definition.key}:{body.definition.version}")
    kind = catalogue.step_of(plan, body.kind)
    if kind is None:
        raise StepKindUnknown(kind=body.kind, definition=plan.body["names"], version=plan.version)
    return kind


def _flag(tx: Tx, act: Act, body: StepBody, is_any_expired: bool) -> None:
    if clock.is_off(act.at, act.received_at):
        tx.flag("clock-off")
    if is_any_expired:
        tx.flag("calibration-expired")
    if body.started_at and body.ended_at and body.ended_at < body.started_at:
        tx.flag("ended-before-started")


def _found(tx: Tx, act: Act, body: StepBody, kind: StepKind, said: dict[str, Any]) -> dict[str, Any]:
    """What the definition and the judge say of the record: written with it, never decided again."""
    used = [use.lot for use in body.lots]
    context = {"lot_certificates": lots.count_certificates(tx.session, act.project_id, used) if used else 0}
    return {
        "definition_key": kind.plan.key,
        "definition_version": kind.plan.version,
        "definition_sha256": kind.plan.content_sha256,
        "environment": said["environment"],
        "answers": said["answers"],
        "judgements": [j.as_row() for j in judge_step(kind.body, said["answers"], said["environment"], {})],
        "missing": missing.rows(kind.body, act.files, said, context),
    }


def _row(tx: Tx, act: Act, body: StepBody, fix: place.Fix) -> dict[str, Any]:
    return dict(
        id=act.object_id,
        project_id=act.project_id,
        task_id=body.task,
        kind=body.kind,
        status=files.status_of_new(tx.session, act),
        recorded_by=act.actor_id,
        crew_id=body.crew,
        method=body.method,
        flags=list(tx.flags),
        note=body.note or None,
        started_at=body.started_at,
        ended_at=body.ended_at,
        distance_m=fix.distance_m,
        is_inside_site=fix.is_inside_site,
        received_at=act.received_at,
        act_id=act.id,
        **_claims(act),
    )


def _claims(act: Act) -> dict[str, Any]:
    """The phone's clock and fix as columns, as exact as they were said."""
    where = act.where
    return {
        "at_wall": act.at.wall,
        "at_offset_min": act.at.offset_min,
        "at_skew_ms": act.at.skew_ms,
        "lat": f"{where.lat:f}" if where else None,
        "lon": f"{where.lon:f}" if where else None,
        "accuracy_m": f"{where.accuracy_m:f}" if where and where.accuracy_m is not None else None,
        "fix_age_ms": where.fix_age_ms if where else None,
    }


def _name_parts(tx: Tx, act: Act, body: StepBody, machines: dict[UUID, bool]) -> None:
    key = {"project_id": act.project_id, "step_id": act.object_id}
    for person in body.people:
        tx.row(StepPerson, **key, person_id=person)
    for machine, is_expired in machines.items():
        tx.row(StepEquipment, **key, equipment_id=machine, is_calibration_expired=is_expired)
    for use in body.lots:
        tx.row(StepLot, **key, lot_id=use.lot, quantity=use.quantity, unit=use.unit)
