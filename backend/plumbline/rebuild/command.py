"""The command `plumbline rebuild`."""

import argparse
import sys
from typing import Any

from plumbline import settings

ASK = (
    "This draws every projected table from the acts and puts it in the place of what differs; meanwhile nobody can "
    "send acts. Say --yes to do it, or --check to compare and change nothing."
)


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    rebuild = commands.add_parser("rebuild", help="draw all rows from the acts again; --check only compares")
    rebuild.add_argument("--check", action="store_true", help="compare with what is stored, change nothing")
    rebuild.add_argument("--yes", action="store_true", help="put what was drawn in the place of what differs")
    rebuild.add_argument(
        "--into", metavar="URL", help="empty database to draw into, left as drawn; default: a temporary one"
    )
    rebuild.set_defaults(command=_rebuild)


def _rebuild(chosen: argparse.Namespace) -> int:
    """0: no difference, or mended; 1: differences, or stopped; 2: not asked for rightly."""
    if chosen.check == chosen.yes:
        sys.stderr.write(ASK + "\n")
        return 2
    from plumbline.app import import_packages
    from plumbline.db import opened
    from plumbline.rebuild import service
    from plumbline.rebuild.replay import Stopped
    from plumbline.rebuild.scratch import NotEmpty

    present = settings.load_or_stop()
    import_packages()
    do = service.check if chosen.check else service.redraw
    try:
        with opened(present) as engine:
            report = do(engine, present, _say, chosen.into)
    except (NotEmpty, Stopped) as said:
        sys.stderr.write(f"{said}\n")
        return 2
    for line in report.lines():
        _say(line)
    if chosen.yes and report.stopped is None:
        _say("The rows are as the acts draw them now.")
        return 0
    return 0 if report.is_same else 1


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
