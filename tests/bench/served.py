"""The application as `plumbline serve` runs it, with one durable job for each recorded step.

No act of steps causes a job by itself yet; the write path must bear one all the same.
"""

import sys
from dataclasses import replace

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from litestar import Litestar

from plumbline import jobs
from plumbline.acts.registry import ACTS
from plumbline.acts.transaction import Act, Tx
from plumbline.app import create_app
from plumbline.serve import launch


def note(context: jobs.Context, step: str) -> None:
    """Nothing: it is written and never run here."""


def one_job_a_step() -> None:
    """Let each step:record cause a job."""
    jobs.JOBS["bench-note"] = note
    known = ACTS["step:record"]

    def record(tx: Tx, act: Act, body: object) -> None:
        known.apply(tx, act, body)
        tx.job("bench-note", str(act.object_id), str(act.object_id))

    ACTS["step:record"] = replace(known, apply=record)


def application() -> Litestar:
    """The application of one worker process."""
    app = create_app()
    one_job_a_step()
    launch.collect_seldom()
    return app


if __name__ == "__main__":
    Granian(
        "tests.bench.served:application",
        factory=True,
        interface=Interfaces.ASGI,
        address="127.0.0.1",
        port=int(sys.argv[1]),
        workers=int(sys.argv[2]),
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=launch.GRANIAN_LOGS,
    ).serve()
