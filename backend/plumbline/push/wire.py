"""Sending one message to a push service, and to nothing else.

The address came from a browser, so anybody could name any: only https and only public addresses are spoken to
(PLUMBLINE_PUSH_PRIVATE allows others), the address that was looked at is the one that is connected to, redirects
are not followed, and of the answer only the status is read.
"""

import socket
import ssl
from http.client import HTTPConnection, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from plumbline.push.errors import PushAddressUnusable
from plumbline.settings import Settings

TIMEOUT_S = 15


def checked(settings: Settings, endpoint: str) -> SplitResult:
    """The parts of a usable endpoint. Names are looked up when sending, not here. Raises PushAddressUnusable."""
    try:
        url = urlsplit(endpoint)
        port = url.port
    except ValueError as bad:
        raise PushAddressUnusable from bad
    if not url.hostname or url.username or url.password or not endpoint.isascii():
        raise PushAddressUnusable
    if settings.push_private:
        return url
    if url.scheme != "https" or port not in (None, 443) or "." not in url.hostname or not _may_be_public(url.hostname):
        raise PushAddressUnusable
    return url


def _may_be_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return True  # A name.


def post(settings: Settings, endpoint: str, headers: dict[str, str], body: bytes) -> int:
    """POST the message; returns the status. Raises PushAddressUnusable, OSError, HTTPException."""
    url = checked(settings, endpoint)
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    sock = socket.create_connection((_address(settings, host, port), port), TIMEOUT_S)
    connection: HTTPConnection = HTTPConnection(host, port, timeout=TIMEOUT_S)
    if url.scheme == "https":
        connection = HTTPSConnection(host, port, timeout=TIMEOUT_S)
        sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    connection.sock = sock
    try:
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _address(settings: Settings, host: str, port: int) -> str:
    """The address to connect to. Every address of the name must be public. Raises PushAddressUnusable, OSError."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not settings.push_private and not all(ip_address(one.partition("%")[0]).is_global for one in found):
        raise PushAddressUnusable
    return found[0]
