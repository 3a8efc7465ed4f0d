"""Durable background work on DBOS Transact: enqueued in the caller's transaction, done once, kept across kill -9.

A job is a function of the server (`Context`) and a few strings; it must be safe to run again. `name:key` is one
job however often it is enqueued. A job that meets a store or database that is away, or a full disk, is done later,
however long that lasts; one that fails otherwise is tried five times. What a dead process had begun is put back by the
next one that looks. DBOS keeps its rows in our own database: on PostgreSQL in the schema `dbos`, on
SQLite in the same file, where its writes take the same lock as ours.
"""

import logging
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, inspect
from sqlmodel import Session

from plumbline import outage, runners
from plumbline.abandoned import QUEUE, Watch
from plumbline.db import alone, make_lazy_engine
from plumbline.settings import Settings
from plumbline.storage.errors import StoreFull, StoreUnavailable
from plumbline.storage.interface import Store
from plumbline.storage.service import open_store

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

log = logging.getLogger(__name__)
APPLICATION = "plumbline"
# Pinned: a version that changed with the code would strand what an older process left behind.
VERSION = "1"
# Jobs per second are at most WORKERS / POLLING_SECONDS; a worker may run a 1 GB child.
WORKERS = 2
POLLING_SECONDS = 0.25
TRIES = 5
# A job that waits for a store or a disk comes back after 2, 4, 8 … seconds, and then every minute.
LATEST_AGAIN_SECONDS = 60
END_SECONDS = 15  # What runs at the stop may end within this.
SCHEMA = "dbos"
# What DBOS creates on SQLite, beside our own tables: Alembic leaves them alone.
JOB_TABLES = frozenset(
    {
        "application_versions",
        "dbos_migrations",
        "notifications",
        "operation_outputs",
        "queues",
        "streams",
        "workflow_events",
        "workflow_events_history",
        "workflow_input",
        "workflow_output",
        "workflow_schedules",
        "workflow_status",
    }
)


@dataclass(frozen=True)
class Context:
    """What a job works with."""

    engine: Engine
    settings: Settings
    store: Store


Job = Callable[..., None]
JOBS: dict[str, Job] = {}
DAILY: dict[str, int] = {}
_clients: "weakref.WeakKeyDictionary[Engine, DBOSClient]" = weakref.WeakKeyDictionary()
_lock = threading.Lock()
_engines: list[Engine] = []  # Made for DBOS, on SQLite.
_running: list[Context] = []  # At most one: DBOS is one for each process.
_watches: list[Watch] = []  # At most one, likewise.
_busy: set[str] = set()  # The ids of the jobs that this process works on now.
_registered: set[str] = set()
_daily: dict[str, Callable[[datetime, Any], None]] = {}


def job(name: str) -> Callable[[Job], Job]:
    """Register a job function: `(context, *strings) -> None`. It may run more than once."""

    def register(function: Job) -> Job:
        if name in JOBS:
            raise ValueError(f"job registered twice: {name}")
        JOBS[name] = function
        return function

    return register


def daily(name: str, hour: int) -> Callable[[Job], Job]:
    """Register a job that one of the processes does once a day at `hour` (UTC); it gets no strings.

    Days on which no process ran are made up for at the next start.
    """

    def register(function: Job) -> Job:
        DAILY[name] = hour
        return job(name)(function)

    return register


def prepare(settings: Settings) -> None:
    """Create or update the tables of jobs. Called after our own migrations and before the first `enqueue`."""
    from dbos import DBOS

    logging.getLogger("dbos").setLevel(logging.WARNING)
    with alone(settings):
        DBOS.migrate(settings.database, schema=SCHEMA)


def has_tables(engine: Engine) -> bool:
    """Whether `prepare` was ever done here; asking is much quicker than DBOS is to import. A launch updates them."""
    schema = SCHEMA if engine.dialect.name == "postgresql" else None
    with engine.connect().execution_options(ro=True) as connection:
        return inspect(connection).has_table("workflow_status", schema=schema)


def enqueue(session: Session, name: str, key: str, *args: str) -> None:
    """Enqueue a job in the session's own transaction: a rollback leaves nothing, a repeat is the same job."""
    if name not in JOBS:
        raise ValueError(f"no such job: {name}")
    _client(session.get_bind().engine).enqueue_in_transaction(session, _options(name, f"{name}:{key}"), *args)


def _options(name: str, id: str) -> "EnqueueOptions":
    from dbos import WorkflowSerializationFormat

    return {
        "workflow_name": name,
        "queue_name": QUEUE,
        "workflow_id": id,
        "serialization_type": WorkflowSerializationFormat.PORTABLE,  # JSON, where the default would be pickle.
    }


def launch(engine: Engine, settings: Settings) -> None:
    """Run jobs in this process: the API (settings.jobs = embedded) or the worker. Raises RuntimeError if it does."""
    from dbos import DBOS

    with _lock:
        if _running:
            raise RuntimeError("jobs already run in this process")
        _running.append(Context(engine, settings, open_store(settings)))
    held = runners.names(settings)
    name = runners.take_first(held, settings.executor_id)
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": settings.database,
            "system_database_engine": _own_engine(settings),
            "dbos_system_schema": SCHEMA,
            "executor_id": name,
            "application_version": VERSION,
            "log_level": "WARNING",
            "sys_db_pool_size": 4,
        }
    )
    for one in JOBS:
        _register(one)
    for one in DAILY:
        _register_daily(one)
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=WORKERS, polling_interval_sec=POLLING_SECONDS)
    _schedule()
    _watches.append(Watch(lambda: _client(engine), held, name, lambda id, job: job in JOBS and id not in _busy))


