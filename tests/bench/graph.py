"""A graph of millions of edges with a site's fan-out, made inside the database from rows that came through the door.

Of E edges a quarter issues parts of lots (40 of each), a half lets two steps use each part, a quarter ties steps to
elements (5 of each). So an element has some 25 nodes behind it, and a lot some 170 before it. Beside that stand lots
with as many nodes before them as a figure asks for, and one with a million parts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from uuid_utils.compat import uuid7

from plumbline import planner
from tests.bench.test_reading import Copies
from tests.support.cast import Cast
from tests.support.works import HERE, add_task, pour, receive_lot

PER_LOT, PER_TASK, AWAY = 40, 5, 7919
# Parts of the lots that are asked about: 2.2 nodes each.
LARGE = {1_000: 454, 17_000: 7_727, 100_000: 45_454}
MILLION = 1_000_000
LARGE_TABLES = ("trace_edge", "trace_node", "lot", "step")


@dataclass(frozen=True)
class Asked:
    """Where traces of the bench start."""

    elements: list[UUID]
    lots: dict[int, UUID]
    hub: UUID


def id_of(kind: str, n: int) -> UUID:
    """The n-th id of a kind: one hex digit, then the number."""
    return UUID(f"{kind}{n:031x}")


def make(engine: Engine, cast: Cast, edges: int, hub: int = MILLION) -> Asked:
    """Fill the database; some minutes for ten million edges."""
    task, lot, part = add_task(cast), receive_lot(cast.storekeeper, "1000"), uuid7()
    issued = {"lot": str(part), "quantity": "5", "crew": str(cast.crew)}
    cast.storekeeper.did("lot:issue", lot, issued)
    people = [str(cast.crew_member.person_id)]
    cast.foreman.feed()
    head = cast.foreman.did("step:record", uuid7(), pour(task, (part, "1"), people=people), where=HERE)["number"]
    with engine.begin() as conn, _indexes_afterwards(conn):
        project = cast.project_id.hex if engine.dialect.name == "sqlite" else str(cast.project_id)
        maker = _Maker(Copies(conn, head), f"project_id = '{project}'", _key(engine, part))
        maker.site(edges // 4)
        first = 1
        lots = {}
        for nodes, parts in LARGE.items():
            lots[nodes] = maker.large(parts, first)
            first += parts
        maker.hub(hub, first)
    planner.tell(engine)  # What SQLite was told of an index went with it.
    if engine.dialect.name == "postgresql":  # As its own housekeeping would.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("VACUUM ANALYZE"))
    last = edges // 4 // PER_TASK - 2
    return Asked([id_of("1", 1 + n * (last // 200)) for n in range(200)], lots, id_of("5", 9))


@contextmanager
def _indexes_afterwards(conn: Connection) -> Iterator[None]:
    """Take the indexes of the large tables away till the block ends: sorting once is quicker than millions of steps."""
    is_sqlite = conn.dialect.name == "sqlite"
    if is_sqlite:
        conn.exec_driver_sql("PRAGMA cache_size = -1000000")  # A gigabyte: ten million edges are sorted for indexes.
        known = (
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN {LARGE_TABLES}"
            " AND sql IS NOT NULL"
        )
    else:
        conn.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        known = (
            f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN {LARGE_TABLES}"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
    taken = conn.execute(text(known)).all()
    for name, _ in taken:
        conn.execute(text(f"DROP INDEX {name}"))
    yield
    for _, made in taken:
        conn.exec_driver_sql(made)
    if is_sqlite:
        conn.exec_driver_sql("PRAGMA cache_size = -2000")  # As connections have it.


def _key(engine: Engine, id: UUID) -> str:
    return id.hex if engine.dialect.name == "sqlite" else str(id)


@dataclass
class _Maker:
    copies: Copies
    mine: str
    part: str

    def site(self, parts: int) -> None:
        """The bulk of the graph."""
        lots, tasks = parts // PER_LOT + 1, parts // PER_TASK + 1
        self._rows("2", lots, "4", parts, "3", parts, "1", tasks, 0)
        to_lot, to_task = self._id("2", f"s.n / {PER_LOT} + 1"), self._id("1", f"s.n / {PER_TASK} + 1")
        self._edges("b", parts, "issue", to_lot, self._id("4", "s.n"), 0)
        self._edges("c", parts, "consume", self._id("4", "s.n"), self._id("3", "s.n"), 0)
        far = self._id("4", f"(s.n + {AWAY}) % {parts} + 1")
        self._edges("d", parts, "consume", far, self._id("3", "s.n"), 0)
        self._edges("e", parts, "build", self._id("3", "s.n"), to_task, 0)

    def large(self, parts: int, first: int) -> UUID:
        """A lot with 2.2 nodes before it for each part."""
        lot = id_of("5", first)
        self._rows("5", 1, "6", parts, "7", parts, "8", parts // PER_TASK + 1, first)
        self._edges("1", parts, "issue", self._id("5", str(first)), self._id("6", "s.n"), first)
        self._edges("2", parts, "consume", self._id("6", "s.n"), self._id("7", "s.n"), first)
        to_task = self._id("8", f"{first} + (s.n - {first}) / {PER_TASK}")
        self._edges("3", parts, "build", self._id("7", "s.n"), to_task, first)
        return lot

    def hub(self, parts: int, first: int) -> None:
        """A lot with a million parts. Its number is 9, which no other has."""
        self._rows("5", 1, "9", parts, "", 0, "", 0, 9)
        self._edges("4", parts, "issue", self._id("5", "9"), self._id("9", "s.n"), 9)

    def _id(self, kind: str, n: str) -> str:
        return self.copies.id(kind, n)

    def _rows(self, lot: str, lots: int, part: str, parts: int, step: str, steps: int, task: str, tasks: int,
              first: int) -> None:  # fmt: skip
        of, act = f"{self.mine} AND parent_id IS NULL", self._id("a", "s.n")
        for kind, count, where in ((lot, lots, of), (part, parts, f"{self.mine} AND id = '{self.part}'")):
            own = self._id(kind, f"s.n + {first - 1 if first else 0}")
            code = f"'{kind}-' || (s.n + {first})"
            parent = {} if kind == lot else {"parent_id": self._id(lot, str(first or 1))}
            self.copies.make("lot", count, where, id=own, root_id=own, code=code, act_id=act, **parent)
            self._nodes(own, count, "lot")
        if steps:
            own = self._id(step, f"s.n + {first - 1 if first else 0}")
            to = self._id(task, f"(s.n + {first - 1 if first else 0}) / {PER_TASK} + 1")
            self.copies.make("step", steps, self.mine, id=own, task_id=to, act_id=act)
            self._nodes(own, steps, "step")
            own = self._id(task, f"s.n + {first - 1 if first else 0}")
            code = f"'T{task}-' || (s.n + {first})"
            self.copies.make("task", tasks, self.mine, id=own, code=code, act_id=act, parent_id="NULL")
            self._nodes(own, tasks, "task")

    def _nodes(self, own: str, count: int, kind: str) -> None:
        self.copies.make("trace_node", count, f"{self.mine} AND kind = '{kind}'", id=own)

    def _edges(self, mark: str, count: int, kind: str, source: str, target: str, first: int) -> None:
        """Edges n = first …; `mark` and n make their ids."""
        n = f"(s.n + {first - 1})" if first else "s.n"
        shifted = {"source": source.replace("s.n", n), "target": target.replace("s.n", n)}
        own = self._marked(mark, n)
        self.copies.make("trace_edge", count, f"{self.mine} AND kind = '{kind}'", id=own, act_id=own, **shifted)

    def _marked(self, mark: str, n: str) -> str:
        """An id of two hex digits before the number, which no other table's ids begin with."""
        return self.copies.id("f", f"{n} + {int(mark, 16)} * 100000000000")


