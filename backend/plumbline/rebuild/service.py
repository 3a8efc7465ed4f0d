"""Redraw and compare; or redraw and put in place of what is stored, all of it or nothing."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, delete, insert, select

from plumbline.rebuild import replay
from plumbline.rebuild.compare import Counted, Difference, compare
from plumbline.rebuild.replay import PAGE, Stopped
from plumbline.rebuild.scratch import locked, second_database, standing_still
from plumbline.rebuild.tables import KEPT_COLUMNS, PROJECTED
from plumbline.settings import Settings

Say = Callable[[str], None]
SECONDS_BETWEEN_LINES = 2.0


@dataclass
class Report:
    """What a redrawing found: acts drawn, every projected table compared, or why it stopped."""

    acts: int
    tables: list[Counted] = field(default_factory=list)
    stopped: str | None = None

    @property
    def is_same(self) -> bool:
        """Whether every row stands as the acts draw it."""
        return self.stopped is None and not any(t.differences for t in self.tables)

    @property
    def first(self) -> Difference | None:
        """The first difference, in the order of the tables' names."""
        return next((t.first for t in self.tables if t.first), None)

    def lines(self) -> list[str]:
        """The report in sentences: counts by table, the first difference, the sum."""
        if self.stopped is not None:
            return [f"Stopped. {self.stopped}"]
        said = [
            f"{t.table}: {t.different} rows differ, {t.missing} are missing, {t.extra} are extra, {t.same} are the same"
            for t in self.tables
            if t.differences
        ]
        said += [f"First difference: {self.first}"] if self.first else []
        rows = sum(t.same for t in self.tables)
        wrong = sum(t.differences for t in self.tables)
        return [*said, f"{self.acts} acts, {len(self.tables)} tables, {rows} rows the same, {wrong} differences."]


class Progress:
    """Says every two seconds how many acts are drawn, how fast, and how long it will take (estimate)."""

    def __init__(self, say: Say, total: int) -> None:
        self._say, self._total, self._done = say, total, 0
        self._began = self._said = time.monotonic()

    def __call__(self, drawn: int) -> None:
        """So many acts more."""
        self._done += drawn
        moment = time.monotonic()
        if moment - self._said < SECONDS_BETWEEN_LINES:
            return
        self._said = moment
        rate = self._done / (moment - self._began)
        left = (self._total - self._done) / rate
        self._say(f"{self._done} of {self._total} acts, {rate:.0f} a second, {left:.0f} s left")


def check(engine: Engine, settings: Settings, say: Say, into: str | None = None) -> Report:
    """Draw all projected tables into a second database and compare; changes nothing. Others may write meanwhile.

    Raises NotEmpty.
    """
    with standing_still(engine) as stored:
        report = Report(acts=replay.count(stored))
        with second_database(engine, settings, into) as target:
            _fill(stored, target, settings, say, report)
    return report


def redraw(engine: Engine, settings: Settings, say: Say, into: str | None = None) -> Report:
    """Like `check`, then put what is drawn in the place of every table that differs, in one transaction.

    Nobody applies an act meanwhile. Nothing is changed when the acts cannot be drawn to their end. The report says
    what was different before. Raises NotEmpty.
    """
    with locked(engine) as stored:
        report = Report(acts=replay.count(stored))
        with second_database(engine, settings, into) as target:
            _fill(stored, target, settings, say, report)
            with standing_still(target) as drawn:
                for counted in report.tables:
                    if counted.differences:
                        _replace(stored, drawn, counted.table)
    return report


def _fill(stored: Connection, target: Engine, settings: Settings, say: Say, report: Report) -> None:
    try:
        replay.draw(stored, target, settings, Progress(say, report.acts))
    except Stopped as stopped:
        report.stopped = str(stopped)
        return
    with standing_still(target) as drawn:
        report.tables = [compare(stored, drawn, name) for name in sorted(PROJECTED)]


def _replace(stored: Connection, drawn: Connection, name: str) -> None:
    t = replay.table(name)
    kept = [column for table, column in KEPT_COLUMNS if table == name]
    if kept:
        raise Stopped(f"Table {name} keeps {', '.join(kept)}, which no act can draw; mend its rows by hand.")
    stored.execute(delete(t))
    rows = drawn.execute(select(t), execution_options={"yield_per": PAGE})
    with closing(rows):
        for page in rows.mappings().partitions(PAGE):
            stored.execute(insert(t), [dict(row) for row in page])
