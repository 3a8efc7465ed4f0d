"""`make run`: schema, sample at the first start, own certificate, both ports, and what to do next on the screen."""

import gc
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from plumbline import db, jobs, logs, schema, settings
from plumbline.serve.authority import Authority
from plumbline.serve.banner import banner, sign_ins
from plumbline.serve.launch import Ports, PortTaken, Site, claim_port, collect_seldom, serve_tls, tls_folder
from plumbline.serve.network import reach
from plumbline.settings import Settings


class NoSample(Exception):
    """The sample was not loaded; the message says why and what to do."""


def start(host: str, port: int, tls_port: int, *, with_sample: bool) -> int:
    """Prepare and serve until SIGTERM or Ctrl+C; returns the exit status."""
    chosen = settings.load_or_stop()
    site = Site(Ports(host, port, tls_port), reach(), is_address_ours="base_url" not in chosen.model_fields_set)
    if site.is_address_ours:
        # Codes and links name the address that phones can open.
        chosen = settings.load_or_stop(base_url=site.url)
    try:
        for one in (port, tls_port):
            claim_port(host, one)
    except PortTaken as taken:
        sys.stderr.write(f"{taken} Stop the other program, or: make run ARGS='--port 8001 --tls-port 8444'\n")
        return 2
    log_file = chosen.data_dir / "plumbline.log"
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    logs.configure(chosen.log_level, log_file)
    try:
        people = list(_prepare(chosen, with_sample=with_sample))
    except NoSample as failed:
        sys.stderr.write(f"{failed}\n")
        return 2
    authority = Authority(tls_folder(chosen), site.here)

    def tell() -> None:
        # The command switched it off for the start. What was imported stays for good and need not be looked at.
        collect_seldom()
        gc.enable()
        sys.stdout.write(_banner(site, authority, log_file) + sign_ins(people))
        sys.stdout.flush()
        people.clear()  # Passwords are shown once; after a change of address the rest is told again.

    serve_tls(chosen, site, authority, tell)
    if jobs.is_busy():
        os._exit(0)  # A thread that still works would keep the process alive; the next start does its job again.
    return 0


def load_sample(engine: Engine, chosen: Settings) -> Iterable[Mapping[str, str]]:
    """Load the sample project; returns its sign-ins, whose passwords exist nowhere else in the clear.

    Raises NoSample when it is there already, or when an earlier load was cut off.
    """
    from plumbline.sample import SampleIncomplete, SampleThere, load

    try:
        return load(engine, chosen)
    except (SampleThere, SampleIncomplete) as said:
        raise NoSample(str(said)) from said


def _prepare(chosen: Settings, *, with_sample: bool) -> Iterable[Mapping[str, str]]:
    engine = db.make_engine(chosen)
    try:
        schema.upgrade(engine, chosen)
        if not with_sample or _is_in_use(engine):
            return []
        gc.enable()
        sys.stdout.write("Loading the sample project (the first time takes a moment) ...\n")
        sys.stdout.flush()
        return load_sample(engine, chosen)
    finally:
        engine.dispose()


def _is_in_use(engine: Engine) -> bool:
    """Whether there is a project that somebody can sign in to; a sample cut off while loading has nobody."""
    from plumbline.identity.models import Credential
    from plumbline.projects.models import Project

    with db.reading(engine) as session:
        return all(session.exec(select(one).limit(1)).first() for one in (Project.id, Credential.person_id))


def _banner(site: Site, authority: Authority, log_file: Path) -> str:
    left_out = [a for a in authority.left_out(site.here) if a in site.here.addresses]
    warning = (
        f"Phones cannot use {', '.join(left_out)}: the authority was made on another network. To make a new one, "
        f"delete {authority.certificate_path.parent} and install it on the phones again."
        if left_out
        else ""
    )
    return banner(
        local=f"http://localhost:{site.ports.http}",
        network=site.url,
        trust_page=f"http://{site.hosts[0]}:{site.ports.http}/ca",
        fingerprint=authority.fingerprint,
        log_file=log_file.absolute(),
        warning=warning,
    )