def _own_engine(settings: Settings) -> Engine | None:
    """What DBOS works on. On SQLite its writes wait in our line; its own engine would starve, or starve others."""
    if not settings.is_sqlite:
        return None
    _engines.append(make_lazy_engine(settings))
    return _engines[-1]


def stop() -> None:
    """Let what runs end (up to 15 s) and stop; what still runs then is done again by the next process.

    Nothing happens when nothing was launched.
    """
    from dbos import DBOS

    if not _running:
        return
    # Not under the lock: a watch that looks just now needs it for its client.
    for watch in _watches:
        watch.end()
    DBOS.destroy(workflow_completion_timeout_sec=END_SECONDS)
    if _busy:
        log.warning("Jobs still ran %d s after the stop and were cut: %s", END_SECONDS, sorted(_busy))
    for engine in _engines:
        engine.dispose()
    for watch in _watches:
        watch.names.close()
    with _lock:
        _engines.clear()
        _watches.clear()
        _running.clear()


def is_done(engine: Engine, name: str, key: str) -> bool:
    """Whether somebody did the job `name:key`."""
    found = _client(engine).list_workflows(workflow_ids=[f"{name}:{key}"])
    return bool(found) and found[0].status == "SUCCESS"


def forget(engine: Engine, name: str, key: str) -> None:
    """Take a job away, done or not."""
    _client(engine).delete_workflow(f"{name}:{key}")


@job("probe")
def probe(_: Context) -> None:
    """Nothing: that it was done says that somebody does jobs."""


def is_busy() -> bool:
    """Whether a job works in this process now; after `stop` it was cut, and its thread keeps the process alive."""
    return bool(_busy)


def run_pending(context: Context) -> int:
    """Run what is enqueued, here and now, in order; returns how many. For tests, where settings.jobs is off."""
    client = _client(context.engine)
    waiting = client.list_workflows(status="ENQUEUED", queue_name=QUEUE)
    for one in waiting:
        arguments = one.input["args"] if one.input else ()
        JOBS[one.name](context, *arguments)
        client.delete_workflow(one.workflow_id)
    return len(waiting)


def _register(name: str) -> None:
    """Make the job known to DBOS, once for each process: a workflow with one step that is tried again."""
    if name in _registered:
        return
    from dbos import DBOS, WorkflowSerializationFormat

    @DBOS.step(name=f"{name}-step", retries_allowed=True, max_attempts=TRIES, interval_seconds=2.0)
    def step(*args: Any) -> bool:
        try:
            JOBS[name](_running[0], *args)
        except Exception as bad:
            if not isinstance(bad, StoreUnavailable | StoreFull) and outage.problem_of(bad) is None:
                raise
            log.warning("Job %s %s waits: %s", name, args, bad)
            return False
        return True

    @DBOS.workflow(name=name, serialization_type=WorkflowSerializationFormat.PORTABLE)
    def workflow(*args: Any) -> None:
        with _working() as id:
            try:
                is_done = step(*args)
            except Exception:
                log.exception("Job %s %s failed after %d tries.", name, args, TRIES)
                raise
            if not is_done:
                _do_later(name, id, args)

    _registered.add(name)


@contextmanager
def _working() -> Iterator[str]:
    """Note that this process works on the present job; gives its id."""
    from dbos import DBOS

    id = DBOS.workflow_id or ""
    _busy.add(id)
    try:
        yield id
    finally:
        _busy.discard(id)


def _do_later(name: str, id: str, args: tuple[Any, ...]) -> None:
    """Enqueue the same job once more, for later: waiting here would keep others from running."""
    first, _, before = id.partition("~")
    times = int(before or 0) + 1
    options = _options(name, f"{first}~{times}")
    options["delay_seconds"] = float(min(LATEST_AGAIN_SECONDS, 2**times))
    _client(_running[0].engine).enqueue(options, *args)


def _register_daily(name: str) -> None:
    """A second workflow for the clock, which hands over when and a context: the job itself wants neither."""
    if name in _daily:
        return
    from dbos import DBOS

    @DBOS.step(name=f"{name}-daily-step", retries_allowed=True, max_attempts=TRIES, interval_seconds=2.0)
    def step() -> None:
        JOBS[name](_running[0])

    @DBOS.workflow(name=f"{name}-daily")
    def workflow(_at: datetime, _context: Any) -> None:
        step()

    _daily[name] = workflow


def _schedule() -> None:
    from dbos import DBOS

    DBOS.apply_schedules(
        [
            {
                "schedule_name": name,
                "workflow_fn": _daily[name],
                "schedule": f"0 {hour} * * *",
                "automatic_backfill": True,
            }
            for name, hour in DAILY.items()
        ]
    )


def _client(engine: Engine) -> "DBOSClient":
    from dbos import DBOSClient

    with _lock:
        client = _clients.get(engine)
        if client is None:
            client = DBOSClient(
                system_database_engine=engine, dbos_system_schema=SCHEMA, application_name=APPLICATION, lazy=True
            )
            _clients[engine] = client
        return client
