"""The built front end as files: hashed assets for ever, everything else asked again each time.

Compressed siblings (`app.js.br`, `app.js.gz`) are made once after the build by `plumbline.serve.compress`.
"""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from plumbline.serve.asgi import AsgiApp, Receive, Scope, Send

IMMUTABLE = b"public, max-age=31536000, immutable"
# These belong to the application; every other path is the front end's.
OURS = ("/api", "/schema", "/ca")
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
# A request for one of these wants a file; answering it with the shell would run HTML as a script or show no icon.
FILES = {*TYPES, ".map", ".ico", ".png", ".jpg", ".jpeg", ".webp", ".txt", ".xml", ".ttf", ".pdf"}
NOT_BUILT = "The front end is not built yet. Run: make pwa\n前端尚未构建。请运行:make pwa\n".encode()


@dataclass(frozen=True)
class Answer:
    """What a file request gets: status, headers, body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def accepted_encodings(header: str) -> set[str]:
    """The content codings of an Accept-Encoding header that are not refused by q=0."""
    accepted = set()
    for part in header.lower().split(","):
        name, _, quality = (piece.strip() for piece in part.partition(";"))
        is_refused = quality.startswith("q=") and not quality.removeprefix("q=").strip(" 0.")
        if name and not is_refused:
            accepted.add(name)
    return accepted


class BuiltPwa:
    """The folder of the built front end. Files are read again when they change, so a rebuild shows at once."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._read: dict[Path, tuple[int, bytes, str]] = {}

    def answer(self, path: str, accept_encoding: str, if_none_match: str) -> Answer:
        """The answer to GET `path` (decoded, starts with /). Unknown pages get the shell, unknown files 404."""
        found = self._find(path)
        if found is None and (path.startswith("/assets/") or PurePosixPath(path).suffix in FILES):
            return _plain(404, b"Not found\n")
        page = found or self._find("/index.html")
        if page is None:
            return _plain(503, NOT_BUILT)
        return self._file(page, is_immutable=path.startswith("/assets/"), accepted=accept_encoding, held=if_none_match)

    def _find(self, path: str) -> Path | None:
        if "\0" in path or "\\" in path:
            return None
        full = (self._root / path.lstrip("/")).resolve()
        return full if full.is_relative_to(self._root) and full.is_file() else None

    def _file(self, page: Path, *, is_immutable: bool, accepted: str, held: str) -> Answer:
        coding, chosen = self._choose(page, accepted_encodings(accepted))
        body, etag = self._content(chosen)
        headers = [
            (b"content-type", _type_of(page).encode()),
            (b"cache-control", IMMUTABLE if is_immutable else b"no-cache"),
            (b"etag", etag.encode()),
            (b"vary", b"Accept-Encoding"),
        ]
        if coding:
            headers.append((b"content-encoding", coding.encode()))
        if etag in (tag.strip().removeprefix("W/") for tag in held.split(",")):
            return Answer(304, headers, b"")
        return Answer(200, [*headers, (b"content-length", str(len(body)).encode())], body)

    def _choose(self, page: Path, accepted: set[str]) -> tuple[str, Path]:
        for coding, suffix in ENCODINGS:
            sibling = page.with_name(page.name + suffix)
            # An older sibling belongs to the build before and would serve yesterday's code.
            if coding in accepted and sibling.is_file() and sibling.stat().st_mtime_ns >= page.stat().st_mtime_ns:
                return coding, sibling
        return "", page

    def _content(self, path: Path) -> tuple[bytes, str]:
        changed_at = path.stat().st_mtime_ns
        held = self._read.get(path)
        if held is None or held[0] != changed_at:
            body = path.read_bytes()
            held = (changed_at, body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
            self._read[path] = held
        return held[1], held[2]


def _type_of(page: Path) -> str:
    known = TYPES.get(page.suffix)
    return known or mimetypes.guess_type(page.name)[0] or "application/octet-stream"


def _plain(status: int, body: bytes) -> Answer:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    return Answer(status, [*headers, (b"content-length", str(len(body)).encode())], body)


class StaticFiles:
    """Answers GET and HEAD outside the application's own paths with the built front end; passes the rest on."""

    def __init__(self, app: AsgiApp, root: Path) -> None:
        self._app = app
        self._pwa = BuiltPwa(root)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or is_ours(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        answer = self._pwa.answer(
            scope["path"],
            headers.get(b"accept-encoding", b"").decode("latin-1"),
            headers.get(b"if-none-match", b"").decode("latin-1"),
        )
        await send_answer(answer, scope, send)


async def send_answer(answer: Answer, scope: Scope, send: Send) -> None:
    """Send a whole answer; HEAD gets the headers alone."""
    body = b"" if scope.get("method") == "HEAD" else answer.body
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def is_ours(path: str) -> bool:
    """Whether the application itself answers this path."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in OURS)
