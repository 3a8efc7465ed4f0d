"""Make a backup, check one, restore one."""

import fcntl
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from sqlalchemy import Engine

import plumbline
from plumbline import db, jobs, schema
from plumbline.acts import house
from plumbline.backup import database, files
from plumbline.backup.manifest import BackupRefused, Manifest, part, placed, read, sha256_of, write
from plumbline.rebuild.scratch import standing_still
from plumbline.settings import Settings
from plumbline.storage.service import open_store, set_up

Say = Callable[[str], None]
ENDINGS = {"sqlite": "sqlite", "postgresql": "dump"}
# In data_dir: what the server's signature and the phones' trust hang on.
KEYS = ("secrets", "tls")


def back_up(engine: Engine, settings: Settings, folder: Path, say: Say) -> Manifest:
    """Back up database, files and keys while the server runs. Raises BackupRefused, StoreUnavailable.

    The database comes first and the files after it: files are only added, so every file that a row names is there.
    A backup that was in the folder before stays whole until this one is.
    """
    if schema.current(engine) is None:
        raise BackupRefused("There is nothing to back up: the database has no tables. Check PLUMBLINE_DATABASE_URL.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder):
        stamp = f"{db.now():%Y%m%dT%H%M%S%fZ}"
        dump = f"database-{stamp}.{ENDINGS[engine.dialect.name]}"
        with database.dumped(engine, settings, folder / dump) as connection:
            standing = database.standing(connection)
            named = database.verified_keys(connection)
        say(f"Database: {sum(p['acts'] for p in standing.projects.values())} acts.")
        _pack_keys(settings, folder / f"keys-{stamp}.tar")
        copied = files.copy_out(open_store(settings), folder, f"files-{stamp}.sha256", named)
        say(f"Files: {copied.files}, of which {copied.new} are new.")
        manifest = Manifest(
            made_at=db.now().isoformat(),
            version=plumbline.__version__,
            schema=str(schema.current(engine)),
            database=engine.dialect.name,
            server_device=str(house.device_id(settings)),
            dump=part(folder, dump),
            keys=part(folder, f"keys-{stamp}.tar"),
            listing=part(folder, f"files-{stamp}.sha256"),
            files=copied.files,
            standing=standing,
            missing=sorted(copied.missing + copied.damaged),
        )
        write(folder, manifest)
        _remove_older(folder, {p.name for p in manifest.parts})
    return manifest


def not_in_it(settings: Settings) -> list[str]:
    """What a backup does not hold and the operator must keep, in sentences."""
    said = ["Settings (environment, settings file) are not in it: keep them too."]
    if settings.token_secret:
        said.append("PLUMBLINE_TOKEN_SECRET is not in it: without it the server signs with another key afterwards.")
    if settings.store == "s3":
        said.append("The store's own access keys are not in it.")
    return said


def check(folder: Path) -> Manifest:
    """Read every byte of a backup. Raises BackupRefused that names what is wrong."""
    manifest = read(folder)
    wrong = [
        f"{p.name} is not there or not as it was when the backup was made."
        for p in manifest.parts
        if not (folder / p.name).is_file() or sha256_of(folder / p.name) != p.sha256
    ]
    wrong = wrong or list(files.wrong(folder, manifest.listing.name))
    if wrong:
        more = f" And {len(wrong) - 5} more." if len(wrong) > 5 else ""
        raise BackupRefused("The backup is damaged. " + " ".join(wrong[:5]) + more)
    return manifest


def restore(engine: Engine, settings: Settings, folder: Path, say: Say, *, replace: bool = False) -> Manifest:
    """Make database, files and keys what the backup holds, and bring the schema to the present one.

    The server must be stopped. `replace`: also when there is something already; its rows are lost. Raises
    BackupRefused, before anything is touched when the backup is damaged, of another kind or newer than this version.
    """
    manifest = check(folder)
    _check_fits(engine, manifest)
    if not replace and database.is_in_use(engine):
        raise BackupRefused("The database is in use. Say --yes to replace everything in it by the backup.")
    database.check_alone(engine, settings)
    set_up(settings)
    say(f"Files: {files.copy_back(open_store(settings), folder, manifest.listing.name)} brought to the store.")
    _unpack_keys(settings, folder / manifest.keys.name)
    database.put_back(engine, settings, folder / manifest.dump.name)
    if schema.upgrade(engine, settings):
        say("The backup was older; its tables were brought to the present schema.")
    jobs.prepare(settings)
    with standing_still(engine) as connection:
        found = database.standing(connection)
    if found != manifest.standing:
        raise BackupRefused(f"Restored, but not what was backed up: {found} instead of {manifest.standing}.")
    say(f"Database: {sum(p['acts'] for p in found.projects.values())} acts, as in the backup.")
    if str(house.device_id(settings)) != manifest.server_device:
        say("The server has another key than when the backup was made: set the PLUMBLINE_TOKEN_SECRET of then.")
    return manifest


def _check_fits(engine: Engine, manifest: Manifest) -> None:
    if manifest.database != engine.dialect.name:
        raise BackupRefused(
            f"The backup is of {manifest.database}, and PLUMBLINE_DATABASE_URL names {engine.dialect.name}. "
            "Restore it to the same kind of database."
        )
    if not schema.is_known(manifest.schema):
        raise BackupRefused(
            f"The backup was made by a newer version ({manifest.version}). Install that version, then restore."
        )


def _pack_keys(settings: Settings, target: Path) -> None:
    house.device_id(settings)  # Makes the server's key when there is none yet, so that it is in the backup.
    with placed(target) as out, tarfile.open(fileobj=out, mode="w") as packed:
        for name in KEYS:
            if (settings.data_dir / name).is_dir():
                packed.add(settings.data_dir / name, arcname=name)


def _unpack_keys(settings: Settings, packed: Path) -> None:
    """Keys get the modes that they had and the restorer as owner. Raises BackupRefused for names of anything else."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tarfile.open(packed) as keys:
        for member in keys.getmembers():
            path = PurePosixPath(member.name)
            if not (member.isfile() or member.isdir()) or path.parts[0] not in KEYS or ".." in path.parts:
                raise BackupRefused(f"{packed.name} holds {member.name}, which is no key of this server.")
            member.uid, member.gid, member.uname, member.gname = os.geteuid(), os.getegid(), "", ""
        # Python 3.11 has filters from 3.11.4 on; what this one refuses is refused above, too.
        keys.extraction_filter = getattr(tarfile, "data_filter", None)
        keys.extractall(settings.data_dir)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Raises BackupRefused when another backup is being written to the folder."""
    handle = os.open(folder / "backup.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as busy:
        raise BackupRefused(f"Another backup is being written to {folder}.") from busy
    finally:
        os.close(handle)


def _remove_older(folder: Path, present: set[str]) -> None:
    for pattern in ("database-*", "keys-*.tar", "files-*.sha256"):
        for path in folder.glob(pattern):
            if path.name not in present:
                path.unlink()
