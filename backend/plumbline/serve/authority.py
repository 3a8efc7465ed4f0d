"""A small certificate authority of this server's own, so that phones on the site get a secure context.

Browsers give camera, position, signing keys and offline work to secure pages only, and no public authority
signs for an address like 192.168.1.20. Whoever installs this authority trusts it for such addresses and
nothing else: RFC 5280 name constraints keep a stolen key from signing for a bank.
"""

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from plumbline.serve.network import Reach

AUTHORITY_DAYS = 3650
# Apple and the CA/Browser Forum take no server certificate that lives longer than 398 days.
LEAF_DAYS = 397
RENEW_BEFORE_DAYS = 30
# A phone whose clock is slow must not find the certificate "not yet valid".
BACKDATED_DAYS = 2
LOCAL_SUFFIXES = ("localhost", "local", "lan", "internal", "home.arpa")
LOCAL_NETWORKS = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def read(cls, folder: Path, name: str) -> Self | None:
        """The pair stored as name.crt and name.key; None when one is missing, damaged, or they do not match."""
        try:
            certificate = x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())
            key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
        except (OSError, ValueError):
            return None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate.public_key() != key.public_key():
            return None
        return cls(certificate, key)

    def write(self, folder: Path, name: str) -> None:
        """Store the pair, the key for its owner alone. A stop in between leaves a pair that `read` refuses."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _replace(folder / f"{name}.key", key, 0o600)
        _replace(folder / f"{name}.crt", self.certificate.public_bytes(serialization.Encoding.PEM), 0o644)


class Authority:
    """The authority in `folder` (data_dir/tls) and the server certificate that it signs."""

    def __init__(self, folder: Path, here: Reach) -> None:
        """Open the authority, or make one that covers local networks and those that `here` is in now."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self.pair = Pair.read(folder, "ca") or self._make_authority(here)

    @property
    def certificate_path(self) -> Path:
        """The server certificate, PEM."""
        return self._folder / "server.crt"

    @property
    def key_path(self) -> Path:
        """The server's private key, PEM (PKCS 8), mode 0600."""
        return self._folder / "server.key"

    @property
    def certificate_der(self) -> bytes:
        """The authority's certificate as phones install it."""
        return self.pair.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the authority's certificate, in upper-case pairs, as phones show it."""
        return self.pair.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    def renew(self, reach: Reach, at: datetime | None = None) -> bool:
        """Sign a new server certificate when it is missing, near its end, or lacks a name; True when it did."""
        moment = at or datetime.now(UTC)
        wanted = self._subject_names(reach)
        leaf = Pair.read(self._folder, "server")
        if leaf and self._still_serves(leaf.certificate, wanted, moment):
            return False
        self._make_leaf(wanted, moment).write(self._folder, "server")
        return True

    def left_out(self, reach: Reach) -> list[str]:
        """Names and addresses of this machine for which this authority may not sign: other public networks."""
        return [n for n in (*reach.names, *reach.addresses) if not self._covers(n)]

    def _still_serves(self, leaf: x509.Certificate, wanted: list[x509.GeneralName], moment: datetime) -> bool:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        is_ours = leaf.issuer == self.pair.certificate.subject
        is_fresh = moment < leaf.not_valid_after_utc - timedelta(days=RENEW_BEFORE_DAYS)
        return is_ours and is_fresh and set(wanted) <= set(names)

    def _make_authority(self, here: Reach) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        moment = datetime.now(UTC)
        # The serial in the name tells two servers' authorities apart in a phone's list.
        serial = x509.random_serial_number()
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Plumbline"),
                x509.NameAttribute(NameOID.COMMON_NAME, f"Plumbline site authority {serial:x}"[:40]),
            ]
        )
        usage = x509.KeyUsage(
            digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        permitted: list[x509.GeneralName] = [x509.DNSName(n) for n in sorted({*LOCAL_SUFFIXES, *here.names})]
        permitted += [x509.IPAddress(n) for n in _networks(here)]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(serial)
            .not_valid_before(moment - timedelta(days=BACKDATED_DAYS))
            .not_valid_after(moment + timedelta(days=AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.NameConstraints(permitted, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        pair = Pair(certificate, key)
        pair.write(self._folder, "ca")
        return pair

    def _make_leaf(self, names: list[x509.GeneralName], moment: datetime) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self.pair.certificate
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Plumbline")]))
            .issuer_name(issuer.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(moment - timedelta(days=BACKDATED_DAYS))
            .not_valid_after(moment + timedelta(days=LEAF_DAYS - BACKDATED_DAYS))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.pair.key.public_key()), critical=False
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(self.pair.key, hashes.SHA256())
        )
        return Pair(certificate, key)

    def _subject_names(self, reach: Reach) -> list[x509.GeneralName]:
        addresses = (*reach.addresses, "::1")
        names: list[x509.GeneralName] = [x509.DNSName(n) for n in reach.names if self._covers(n)]
        return names + [x509.IPAddress(ipaddress.ip_address(a)) for a in addresses if self._covers(a)]

    def _covers(self, name: str) -> bool:
        limits = self.pair.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        for limit in limits.permitted_subtrees or []:
            if isinstance(limit, x509.DNSName) and (name == limit.value or name.endswith(f".{limit.value}")):
                return True
            # In a constraint the value is a network, never one address.
            if isinstance(limit.value, Network) and _is_address(name) and ipaddress.ip_address(name) in limit.value:
                return True
        return False


def _networks(here: Reach) -> list[Network]:
    local = [ipaddress.ip_network(n) for n in LOCAL_NETWORKS]
    # Some sites use public addresses inside. The /24 around ours allows another lease of the same network.
    around = sorted({ipaddress.IPv4Network(f"{a}/24", strict=False) for a in here.addresses})
    return local + [n for n in around if not any(n.network_address in big for big in local)]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _replace(path: Path, content: bytes, mode: int) -> None:
    aside = path.with_suffix(path.suffix + ".new")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(path)
