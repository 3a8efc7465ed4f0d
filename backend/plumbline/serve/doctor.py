"""`plumbline doctor`: tries what the settings promise, from here, and says what is wrong and what to do.

Nothing is judged by reading settings alone: rows are read, bytes are written and read back, a job is given to whoever
runs jobs, and with an S3 store the upload of a browser is done as the browser does it. The trials are in `trials.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine

from plumbline.problems import Lang
from plumbline.serve import trials
from plumbline.serve.trials import Sentence, Wrong
from plumbline.settings import Settings


@dataclass(frozen=True)
class Finding:
    """One thing that was tried. `is_right` with a note, or what is wrong; both in Chinese and English."""

    what: str
    is_right: bool
    said: Sentence

    def line(self, lang: Lang) -> str:
        """The finding as one line of the report."""
        mark = {"zh": ("正常", "异常"), "en": ("ok   ", "WRONG")}[lang][0 if self.is_right else 1]
        name = NAMES[self.what][0 if lang == "zh" else 1]
        return f"{mark}  {name}: {self.said[lang]}"


NAMES = {
    "database": ("数据库", "database"),
    "schema": ("数据库结构", "schema"),
    "store": ("文件存储", "store"),
    "upload": ("浏览器上传", "upload"),
    "clock": ("时钟", "clock"),
    "jobs": ("后台任务", "jobs"),
    "disk": ("磁盘", "disk"),
    "address": ("访问地址", "address"),
    "certificate": ("证书", "certificate"),
    "front end": ("前端", "front end"),
    "fonts": ("字体", "fonts"),
}


def examine(engine: Engine, settings: Settings) -> Iterator[Finding]:
    """Try everything, one finding each; a failure stops nothing else."""
    tries: dict[str, Callable[[], Sentence]] = {
        "database": lambda: trials.database(engine),
        "schema": lambda: trials.schema_is_present(engine),
        "store": lambda: trials.store(settings),
        "upload": lambda: trials.upload(settings),
        "clock": lambda: trials.clock(engine, settings),
        "jobs": lambda: trials.jobs_are_done(engine, settings),
        "disk": lambda: trials.disk(settings),
        "address": lambda: trials.address(settings),
        "certificate": lambda: trials.certificate(settings),
        "front end": lambda: trials.front_end(settings),
        "fonts": trials.fonts,
    }
    for what, attempt in tries.items():
        try:
            yield Finding(what, True, attempt())
        except Wrong as wrong:
            yield Finding(what, False, wrong.said)
