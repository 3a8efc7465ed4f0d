"""The names and addresses at which this machine can be reached on the site's network."""

import array
import ipaddress
import socket
import struct
import sys
from dataclasses import dataclass

# TEST-NET-1 (RFC 5737). Connecting a datagram socket sends nothing; it only asks which address would be used.
SOMEWHERE = ("192.0.2.1", 9)
_SIOCGIFADDR = 0x8915


@dataclass(frozen=True)
class Reach:
    """Names and IPv4 addresses of this machine, the address to print first; both sorted and without repeats."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def first_address(self) -> str | None:
        """The address a phone on the same network would use, or None without a network."""
        return next((a for a in self.addresses if not ipaddress.ip_address(a).is_loopback), None)


def reach() -> Reach:
    """Where this machine can be reached now. Never raises: without a network it is localhost alone."""
    primary = _primary_address()
    others = sorted({*_interface_addresses(), *_resolved_addresses()} - {primary or "", "127.0.0.1"})
    ordered = [*([primary] if primary else []), *others, "127.0.0.1"]
    return Reach(_names(), tuple(a for a in ordered if not ipaddress.ip_address(a).is_unspecified))


def _names() -> tuple[str, ...]:
    host = socket.gethostname().lower().strip(".")
    short = host.partition(".")[0]
    # Phones find a machine by multicast DNS under .local, whatever its full name is.
    return tuple(sorted({"localhost", *([host, f"{short}.local"] if short else [])} - {""}))


def _primary_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if ipaddress.ip_address(address).is_loopback else address


def _resolved_addresses() -> set[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return set()
    return {str(entry[4][0]) for entry in found if not str(entry[4][0]).startswith("127.")}


def _interface_addresses() -> set[str]:
    """The address of every interface; the standard library can ask for them on Linux only."""
    if sys.platform != "linux":
        return set()
    import fcntl

    found = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            request = array.array("B", struct.pack("256s", name.encode()[:15]))
            try:
                fcntl.ioctl(probe, _SIOCGIFADDR, request, True)
            except OSError:
                continue
            found.add(socket.inet_ntoa(request.tobytes()[20:24]))
    return {a for a in found if not a.startswith("127.")}
