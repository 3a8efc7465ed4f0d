"""What a reader sees of a project: the one place where membership or grant decides.

A member sees the project. A link sees its scope: `full` things open with everything behind them, `named` ones stand
in a trace by code and name (grants/__init__.py says which are which).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow
from plumbline.approvals.models import Decision
from plumbline.defects.models import Defect
from plumbline.evidence.models import ActFileRow, EvidenceFile
from plumbline.grants.errors import OriginalsNotShared
from plumbline.grants.models import Grant
from plumbline.grants.schemas import Right
from plumbline.grants.visiting import Visitor
from plumbline.identity.access import Caller, member_of
from plumbline.identity.roles import sees
from plumbline.materials.models import Lot
from plumbline.materials.service import proofs_of
from plumbline.problems import NotFound
from plumbline.projects.models import TaskNode
from plumbline.projects.service import below
from plumbline.steps.models import StepRecord
from plumbline.trace.walk import walk

# More than this many nodes behind one element are not walked: what lies beyond is not shown.
WALK_LIMIT = 20_000
# Acts that say who people are and who was let in: behind a link there is material and work alone.
PRIVATE_ACTS = ("member:", "grant:")


@dataclass(frozen=True)
class Scope:
    """What a link to an element or a lot opens. Ids of nodes, and of all objects whose acts and files belong to it."""

    full: frozenset[UUID]
    named: frozenset[UUID]
    objects: frozenset[UUID]


@dataclass(frozen=True)
class Sight:
    """What one reader sees of one project. `scope` is None when that is everything."""

    session: Session
    project_id: UUID
    reader_id: UUID
    visitor: Visitor | None = None
    rights: frozenset[str] = frozenset()
    scope: Scope | None = None
    sees_quarantine: bool = False

    def thing(self, kind: str, id: UUID) -> None:
        """Raises NotFound unless the task, step, lot, defect, certificate or test is in sight."""
        if not self.opens(id):
            raise NotFound
        self.note(kind, id)

    def opens(self, id: UUID) -> bool:
        """Whether an object of the project is in sight with everything behind it."""
        return self.scope is None or id in self.scope.objects

    def file(self, sha256: str, *, original: bool = False) -> None:
        """Raises NotFound unless an act in sight lists the file; OriginalsNotShared."""
        if self.visitor is None:
            return
        self.note("original" if original else "file", self._listing_object(sha256))
        if original and Right.ORIGINALS not in self.rights:
            raise OriginalsNotShared

    def _listing_object(self, sha256: str) -> UUID:
        """An object in sight whose acts list the file. Raises NotFound."""
        wanted = select(ActFileRow.object_id).where(
            ActFileRow.project_id == self.project_id, ActFileRow.sha256 == sha256
        )
        for id in self.session.exec(wanted.distinct()):
            if self.opens(id):
                return id
        raise NotFound

    def act(self, row: ActRow) -> None:
        """Raises NotFound unless the act is in sight.

        Members see all but other people's refused acts, which are in quarantine; links those applied to what they show.
        """
        if self.visitor is None:
            if row.verdict == "refused" and not self.sees_quarantine and row.actor_id != self.reader_id:
                raise NotFound
            return
        if row.verdict != "applied" or row.type.startswith(PRIVATE_ACTS):
            raise NotFound
        if not self.opens(row.object_id) and not self._verifies(row):
            raise NotFound
        self.note("act", row.id)

    def _verifies(self, row: ActRow) -> bool:
        """Whether the act says that a file in sight was verified."""
        wanted = select(EvidenceFile.sha256).where(
            EvidenceFile.project_id == self.project_id, EvidenceFile.verified_act_id == row.id
        )
        try:
            return any(self._listing_object(sha256) for sha256 in self.session.exec(wanted))
        except NotFound:
            return False

    def acts_of(self, object_id: UUID | None, verdict: str) -> list[ColumnElement[bool]]:
        """Conditions of the acts that a list may show. Raises NotFound unless the list may be read."""
        if self.visitor is None:
            own_alone = verdict == "refused" and not self.sees_quarantine
            return [col(ActRow.actor_id) == self.reader_id] if own_alone else []
        if verdict != "applied" or object_id is None or not self.opens(object_id):
            raise NotFound
        self.note("acts", object_id)
        return [~col(ActRow.type).startswith(private) for private in PRIVATE_ACTS]

    def note(self, what: str, id: UUID | None) -> None:
        """Say what the answer shows, for the log of a link."""
        if self.visitor is not None:
            self.visitor.seen.append((what, id))


def sight_of(session: Session, viewer: Caller | Visitor, project_id: UUID) -> Sight:
    """What the viewer sees of the project. Raises NotFound for strangers and for links of other projects."""
    if isinstance(viewer, Caller):
        member = member_of(session, viewer, project_id)
        return Sight(session, project_id, viewer.person_id, sees_quarantine=sees("quarantine", member.roles))
    grant = session.get(Grant, viewer.grant_id)
    if grant is None or grant.project_id != project_id:
        raise NotFound
    # A link is nobody's: its grant's id stands where a person's would.
    return Sight(session, project_id, grant.id, viewer, frozenset(grant.rights), _scope(session, grant))


def _scope(session: Session, grant: Grant) -> Scope | None:
    if grant.scope_kind == "project":
        return None
    if grant.scope_kind == "task":
        return _element(session, grant.project_id, grant.scope_id)
    return _lot(session, grant.project_id, grant.scope_id)


def _element(session: Session, project_id: UUID, task_id: UUID) -> Scope:
    tasks = set(below(session, project_id, task_id))
    steps = set(
        session.exec(select(StepRecord.id).where(*_among(StepRecord, project_id, col(StepRecord.task_id), tasks)))
    )
    starts = tasks | steps
    reached = walk(session, project_id, sorted(starts), "backward", len(starts) + WALK_LIMIT).nodes
    # Work behind one element may stand at another: its record belongs to the chain, the other element does not.
    full = starts | (reached - _tasks(session, project_id, reached))
    return Scope(frozenset(full), frozenset(), _objects(session, project_id, full, tasks))


def _lot(session: Session, project_id: UUID, lot_id: UUID) -> Scope:
    reached = walk(session, project_id, [lot_id], "backward", WALK_LIMIT).nodes | {lot_id}
    full = reached - _tasks(session, project_id, reached)
    named = walk(session, project_id, [lot_id], "forward", WALK_LIMIT).nodes - full
    return Scope(frozenset(full), frozenset(named), _objects(session, project_id, full, set()))


def _tasks(session: Session, project_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    return set(session.exec(select(TaskNode.id).where(*_among(TaskNode, project_id, col(TaskNode.id), ids))))


def _objects(session: Session, project_id: UUID, full: set[UUID], tasks: set[UUID]) -> frozenset[UUID]:
    """The things themselves, and what hangs on them: certificates, tests, decisions, defects."""
    lots = list(session.exec(select(Lot.id).where(*_among(Lot, project_id, col(Lot.id), full))))
    certificates, tests = proofs_of(session, project_id, lots)
    decisions = session.exec(select(Decision.id).where(*_among(Decision, project_id, col(Decision.subject_id), full)))
    defects = session.exec(select(Defect.id).where(*_among(Defect, project_id, col(Defect.task_id), tasks)))
    return frozenset(full.union(certificates, tests, decisions, defects))


def _among(table: Any, project_id: UUID, column: Any, ids: Iterable[UUID]) -> tuple[ColumnElement[bool], ...]:
    return (table.project_id == project_id, column.in_(list(ids)))