def bare(conn: Connection, project_id: UUID, start: UUID, forward: bool) -> str:
    """SQL of the walk alone: ids, and nothing said of them."""
    return _walk(conn, project_id, start, forward) + "SELECT n FROM t"


def told(conn: Connection, project_id: UUID, start: UUID) -> list[str]:
    """SQL of the walk forward and of the rows that an answer is made of: its edges, lots, steps and tasks."""
    walk = _walk(conn, project_id, start, forward=True)
    edges = (
        "e.source, e.target, e.kind, e.source_quantity, e.source_unit, e.target_quantity, e.target_unit, e.certainty,"
        f" e.act_id FROM t JOIN trace_edge AS e ON {_mine(conn, project_id)} AND e.source = t.n"
    )
    shown = {
        "lot": "code, l.grade, l.size, l.status, l.material, l.received_at, l.on_hand",
        "step": "kind, l.status, l.started_at, l.received_at",
        "task": "code, l.name, l.name_en, l.level",
    }
    rows = [f"l.id, l.{columns} FROM t JOIN {kind} AS l ON l.id = t.n" for kind, columns in shown.items()]
    return [f"{walk}SELECT {what}" for what in (edges, *rows)]


def _walk(conn: Connection, project_id: UUID, start: UUID, forward: bool) -> str:
    here, there = ("source", "target") if forward else ("target", "source")
    return (
        f"WITH RECURSIVE t(n) AS (SELECT {_literal(conn, start)} UNION SELECT e.{there} FROM t JOIN trace_edge AS e"
        f" ON {_mine(conn, project_id)} AND e.{here} = t.n WHERE e.void_act_id IS NULL) "
    )


def _mine(conn: Connection, project_id: UUID) -> str:
    return f"e.project_id = {_literal(conn, project_id)}"


def _literal(conn: Connection, id: UUID) -> str:
    return f"'{id.hex}'" if conn.dialect.name == "sqlite" else f"'{id}'::uuid"
