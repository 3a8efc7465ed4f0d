"""Where a request came from: for throttling, and, coarser, for logs that people read."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from litestar import Request
from litestar.datastructures import State

from plumbline.serve import forwarded

AnyRequest = Request[Any, Any, State]
# A household or a site has one IPv4 address, or a whole IPv6 /64 to choose from.
IPV6_HOUSEHOLD = 64
IPV4_NETWORK, IPV6_NETWORK = 24, 48


def client_address(request: AnyRequest) -> str:
    """The peer; behind our own proxies, whom the outermost of them saw. Empty when nobody knows."""
    peer = request.client.host if request.client else ""
    return forwarded.client_address(request.app.state.settings, peer, request.headers.get("x-forwarded-for", ""))


def household(address: str) -> str:
    """What counts as one sender: an IPv4 address, or an IPv6 /64; other text as it is."""
    return _network(address, 32, IPV6_HOUSEHOLD)


def network(address: str) -> str:
    """The network of an address, coarse enough to name no household: IPv4 /24, IPv6 /48; other text: empty."""
    found = _network(address, IPV4_NETWORK, IPV6_NETWORK)
    return found if "/" in found else ""


def _network(address: str, v4: int, v6: int) -> str:
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:120]
    if isinstance(known, IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    return str(ip_network((known, v6 if known.version == 6 else v4), strict=False))
