"""The plain-HTTP port when TLS is on: the whole product for this machine, the trust page for everybody else.

A password or token typed on the site's wireless network must never travel in the clear, so other machines
are sent to HTTPS and what they wanted to change is refused.
"""

import ipaddress
from collections.abc import Callable

from plumbline.serve.asgi import AsgiApp, Receive, Scope, Send
from plumbline.serve.static import Answer, send_answer
from plumbline.serve.trust import PREFIX

REFUSED = (
    "This address takes nothing over plain HTTP. Open the https:// address.\n"
    "此地址不接受明文 HTTP 提交。请使用 https:// 地址。\n"
).encode()


class PlainHttpGate:
    """Lets loopback clients in; others get `/ca`, a redirect to HTTPS for pages, a refusal for anything else."""

    def __init__(self, app: AsgiApp, https_port: int, known_hosts: Callable[[], tuple[str, ...]]) -> None:
        """`known_hosts` tells our present names and addresses; the first is used when a Host header names another."""
        self._app = app
        self._https_port = https_port
        self._known_hosts = known_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_local(scope) and not _is_trust_page(scope["path"]):
            await send_answer(self._turn_away(scope), scope, send)
            return
        await self._app(scope, receive, send)

    def _turn_away(self, scope: Scope) -> Answer:
        if scope.get("method") not in ("GET", "HEAD"):
            length = (b"content-length", str(len(REFUSED)).encode())
            return Answer(403, [(b"content-type", b"text/plain; charset=utf-8"), length], REFUSED)
        target = f"https://{self._host(scope)}:{self._https_port}{_raw_path(scope)}"
        return Answer(307, [(b"location", target.encode("latin-1")), (b"content-length", b"0")], b"")

    def _host(self, scope: Scope) -> str:
        asked = dict(scope["headers"]).get(b"host", b"").decode("latin-1").rpartition(":")[0]
        known = self._known_hosts()
        return asked if asked in known else known[0]


def _raw_path(scope: Scope) -> str:
    raw = scope.get("raw_path") or b"/"
    path = raw.decode("latin-1").partition("?")[0]
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _is_trust_page(path: str) -> bool:
    return path == PREFIX or path.startswith(PREFIX + "/")
