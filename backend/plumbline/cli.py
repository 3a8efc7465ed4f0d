"""The command `plumbline`: serve, migrate, load the sample, run jobs, write the API description.

Each command imports what it needs when it runs, so that none waits for the others' libraries.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import plumbline
from plumbline import settings
from plumbline.backup import command as backup
from plumbline.evidence import command as orphans
from plumbline.problems import Lang
from plumbline.rebuild import command as rebuild
from plumbline.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

Command = Callable[[argparse.Namespace], int]
NO_TABLES = "The database has no tables yet. Run `plumbline migrate` first; `plumbline run` does both."


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    chosen = _parser().parse_args(arguments)
    command: Command = chosen.command
    return command(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="plumbline", description=plumbline.__doc__)
    parser.add_argument("--version", action="version", version=plumbline.__version__)
    commands = parser.add_subparsers(required=True, metavar="command")

    run = commands.add_parser("run", help="migrate, load the sample at the first start, serve with TLS (make run)")
    _add_ports(run)
    run.add_argument("--no-sample", action="store_true", help="do not load the sample project into an empty database")
    run.set_defaults(command=_run)

    serve = commands.add_parser("serve", help="serve the application")
    _add_ports(serve)
    serve.add_argument("--tls", action="store_true", help="HTTP for this machine, HTTPS for the network, own authority")
    serve.add_argument("--workers", type=int, default=1, help="processes (without --tls only); default 1")
    serve.set_defaults(command=_serve)

    commands.add_parser("migrate", help="bring the database to the present schema").set_defaults(command=_migrate)
    commands.add_parser("sample", help="load the sample project").set_defaults(command=_sample)
    commands.add_parser("worker", help="run background jobs in this process").set_defaults(command=_worker)
    backup.add_to(commands)
    orphans.add_to(commands)
    rebuild.add_to(commands)
    doctor = commands.add_parser("doctor", help="try what the settings promise, and say what is wrong")
    doctor.add_argument("--language", choices=("zh", "en"), help="default: the terminal's")
    doctor.set_defaults(command=_doctor)

    openapi = commands.add_parser("openapi", help="write the OpenAPI document")
    openapi.add_argument("path", type=Path)
    openapi.set_defaults(command=_openapi)

    admin = commands.add_parser("admin", help="make an administrator of this server, or give a login a new password")
    admin.add_argument("do", choices=("create", "password"))
    admin.add_argument("--login", required=True)
    admin.add_argument("--name", help="the person's name (create)")
    admin.set_defaults(command=_admin)

    reference = commands.add_parser("reference", help="write the API reference as Markdown (developers)")
    reference.add_argument("path", type=Path)
    reference.set_defaults(command=_reference)

    migration = commands.add_parser("migration", help="write a migration for what changed in the tables (developers)")
    migration.add_argument("slug", help="what it does, in a few words: add-lot-colour")
    migration.set_defaults(command=_migration)

    table = commands.add_parser("settings", help="print every setting as a Markdown table")
    table.set_defaults(command=_settings)
    return parser


def _add_ports(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on; default all")
    parser.add_argument("--port", type=int, default=8000, help="HTTP port; default 8000")
    parser.add_argument("--tls-port", type=int, default=8443, help="HTTPS port with TLS; default 8443")


def _run(chosen: argparse.Namespace) -> int:
    # Importing makes many objects and no garbage; looking for it would take a tenth of the time to the first answer.
    gc.disable()
    from plumbline.serve.start import start

    return start(chosen.host, chosen.port, chosen.tls_port, with_sample=not chosen.no_sample)


def _serve(chosen: argparse.Namespace) -> int:
    from plumbline.serve.launch import PortTaken, serve_plain

    if chosen.tls and chosen.workers != 1:
        return _stop("--tls serves from one process. For more, use --workers without --tls behind a proxy.")
    if chosen.tls:
        return _run(argparse.Namespace(**vars(chosen), no_sample=True))
    present = settings.load_or_stop()
    if chosen.workers > 1 and present.jobs == "embedded":
        return _stop(
            "With several processes jobs need their own: set PLUMBLINE_JOBS=worker and run `plumbline worker`."
        )
    # Only where a look at a file tells: asking a database would make every start slower.
    if present.is_sqlite and not present.database_file.exists():
        return _stop(NO_TABLES)
    try:
        serve_plain(chosen.host, chosen.port, chosen.workers)
    except PortTaken as taken:
        return _stop(f"{taken} Stop the other program or choose another --port.")
    return 0


def _migrate(_: argparse.Namespace) -> int:
    from plumbline import jobs, schema

    present, engine = _open()
    did_change = schema.upgrade(engine, present)
    # A newer DBOS may bring tables of its own without any migration of ours.
    jobs.prepare(present)
    _say("The database has the present schema now." if did_change else "The database has the present schema already.")
    return 0


def _migration(chosen: argparse.Namespace) -> int:
    from plumbline import schema

    _say(f"Written: {schema.write_migration(chosen.slug)}. Now read it and trim it.")
    return 0


def _sample(_: argparse.Namespace) -> int:
    from plumbline import schema
    from plumbline.serve.banner import sign_ins
    from plumbline.serve.start import NoSample, load_sample

    present, engine = _open()
    schema.upgrade(engine, present)
    try:
        _say(sign_ins(load_sample(engine, present)))
    except NoSample as said:
        return _stop(str(said))
    return 0


def _admin(chosen: argparse.Namespace) -> int:
    """The password is asked for, or read as one line from standard input, so that no process list shows it."""
    from plumbline import schema
    from plumbline.identity import service
    from plumbline.problems import Problem

    password = getpass("Password (at least 10 characters): ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    present, engine = _open()
    schema.upgrade(engine, present)
    try:
        if chosen.do == "create":
            service.create_administrator(engine, chosen.name or chosen.login, chosen.login, password)
        else:
            service.reset_password(engine, chosen.login, password)
    except Problem as problem:
        return _stop(str(problem.document()["detail"]))
    _say(f"Done. {chosen.login} can sign in.")
    return 0


def _worker(_: argparse.Namespace) -> int:
    from plumbline import logs, schema
    from plumbline.serve.worker import run_jobs

    present, engine = _open()
    if schema.current(engine) is None:
        return _stop(NO_TABLES)
    logs.configure(present.log_level)
    run_jobs(engine, present)
    return 0


def _doctor(chosen: argparse.Namespace) -> int:
    from plumbline.serve.doctor import examine

    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    lang: Lang = chosen.language or ("zh" if said.lower().startswith("zh") else "en")
    present, engine = _open()
    findings = []
    for finding in examine(engine, present):
        findings.append(finding)
        _say(finding.line(lang))
    engine.dispose()
    return 0 if all(finding.is_right for finding in findings) else 1


def _openapi(chosen: argparse.Namespace) -> int:
    from plumbline.app import create_app

    # The document is the same whatever the settings are, and nobody's data folder is touched for it.
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings.load(data_dir=Path(folder), database_url="", store="folder", jobs="off"))
    document: dict[str, Any] = app.openapi_schema.to_schema()
    chosen.path.write_text(json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    return 0


def _reference(chosen: argparse.Namespace) -> int:
    from plumbline.app import create_app
    from plumbline.reference import page

    chosen.path.write_text(page(create_app(settings.load(jobs="off"))), "utf-8")
    return 0


def _settings(_: argparse.Namespace) -> int:
    _say(settings_table())
    return 0


def settings_table() -> str:
    """Every setting with its default and meaning, as the operations page shows it."""
    lines = ["| Variable | Default | Meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if str(field.default) else "(empty)"
        shown = "`pwa/dist` of the repository" if name == "pwa_dir" else default
        lines.append(f"| `PLUMBLINE_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines)


def _open() -> "tuple[Settings, Engine]":
    from plumbline.db import make_engine

    present = settings.load_or_stop()
    return present, make_engine(present)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _stop(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2
