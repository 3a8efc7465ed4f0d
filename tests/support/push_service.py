"""A push service on loopback, and a browser that subscribed at it: reads messages by RFC 8291 with its own keys.

It is written from the RFC and shares no code with what seals the messages.
"""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


class Browser:
    """The browser's side of a subscription."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    def subscription(self, endpoint: str, language: str = "en") -> dict[str, str]:
        """What the app sends to the server."""
        return {
            "endpoint": endpoint,
            "p256dh": b64url(point(self.key)),
            "auth": b64url(self.auth),
            "language": language,
        }

    def opened(self, body: bytes) -> dict[str, Any]:
        """The message in a body (RFC 8188, one record; RFC 8291 §3.4)."""
        salt, sender = body[:16], body[21 : 21 + body[20]]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        secret = _hkdf(shared, self.auth, b"WebPush: info\0" + point(self.key) + sender, 32)
        key = _hkdf(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(secret, salt, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, body[21 + body[20] :], None).rstrip(b"\0")
        assert plain[-1] == 2, "the last record ends in 2"
        message: dict[str, Any] = json.loads(plain[:-1])
        return message


@dataclass
class PushService:
    """Takes messages as a browser maker's service does; `status` is what it answers next."""

    url: str = ""
    status: int = 201
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def signer(self, at: int, public_key: str) -> dict[str, Any]:
        """The claims of who sent a message, checked against the key that was subscribed with (RFC 8292)."""
        scheme, _, rest = self.got[at][1]["authorization"].partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert (scheme, said["k"]) == ("vapid", public_key)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64url(said["k"]))
        claims: dict[str, Any] = jwt.decode(said["t"], key, algorithms=["ES256"], options={"verify_aud": False})
        return claims


@contextmanager
def push_service() -> Iterator[PushService]:
    """A service that runs until the end of the block."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(service.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
