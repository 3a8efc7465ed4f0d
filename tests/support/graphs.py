"""Random graphs of material, and a plain oracle that walks them in memory in the dullest way there is.

A graph is a list of operations as a site does them: receipts, splits, merges, mixes, returns, steps; now and then one
that bad data makes, where a mix is fed with what came out of it.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

from sqlalchemy import Connection, insert
from sqlmodel import SQLModel
from uuid_utils.compat import uuid7

from plumbline.db import MICRO, now

Arrow = tuple[UUID, UUID, int | None, str, str]  # source, target, millionths, certainty, kind of edge


@dataclass
class Site:
    """One graph: what each lot ever had and has, in millionths; steps, tasks, arrows."""

    rng: random.Random
    had: dict[UUID, int] = field(default_factory=dict)
    has: dict[UUID, int] = field(default_factory=dict)
    steps: list[UUID] = field(default_factory=list)
    tasks: list[UUID] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)

    @property
    def nodes(self) -> list[UUID]:
        """Everything that can be walked to."""
        return [*self.had, *self.steps, *self.tasks]

    def lot(self, amount: int) -> UUID:
        """A new lot with so much in it."""
        id = uuid7()
        self.had[id] = self.has[id] = amount
        return id

    def take(self, lot: UUID) -> int:
        """Some of what a lot has: all of it as often as not."""
        amount = self.has[lot] if self.rng.random() < 0.4 else self.rng.randint(1, self.has[lot])
        self.has[lot] -= amount
        return amount

    def some(self, most: int) -> list[UUID]:
        """Lots that have something."""
        full = [lot for lot, amount in self.has.items() if amount]
        return self.rng.sample(full, min(len(full), self.rng.randint(1, most)))

    def grow(self, operations: int) -> None:
        """So many operations, one after the other."""
        self.lot(self.rng.randint(1, 10**8))
        self.tasks += [uuid7() for _ in range(3)]
        doing = [self._receive, self._split, self._merge, self._mix, self._build, self._build]
        for _ in range(operations):
            self.rng.choice(doing)()
        if self.rng.random() < 0.3:
            self._feed_back()

    def _receive(self) -> None:
        self.lot(self.rng.randint(1, 10**8))

    def _split(self) -> None:
        for lot in self.some(1):
            amount, kind = self.take(lot), self.rng.choice(["split", "issue", "return"])
            self.arrows.append((lot, self.lot(amount), amount, "certain", kind))

    def _merge(self, certainty: str = "") -> None:
        lots = self.some(4)
        parts = [(lot, self.take(lot)) for lot in lots]
        if parts:
            made = self.lot(sum(amount for _, amount in parts))
            said = certainty or self.rng.choice(["certain", "possible"])
            self.arrows += [(lot, made, amount, said, "merge") for lot, amount in parts]

    def _mix(self) -> None:
        self._merge("possible")

    def _build(self) -> None:
        lots = self.some(4)
        if lots:
            step = uuid7()
            self.steps.append(step)
            self.arrows += [(lot, step, self.take(lot), "certain", "consume") for lot in lots]
            self.arrows.append((step, self.rng.choice(self.tasks), None, "certain", "build"))

    def _feed_back(self) -> None:
        """What came out of a lot is fed into it again."""
        loops = [(s, t) for s, t, *_ in self.arrows if s in self.has and t in self.has and self.has[t]]
        if loops:
            into, out = self.rng.choice(loops)
            amount = self.take(out)
            self.had[into] += amount
            self.has[into] += amount
            self.arrows.append((out, into, amount, "possible", "merge"))


def store(conn: Connection, project_id: UUID, sites: Iterable[Site]) -> None:
    """Put graphs into the tables as acts would have drawn them."""
    nodes, edges, lots, steps, tasks = [], [], [], [], []
    act = uuid7()
    for site in sites:
        nodes += [{"id": id, "project_id": project_id, "kind": "lot"} for id in site.had]
        nodes += [{"id": id, "project_id": project_id, "kind": "step"} for id in site.steps]
        nodes += [{"id": id, "project_id": project_id, "kind": "task"} for id in site.tasks]
        lots += [_lot(project_id, id, had, site.has[id], act) for id, had in site.had.items()]
        steps += [_step(project_id, id, site.tasks[0], act) for id in site.steps]
        tasks += [_task(project_id, id, act) for id in site.tasks]
        for source, target, amount, certainty, kind in site.arrows:
            quantity = None if amount is None else amount / MICRO
            edges.append({
                "id": uuid7(), "project_id": project_id, "source": source, "target": target, "kind": kind,
                "source_quantity": quantity, "source_unit": amount and "t", "target_quantity": quantity,
                "target_unit": amount and "t", "certainty": certainty, "act_id": act, "void_act_id": None,
            })  # fmt: skip
    for name, rows in {"trace_node": nodes, "lot": lots, "step": steps, "task": tasks, "trace_edge": edges}.items():
        if rows:
            conn.execute(insert(SQLModel.metadata.tables[name]), rows)


def _lot(project_id: UUID, id: UUID, had: int, has: int, act: UUID) -> dict[str, object]:
    zero = dict.fromkeys(
        ("produced", "counted_in", "split_out", "transferred_out", "sampled", "returned", "scrapped", "counted_out"), 0
    )
    return {
        **zero, "id": id, "project_id": project_id, "code": id.hex, "kind": "lot", "material": "cement_cn", "unit": "t",
        "status": "received", "received": had / MICRO, "used": (had - has) / MICRO, "on_hand": has / MICRO,
        "children": 0, "root_id": id, "flags": [], "act_id": act,
    }  # fmt: skip


def _step(project_id: UUID, id: UUID, task: UUID, act: UUID) -> dict[str, object]:
    return {
        "id": id, "project_id": project_id, "task_id": task, "kind": "concrete_pour.pouring",
        "definition_key": "concrete_pour", "definition_version": 1, "definition_sha256": "0" * 64,
        "status": "submitted", "recorded_by": act, "environment": {}, "answers": {}, "judgements": [], "missing": [],
        "flags": [], "at_wall": "2026-11-27T08:00:00", "at_offset_min": 480, "received_at": now(), "act_id": act,
    }  # fmt: skip


def _task(project_id: UUID, id: UUID, act: UUID) -> dict[str, object]:
    return {
        "id": id, "project_id": project_id, "code": id.hex, "name": "墙", "level": "element", "position": 0,
        "act_id": act,
    }  # fmt: skip


@dataclass
class Oracle:
    """What is true of a graph, found without any cleverness."""

    site: Site

    def reached(self, start: UUID, forward: bool, certain: bool = False) -> set[UUID]:
        """Everything there is a way to."""
        found = {start}
        while True:
            more = set()
            for source, target, _, certainty, _ in self.site.arrows:
                here, there = (source, target) if forward else (target, source)
                if here in found and (not certain or certainty == "certain"):
                    more.add(there)
            if more <= found:
                return found
            found |= more

    def on_cycles(self, among: set[UUID]) -> set[UUID]:
        """Nodes that come back to themselves."""
        beside = [(a[0], a[1]) for a in self.site.arrows if a[0] in among and a[1] in among]
        return {n for n in among if any(n in self._behind(t, beside) for s, t in beside if s == n)}

    @staticmethod
    def _behind(start: UUID, beside: list[tuple[UUID, UUID]]) -> set[UUID]:
        found, more = {start}, {start}
        while more:
            more = {t for s, t in beside if s in more} - found
            found |= more
        return found

    def amounts(self, start: UUID, forward: bool, certain: bool) -> dict[UUID, Fraction | None]:
        """How much of the start is in each node, or of each lot in the start; None where a cycle is in the way."""
        among = self.reached(start, forward)
        bad = self.on_cycles(among)
        arrows = [a for a in self.site.arrows if a[0] in among and a[1] in among]
        known: dict[UUID, Fraction | None] = {}

        def told(node: UUID) -> Fraction | None:
            if node not in known:
                known[node] = None if node in bad else look(node)
            return known[node]

        def look(node: UUID) -> Fraction | None:
            first = Fraction(self.site.had[node]) if forward and node in self.site.had else Fraction(1)
            total = first if node == start else Fraction(0)
            for source, target, amount, certainty, _ in arrows:
                here, there = (target, source) if forward else (source, target)
                if here != node:
                    continue
                other = told(there)
                if other is None:
                    return None
                part = Fraction(1) if amount is None else Fraction(amount, self.site.had[source])
                if not certain or certainty == "certain":
                    total += part * other
            return total

        return {n: told(n) for n in among}
