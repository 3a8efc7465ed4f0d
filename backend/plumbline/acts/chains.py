"""The chain of a device as it stands now: what is missing, where it forks, where a link does not fit.

The flags on acts say what was so when each came; this is computed from everything that is here today, so a gap that a
late act has filled is one no more. Bytes that could become no act count as links too: the device has signed them.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlmodel import Session, col, select

from plumbline.acts.claims import claims_of
from plumbline.acts.models import ActRow, KeptAct

# Findings told of each kind; a chain that is broken in more places is told to be so.
MOST = 200


@dataclass(frozen=True)
class Link:
    """One signed payload of a device. `project_id` is None for kept bytes that name no project."""

    seq: int
    prev: str | None
    sha256: str
    id: UUID
    project_id: UUID | None
    type: str | None
    verdict: str  # As of the act; `kept` for bytes that became none.
    number: int | None
    received_at: datetime


@dataclass
class Chain:
    """What is found in a chain. Gaps are first and last missing `seq`; forks all links of one `seq`."""

    newest: Link | None = None
    links: int = 0
    gaps: list[tuple[int, int]] = field(default_factory=list)
    forks: list[list[Link]] = field(default_factory=list)
    broken: list[Link] = field(default_factory=list)
    is_truncated: bool = False

    @property
    def is_whole(self) -> bool:
        """No gap, no fork, no link that does not fit."""
        return not (self.gaps or self.forks or self.broken)


def judge(links: Iterable[Link]) -> Chain:
    """Judge links that are sorted by `seq`. A link fits when its `prev` is the hash of one right before it."""
    chain = Chain()
    last, before = 0, frozenset[str]()
    for seq, group in groupby(links, key=attrgetter("seq")):
        # The same bytes may have been kept first and become an act later: the act stands for both.
        same = sorted({link.sha256: link for link in reversed(list(group))}.values(), key=attrgetter("received_at"))
        if seq > last + 1:
            chain.gaps.append((last + 1, seq - 1))
        elif seq > 1:
            chain.broken += [link for link in same if link.prev not in before]
        if len(same) > 1:
            chain.forks.append(same)
        chain.links += len(same)
        chain.newest = same[-1]
        last, before = seq, frozenset(link.sha256 for link in same)
    return _short(chain)


def _short(chain: Chain) -> Chain:
    chain.is_truncated = max(len(chain.gaps), len(chain.forks), len(chain.broken)) > MOST
    chain.gaps, chain.forks, chain.broken = chain.gaps[-MOST:], chain.forks[-MOST:], chain.broken[-MOST:]
    return chain


def chain_of(session: Session, device_id: UUID) -> Chain:
    """The chain of one device through all its projects: its numbers know no projects."""
    return judge(heapq.merge(_acts(session, device_id), _kept(session, device_id), key=attrgetter("seq")))


def _acts(session: Session, device_id: UUID) -> Iterator[Link]:
    """Streamed: a phone of three years has tens of thousands."""
    found = select(
        ActRow.seq,
        ActRow.prev,
        ActRow.pae_sha256,
        ActRow.id,
        ActRow.project_id,
        ActRow.type,
        ActRow.verdict,
        ActRow.number,
        ActRow.received_at,
    ).where(ActRow.device_id == device_id, col(ActRow.seq).is_not(None))  # type: ignore[call-overload]  # Nine columns.
    for row in session.execute(found.order_by(col(ActRow.seq)), execution_options={"yield_per": 2_000}):
        yield Link(*row)


def _kept(session: Session, device_id: UUID) -> list[Link]:
    rows = session.exec(select(KeptAct).where(KeptAct.device_id == device_id))
    read = [(row, claims_of(row.payload)) for row in rows]
    links = [
        Link(c.seq, c.prev, r.pae_sha256, r.id, r.project_id, c.type, "kept", None, r.received_at)
        for r, c in read
        if c.seq is not None
    ]
    return sorted(links, key=attrgetter("seq"))
