"""The house's state as a monitor asks for it: acts that wait, jobs, feed heads, disk, certificate.

Asked of the database when the page is read. A database that does not answer within seconds is told as such, and the
rest of the page comes all the same.
"""

import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography import x509
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from plumbline import db, jobs
from plumbline.settings import Settings

log = logging.getLogger(__name__)
WAIT_S = 3
# By project first: the index on verdicts begins with it.
ACTS = """
SELECT a.verdict, count(*) FROM project p JOIN act a ON a.project_id = p.id
WHERE a.verdict IN ('deferred', 'refused') GROUP BY a.verdict
"""
FEEDS = "SELECT id, feed_seq FROM project ORDER BY feed_seq DESC LIMIT 200"
JOBS = """
SELECT status, count(*), min(created_at) FROM {schema}workflow_status
WHERE status IN ('ENQUEUED', 'PENDING', 'ERROR') GROUP BY status
"""


def engine_of(settings: Settings) -> Engine:
    """An engine of its own that gives up after seconds: a monitor must hear that the database is away."""
    if settings.is_sqlite:
        return db.make_engine(settings)
    limits = {"connect_timeout": WAIT_S, "options": f"-c statement_timeout={WAIT_S * 1000}"}
    return create_engine(settings.database, poolclass=NullPool, connect_args=limits, hide_parameters=True)


class State(Collector):
    """Gauges of what lies in the database and on the disk now."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings, self._engine = settings, engine

    def register(self, registry: CollectorRegistry) -> None:
        """Put it on a page; nothing is asked before somebody reads the page."""
        registry.register(self)

    def describe(self) -> list[Any]:
        """Nothing beforehand: asking the database at the start would make the start wait for it."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Everything that can be known now."""
        yield from self._machine()
        up = GaugeMetricFamily("plumbline_database_up", "1 when the database answered just now.")
        try:
            with self._engine.connect().execution_options(ro=True) as connection:
                found = [*_acts(connection), *_feeds(connection), *_jobs(connection)]
            up.add_metric([], 1)
        except SQLAlchemyError as bad:
            log.warning("figures without the database: %s", type(bad).__name__)
            found = []
            up.add_metric([], 0)
        yield up
        yield from found

    def _machine(self) -> Iterator[GaugeMetricFamily]:
        disk = GaugeMetricFamily("plumbline_disk_free_bytes", "Bytes free where the data folder lies.")
        disk.add_metric([], shutil.disk_usage(_there(self._settings.data_dir)).free)
        yield disk
        ends_at = certificate_ends_at(self._settings)
        if ends_at is not None:
            ends = GaugeMetricFamily(
                "plumbline_certificate_expiry_seconds", "When the server certificate ends (epoch)."
            )
            ends.add_metric([], ends_at)
            yield ends


def _there(folder: Path) -> Path:
    return next(p for p in (folder, *folder.absolute().parents) if p.exists())


def certificate_ends_at(settings: Settings) -> float | None:
    """The end of our own server certificate, seconds since 1970; None where a proxy has one instead."""
    try:
        pem = (settings.data_dir / "tls" / "server.crt").read_bytes()
        return x509.load_pem_x509_certificate(pem).not_valid_after_utc.timestamp()
    except (OSError, ValueError):
        return None


def _acts(connection: Connection) -> Iterator[GaugeMetricFamily]:
    found = {str(row[0]): int(row[1]) for row in connection.execute(text(ACTS))}
    kept = connection.execute(text("SELECT count(*) FROM kept_act")).scalar_one()
    waiting = GaugeMetricFamily("plumbline_acts_deferred", "Acts that wait for a file or for another act.")
    waiting.add_metric([], found.get("deferred", 0))
    yield waiting
    quarantined = GaugeMetricFamily("plumbline_acts_quarantined", "Signed acts that were refused and are kept.")
    quarantined.add_metric([], found.get("refused", 0) + kept)
    yield quarantined


def _feeds(connection: Connection) -> Iterator[GaugeMetricFamily]:
    heads = GaugeMetricFamily("plumbline_feed_head", "Newest number of a project; the 200 longest.", labels=["project"])
    for id, number in connection.execute(text(FEEDS)):
        heads.add_metric([str(UUID(str(id)))], number)  # SQLite has it without hyphens.
    yield heads


def _jobs(connection: Connection) -> Iterator[GaugeMetricFamily]:
    schema = "" if connection.dialect.name == "sqlite" else f"{jobs.SCHEMA}."
    found = {status: (count, oldest) for status, count, oldest in connection.execute(text(JOBS.format(schema=schema)))}
    depth = GaugeMetricFamily("plumbline_jobs", "Jobs by state: waiting, running, failed for good.", labels=["state"])
    for name, status in (("waiting", "ENQUEUED"), ("running", "PENDING"), ("failed", "ERROR")):
        depth.add_metric([name], found.get(status, (0, None))[0])
    yield depth
    # DBOS writes milliseconds since 1970.
    begun = [oldest / 1000 for status, (_, oldest) in found.items() if status != "ERROR"]
    age = GaugeMetricFamily("plumbline_jobs_oldest_seconds", "Age of the oldest job that is not done.")
    age.add_metric([], max(0.0, time.time() - min(begun)) if begun else 0.0)
    yield age
