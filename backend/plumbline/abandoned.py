"""Jobs that somebody began and nobody works on any more: found now and then, and put back.

A process that dies leaves what it had begun under its name. A process that lives leaves what it did and could not note
down as done, for example while the disk was full. Doing it again is safe: every job is made for that.
"""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from plumbline.runners import Names

if TYPE_CHECKING:
    from dbos import DBOSClient

log = logging.getLogger(__name__)
QUEUE = "plumbline"
LOOK_SECONDS = 15.0


class Watch:
    """Looks in a thread of its own. `is_idle(id, name)` says whether a job of this process is not being worked on."""

    def __init__(
        self, client: "Callable[[], DBOSClient]", names: Names, name: str, is_idle: Callable[[str, str], bool]
    ) -> None:
        self.names = names
        self._client, self._name, self._is_idle = client, name, is_idle
        self._suspects: set[str] = set()  # Jobs of this process that were idle at the last look.
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs-watch", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self.names.keep()
                self.look()
            except Exception as bad:
                # The database may be away; whoever looks next time finds the same.
                log.warning("Could not look for abandoned jobs: %s", bad)
            self._ended.wait(LOOK_SECONDS)

    def look(self) -> list[str]:
        """Put back what a dead process had begun, and what this one had begun and could not note; returns their ids.

        Its own jobs when found idle twice in a row: one that has just ended here may not be noted as done yet.
        """
        client = self._client()
        begun = client.list_workflows(status="PENDING", load_input=False, load_output=False)
        idle = {w.workflow_id for w in begun if w.executor_id == self._name and self._is_idle(w.workflow_id, w.name)}
        others = {w.executor_id for w in begun if w.executor_id} - {self._name}
        dead = {name for name in others if not self.names.is_held(name)}
        abandoned = (idle & self._suspects) | {w.workflow_id for w in begun if w.executor_id in dead}
        self._suspects = idle - abandoned
        for id in sorted(abandoned):
            log.warning("Job %s was begun and abandoned; it is done again.", id)
            client.resume_workflow(id, queue_name=QUEUE)
        return sorted(abandoned)
