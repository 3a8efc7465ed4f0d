"""Names for the ids that pages show: people, crews, machines, tasks, and the proof of acts."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.envelope import is_signed, read_payload
from plumbline.acts.models import ActRow
from plumbline.identity.models import Crew, Device, Equipment, Person
from plumbline.projects import service as projects
from plumbline.projects.models import TaskNode
from plumbline.steps.models import StepEquipment
from plumbline.steps.schemas import ActBehind, MachineOut, Named, TaskRef


def people(session: Session, ids: Iterable[UUID]) -> list[Named]:
    """People by name, in the order of their names; ids without a person (erased) are left out."""
    found = session.exec(select(Person).where(col(Person.id).in_(set(ids))).order_by(Person.display_name))
    return [Named(id=person.id, name=person.display_name) for person in found]


def person(session: Session, id: UUID) -> Named:
    """One person; an erased one has a dash for a name."""
    found = session.get(Person, id)
    return Named(id=id, name=found.display_name if found else "—")


def crew(session: Session, id: UUID | None) -> Named | None:
    """The crew, or None."""
    found = session.get(Crew, id) if id else None
    return Named(id=found.id, name=found.name, name_en=found.name_en) if found else None


def machines(session: Session, project_id: UUID, step_ids: Iterable[UUID]) -> dict[UUID, list[MachineOut]]:
    """Machines of each step by code, with their calibration as it was on the day."""
    used = (
        select(StepEquipment, Equipment)
        .join(Equipment, col(Equipment.id) == col(StepEquipment.equipment_id))
        .where(StepEquipment.project_id == project_id, col(StepEquipment.step_id).in_(list(step_ids)))
        .order_by(Equipment.code)
    )
    found: dict[UUID, list[MachineOut]] = {}
    for use, machine in session.exec(used):
        shown = MachineOut(
            **machine.model_dump(include={"id", "name", "name_en", "code", "kind", "calibration_due_on"}),
            is_calibration_expired=use.is_calibration_expired,
        )
        found.setdefault(use.step_id, []).append(shown)
    return found


def task(node: TaskNode) -> TaskRef:
    """A task node by id, code, name and level."""
    return TaskRef(id=node.id, name=node.name, name_en=node.name_en, code=node.code, level=node.level)


def path(session: Session, node: TaskNode) -> list[TaskRef]:
    """The way from the root down to the task."""
    return [task(above) for above in projects.path_of(session, node)]


def acts(session: Session, project_id: UUID, ids: Iterable[UUID]) -> list[ActBehind]:
    """Acts with their proof, in the order of their numbers."""
    behind = (
        select(ActRow, Device)
        .join(Device, col(Device.id) == col(ActRow.device_id))
        .where(ActRow.project_id == project_id, col(ActRow.id).in_(set(ids)))
        .order_by(col(ActRow.number))
    )
    return [_behind(act, device) for act, device in session.exec(behind)]


def _behind(act: ActRow, device: Device) -> ActBehind:
    return ActBehind(
        **act.model_dump(include={"id", "type", "number", "actor_id", "received_at", "device_id", "flags"}),
        claimed_at=read_payload(act.payload).at.wall,
        device_label=device.label,
        signed_by="server" if device.kind == "server" else "device",
        signature_holds=is_signed(device.public_key, act.payload, act.signature),
        payload_sha256=act.pae_sha256,
    )
