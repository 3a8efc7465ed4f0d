"""Whether this process can do its work, asked by balancers and people: quickly, whatever hangs behind it.

Without the database or with an old schema it cannot, and says so with 503. Without the store it can: records come in
and photos wait on the phones; so that is told as a warning, or a balancer would take every process away.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from plumbline import schema
from plumbline.problems import Lang
from plumbline.settings import Settings
from plumbline.storage.errors import StoreUnavailable
from plumbline.storage.service import open_store

WAIT_S = 2.0
# The store is asked seldom: each question is a request over the network, and balancers ask every few seconds.
STORE_FRESH_S = 15.0
NOBODY = "00000000-0000-0000-0000-000000000000"

Sentence = dict[Lang, str]
DATABASE: Sentence = {
    "zh": "数据库没有应答，请检查数据库服务和 PLUMBLINE_DATABASE_URL。",
    "en": "The database does not answer. Look after it, and after PLUMBLINE_DATABASE_URL.",
}
SCHEMA: Sentence = {
    "zh": "数据库结构不是当前版本，请运行 plumbline migrate。",
    "en": "The database does not have the present schema. Run: plumbline migrate",
}
STORE: Sentence = {
    "zh": "文件存储没有应答，照片暂存在手机上。",
    "en": "The file store does not answer; photos wait on the phones.",
}


class Readiness:
    """What is wrong with this process now. Safe to ask from many threads; each answer comes within seconds."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._database = _Try(lambda: _database_answers(engine), fresh_s=0)
        self._store = _Try(lambda: _store_answers(settings), fresh_s=STORE_FRESH_S)
        self._engine = engine
        self._has_schema = False
        # Threads of its own: those that serve requests may all be waiting for what is asked about here.
        self._threads = ThreadPoolExecutor(2, "readiness")

    async def asked(self) -> tuple[list[Sentence], list[Sentence]]:
        """Hindrances and warnings, without holding up the event loop or a thread that serves requests."""

        def both() -> tuple[list[Sentence], list[Sentence]]:
            return self.hindrances(), self.warnings()

        return await asyncio.get_running_loop().run_in_executor(self._threads, both)

    def hindrances(self) -> list[Sentence]:
        """Why it cannot work; empty when it can."""
        if not self._database.holds():
            return [DATABASE]
        if not self._has_schema:
            # Asked until it holds: a schema does not grow old under a running process.
            self._has_schema = _Try(lambda: _schema_holds(self._engine), fresh_s=0).holds()
        return [] if self._has_schema else [SCHEMA]

    def warnings(self) -> list[Sentence]:
        """What is wrong and stops nothing."""
        return [] if self._store.holds() else [STORE]


class _Try:
    """A question that may hang: asked in a thread of its own, one at a time, its last answer kept for `fresh_s`."""

    def __init__(self, ask: Callable[[], bool], fresh_s: float) -> None:
        self._ask, self._fresh_s = ask, fresh_s
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._answer, self._at = False, float("-inf")

    def holds(self) -> bool:
        """The answer, or False when none comes within WAIT_S: also while an older question still hangs."""
        with self._lock:
            if time.monotonic() - self._at < self._fresh_s:
                return self._answer
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True, name="readiness")
                self._thread.start()
            thread = self._thread
        thread.join(WAIT_S)
        return self._answer and not thread.is_alive()

    def _run(self) -> None:
        answer = self._ask()
        self._answer, self._at = answer, time.monotonic()


def _database_answers(engine: Engine) -> bool:
    try:
        with engine.connect().execution_options(ro=True) as connection:
            return connection.execute(text("SELECT 1")).scalar() == 1
    except SQLAlchemyError:
        return False


def _schema_holds(engine: Engine) -> bool:
    try:
        return schema.current(engine) == schema.head()
    except SQLAlchemyError:
        return False


def _store_answers(settings: Settings) -> bool:
    try:
        # An object that is not there: the answer costs nothing and needs the same rights as any other.
        open_store(settings).size(f"incoming/{NOBODY}")
    except (StoreUnavailable, OSError):
        return False
    return True
