"""Start Granian: several worker processes behind a proxy, or one process with HTTP and HTTPS by itself.

With its own TLS there is one process: one application, one job runner and one memory for two ports. The
certificate is looked at once a minute, since a phone's hotspot or a new router changes the addresses.
"""

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from litestar import Litestar

from plumbline import logs, settings
from plumbline.logs import RequestLog
from plumbline.serve.asgi import AsgiApp
from plumbline.serve.authority import Authority
from plumbline.serve.gate import PlainHttpGate
from plumbline.serve.headers import SecurityHeaders
from plumbline.serve.network import Reach, reach
from plumbline.serve.trust import TrustPages
from plumbline.settings import Settings

log = logging.getLogger(__name__)

# A request in flight may end (a slow upload's last chunk); after this the process ends anyway.
DRAIN_S = 20
LOOK_AGAIN_S = 60
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


def application() -> Litestar:
    """The application of one worker process, with its logs set up; Granian calls this in each worker."""
    chosen = settings.load_or_stop()
    logs.configure(chosen.log_level)
    return _create(chosen)


def serve_plain(host: str, port: int, workers: int) -> None:
    """Serve HTTP with `workers` processes until SIGTERM or SIGINT; requests in flight are answered first."""
    claim_port(host, port)
    Granian(
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
    ).serve()


def serve_tls(chosen: Settings, ports: Ports, authority: Authority, when_ready: Callable[[], None]) -> None:
    """Serve HTTP to this machine and HTTPS to the network from this process until SIGTERM or SIGINT."""
    for port in (ports.http, ports.https):
        claim_port(ports.host, port)
    asyncio.run(_serve_both(_create(chosen), chosen, ports, authority, when_ready))


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
    app: Litestar, chosen: Settings, ports: Ports, authority: Authority, when_ready: Callable[[], None]
) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    here = await asyncio.to_thread(reach)
    await asyncio.to_thread(authority.renew, here)
    secure = _layers(TrustPages(cast("AsgiApp", app), authority, https_url(here, ports)), chosen)
    plain = _layers(PlainHttpGate(secure, ports.https, _hosts(here)), chosen)
    # Neither server runs the application's start and end: they share one application, and one is replaced.
    async with app.lifespan():
        http = _Listener(Server(plain, ports.host, ports.http, **_common()))
        https = _secure_listener(secure, ports, authority)
        when_ready()
        while not (stop.is_set() or http.ended or https.ended):
            if await _within(LOOK_AGAIN_S, stop, http, https):
                break
            if await asyncio.to_thread(lambda: authority.renew(reach())):
                log.info("the server certificate was renewed")
                https, before = _secure_listener(secure, ports, authority), https
                await before.close()
        did_fail = not stop.is_set()
        await asyncio.gather(https.close(), http.close())
    if did_fail:
        raise SystemExit(1)


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


def _common() -> dict[str, Any]:
    return {
        "interface": Interfaces.ASGINL,
        "websockets": False,
        "log_level": LogLevels.error,
        "log_dictconfig": GRANIAN_LOGS,
    }


def _layers(app: AsgiApp, chosen: Settings) -> AsgiApp:
    return RequestLog(SecurityHeaders(app, chosen))


def _hosts(here: Reach) -> tuple[str, ...]:
    first = here.first_address or "localhost"
    return (first, *here.addresses, *here.names)


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
