"""A server process ends with the one that started it: left alone it would keep the port, and nobody could stop it."""

import logging
import multiprocessing
import os
import threading

log = logging.getLogger(__name__)


def end_with_parent() -> None:
    """From now on, end at once when the parent process dies. Nothing happens in a process that has none.

    At once, as in any crash: what was answered is stored, and everything else is sent again.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), name="ends-with-parent", daemon=True).start()


def _end_after(parent: "multiprocessing.process.BaseProcess") -> None:
    parent.join()
    log.error("The process that started this one is gone; ending.")
    os._exit(1)
