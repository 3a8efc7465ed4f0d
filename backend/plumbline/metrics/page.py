"""The page that a monitor reads, on a port of its own: `http://<metrics_host>:<metrics_port>/metrics`."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from plumbline.metrics import SHARED, counts
from plumbline.metrics.state import State, engine_of
from plumbline.settings import Settings

log = logging.getLogger(__name__)


@contextmanager
def serve(settings: Settings) -> Iterator[None]:
    """Serve the page from a thread until the block ends. A port that is taken is logged and stops nothing."""
    registry = CollectorRegistry()
    if SHARED in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(counts().registry)  # A registry collects as a collector does.
    engine = engine_of(settings)
    State(settings, engine).register(registry)
    try:
        server, thread = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    except OSError as taken:
        log.error("No figures: %s port %s: %s", settings.metrics_host, settings.metrics_port, taken.strerror)
        yield
        return
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        engine.dispose()
