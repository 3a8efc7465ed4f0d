"""Passwords: argon2id with the library's defaults (RFC 9106, low memory), and logins in one spelling."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from plumbline.identity.errors import WeakPassword

LEAST_LENGTH = 10
HASHER = PasswordHasher()


def clean_login(login: str) -> str:
    """A login as it is stored and compared: NFKC, no outer space, no case."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def hash_password(password: str, login: str = "") -> str:
    """An argon2id hash. Raises WeakPassword."""
    if len(password) < LEAST_LENGTH or clean_login(password) == clean_login(login):
        raise WeakPassword(least=LEAST_LENGTH)
    return HASHER.hash(password)


@cache
def _nobody() -> str:
    return HASHER.hash("nobody has this password")


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits. None (no such login) costs the same time and is never right."""
    try:
        return HASHER.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(password_hash)
