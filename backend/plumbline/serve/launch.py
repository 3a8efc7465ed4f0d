"""Start Granian: several worker processes behind a proxy, or one process with HTTP and HTTPS by itself.

With its own TLS there is one process: one application, one job runner and one memory for two ports. Certificate
and addresses are looked at every few seconds, since a phone's hotspot or a new router changes them.
"""

import asyncio
import gc
import logging
import signal
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from litestar import Litestar

from plumbline import logs, metrics, settings
from plumbline.logs import RequestLog
from plumbline.serve.asgi import AsgiApp
from plumbline.serve.authority import Authority
from plumbline.serve.gate import PlainHttpGate
from plumbline.serve.headers import SecurityHeaders
from plumbline.serve.network import Reach, reach
from plumbline.serve.orphans import end_with_parent
from plumbline.serve.trust import TrustPages
from plumbline.settings import Settings
from plumbline.storage import service as storage

log = logging.getLogger(__name__)

# A request in flight may end (a slow upload's last chunk); after this the process ends anyway.
DRAIN_S = 20
LOOK_AGAIN_S = 20
LISTEN_S = 5
# Granian's own messages go where ours go, as JSON lines, instead of its two formats on stdout.
GRANIAN_LOGS: dict[str, Any] = {
    "formatters": {},
    "handlers": {},
    "loggers": {
        "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
        "granian.access": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}


class PortTaken(Exception):
    """Another program listens on the port already."""


@dataclass(frozen=True)
class Ports:
    """Where to listen: `host` for both, plain HTTP on `http`, HTTPS on `https`."""

    host: str
    http: int
    https: int


@dataclass
class Site:
    """Where this server is found now: `here` follows the machine from one network to the next.

    `is_address_ours` says that codes and links name the present address; else the operator chose base_url.
    """

    ports: Ports
    here: Reach
    is_address_ours: bool

    @property
    def url(self) -> str:
        """The address that a phone on the same network opens."""
        return https_url(self.here, self.ports)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Our own names and addresses, the one to print first."""
        return (self.here.first_address or "localhost", *self.here.addresses, *self.here.names)


def application() -> Litestar:
    """The application of one worker process, with its logs set up; Granian calls this in each worker."""
    end_with_parent()
    chosen = settings.load_or_stop()
    logs.configure(chosen.log_level)
    app = _create(chosen)
    collect_seldom()
    return app


def collect_seldom() -> None:
    """Let the garbage collector leave alone what the start made: looking through it stopped requests for 0.1 s."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def serve_plain(host: str, port: int, workers: int) -> None:
    """Serve HTTP with `workers` processes until SIGTERM or SIGINT; requests in flight are answered first."""
    claim_port(host, port)
    server = Granian(
        "plumbline.serve.launch:application",
        factory=True,
        interface=Interfaces.ASGI,
        address=host,
        port=port,
        workers=workers,
        websockets=False,
        workers_kill_timeout=DRAIN_S,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        log_dictconfig=GRANIAN_LOGS,
    )
    with metrics.shared_by_processes(settings.load_or_stop()):
        server.serve()


def serve_tls(chosen: Settings, site: Site, authority: Authority, tell: Callable[[], None]) -> None:
    """Serve HTTP to this machine and HTTPS to the network from this process until SIGTERM or SIGINT.

    `tell` is called when both answer, and again after each change of address.
    """
    for port in (site.ports.http, site.ports.https):
        claim_port(site.ports.host, port)
    app = _create(chosen)
    with metrics.of_this_process(chosen):
        asyncio.run(_serve_both(app, chosen, site, authority, tell))


def claim_port(host: str, port: int) -> None:
    """Raise PortTaken when somebody listens there.

    Granian shares its port between workers (SO_REUSEPORT), so a second server would start without a word
    and take every other request.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as taken:
            raise PortTaken(f"Cannot listen on {host} port {port}: {taken.strerror}.") from taken


def _create(chosen: Settings) -> Litestar:
    from plumbline.app import create_app

    return create_app(chosen)


async def _serve_both(
    app: Litestar, chosen: Settings, site: Site, authority: Authority, tell: Callable[[], None]
) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await asyncio.to_thread(authority.renew, site.here)
    secure = _layers(TrustPages(cast("AsgiApp", app), authority, lambda: site.url), chosen)
    plain = _layers(PlainHttpGate(secure, site.ports.https, lambda: site.hosts), chosen)
    # Neither server runs the application's start and end: they share one application, and one is replaced.
    async with app.lifespan():
        http = _Listener(Server(plain, site.ports.host, site.ports.http, **_common()))
        https = _secure_listener(secure, site.ports, authority)
        await asyncio.to_thread(_see_certificate, site.ports, authority)
        tell()
        while not (stop.is_set() or http.ended or https.ended):
            if await _within(LOOK_AGAIN_S, stop, http, https):
                break
            here = await asyncio.to_thread(reach)
            if await asyncio.to_thread(authority.renew, here):
                log.info("the server certificate was renewed")
                https, before = _secure_listener(secure, site.ports, authority), https
                # The port is shared, so nobody is turned away if the old one goes after the new one is there.
                await asyncio.to_thread(_see_certificate, site.ports, authority)
                await before.close()
            if here != site.here:
                await asyncio.to_thread(_move, app, site, here)
                tell()
        did_fail = not stop.is_set()
        await asyncio.gather(https.close(), http.close())
    if did_fail:
        raise SystemExit(1)


def _move(app: Litestar, site: Site, here: Reach) -> None:
    """Codes, links, redirects and the trust page name the new address from the next request on."""
    site.here = here
    log.warning("the machine has other addresses now: %s", ", ".join(here.addresses))
    if site.is_address_ours:
        app.state.settings = app.state.settings.model_copy(update={"base_url": site.url})
        storage.set_up(app.state.settings)  # Browsers that come from there may send photos to it.


class _Listener:
    """One embedded Granian server and the task that it runs in."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.task = asyncio.ensure_future(server.serve())

    @property
    def ended(self) -> bool:
        return self.task.done()

    async def close(self) -> None:
        """Take no more connections, let the running requests end, then end."""
        self._server.stop()  # type: ignore[no-untyped-call]
        _, late = await asyncio.wait([self.task], timeout=DRAIN_S)
        for task in late:
            log.warning("requests still ran %s s after the stop and were cut", DRAIN_S)
            task.cancel()


def _secure_listener(app: AsgiApp, ports: Ports, authority: Authority) -> _Listener:
    server = Server(
        app,
        ports.host,
        ports.https,
        ssl_cert=authority.certificate_path,
        ssl_key=authority.key_path,
        **_common(),
    )
    return _Listener(server)


def _see_certificate(ports: Ports, authority: Authority) -> None:
    """Wait until the port shows the certificate that lies in the folder; a listener tells nobody that it listens."""
    address = "127.0.0.1" if ports.host == "0.0.0.0" else "::1" if ports.host == "::" else ports.host
    wanted = ssl.PEM_cert_to_DER_cert(authority.certificate_path.read_text("ascii"))
    end = time.monotonic() + LISTEN_S
    while time.monotonic() < end:
        with suppress(OSError):
            if ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((address, ports.https), timeout=2)) == wanted:
                return
        time.sleep(0.02)
    log.error("port %s does not show the server certificate", ports.https)


def _common() -> dict[str, Any]:
    return {
        "interface": Interfaces.ASGINL,
        "websockets": False,
        "log_level": LogLevels.error,
        "log_dictconfig": GRANIAN_LOGS,
    }


def _layers(app: AsgiApp, chosen: Settings) -> AsgiApp:
    return RequestLog(SecurityHeaders(app, chosen))


def https_url(here: Reach, ports: Ports) -> str:
    """The address that a phone on the same network opens."""
    return f"https://{here.first_address or 'localhost'}:{ports.https}"


async def _within(seconds: float, stop: asyncio.Event, *listeners: _Listener) -> bool:
    """Wait until a stop is asked for or a listener ends; False when `seconds` went by first."""
    asked = asyncio.ensure_future(stop.wait())
    waiting: list[Awaitable[Any]] = [asked, *(one.task for one in listeners)]
    done, _ = await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)  # type: ignore[type-var]
    asked.cancel()
    return bool(done)


def tls_folder(chosen: Settings) -> Path:
    """Where the authority and the server's certificate lie."""
    return chosen.data_dir / "tls"
