"""What a monitor wants to know: requests, acts and uploads counted as they happen, the house's state when asked.

Off unless `metrics_port` is set; then nothing is counted, and the client library is not even imported. Counts are
shared by all processes of one server through files in a folder, so that one page tells of all of them.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from plumbline.settings import Settings

if TYPE_CHECKING:
    from plumbline.metrics.counting import Counts

# Where the client library looks for it, when it is first imported.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
_counts: "Counts | None" = None


def counts() -> "Counts":
    """The counters of this process, made at first use."""
    global _counts
    if _counts is None:
        from plumbline.metrics.counting import Counts

        _counts = Counts()
    return _counts


def note_acts(answered: Iterable[tuple[str, str]]) -> None:
    """Count acts that were answered, as type and verdict. Nothing happens where nobody counts."""
    if _counts is not None:
        _counts.note_acts(answered)


@contextmanager
def of_this_process(settings: Settings) -> Iterator[None]:
    """Serve the counts of this process inside the block."""
    if not settings.metrics_port:
        yield
        return
    from plumbline.metrics.page import serve

    with serve(settings):
        yield


@contextmanager
def shared_by_processes(settings: Settings) -> Iterator[None]:
    """Serve the counts of all processes that are started inside the block, from this one."""
    if not settings.metrics_port:
        yield
        return
    folder = tempfile.mkdtemp(prefix="plumbline-metrics-")
    os.environ[SHARED] = folder
    try:
        from plumbline.metrics.page import serve

        with serve(settings):
            yield
    finally:
        del os.environ[SHARED]
        shutil.rmtree(folder, ignore_errors=True)
