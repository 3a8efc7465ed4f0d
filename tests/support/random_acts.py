"""Random acts on lots, good and bad, from phones that know too little; then the books are read."""

import random
from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.materials.models import INFLOWS, OUTFLOWS, Lot, LotInput, LotMovement
from plumbline.trace.models import TraceEdge
from tests.support.cast import Actor, Cast
from tests.support.device import Envelope
from tests.support.works import add_task, pour

AT_ONCE = 50
KEPT = 60  # Lots that acts choose among: few enough that they meet.
# What takes material out by an edge, in which column: the edges of a lot add up to what its account says.
BY_EDGE = ("used", "split_out", "returned")


class Chaos:
    """Draws acts at random; `wrong` of them cannot be right."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.rng, self.cast = random.Random(seed), cast
        self.lots: list[UUID] = []
        self.tasks = [add_task(cast, f"B-{n}") for n in range(3)]
        self.verdicts: dict[str, int] = defaultdict(int)
        self.actors = [cast.storekeeper, cast.foreman, cast.project_manager]
        self.made: list[tuple[UUID, UUID]] = []

    def run(self, acts: int) -> None:
        """Send so many acts in batches, each from one phone, which has seen the feed or has not."""
        for _ in range(acts // AT_ONCE):
            by = self.rng.choice(self.actors)
            if self.rng.random() < 0.5:
                by.device.seen = by.feed(by.device.seen, limit=1)["head"]
            drawn = [self._one(by) for _ in range(AT_ONCE)]
            for result, (_, fresh) in zip(by.send(*(envelope for envelope, _ in drawn)), drawn, strict=True):
                self.verdicts[result["verdict"]] += 1
                if result["verdict"] != "applied":
                    self.lots = [lot for lot in self.lots if lot not in fresh]
            self.lots = self.lots[-KEPT:]

    def _one(self, by: Actor) -> tuple[Envelope, list[UUID]]:
        """An act, and the lots that there will be if it is applied."""
        before = len(self.lots)
        draws = [self._receive, self._split, self._issue, self._return, self._scrap, self._step, self._step, self._mix]
        draws += [
            self._receive,
            self._receive,
            self._make,
            self._apart,
            self._dispatch,
            self._arrive,
            self._count,
            self._leave,
        ]
        kind, object, body = self.rng.choice(draws)()
        return by.act(kind, object, body), self.lots[before:]

    def _amount(self) -> str:
        bad = ["0", "-1", "0.0000001", "1e3", "999999"]
        is_bad = self.rng.random() < 0.08
        return self.rng.choice(bad) if is_bad else f"{Decimal(self.rng.randint(1, 2_000_000)) / 10**6:f}"

    def _lot(self) -> UUID:
        return uuid7() if not self.lots or self.rng.random() < 0.05 else self.rng.choice(self.lots)

    def _new(self) -> UUID:
        """Mostly a new id; now and then one that is taken."""
        if self.lots and self.rng.random() < 0.05:
            return self.rng.choice(self.lots)
        self.lots.append(id := uuid7())
        return id

    def _receive(self) -> tuple[str, UUID, dict[str, Any]]:
        amount = "12.345678" if self.rng.random() < 0.9 else self._amount()
        body = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": amount, "unit": "m3"}
        return "lot:receive", self._new(), body

    def _split(self) -> tuple[str, UUID, dict[str, Any]]:
        parts = [{"lot": str(self._new()), "quantity": self._amount()} for _ in range(self.rng.randint(1, 3))]
        return "lot:split", self._lot(), {"parts": parts}

    def _issue(self) -> tuple[str, UUID, dict[str, Any]]:
        body = {"lot": str(self._new()), "quantity": self._amount(), "crew": str(self.cast.crew)}
        return "lot:issue", self._lot(), body

    def _return(self) -> tuple[str, UUID, dict[str, Any]]:
        body = {"lot": str(self._new()), "quantity": self._amount(), "place": str(self.cast.place)}
        return "lot:return", self._lot(), body

    def _scrap(self) -> tuple[str, UUID, dict[str, Any]]:
        return "lot:scrap", self._lot(), {"quantity": self._amount(), "reason": "spilt"}

    def _step(self) -> tuple[str, UUID, dict[str, Any]]:
        uses = {self._lot(): self._amount() for _ in range(self.rng.randint(1, 3))}
        return "step:record", uuid7(), pour(self.rng.choice(self.tasks), *uses.items())

    def _inputs(self) -> list[dict[str, str]]:
        units = {self._lot(): self.rng.choice(["m3", "m3", "L", "t"]) for _ in range(self.rng.randint(1, 4))}
        return [{"lot": str(lot), "quantity": self._amount(), "unit": unit} for lot, unit in units.items()]

    def _mix(self) -> tuple[str, UUID, dict[str, Any]]:
        kind = self.rng.choice(["lot:mix", "lot:merge"])
        return kind, self._lot() if self.rng.random() < 0.3 else self._new(), {"inputs": self._inputs()}

    def _make(self) -> tuple[str, UUID, dict[str, Any]]:
        inputs, made = self._inputs(), self._new()
        self.made = [*self.made[-20:], *((made, UUID(one["lot"])) for one in inputs)]
        body = {"material": "precast_element_cn", "quantity": "3", "unit": "pcs", "inputs": inputs}
        return "assembly:make", made, body

    def _apart(self) -> tuple[str, UUID, dict[str, Any]]:
        made, of = self.rng.choice(self.made or [(self._lot(), self._lot())])
        parts = [{"lot": str(self._new()), "of": str(of), "quantity": self._amount()}]
        return "assembly:take_apart", made, {"quantity": "1", "reason": "cracked", "parts": parts}

    def _dispatch(self) -> tuple[str, UUID, dict[str, Any]]:
        part = {"lot": str(self._new()), "quantity": self._amount()} if self.rng.random() < 0.7 else {}
        return "lot:dispatch", self._lot(), {"to": str(self.cast.place), **part}

    def _arrive(self) -> tuple[str, UUID, dict[str, Any]]:
        return "lot:arrive", self._lot(), {"quantity": self._amount()}

    def _count(self) -> tuple[str, UUID, dict[str, Any]]:
        return "lot:count", self._lot(), {"quantity": self._amount()}

    def _leave(self) -> tuple[str, UUID, dict[str, Any]]:
        return "lot:transfer_out", self._lot(), {"quantity": self._amount(), "to": "B", "kind": "project"}


def open_books(cast: Cast) -> list[str]:
    """What does not add up: the balance, the account behind it, and the edges beside it, of every lot."""
    with Session(cast.engine) as session:
        lots = session.exec(select(Lot)).all()
        sums: dict[UUID, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        entries = select(LotMovement.lot_id, LotMovement.column, func.sum(LotMovement.quantity))
        for lot, column, amount in session.exec(entries.group_by(col(LotMovement.lot_id), col(LotMovement.column))):
            sums[lot][column] = amount
        out = select(TraceEdge.source, func.sum(TraceEdge.source_quantity)).where(
            col(TraceEdge.void_act_id).is_(None), TraceEdge.kind != "build"
        )
        edges = dict(session.exec(out.group_by(col(TraceEdge.source))).all())
        recovered = _recovered(session)
    wrong = []
    for lot in lots:
        flows = {name: getattr(lot, name) for name in (*INFLOWS, *OUTFLOWS)}
        if sum(flows[n] for n in INFLOWS) != sum(flows[n] for n in OUTFLOWS) + lot.on_hand:
            wrong.append(f"{lot.code}: balance")
        if any(sums[lot.id][name] != amount for name, amount in flows.items()):
            wrong.append(f"{lot.code}: account")
        if lot.on_hand < 0 and "overdrawn" not in lot.flags:
            wrong.append(f"{lot.code}: overdrawn and not said")
        taken_apart = flows["used"] if lot.kind == "assembly" else Decimal(0)
        by_edge = sum(flows[n] for n in BY_EDGE) + recovered.get(lot.id, Decimal(0))
        if not by_edge - taken_apart <= (edges.get(lot.id) or Decimal(0)) <= by_edge:
            wrong.append(f"{lot.code}: edges {edges.get(lot.id)}, account {by_edge}")
    return wrong


def _recovered(session: Session) -> dict[UUID, Decimal]:
    """What came back out of assemblies: it left its lot once, and has an edge for coming back."""
    rows = select(LotInput.input_id, func.sum(LotInput.recovered)).group_by(col(LotInput.input_id))
    return dict(session.exec(rows).all())
