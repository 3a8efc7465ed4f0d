"""`plumbline worker`: background jobs in a process of their own, beside API processes that run none."""

import os
import signal
import threading

from sqlalchemy import Engine

from plumbline import jobs
from plumbline.app import import_packages
from plumbline.settings import Settings


def run_jobs(engine: Engine, settings: Settings) -> None:
    """Run jobs until SIGTERM or SIGINT; what is running then may finish."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    import_packages()
    jobs.launch(engine, settings.model_copy(update={"jobs": "embedded"}))
    stop.wait()
    jobs.stop()
    engine.dispose()
    if jobs.is_busy():
        os._exit(0)  # A thread that still works would keep the process alive; its job is done again at the next start.
