"""Whom a request comes from, where proxies stand in front. Only our own proxies are believed."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address

from plumbline.settings import Settings, networks


def client_address(settings: Settings, peer: str, forwarded: str) -> str:
    """The client's address by the X-Forwarded-For list `forwarded`, or `peer` when that is no proxy of ours.

    Each proxy appends whom it saw, so with `proxies` of them the client is that many from the end; what stands before
    was written by the client itself.
    """
    if not settings.proxies or not _is_proxy(peer, settings.proxy_networks):
        return peer
    passed = [part.strip() for part in forwarded.split(",") if part.strip()]
    return passed[-settings.proxies] if len(passed) >= settings.proxies else peer


def _is_proxy(peer: str, listed: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in _read(listed))


@lru_cache(maxsize=8)
def _read(listed: str) -> list[IPv4Network | IPv6Network]:
    return networks(listed)
