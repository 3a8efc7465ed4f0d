"""The certificate authority: what phones are asked to trust, and when the server's certificate is made anew."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from plumbline.serve.authority import LEAF_DAYS, RENEW_BEFORE_DAYS, Authority, Pair
from plumbline.serve.network import Reach, reach

SITE_OFFICE = Reach(names=("localhost", "office.local"), addresses=("192.168.1.20", "127.0.0.1"))


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    authority = Authority(tmp_path / "tls", SITE_OFFICE)
    authority.renew(SITE_OFFICE)
    return authority


def leaf_of(authority: Authority) -> x509.Certificate:
    return x509.load_pem_x509_certificate(authority.certificate_path.read_bytes())


def test_the_server_certificate_names_every_way_to_reach_the_machine(authority: Authority) -> None:
    names = leaf_of(authority).extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert names.get_values_for_type(x509.DNSName) == ["localhost", "office.local"]
    assert {str(a) for a in names.get_values_for_type(x509.IPAddress)} == {"192.168.1.20", "127.0.0.1", "::1"}


@pytest.mark.parametrize("host", ["localhost", "office.local"])
def test_a_browser_that_trusts_the_authority_trusts_the_server(authority: Authority, host: str) -> None:
    store = Store([authority.pair.certificate])

    chain = PolicyBuilder().store(store).build_server_verifier(x509.DNSName(host)).verify(leaf_of(authority), [])

    assert chain[-1] == authority.pair.certificate


def test_a_stolen_authority_cannot_sign_for_a_bank(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Authority, "_covers", lambda self, name: True)
    authority.renew(Reach(names=("bank.example",), addresses=()))
    verifier = (
        PolicyBuilder().store(Store([authority.pair.certificate])).build_server_verifier(x509.DNSName("bank.example"))
    )

    with pytest.raises(VerificationError):
        verifier.verify(leaf_of(authority), [])


def test_the_certificate_lives_no_longer_than_phones_accept(authority: Authority) -> None:
    leaf = leaf_of(authority)

    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=397)
    assert leaf.not_valid_before_utc < datetime.now(UTC) - timedelta(days=1), "a slow phone clock must not matter"


def test_nothing_is_signed_again_while_names_and_dates_hold(authority: Authority) -> None:
    before = authority.certificate_path.read_bytes()

    assert authority.renew(SITE_OFFICE) is False
    assert authority.certificate_path.read_bytes() == before


def test_a_new_address_gets_a_new_certificate(authority: Authority) -> None:
    moved = Reach(names=SITE_OFFICE.names, addresses=("10.0.0.7", "127.0.0.1"))

    assert authority.renew(moved) is True
    assert authority.renew(moved) is False


def test_the_certificate_is_renewed_a_month_before_its_end(authority: Authority) -> None:
    near_the_end = datetime.now(UTC) + timedelta(days=LEAF_DAYS - RENEW_BEFORE_DAYS)

    assert authority.renew(SITE_OFFICE, at=near_the_end - timedelta(days=5)) is False
    assert authority.renew(SITE_OFFICE, at=near_the_end) is True


def test_the_authority_stays_the_same_over_a_restart(authority: Authority, tmp_path: Path) -> None:
    again = Authority(tmp_path / "tls", Reach(names=("localhost",), addresses=()))

    assert again.fingerprint == authority.fingerprint


def test_keys_are_readable_by_their_owner_alone(authority: Authority, tmp_path: Path) -> None:
    for name in ("ca.key", "server.key"):
        assert stat.S_IMODE((tmp_path / "tls" / name).stat().st_mode) == 0o600


def test_a_key_that_does_not_fit_its_certificate_is_not_used(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "tls" / "server.key").write_bytes((tmp_path / "tls" / "ca.key").read_bytes())

    assert Pair.read(tmp_path / "tls", "server") is None
    assert authority.renew(SITE_OFFICE) is True


def test_python_takes_the_pair_for_a_server(authority: Authority) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    context.load_cert_chain(authority.certificate_path, authority.key_path)


def test_a_public_address_seen_later_is_left_out_and_said(authority: Authority) -> None:
    abroad = Reach(names=("localhost",), addresses=("203.0.113.9", "127.0.0.1"))

    assert authority.left_out(abroad) == ["203.0.113.9"]


def test_a_public_address_that_the_site_uses_from_the_start_is_covered(tmp_path: Path) -> None:
    here = Reach(names=("localhost",), addresses=("203.0.113.9", "127.0.0.1"))
    authority = Authority(tmp_path / "tls", here)

    assert authority.left_out(here) == []


def test_this_machine_can_at_least_reach_itself() -> None:
    here = reach()

    assert "localhost" in here.names
    assert "127.0.0.1" in here.addresses
