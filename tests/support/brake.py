"""A slower phone: a process held still for most of each hundredth of a second, with all of its threads.

Chromium's own brake (CDP `Emulation.setCPUThrottlingRate`) answers for a worker "Operation is only supported for pages,
not workers", and the worker does the most where codes are read. Held still by the kernel, page and worker are both
slower, and their clocks go on.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

TURN_S = 0.012


@contextmanager
def braked(process: int, times: float) -> Iterator[None]:
    """That process gets one part in `times` of the time, in turns of 12 ms; it goes on freely afterwards."""
    ended = threading.Event()
    holding = threading.Thread(target=_hold, args=(process, times, ended), daemon=True)
    holding.start()
    try:
        yield
    finally:
        ended.set()
        holding.join()


def _hold(process: int, times: float, ended: threading.Event) -> None:
    """Turns begin by the clock, so that what one was late is not given to the process in the next."""
    turn = time.perf_counter()
    try:
        while not ended.is_set():
            os.kill(process, signal.SIGSTOP)
            _until(turn + TURN_S * (1 - 1 / times))
            os.kill(process, signal.SIGCONT)
            turn += TURN_S
            _until(turn)
            turn = max(turn, time.perf_counter() - TURN_S)
    finally:
        os.kill(process, signal.SIGCONT)


def _until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.perf_counter()))
