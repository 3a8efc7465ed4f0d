"""The commands `plumbline backup` and `plumbline restore`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plumbline import settings
from plumbline.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine


def add_to(commands: Any) -> None:
    """Add the commands to the parser."""
    backup = commands.add_parser("backup", help="back up database, files and keys to a folder, while the server runs")
    backup.add_argument("folder", type=Path, help="the same one each time: only new files are copied")
    backup.add_argument("--verify", action="store_true", help="read every byte of a backup, make none")
    backup.set_defaults(command=_backup)

    restore = commands.add_parser("restore", help="restore a backup (stop the server first)")
    restore.add_argument("folder", type=Path)
    restore.add_argument("--yes", action="store_true", help="replace what is in the database")
    restore.add_argument("--check", action="store_true", help="afterwards draw all rows from the acts and compare")
    restore.set_defaults(command=_restore)


def _backup(chosen: argparse.Namespace) -> int:
    """0: whole; 1: files that rows name are missing; 2: refused."""
    from plumbline.backup import service
    from plumbline.backup.manifest import BackupRefused
    from plumbline.db import opened
    from plumbline.storage.errors import StoreUnavailable

    try:
        if chosen.verify:
            manifest = service.check(chosen.folder)
            _say(f"Whole: {manifest.files} files, made {manifest.made_at} by version {manifest.version}.")
        else:
            from plumbline.app import import_packages

            import_packages()
            present = settings.load_or_stop()
            with opened(present) as engine:
                manifest = service.back_up(engine, present, chosen.folder, _say)
            for sentence in service.not_in_it(present):
                _say(sentence)
    except BackupRefused as refused:
        return _stop(str(refused))
    except StoreUnavailable:
        return _stop("The file store cannot be reached, so there is no backup. `plumbline doctor` says why.")
    except OSError as bad:
        return _stop(f"{chosen.folder} could not be written or read: {bad.strerror or bad}.")
    for key in manifest.missing:
        _say(f"MISSING: {key} is called verified, and the store does not have it whole.")
    return 1 if manifest.missing else 0


def _restore(chosen: argparse.Namespace) -> int:
    """0: restored; 1: restored, and drawing the rows again gives others; 2: refused."""
    from plumbline.app import import_packages
    from plumbline.db import opened

    import_packages()
    present = settings.load_or_stop()
    with opened(present) as engine:
        return _put_back(engine, present, chosen)


def _put_back(engine: "Engine", present: Settings, chosen: argparse.Namespace) -> int:
    from plumbline.backup import service
    from plumbline.backup.manifest import BackupRefused
    from plumbline.rebuild import service as rebuild
    from plumbline.storage.errors import StoreFull, StoreUnavailable

    try:
        service.restore(engine, present, chosen.folder, _say, replace=chosen.yes)
    except BackupRefused as refused:
        return _stop(str(refused))
    except (StoreUnavailable, StoreFull):
        return _stop(
            "The file store cannot be reached or is full. The database is as it was. Mend it and run this again."
        )
    if not chosen.check:
        return 0
    report = rebuild.check(engine, present, _say)
    for line in report.lines():
        _say(line)
    return 0 if report.is_same else 1


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _stop(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2
