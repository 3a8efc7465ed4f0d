"""Traces: from a wall, a step, a lot or a defect to everything behind it, or everything it touched."""

from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.registry import FEED
from plumbline.defects.models import Defect, DefectLot
from plumbline.grants.sight import Scope
from plumbline.identity.models import Membership
from plumbline.materials.models import CertificateLot, Lot, TestResult
from plumbline.materials.rows import status_of
from plumbline.materials.service import plain
from plumbline.problems import NotFound
from plumbline.projects.models import TaskNode
from plumbline.projects.service import below
from plumbline.steps.models import StepEquipment, StepPerson, StepRecord
from plumbline.trace.models import TraceEdge, TraceNode
from plumbline.trace.schemas import Context, EdgeOut, NodeOut, TraceOut
from plumbline.trace.walk import Direction, depths, edges_among, walk

Kind = Literal["lot", "step", "task", "defect"]


def trace(
    session: Session,
    project_id: UUID,
    node: UUID,
    kind: Kind,
    direction: Literal["backward", "forward", "both"],
    limit: int,
    scope: Scope | None = None,
) -> TraceOut:
    """Walk from one node. A task stands for itself and all below it; a defect for its task and lots.

    With a scope, the answer holds its nodes alone, and what stands beside those that it opens. Raises NotFound.
    """
    starts = _starts(session, project_id, node, kind)
    ways: list[Direction] = ["backward", "forward"] if direction == "both" else [direction]
    nodes, certain, truncated, depth = set(starts), set(starts), False, dict.fromkeys(starts, 0)
    kept: dict[UUID, TraceEdge] = {}
    for way in ways:
        found = walk(session, project_id, starts, way, limit)
        edges = edges_among(session, project_id, found.nodes)
        kept |= {e.id: e for e in edges}
        depth = depths(starts, edges, way) | depth
        nodes, certain, truncated = nodes | found.nodes, certain | found.certain, truncated or found.truncated
    if scope is not None:
        nodes &= scope.full | scope.named
    reached = _nodes(session, project_id, nodes, certain, depth)
    if scope is not None:
        reached = [n if n.id in scope.full or n.kind == "lot" else n.model_copy(update={"status": ""}) for n in reached]
    present = {n.id for n in reached}
    return TraceOut(
        start=[s for s in starts if s in present],
        nodes=reached,
        edges=[_edge(e) for e in kept.values() if e.source in present and e.target in present],
        context=_context(session, project_id, [n for n in reached if scope is None or n.id in scope.full]),
        truncated=truncated,
        limit=limit,
    )


def _starts(session: Session, project_id: UUID, node: UUID, kind: Kind) -> list[UUID]:
    tables: dict[str, Any] = {"lot": Lot, "step": StepRecord, "task": TaskNode, "defect": Defect}
    row = session.get(tables[kind], node)
    if row is None or row.project_id != project_id:
        raise NotFound()
    if kind == "task":
        return sorted(below(session, project_id, node))
    if kind == "defect":
        lots = session.exec(select(DefectLot.lot_id).where(DefectLot.defect_id == node)).all()
        return sorted({*below(session, project_id, row.task_id), *lots})
    return [node]


def _edge(e: TraceEdge) -> EdgeOut:
    return EdgeOut(
        source=e.source,
        target=e.target,
        kind=e.kind,
        source_quantity=None if e.source_quantity is None else plain(e.source_quantity),
        source_unit=e.source_unit,
        target_quantity=None if e.target_quantity is None else plain(e.target_quantity),
        target_unit=e.target_unit,
        certainty="certain" if e.certainty == "certain" else "possible",
        act_id=e.act_id,
    )


def _nodes(
    session: Session, project_id: UUID, ids: set[UUID], certain: set[UUID], depth: dict[UUID, int]
) -> list[NodeOut]:
    kinds = session.exec(select(TraceNode).where(TraceNode.project_id == project_id, col(TraceNode.id).in_(ids)))
    by_kind: dict[str, list[UUID]] = {}
    for n in kinds:
        by_kind.setdefault(n.kind, []).append(n.id)
    found = [
        *_lots(session, by_kind.get("lot", [])),
        *_steps(session, by_kind.get("step", [])),
        *_tasks(session, by_kind.get("task", [])),
    ]
    nodes = [NodeOut(**facts, depth=depth.get(facts["id"], 0), certain=facts["id"] in certain) for facts in found]
    return sorted(nodes, key=lambda n: (n.depth, n.kind, n.label, n.id))


def _lots(session: Session, ids: list[UUID]) -> list[dict[str, Any]]:
    rows = session.exec(select(Lot).where(col(Lot.id).in_(ids)))
    return [
        {
            "id": r.id,
            "kind": "lot",
            "label": " · ".join(p for p in (r.code, r.grade, r.size, r.heat_no or r.batch_no) if p),
            "status": status_of(r),
        }
        for r in rows
    ]


def _steps(session: Session, ids: list[UUID]) -> list[dict[str, Any]]:
    rows = session.exec(select(StepRecord).where(col(StepRecord.id).in_(ids)))
    return [{"id": r.id, "kind": "step", "label": r.kind, "status": r.status} for r in rows]


def _tasks(session: Session, ids: list[UUID]) -> list[dict[str, Any]]:
    rows = session.exec(select(TaskNode).where(col(TaskNode.id).in_(ids)))
    return [
        {
            "id": r.id,
            "kind": "task",
            "label": f"{r.code} {r.name}",
            "label_en": r.name_en and f"{r.code} {r.name_en}",
            "status": r.level,
        }
        for r in rows
    ]


def _context(session: Session, project_id: UUID, nodes: list[NodeOut]) -> Context:
    lots = session.exec(select(Lot).where(col(Lot.id).in_([n.id for n in nodes if n.kind == "lot"]))).all()
    step_ids = [n.id for n in nodes if n.kind == "step"]
    steps = session.exec(select(StepRecord).where(col(StepRecord.id).in_(step_ids))).all()
    people = set(session.exec(select(StepPerson.person_id).where(col(StepPerson.step_id).in_(step_ids))))
    people |= {s.recorded_by for s in steps}
    crews = {s.crew_id for s in steps if s.crew_id} | {lot.crew_id for lot in lots if lot.crew_id}
    members = session.exec(
        select(Membership.organization_id).where(
            Membership.project_id == project_id, col(Membership.person_id).in_(people)
        )
    )
    organizations = {lot.supplier_id for lot in lots if lot.supplier_id} | {m for m in members if m}
    lot_ids = {lot.id for lot in lots} | {lot.root_id for lot in lots}
    tasks = [n.id for n in nodes if n.kind == "task"]

    def rows(kind: str, ids: Any) -> list[dict[str, Any]]:
        return list(FEED[kind](session, project_id, sorted(ids)).values()) if ids else []

    step_rows = rows("step", step_ids)
    return Context(
        organizations=rows("organization", organizations),
        crews=rows("crew", crews),
        people=rows("member", people),
        equipment=rows(
            "equipment",
            set(session.exec(select(StepEquipment.equipment_id).where(col(StepEquipment.step_id).in_(step_ids)))),
        ),
        certificates=rows(
            "certificate",
            set(session.exec(select(CertificateLot.certificate_id).where(col(CertificateLot.lot_id).in_(lot_ids)))),
        ),
        tests=rows("test", set(session.exec(select(TestResult.id).where(col(TestResult.lot_id).in_(lot_ids))))),
        files=[{**f, "step_id": r["id"]} for r in step_rows for f in r["files"]],
        defects=rows("defect", set(session.exec(select(Defect.id).where(col(Defect.task_id).in_(tasks))))),
    )
