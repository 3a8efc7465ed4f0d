"""Who stood behind the place: crews, suppliers and machines, each with the facts on record. A person decides."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from plumbline.defects.models import Defect, DefectLot
from plumbline.defects.schemas import Fact, PartiesOut, PartyKind, PartyOut
from plumbline.identity.models import Crew, Equipment, Organization
from plumbline.materials import words
from plumbline.materials.models import CertificateLot, Lot, TestResult
from plumbline.problems import NotFound
from plumbline.projects.models import Project
from plumbline.steps.models import StepEquipment, StepRecord
from plumbline.trace.walk import walk

MOST = 2_000  # Nodes behind one element; enough for every wall.
FACTS = 12  # Shown of each party.
Key = tuple[PartyKind, UUID]


def get(session: Session, project_id: UUID, defect_id: UUID) -> Defect:
    """A defect of the project. Raises NotFound."""
    defect = session.get(Defect, defect_id)
    if defect is None or defect.project_id != project_id:
        raise NotFound
    return defect


def proposed(session: Session, project_id: UUID, defect: Defect) -> PartiesOut:
    """Parties behind the defect's element, step and lots, by the trace; most facts against them first."""
    suspected = session.exec(select(DefectLot.lot_id).where(DefectLot.defect_id == defect.id)).all()
    starts = [defect.task_id, *suspected, *([defect.step_id] if defect.step_id else [])]
    behind = walk(session, project_id, starts, "backward", MOST).nodes
    found: dict[Key, list[Fact]] = {}
    for key, fact in [*_of_lots(session, behind, set(suspected)), *_of_steps(session, behind, defect)]:
        facts = found.setdefault(key, [])
        if fact not in facts:
            facts.append(fact)
    parties = [_party(session, key, facts) for key, facts in found.items()]
    named = [p for p in parties if p is not None]
    return PartiesOut(parties=sorted(named, key=lambda p: (-sum(f.weight for f in p.facts if f.weight > 1), p.name)))


def _party(session: Session, key: Key, facts: list[Fact]) -> PartyOut | None:
    tables: dict[str, Any] = {"organization": Organization, "crew": Crew, "equipment": Equipment}
    row = session.get(tables[key[0]], key[1])
    if row is None:
        return None
    first = sorted(facts, key=lambda f: (-f.weight, f.en, f.id))[:FACTS]
    return PartyOut(kind=key[0], id=key[1], name=row.name, name_en=row.name_en, facts=first)


def _of_lots(session: Session, behind: set[UUID], suspected: set[UUID]) -> Iterable[tuple[Key, Fact]]:
    lots = session.exec(select(Lot).where(col(Lot.id).in_(behind)).order_by(Lot.code)).all()
    roots = {lot.root_id for lot in lots} | {lot.id for lot in lots}
    tests = session.exec(select(TestResult).where(col(TestResult.lot_id).in_(roots), TestResult.result == "fail")).all()
    papers = set(session.exec(select(CertificateLot.lot_id).where(col(CertificateLot.lot_id).in_(roots))))
    for lot in lots:
        if lot.supplier_id is None:
            continue
        key: Key = ("organization", lot.supplier_id)
        yield key, _fact("lot", lot.id, 1, f"批次 {lot.code} 用在这里", f"lot {lot.code} went in here")
        for test in tests:
            if test.lot_id in (lot.id, lot.root_id):
                said = words.failed(test)
                yield key, _fact("test", test.id, 2, f"{lot.code}：{said['zh']}", f"{lot.code}: {said['en']}")
        if not papers & {lot.id, lot.root_id}:
            yield key, _fact("lot", lot.id, 2, f"批次 {lot.code} 没有质量证明书", f"lot {lot.code} has no certificate")
        if lot.recall_id is not None:
            yield key, _fact("recall", lot.recall_id, 2, f"批次 {lot.code} 在召回中", f"lot {lot.code} is under recall")
        if lot.id in suspected:
            yield key, _fact("lot", lot.id, 2, f"发现人怀疑批次 {lot.code}", f"the finder suspects lot {lot.code}")


def _of_steps(session: Session, behind: set[UUID], defect: Defect) -> Iterable[tuple[Key, Fact]]:
    zone = ZoneInfo(session.exec(select(Project.time_zone).where(Project.id == defect.project_id)).one())
    mine = select(StepRecord).where(col(StepRecord.id).in_(behind), StepRecord.status != "superseded")
    steps = {s.id: s for s in session.exec(mine.order_by(col(StepRecord.id)))}
    for step in steps.values():
        if step.crew_id is None:
            continue
        key: Key = ("crew", step.crew_id)
        day = _day(step, zone)
        yield key, _fact("step", step.id, 1, f"{day} 在这里施工", f"worked here on {day}")
        failed = [j for j in step.judgements if j.get("verdict") == "fail"]
        if failed:
            many = "1 value" if len(failed) == 1 else f"{len(failed)} values"
            zh, en = f"{day} 的记录有 {len(failed)} 项超差", f"{many} out of limits on {day}"
            yield key, _fact("step", step.id, 2, zh, en)
        if step.missing:
            yield key, _fact("step", step.id, 2, f"{day} 的记录缺少证据", f"evidence missing on {day}")
        if step.id == defect.step_id:
            yield key, _fact("step", step.id, 2, "缺陷记在这道工序上", "the defect was raised on this step")
    used = select(StepEquipment).where(col(StepEquipment.step_id).in_(steps)).order_by(col(StepEquipment.step_id))
    for use in session.exec(used):
        day = _day(steps[use.step_id], zone)
        machine: Key = ("equipment", use.equipment_id)
        yield machine, _fact("step", use.step_id, 1, f"{day} 在这里使用", f"used here on {day}")
        if use.is_calibration_expired:
            yield machine, _fact("step", use.step_id, 2, f"{day} 使用时校准已过期", f"calibration had run out on {day}")


def _fact(kind: str, id: UUID, weight: int, zh: str, en: str) -> Fact:
    return Fact.model_validate({"kind": kind, "id": id, "weight": weight, "zh": zh, "en": en})


def _day(step: StepRecord, zone: ZoneInfo) -> str:
    """The day on site: a pour at seven in Shanghai is still of the day before in UTC."""
    return f"{(step.started_at or step.received_at).astimezone(zone):%Y-%m-%d}"
