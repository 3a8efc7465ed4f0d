"""`plumbline serve --tls` as a phone meets it: on another machine, over a cable, trusting nothing but what it installs.

Two network namespaces stand for the two machines. Where the system permits none, the tests say what was tried.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from litestar.testing import TestClient
from playwright.sync_api import BrowserContext, Page, expect

from plumbline.app import make_app
from plumbline.db import make_engine
from plumbline.settings import load
from tests.e2e.browsers import LOCALES, PHONE, Browsers
from tests.support.browser import find_browser
from tests.support.cast import Actor, Cast, make_cast
from tests.support.databases import make_tables
from tests.support.namespaces import Machine, NotPermitted, two_machines
from tests.support.tls import serving_tls, wait_for

HOUSE, PHONE_ADDRESS, MOVED = "10.77.0.1", "10.77.0.2/24", "10.77.0.9"
SHOTS = Path(__file__).resolve().parents[2] / "build" / "shots"
# Run on the other machine: what a client that trusts this authority and nothing else makes of the server.
STRICT = """
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
with socket.create_connection((sys.argv[2], int(sys.argv[3])), 5) as raw:
    with context.wrap_socket(raw, server_hostname=sys.argv[2]) as secure:
        print(secure.version())
"""


@dataclass
class Elsewhere:
    """The server's machine and the phone's; `cast` are the people, `authority` what the phone downloaded."""

    house: Machine
    phone: Machine
    data: Path
    cast: Cast
    screen: Path

    @property
    def authority(self) -> Path:
        """Where the phone keeps the certificate that it downloaded."""
        return self.data / "downloaded.crt"

    def curl(self, *arguments: str) -> str:
        """curl on the phone, which believes the downloaded authority alone."""
        return self.phone.run("curl", "-sS", "--fail", "--max-time", "10", "--cacert", str(self.authority), *arguments)

    def ask(self, actor: Actor, path: str, body: Any = None, address: str = HOUSE) -> Any:
        """A person's request from the phone's machine, over HTTPS."""
        sent = ["-H", "Content-Type: application/json", "-d", json.dumps(body)] if body is not None else []
        return json.loads(
            self.curl("-H", f"Authorization: Bearer {actor.token}", *sent, f"https://{address}:8443{path}")
        )

    def invite(self, address: str = HOUSE) -> str:
        """The link of a new invitation for a foreman."""
        manager = self.cast.project_manager
        wish = {"display_name": "Zhou Qiang", "organization": str(self.cast.contractor), "roles": ["foreman"]}
        return str(self.ask(manager, manager.at("/invites"), wish, address)["url"])


@pytest.fixture(scope="module")
def elsewhere(front_end: None) -> Iterator[Elsewhere]:
    with ExitStack() as stack:
        try:
            house, phone = stack.enter_context(two_machines())
        except NotPermitted as reason:
            pytest.skip(f"This machine makes no network namespaces: {reason}")
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plumbline-tls-")))
        cast = people(data)
        house.move(f"{HOUSE}/24")
        phone.move(PHONE_ADDRESS)
        screen = stack.enter_context(
            serving_tls(data, [], house.command(), PLUMBLINE_ACCESS_TOKEN_MINUTES="60", PLUMBLINE_LOG_LEVEL="WARNING")
        )
        here = Elsewhere(house, phone, data, cast, screen)
        phone.run(
            "curl", "-sS", "--fail", "-o", str(here.authority) + ".der", f"http://{HOUSE}:8000/ca/plumbline-ca.crt"
        )
        found = x509.load_der_x509_certificate(Path(f"{here.authority}.der").read_bytes())
        here.authority.write_bytes(found.public_bytes(serialization.Encoding.PEM))
        yield here


def people(data: Path) -> Cast:
    """A project with its people, made before the server starts: their tokens hold with the same secrets."""
    settings = load(data_dir=data, database_url="", jobs="off", access_token_minutes=60)
    make_tables(settings)
    engine = make_engine(settings)
    with TestClient(make_app(settings, engine)) as client:
        return make_cast(client, engine)


@contextmanager
def browser_there(here: Elsewhere, browsers: Browsers, language: str) -> Iterator[BrowserContext]:
    """A phone's browser on the other machine that trusts what it downloaded.

    With certutil the authority is installed as on a phone. Without it Chromium cannot be told to trust an
    authority, so it is told to believe the one key that the strict check found good.
    """
    home = Path(tempfile.mkdtemp(prefix="plumbline-phone-"))
    flags = ["--no-sandbox"]
    if shutil.which("certutil"):
        database = home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        for step in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "site", "-i", str(here.authority)]):
            subprocess.run(["certutil", "-d", f"sql:{database}", *step], check=True, capture_output=True)
    else:
        flags.append(f"--ignore-certificate-errors-spki-list={key_of(here)}")
    browser = browsers.chromium.browser_type.launch(
        executable_path=str(here.phone.program(home, str(find_browser()))), args=flags, env={"HOME": str(home)}
    )
    try:
        yield browser.new_context(locale=LOCALES[language], timezone_id="Asia/Shanghai", **PHONE)
    finally:
        browser.close()
        shutil.rmtree(home, ignore_errors=True)


def key_of(here: Elsewhere) -> str:
    """The SHA-256 of the server's public key, base64."""
    leaf = x509.load_pem_x509_certificate((here.data / "tls" / "server.crt").read_bytes())
    key = leaf.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


