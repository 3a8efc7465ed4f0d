"""What stands on the label of a lot, task, place or piece of equipment."""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from plumbline.definitions import catalogue
from plumbline.identity.models import Equipment, Organization
from plumbline.marks.service import codes_of_roll, find_roll
from plumbline.materials.models import Lot
from plumbline.materials.service import plain
from plumbline.problems import NotFound
from plumbline.projects.models import Place, Project, TaskNode
from plumbline.reports.errors import NoCodeYet
from plumbline.reports.labels import fact, lot_facts
from plumbline.reports.layout import Label

_TABLES: dict[str, type[Any]] = {"lot": Lot, "task": TaskNode, "place": Place, "equipment": Equipment}


def label_of(session: Session, project_id: UUID, kind: str, id: UUID, base_url: str) -> Label:
    """The label of a thing in a project; its QR code leads to `base_url`/q/<code>.

    Raises NotFound, also for a thing of another project, and NoCodeYet when no code is bound to it.
    """
    table = _TABLES.get(kind)
    found = session.get(table, id) if table else None
    if found is None or found.project_id != project_id:
        raise NotFound
    code = found.name if kind == "place" else found.code
    if not found.qr:
        raise NoCodeYet(kind=kind, name=code)
    names, facts = _WORDS[kind](session, found)
    return Label(_address(base_url, found.qr), code, names, facts)


def labels_of_roll(session: Session, project_id: UUID, roll_id: UUID, first: int, last: int, base: str) -> list[Label]:
    """Blank labels of a roll, by running numbers. Raises NotFound, also for numbers that are not on it."""
    roll = find_roll(session, project_id, roll_id)
    project = session.get(Project, project_id)
    if roll is None or project is None or not 1 <= first <= last <= roll.count:
        raise NotFound
    names = {"zh": "空白标签，扫码后绑定", "en": "Blank label: scan to bind"}
    codes = enumerate(codes_of_roll(roll.seed, first, last), first)
    return [Label(_address(base, code), f"{roll.code}-{n:04d}", names, [project.name]) for n, code in codes]


def _address(base_url: str, code: str) -> str:
    return f"{base_url.rstrip('/')}/q/{code}"


Words = tuple[dict[str, str], list[str]]


def _lot(session: Session, lot: Lot) -> Words:
    supplier = session.get(Organization, lot.supplier_id) if lot.supplier_id else None
    facts = lot_facts(
        grade=lot.grade,
        size=_size(lot),
        quantity=plain(lot.received or lot.expected or lot.on_hand),
        unit=lot.unit,
        heat_no=lot.heat_no,
        batch_no=lot.batch_no,
        supplier=supplier.name if supplier else lot.manufacturer,
        received_on=_local_day(session, lot),
    )
    return catalogue.material_names(lot.material), facts


def _local_day(session: Session, lot: Lot) -> str | None:
    """The day of receipt as the site counts it."""
    project = session.get(Project, lot.project_id)
    if lot.received_at is None or project is None:
        return None
    return lot.received_at.astimezone(ZoneInfo(project.time_zone)).date().isoformat()


def _size(lot: Lot) -> str | None:
    """A nominal diameter is marked Φ, as on the bundle tag."""
    material = catalogue.material(lot.material)
    sizes = (material.body.get("sizes") or {}) if material else {}
    if not lot.size or sizes.get("key") not in ("d", "dia"):
        return lot.size
    return lot.size if lot.size.startswith(("Φ", "φ")) else f"Φ{lot.size}"


def _task(session: Session, task: TaskNode) -> Words:
    plan = catalogue.plan(task.plan) if task.plan else None
    lines = [fact("计划", "Planned", task.planned_on.isoformat() if task.planned_on else None)]
    lines += [f"{plan.body['names']['zh']} {plan.body['names']['en']}" if plan else None]
    return _named(task), [line for line in lines if line]


def _place(_session: Session, place: Place) -> Words:
    return {"zh": "", "en": place.name_en or ""}, []


def _equipment(_session: Session, equipment: Equipment) -> Words:
    due = equipment.calibration_due_on
    lines = [
        fact("编号", "Serial", equipment.serial_no),
        fact("检定有效期至", "Calibrated until", due.isoformat() if due else None),
    ]
    return _named(equipment), [line for line in lines if line]


def _named(thing: TaskNode | Equipment) -> dict[str, str]:
    return {"zh": thing.name, "en": thing.name_en or ""}


_WORDS: dict[str, Callable[[Session, Any], Words]] = {
    "lot": _lot,
    "task": _task,
    "place": _place,
    "equipment": _equipment,
}
