"""Many jobs at once: the rows that DBOS writes for each, in two set statements."""

import json
import time
from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import BigInteger, TableClause, Text, column, table
from sqlmodel import Session

from plumbline import row_sets
from plumbline.abandoned import QUEUE
from plumbline.jobs import APPLICATION, JOBS, SCHEMA

# What DBOS writes for a job of ours that is enqueued with nothing else said.
_ROW: dict[str, Any] = {
    "status": "ENQUEUED",
    "queue_name": QUEUE,
    "application_name": APPLICATION,
    "serialization": "portable_json",
    "priority": 0,
    "recovery_attempts": 0,
}


def enqueue_all(session: Session, wanted: Sequence[tuple[str, str, tuple[Any, ...]]]) -> None:
    """Enqueue many jobs (name, key, arguments) as `jobs.enqueue` does, in two set statements.

    DBOS itself writes a set of jobs in a transaction of its own only. A test holds these rows against DBOS's.
    """
    if not wanted:
        return
    if unknown := {name for name, _, _ in wanted} - JOBS.keys():
        raise ValueError(f"no such job: {', '.join(sorted(unknown))}")
    now_ms = int(time.time() * 1000)
    jobs = {f"{name}:{key}": (name, args) for name, key, args in wanted}
    schema = SCHEMA if session.get_bind().dialect.name == "postgresql" else None
    status = [{**_ROW, "workflow_uuid": id, "name": name} for id, (name, _) in jobs.items()]
    for row in status:
        row |= {"created_at": now_ms, "updated_at": now_ms, "creator_xid": str(uuid4())}
    inputs = [
        {"workflow_uuid": id, "inputs": _portable(args), "retention_timestamp": now_ms}
        for id, (_, args) in jobs.items()
    ]
    for name, rows in (("workflow_status", status), ("workflow_input", inputs)):
        types = tuple((c, BigInteger if isinstance(value, int) else Text) for c, value in rows[0].items())
        row_sets.insert_rows(session.connection(), _into(name, schema, types), rows, key=["workflow_uuid"], skip=True)


def _portable(args: tuple[Any, ...]) -> str:
    said = {"namedArgs": {}, "positionalArgs": list(args)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


@cache
def _into(name: str, schema: str | None, columns: tuple[tuple[str, type[BigInteger | Text]], ...]) -> TableClause:
    return table(name, *(column(c, kind) for c, kind in columns), schema=schema)
