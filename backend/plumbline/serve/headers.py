"""Security headers of every answer, and the Content-Security-Policy in one place."""

from urllib.parse import urlsplit

from plumbline.serve.asgi import AsgiApp, Message, Receive, Scope, Send
from plumbline.settings import Settings

# Names of the Trusted Types policies that the front end makes; another name is refused by the browser.
TRUSTED_TYPES = ("svelte-trusted-html", "plumbline")
# An answer of the API is data. Opened as a page it must be able to do nothing.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"


def content_security_policy(settings: Settings) -> str:
    """The policy of pages: own scripts only, WebAssembly for the scanner, uploads to the store's own origin."""
    connect = ["'self'", *_store_origin(settings)]
    rules = {
        "default-src": "'self'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "connect-src": " ".join(connect),
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": " ".join(TRUSTED_TYPES),
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _store_origin(settings: Settings) -> list[str]:
    if settings.store != "s3":
        return []
    url = urlsplit(settings.s3_public_endpoint or settings.s3_endpoint)
    return [f"{url.scheme}://{url.netloc}"]


def security_headers(settings: Settings) -> dict[bytes, bytes]:
    """Headers that every answer gets unless the handler set its own."""
    return {
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"no-referrer",
        b"permissions-policy": b"camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()",
        b"cross-origin-opener-policy": b"same-origin",
        b"cross-origin-resource-policy": b"same-origin",
    }


class SecurityHeaders:
    """Adds the headers to what the inner application answers; a header already set there stays."""

    def __init__(self, app: AsgiApp, settings: Settings) -> None:
        self._app = app
        self._headers = security_headers(settings)
        self._page_policy = content_security_policy(settings).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_data = scope["path"].startswith("/api")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = DATA_POLICY.encode() if is_data else self._page_policy
                wanted = {**self._headers, b"content-security-policy": policy}
                given = list(message.get("headers", []))
                present = {name.lower() for name, _ in given}
                message["headers"] = given + [(n, v) for n, v in wanted.items() if n not in present]
            await send(message)

        await self._app(scope, receive, send_guarded)
