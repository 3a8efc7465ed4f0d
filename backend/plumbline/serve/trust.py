"""The page `/ca`: how a phone comes to trust this server, in Chinese and English, without scripts.

It is served over plain HTTP too, because a phone needs it before it trusts anything; the fingerprint lets
a careful person compare it with what the server printed at its start.
"""

import html
import plistlib
import uuid
from collections.abc import Callable
from importlib.resources import files
from string import Template

from plumbline.problems import language
from plumbline.serve.asgi import AsgiApp, Receive, Scope, Send
from plumbline.serve.authority import Authority
from plumbline.serve.static import Answer, send_answer

PREFIX = "/ca"
# A stable name space makes a newly downloaded profile replace the older one instead of standing beside it.
_PROFILES = uuid.UUID("5c6f3a52-6c2e-4b8e-9d55-1a60f3f0c0de")


class TrustPages:
    """Answers `/ca`, `/ca/style.css`, `/ca/plumbline-ca.crt` and `/ca/plumbline.mobileconfig`; passes the rest on."""

    def __init__(self, app: AsgiApp, authority: Authority, https_url: Callable[[], str]) -> None:
        """`https_url` tells where phones find the product now; it changes when the machine moves."""
        self._app = app
        self._authority = authority
        self._https_url = https_url
        self._answers = {
            f"{PREFIX}/style.css": _answer("text/css; charset=utf-8", _text("trust.css")),
            f"{PREFIX}/plumbline-ca.crt": _download(
                "application/x-x509-ca-cert", authority.certificate_der, "plumbline-ca.crt"
            ),
            f"{PREFIX}/plumbline.mobileconfig": _download(
                "application/x-apple-aspen-config", profile(authority), "plumbline.mobileconfig"
            ),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(scope) if scope["type"] == "http" else None
        if answer is None or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        await send_answer(answer, scope, send)

    def _answer(self, scope: Scope) -> Answer | None:
        path = scope["path"].rstrip("/")
        if path != PREFIX:
            return self._answers.get(path)
        accept = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
        return _page(self._authority, self._https_url(), accept)


def profile(authority: Authority) -> bytes:
    """The authority as an Apple configuration profile with one root-certificate payload."""
    name = authority.fingerprint
    payload = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"plumbline.authority.{name[:11].replace(':', '').lower()}.root",
        "PayloadUUID": str(uuid.uuid5(_PROFILES, name + "root")).upper(),
        "PayloadDisplayName": "Plumbline site authority",
        "PayloadContent": authority.certificate_der,
    }
    outer = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"plumbline.authority.{name[:11].replace(':', '').lower()}",
        "PayloadUUID": str(uuid.uuid5(_PROFILES, name)).upper(),
        "PayloadDisplayName": "Plumbline",
        "PayloadDescription": "让本手机信任工地网络上的 Plumbline。 Lets this phone trust Plumbline on this site.",
        "PayloadContent": [payload],
    }
    return plistlib.dumps(outer)


def _page(authority: Authority, https_url: str, accept: str) -> Answer:
    """Both languages on one page, the reader's own first: whoever stands beside may read the other one."""
    facts = {"fingerprint": html.escape(authority.fingerprint), "https_url": html.escape(https_url, quote=True)}
    # A phone that says nothing is more likely to be read in Chinese.
    first, second = ("zh", "en") if language(accept or "zh") == "zh" else ("en", "zh")
    filled = Template(_text("trust.html").decode()).substitute(
        language={"zh": "zh-CN", "en": "en"}[first], first=_part(first, facts), second=_part(second, facts)
    )
    vary = (b"vary", b"accept-language")
    return _answer("text/html; charset=utf-8", filled.encode(), vary)


def _part(name: str, facts: dict[str, str]) -> str:
    return Template(_text(f"trust.{name}.html").decode()).substitute(facts)


def _text(name: str) -> bytes:
    return (files("plumbline.serve") / name).read_bytes()


def _download(mime: str, body: bytes, name: str) -> Answer:
    return _answer(mime, body, (b"content-disposition", f'attachment; filename="{name}"'.encode()))


def _answer(mime: str, body: bytes, *more: tuple[bytes, bytes]) -> Answer:
    length = (b"content-length", str(len(body)).encode())
    return Answer(200, [(b"content-type", mime.encode()), (b"cache-control", b"no-cache"), length, *more], body)