def keep(page: Page, name: str) -> None:
    """A picture for people to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def test_the_certificate_holds_for_a_strict_client_on_another_machine(elsewhere: Elsewhere) -> None:
    said = elsewhere.phone.run(sys.executable, "-c", STRICT, str(elsewhere.authority), HOUSE, "8443")

    assert said.strip() == "TLSv1.3"
    assert json.loads(elsewhere.curl(f"https://{HOUSE}:8443/api/health"))["status"] == "ok"


def test_who_installed_nothing_is_refused_and_plain_http_leads_to_https(elsewhere: Elsewhere) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        elsewhere.phone.run("curl", "-sS", f"https://{HOUSE}:8443/api/health")
    head = elsewhere.phone.run(
        "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", f"http://{HOUSE}:8000/x"
    )

    assert refused.value.returncode == 60, "curl's number for a certificate that nobody vouches for"
    assert head == f"307 https://{HOUSE}:8443/x"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_authority_page_opens_on_a_phone_by_http(elsewhere: Elsewhere, browsers: Browsers, language: str) -> None:
    with browser_there(elsewhere, browsers, language) as context:
        page = context.new_page()
        page.goto(f"http://{HOUSE}:8000/ca" + ("#en" if language == "en" else ""))
        with page.expect_download() as download:
            page.get_by_role("link", name=".crt").nth(1 if language == "en" else 0).click()
        der = Path(download.value.path()).read_bytes()
        keep(page, f"authority-{language}-360x740")
        wide = page.evaluate("() => document.documentElement.scrollWidth")

    assert der == Path(f"{elsewhere.authority}.der").read_bytes()
    assert wide <= 360, "nothing hangs over the edge of a phone"


def test_a_phone_joins_over_https_from_another_machine(elsewhere: Elsewhere, browsers: Browsers) -> None:
    link = elsewhere.invite()
    assert link.startswith(f"https://{HOUSE}:8443/join/"), "the code leads to the address that phones can open"

    with browser_there(elsewhere, browsers, "zh") as context:
        page = context.new_page()
        page.goto(link)
        assert page.evaluate("() => window.isSecureContext")
        worker = "() => navigator.serviceWorker.ready.then((registered) => registered.active.scriptURL)"
        assert page.evaluate(worker) == f"https://{HOUSE}:8443/sw.js"
        page.locator("input[autocomplete=name]").fill("周强")
        page.locator("form button[type=submit]").click()
        expect(page.get_by_role("heading", name="等待确认")).to_be_visible()
        confirm(elsewhere)
        expect(page.get_by_role("heading", name="我的工作", level=1)).to_be_visible(timeout=30_000)
        keep(page, "joined-zh-360x740")


def confirm(here: Elsewhere) -> None:
    """The manager confirms who joined."""
    manager = here.cast.project_manager
    joined = next(i for i in here.ask(manager, manager.at("/invites")) if i["state"] == "joined")
    body = {
        "person": joined["person_id"],
        "organization": str(here.cast.contractor),
        "roles": ["foreman"],
        "crew": None,
    }
    act = manager.act("member:admit", joined["person_id"], body)
    (result,) = here.ask(manager, "/api/acts", {"envelopes": [act]})["results"]
    assert result["verdict"] == "applied", result


# The last one here: the machine has another address from now on.
def test_links_codes_and_certificate_follow_the_machine_to_another_address(elsewhere: Elsewhere) -> None:
    elsewhere.house.move(f"{MOVED}/24")
    wait_for(elsewhere.screen, f"https://{MOVED}:8443")

    said = elsewhere.phone.run(sys.executable, "-c", STRICT, str(elsewhere.authority), MOVED, "8443")
    link = urlsplit(elsewhere.invite(MOVED))
    trust_page = elsewhere.phone.run("curl", "-sS", f"http://{MOVED}:8000/ca")

    assert said.strip() == "TLSv1.3", "the authority that phones installed vouches for the new address too"
    assert link.netloc == f"{MOVED}:8443"
    assert f'href="https://{MOVED}:8443"' in trust_page
