"""A certificate that is about to end is made anew while people work; nothing is restarted."""

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


def shown(port: int, trusted: Path) -> str:
    """The SHA-256 of the certificate that a client of this authority is shown. Raises SSLError for a bad one."""
    context = ssl.create_default_context(cafile=str(trusted))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with (
        socket.create_connection(("127.0.0.1", port), 5) as raw,
        context.wrap_socket(raw, server_hostname="127.0.0.1") as s,
    ):
        return hashlib.sha256(s.getpeercert(binary_form=True) or b"").hexdigest()


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
        end = time.monotonic() + 20
        while shown(https, trusted) == first and time.monotonic() < end:
            answers.add(httpx.get(f"https://127.0.0.1:{https}/api/health", verify=context).status_code)
        second = shown(https, trusted)

        assert second != first, (tmp_path / "plumbline.log").read_text("utf-8")
        assert answers <= {200}, "the product answers while its certificate is changed"
        assert datetime.now(UTC) + timedelta(days=300) < _ends(https, trusted)
        assert httpx.get(f"https://127.0.0.1:{https}/api/health", verify=context).status_code == 200


def _ends(port: int, trusted: Path) -> datetime:
    context = ssl.create_default_context(cafile=str(trusted))
    with (
        socket.create_connection(("127.0.0.1", port), 5) as raw,
        context.wrap_socket(raw, server_hostname="127.0.0.1") as s,
    ):
        said = (s.getpeercert() or {})["notAfter"]
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(said)), UTC)
