"""Durable background work on DBOS Transact: enqueued in the caller's transaction, done once, kept across kill -9.

A job is a function of the server (`Context`) and a few strings; it must be safe to run again. `name:key` is one
job however often it is enqueued. DBOS keeps its rows in our own database: on PostgreSQL in the schema `dbos`, on
SQLite in the same file, with its own connections (BEGIN IMMEDIATE, busy_timeout 30 s).
"""

import logging
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, inspect
from sqlmodel import Session

from plumbline.settings import Settings
from plumbline.storage.interface import Store
from plumbline.storage.service import open_store

if TYPE_CHECKING:
    from dbos import DBOSClient

log = logging.getLogger(__name__)
APPLICATION = "plumbline"
QUEUE = "plumbline"
# Pinned: a version that changed with the code would strand what an older process left behind.
VERSION = "1"
# Jobs per second are at most WORKERS / POLLING_SECONDS; a worker may run a 1 GB child.
WORKERS = 2
POLLING_SECONDS = 0.25
TRIES = 5
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
_clients: "weakref.WeakKeyDictionary[Engine, DBOSClient]" = weakref.WeakKeyDictionary()
_lock = threading.Lock()
_running: list[Context] = []  # At most one: DBOS is one for each process.
_registered: set[str] = set()


def job(name: str) -> Callable[[Job], Job]:
    """Register a job function: `(context, *strings) -> None`. It may run more than once."""

    def register(function: Job) -> Job:
        if name in JOBS:
            raise ValueError(f"job registered twice: {name}")
        JOBS[name] = function
        return function

    return register


def prepare(settings: Settings) -> None:
    """Create or update the tables of jobs. Called after our own migrations and before the first `enqueue`."""
    from dbos import DBOS

    logging.getLogger("dbos").setLevel(logging.WARNING)
    DBOS.migrate(settings.database, schema=SCHEMA)


def has_tables(engine: Engine) -> bool:
    """Whether `prepare` was ever done here; asking is much quicker than DBOS is to import. A launch updates them."""
    schema = SCHEMA if engine.dialect.name == "postgresql" else None
    with engine.connect().execution_options(ro=True) as connection:
        return inspect(connection).has_table("workflow_status", schema=schema)


def enqueue(session: Session, name: str, key: str, *args: str) -> None:
    """Enqueue a job in the session's own transaction: a rollback leaves nothing, a repeat is the same job."""
    from dbos import EnqueueOptions, WorkflowSerializationFormat

    if name not in JOBS:
        raise ValueError(f"no such job: {name}")
    options: EnqueueOptions = {
        "workflow_name": name,
        "queue_name": QUEUE,
        "workflow_id": f"{name}:{key}",
        "serialization_type": WorkflowSerializationFormat.PORTABLE,  # JSON, where the default would be pickle.
    }
    _client(session.get_bind().engine).enqueue_in_transaction(session, options, *args)


def launch(engine: Engine, settings: Settings) -> None:
    """Run jobs in this process: the API (settings.jobs = embedded) or the worker. Raises RuntimeError if it does."""
    from dbos import DBOS

    with _lock:
        if _running:
            raise RuntimeError("jobs already run in this process")
        _running.append(Context(engine, settings, open_store(settings)))
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": settings.database,
            "dbos_system_schema": SCHEMA,
            "executor_id": settings.executor_id,  # Another id would leave this one's unfinished jobs PENDING for ever.
            "application_version": VERSION,
            "log_level": "WARNING",
            "sys_db_pool_size": 4,
        }
    )
    for name in JOBS:
        _register(name)
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=WORKERS, polling_interval_sec=POLLING_SECONDS)


def stop() -> None:
    """Finish what runs (up to 25 s) and stop; nothing happens when nothing was launched."""
    from dbos import DBOS

    with _lock:
        if not _running:
            return
        DBOS.destroy(workflow_completion_timeout_sec=25)
        _running.clear()


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
    def step(*args: Any) -> None:
        JOBS[name](_running[0], *args)

    @DBOS.workflow(name=name, serialization_type=WorkflowSerializationFormat.PORTABLE)
    def workflow(*args: Any) -> None:
        try:
            step(*args)
        except Exception:
            log.exception("Job %s %s failed after %d tries.", name, args, TRIES)
            raise

    _registered.add(name)


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
