"""The schema of the database: whether it is the present one, and how it becomes so.

Migrations lie in the repository's `migrations` folder and are run by Alembic. Jobs keep their own tables
(DBOS), which are brought up right after ours, so that an act can enqueue work from the first moment.
"""

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text

from plumbline import jobs, planner
from plumbline.db import make_engine
from plumbline.settings import ROOT, Settings, load

FOLDER = ROOT / "migrations"
_FIELD = re.compile(r"^(down_)?revision\b[^=]*=\s*(?:\"([^\"]+)\"|'([^']+)'|None)", re.MULTILINE)


def upgrade(engine: Engine, settings: Settings) -> bool:
    """Bring the database to the newest revision; False when it was there already. Safe to run at every start."""
    newest = head()
    if newest is None or current(engine) == newest:
        return False
    from alembic import command

    command.upgrade(configuration(engine), "head")
    planner.tell(engine)
    jobs.prepare(settings)
    return True


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None before the first migration."""
    with engine.connect().execution_options(ro=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def head(folder: Path = FOLDER) -> str | None:
    """The newest revision, read from the files' text: importing Alembic to ask would slow every start."""
    revisions, parents = _revisions(folder)
    heads = revisions - parents
    if len(heads) > 1:
        raise ValueError(f"two migrations claim to be the newest: {', '.join(sorted(heads))}")
    return next(iter(heads), None)


def is_known(revision: str) -> bool:
    """Whether this version has the revision; it does not when a newer version made the database."""
    return revision in _revisions(FOLDER)[0]


def _revisions(folder: Path) -> tuple[set[str], set[str]]:
    """All revisions, and those that another one follows."""
    revisions: set[str] = set()
    parents: set[str] = set()
    for path in (folder / "versions").glob("*.py"):
        for is_parent, double, single in _FIELD.findall(path.read_text("utf-8")):
            (parents if is_parent else revisions).add(double or single)
    return revisions, parents


def configuration(engine: Engine) -> Any:
    """Alembic's configuration for our folder and this engine; no alembic.ini, since nothing in it would be ours."""
    from alembic.config import Config

    # Alembic would otherwise keep the stream that stood there when it was first imported.
    config = Config(stdout=sys.stdout)
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d-%%(slug)s")
    config.attributes["engine"] = engine
    return config


def write_migration(slug: str) -> Path:
    """Compare the tables in the code with those that the migrations make, and write the difference as a new one.

    Done on an empty SQLite database in a temporary folder, so that nobody's data decides what is written.
    """
    from alembic import command

    with tempfile.TemporaryDirectory() as folder:
        scratch = load(data_dir=folder, database_url="", jobs="off")
        engine = make_engine(scratch)
        try:
            upgrade(engine, scratch)
            config = configuration(engine)
            config.attributes["is_change"] = head() is not None
            written = command.revision(config, slug, autogenerate=True)
        finally:
            engine.dispose()
    return Path(written.path)  # type: ignore[union-attr]
