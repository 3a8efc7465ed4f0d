"""What a domain function gets: the act that is being applied, and the transaction it belongs to."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel

from plumbline.acts import gathering
from plumbline.problems import Problem
from plumbline.settings import Settings


@dataclass(frozen=True)
class ActFile:
    """A file that belongs to an act, as the act declared it."""

    sha256: str
    bytes: int
    mime: str
    role: str
    capture: str


@dataclass(frozen=True)
class Where:
    """The phone's claimed position in degrees (WGS 84), accuracy in metres, age of the fix in milliseconds."""

    lat: Decimal
    lon: Decimal
    accuracy_m: Decimal | None
    fix_age_ms: int | None


@dataclass(frozen=True)
class At:
    """The phone's claimed time: wall clock, offset from UTC, monotonic clock, and skew against the server."""

    wall: str
    offset_min: int
    mono_ms: int | None
    skew_ms: int | None


@dataclass(frozen=True)
class Act:
    """An act as domain functions read it."""

    id: UUID
    type: str
    project_id: UUID
    object_id: UUID
    actor_id: UUID
    device_id: UUID
    seq: int | None
    seen_cursor: int
    at: At
    where: Where | None
    files: tuple[ActFile, ...]
    depends_on: tuple[UUID, ...]
    supersedes: UUID | None
    received_at: datetime


@dataclass
class Edge:
    """One trace edge, running with the material. Quantities are None when only the tie is known."""

    source: UUID
    target: UUID
    kind: str
    source_quantity: Decimal | None = None
    source_unit: str | None = None
    target_quantity: Decimal | None = None
    target_unit: str | None = None
    certainty: str = "certain"


@dataclass
class Tx:
    """The transaction of one batch. What is gathered here is stored by the door in set inserts."""

    session: Session
    settings: Settings
    roles: list[str] = field(default_factory=list)  # The actor's roles in the project.
    touched: dict[tuple[str, UUID], None] = field(default_factory=dict)
    nodes: list[tuple[UUID, str]] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    voided: list[UUID] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    jobs: list[tuple[str, str, tuple[Any, ...]]] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)
    act: Act | None = None
    recorded: list[str] | None = None  # Flags that were recorded with an act that is drawn again; None at the door.

    def row(self, model: type[SQLModel], **values: Any) -> None:
        """Add a row that this act will not change again: cheaper than an object, written with others in one set."""
        gathering.of(self.session).insert(model, values)

    def touch(self, kind: str, id: UUID) -> None:
        """Mark a feed row as changed; the door gives the change the act's number."""
        self.touched[(kind, id)] = None

    def node(self, id: UUID, kind: str) -> None:
        """Add a node of the trace graph: lot, step, task (element), test."""
        self.nodes.append((id, kind))

    def edge(self, source: UUID, target: UUID, kind: str, **more: Any) -> None:
        """Add a trace edge from source to target, in the direction of the material."""
        self.edges.append(Edge(source, target, kind, **more))

    def void(self, node: UUID) -> None:
        """Mark all edges of a superseded record as void, also those that earlier acts of this batch made."""
        self.voided.append(node)

    def flag(self, flag: str) -> None:
        """Accept, and say what is odd (`overdrawn`, `lot-stopped-unseen`); managers are shown flags."""
        if flag not in self.flags:
            self.flags.append(flag)

    def job(self, name: str, key: str, *args: Any) -> None:
        """Cause a durable job; the same name and key is one job."""
        self.jobs.append((name, key, args))

    def had_seen(self, number: int | None) -> bool:
        """Whether the device held the change with this project number when the act was made."""
        assert self.act is not None
        return number is not None and self.act.seen_cursor >= number


@dataclass
class Outcome:
    """What became of one act in this transaction; `tx` is there only when it was applied."""

    act: Act
    verdict: str
    tx: Tx | None = None
    problem: Problem | None = None
    waits_for: tuple[str, ...] = ()
    flags: list[str] = field(default_factory=list)
