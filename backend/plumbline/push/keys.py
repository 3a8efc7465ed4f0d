"""The server's key of Web Push (VAPID, RFC 8292): one P-256 key, the same in every process.

It is computed from a server secret as the other keys are, so it lies in data_dir/secrets or follows token_secret.
When it changes, browsers must subscribe again: messages to the old subscriptions are refused.
"""

from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from plumbline.settings import Settings

# Order of P-256 (FIPS 186-5): private keys are 1 … ORDER - 1.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def private_key(settings: Settings) -> ec.EllipticCurvePrivateKey:
    """The key. A secret of 256 bits taken modulo the order is even enough: the order is close to 2**256."""
    secret = int.from_bytes(settings.secret("vapid"), "big")
    return ec.derive_private_key(secret % (ORDER - 1) + 1, ec.SECP256R1())


def private_pem(settings: Settings) -> bytes:
    """The key as PEM (PKCS 8)."""
    return private_key(settings).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(settings: Settings) -> bytes:
    """The public key as PEM."""
    return private_key(settings).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_key(settings: Settings) -> str:
    """The public key as browsers want it (`applicationServerKey`)."""
    point = private_key(settings).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).rstrip(b"=").decode()
