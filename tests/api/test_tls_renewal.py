"""A certificate that is about to end is made anew while people work; nothing is restarted."""

import contextlib
import hashlib
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from plumbline.serve.authority import LEAF_DAYS, Authority
from plumbline.serve.network import reach
from tests.api.test_serving import free_port
from tests.support.tls import serving_tls

GONE_S = 2.0


def shown(port: int, trusted: Path) -> str:
    """The SHA-256 of the certificate that a client of this authority is shown. Raises SSLError for a bad one.

    Who connects in the very moment of the change may have to connect again, as browsers do by themselves.
    """
    for is_last in (False, True):
        try:
            return hashlib.sha256(_leaf(port, trusted)[0]).hexdigest()
        except (ssl.SSLEOFError, ConnectionError):
            if is_last:
                raise
    raise AssertionError("unreachable")


def _leaf(port: int, trusted: Path) -> tuple[bytes, str]:
    """The certificate shown, DER, and when it ends."""
    context = ssl.create_default_context(cafile=str(trusted))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    address = ("127.0.0.1", port)
    with (
        socket.create_connection(address, 5) as raw,
        context.wrap_socket(raw, server_hostname=address[0]) as secure,
    ):
        return secure.getpeercert(binary_form=True) or b"", str((secure.getpeercert() or {})["notAfter"])


def age(tls: Path, days_left: int) -> None:
    """Put a certificate of the same authority there that ends in so many days."""
    authority = Authority(tls, reach())
    made = datetime.now(UTC) - timedelta(days=LEAF_DAYS - days_left)
    (tls / "server.crt").unlink()
    authority.renew(reach(), at=made)


def test_a_certificate_near_its_end_is_renewed_without_a_restart(tmp_path: Path) -> None:
    http, https = free_port(), free_port()
    trusted = tmp_path / "tls" / "ca.crt"
    arguments = ["--host", "127.0.0.1", "--port", str(http), "--tls-port", str(https)]
    with serving_tls(tmp_path, arguments):
        context = ssl.create_default_context(cafile=str(trusted))
        first = shown(https, trusted)
        answers = set()
        age(tmp_path / "tls", days_left=10)
        last_seen = time.monotonic()
        end = last_seen + 20
        # Old and new listener share the port for a moment, and which of them takes a connection is chance: the old
        # certificate is gone when it was not seen for a while.
        while time.monotonic() - last_seen < GONE_S and time.monotonic() < end:
            if shown(https, trusted) == first:
                last_seen = time.monotonic()
            with contextlib.suppress(httpx.TransportError):
                answers.add(httpx.get(f"https://127.0.0.1:{https}/api/health", verify=context).status_code)

        assert time.monotonic() - last_seen >= GONE_S, (tmp_path / "plumbline.log").read_text("utf-8")
        assert answers <= {200}, "the product answers while its certificate is changed"
        assert datetime.now(UTC) + timedelta(days=300) < datetime.fromtimestamp(
            ssl.cert_time_to_seconds(_leaf(https, trusted)[1]), UTC
        )
        assert httpx.get(f"https://127.0.0.1:{https}/api/health", verify=context).status_code == 200
