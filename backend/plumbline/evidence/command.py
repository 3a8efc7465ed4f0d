"""The command `plumbline orphans`: what was sent and belongs to nothing."""

import argparse
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from plumbline import settings

if TYPE_CHECKING:
    from plumbline.evidence.orphans import Orphan

WORDS = {
    "file": "file that no act names",
    "upload": "upload never completed",
    "object": "object without upload",
    "parts": "parts never joined",
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("orphans", help="list files and uploads that belong to nothing; --sweep the old ones")
    parser.add_argument("--sweep", action="store_true", help="delete those older than PLUMBLINE_ORPHAN_DAYS now")
    parser.set_defaults(command=run)


def run(chosen: argparse.Namespace) -> int:
    """List, or sweep what is old enough."""
    from plumbline import db
    from plumbline.app import import_packages
    from plumbline.evidence import orphans, sweeping
    from plumbline.jobs import Context
    from plumbline.storage.service import open_store

    import_packages()
    present = settings.load_or_stop()
    context = Context(db.make_engine(present), present, open_store(present))
    if chosen.sweep:
        found = sweeping.sweep(context)
    else:
        with db.reading(context.engine) as session:
            found = orphans.everywhere(session, context.store)
    for one in found:
        sys.stdout.write(_line(one, context.settings.orphan_days) + "\n")
    sys.stdout.write(f"{len(found)} {'swept' if chosen.sweep else 'found'}.\n")
    return 0


def _line(one: "Orphan", days: int) -> str:
    parts: list[Any] = [
        f"{one.since:%Y-%m-%d %H:%M}Z",
        f"swept after {one.since + timedelta(days=days):%Y-%m-%d}",
        WORDS[one.kind],
        one.name,
    ]
    if one.bytes is not None:
        parts.append(f"{one.bytes} bytes")
    if one.project_id is not None:
        parts.append(f"project {one.project_id}")
    return "  ".join(parts)
