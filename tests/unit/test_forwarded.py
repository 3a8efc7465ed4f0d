"""X-Forwarded-For is believed from our own proxies and from nobody else."""

from typing import Any

import pytest

from plumbline.serve.forwarded import client_address
from plumbline.settings import load

PROXY = "172.30.0.5"


def behind(**more: Any) -> Any:
    return load(**{"proxies": 1, "proxy_networks": "172.30.0.0/24, ::1", **more})


def test_our_proxy_says_who_the_client_is() -> None:
    assert client_address(behind(), PROXY, "203.0.113.9") == "203.0.113.9"


def test_what_the_client_wrote_itself_is_not_believed() -> None:
    assert client_address(behind(), PROXY, "1.2.3.4, 203.0.113.9") == "203.0.113.9"


def test_who_comes_around_the_proxy_is_taken_for_what_the_connection_says() -> None:
    assert client_address(behind(), "198.51.100.7", "1.2.3.4") == "198.51.100.7"


def test_two_proxies_append_two_addresses() -> None:
    assert client_address(behind(proxies=2), PROXY, "1.2.3.4, 203.0.113.9, 172.30.0.9") == "203.0.113.9"


def test_a_proxy_that_says_nothing_is_the_client() -> None:
    assert client_address(behind(), PROXY, "") == PROXY


def test_without_proxies_nothing_is_believed() -> None:
    assert client_address(behind(proxies=0), "::1", "1.2.3.4") == "::1"


def test_a_network_that_is_none_stops_the_start() -> None:
    with pytest.raises(ValueError, match="network"):
        load(proxy_networks="172.30.0.0/33")
