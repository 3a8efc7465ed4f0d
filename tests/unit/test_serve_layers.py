"""What stands around the application: security headers, the plain-HTTP gate, the page that installs trust."""

import plistlib
import re
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from plumbline.serve.authority import Authority
from plumbline.serve.gate import PlainHttpGate
from plumbline.serve.headers import SecurityHeaders, content_security_policy
from plumbline.serve.network import Reach
from plumbline.serve.outside import wrap
from plumbline.serve.trust import TrustPages
from plumbline.settings import Settings, load

HERE = Reach(names=("localhost",), addresses=("192.168.1.20", "127.0.0.1"))
S3 = {"store": "s3", "s3_endpoint": "http://store:9000", "s3_access_key": "a", "s3_secret_key": "b"}


@get("/api/lots")
async def lots() -> list[str]:
    return []


def app_of(tmp_path: Path, **more: Any) -> TestClient[Any]:
    settings = load(pwa_dir=tmp_path, data_dir=tmp_path, **more)
    return TestClient(wrap(Litestar([lots], openapi_config=None), settings))


@pytest.fixture
def page(tmp_path: Path) -> Any:
    (tmp_path / "index.html").write_text("<!doctype html>")
    return app_of(tmp_path).get("/")


def test_pages_run_only_our_own_scripts(page: Any) -> None:
    policy = page.headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy


def test_camera_and_position_are_ours_alone(page: Any) -> None:
    assert page.headers["permissions-policy"].startswith("camera=(self), geolocation=(self), microphone=(self)")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_data_opened_as_a_page_can_do_nothing(tmp_path: Path) -> None:
    policy = app_of(tmp_path).get("/api/lots").headers["content-security-policy"]

    assert policy.startswith("default-src 'none'")
    assert "sandbox" in policy


def test_refused_requests_carry_the_headers_too(tmp_path: Path) -> None:
    assert app_of(tmp_path).get("/api/unknown").headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("settings", "connect"),
    [
        ({}, "connect-src 'self';"),
        (S3, "connect-src 'self' http://store:9000;"),
        ({**S3, "s3_public_endpoint": "https://files.example.org/x"}, "connect-src 'self' https://files.example.org;"),
    ],
)
def test_pages_may_send_to_the_store_and_nowhere_else(settings: dict[str, Any], connect: str) -> None:
    assert connect in content_security_policy(load(**settings))


# --- The plain-HTTP port -------------------------------------------------------------------------


async def everything(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside", "more_body": False})


def through_the_gate(client: str, method: str, path: str, host: str = "192.168.1.20:8000") -> Any:
    gate = PlainHttpGate(everything, 8443, lambda: ("192.168.1.20", "office.local"))

    async def from_there(scope: Any, receive: Any, send: Any) -> None:
        await gate({**scope, "client": (client, 50000)}, receive, send)

    return TestClient(from_there).request(method, path, headers={"host": host}, follow_redirects=False)


@pytest.mark.parametrize("client", ["127.0.0.1", "::1"])
def test_this_machine_gets_the_whole_product(client: str) -> None:
    assert through_the_gate(client, "POST", "/api/acts").text == "inside"


def test_a_phone_is_sent_to_https_with_its_path(tmp_path: Path) -> None:
    answer = through_the_gate("192.168.1.77", "GET", "/q/abc?x=1", host="office.local:8000")

    assert answer.status_code == 307
    assert answer.headers["location"] == "https://office.local:8443/q/abc?x=1"


def test_a_foreign_host_header_does_not_choose_the_target() -> None:
    answer = through_the_gate("192.168.1.77", "GET", "/", host="evil.example:8000")

    assert answer.headers["location"] == "https://192.168.1.20:8443/"


def test_nothing_is_accepted_in_the_clear_from_the_network() -> None:
    answer = through_the_gate("192.168.1.77", "POST", "/api/sign-in")

    assert answer.status_code == 403
    assert "https" in answer.text


def test_a_phone_may_read_the_trust_page_before_it_trusts() -> None:
    assert through_the_gate("192.168.1.77", "GET", "/ca").text == "inside"
    assert through_the_gate("192.168.1.77", "GET", "/cafeteria").status_code == 307


# --- The trust page ------------------------------------------------------------------------------


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "tls", HERE)


@pytest.fixture
def trust(authority: Authority, tmp_path: Path) -> TestClient[Any]:
    settings: Settings = load(data_dir=tmp_path)
    return TestClient(SecurityHeaders(TrustPages(everything, authority, lambda: "https://192.168.1.20:8443"), settings))


def test_the_page_speaks_both_languages_and_shows_the_fingerprint(trust: TestClient[Any], authority: Authority) -> None:
    page = trust.get("/ca").text

    assert authority.fingerprint in page
    assert "让这部手机信任" in page
    assert "Let this phone trust" in page
    assert 'href="https://192.168.1.20:8443"' in page
    assert "$" not in page


@pytest.mark.parametrize(
    ("accept", "lang", "first"),
    [("en-GB,en;q=0.9", "en", "Let this phone"), ("zh-CN", "zh-CN", "让这部手机"), ("", "zh-CN", "让这部手机")],
)
def test_the_readers_own_language_comes_first(trust: TestClient[Any], accept: str, lang: str, first: str) -> None:
    page = trust.get("/ca", headers={"accept-language": accept}).text

    assert f'<html lang="{lang}">' in page
    assert page.index(first) == min(page.index("Let this phone"), page.index("让这部手机信任工地"))


def test_the_page_needs_no_script_and_no_inline_style(trust: TestClient[Any]) -> None:
    page = trust.get("/ca").text

    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)
    assert trust.get("/ca/style.css").headers["content-type"] == "text/css; charset=utf-8"


def test_android_gets_the_certificate_that_it_can_install(trust: TestClient[Any], authority: Authority) -> None:
    answer = trust.get("/ca/plumbline-ca.crt")

    assert answer.headers["content-type"] == "application/x-x509-ca-cert"
    assert answer.content == authority.certificate_der


def test_ios_gets_a_profile_with_the_same_certificate(trust: TestClient[Any], authority: Authority) -> None:
    answer = trust.get("/ca/plumbline.mobileconfig")
    profile = plistlib.loads(answer.content)

    assert answer.headers["content-type"] == "application/x-apple-aspen-config"
    assert profile["PayloadContent"][0]["PayloadType"] == "com.apple.security.root"
    assert profile["PayloadContent"][0]["PayloadContent"] == authority.certificate_der


def test_no_key_is_offered(trust: TestClient[Any]) -> None:
    assert trust.get("/ca/ca.key").text == "inside", "unknown names are not the trust page's"
