"""Codes that people scan or type: 128 random bits as 26 characters of Crockford's base32, lower-case.

Source of the alphabet: Douglas Crockford, Base 32 (no i, l, o, u; read i and l as 1, o as 0).
"""

import hashlib
import re
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_MISREAD = str.maketrans({"i": "1", "l": "1", "o": "0", "-": None, " ": None})


def make_code() -> str:
    """A new code that nobody can guess."""
    return written(secrets.randbits(128))


def written(bits: int) -> str:
    """128 bits as a code."""
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def normalize(text: str) -> str:
    """A code as it is stored: lower-case, without spaces and hyphens, misread letters mended.

    Raises ValueError when the text is no code.
    """
    code = text.strip().lower().translate(_MISREAD)
    if not _CODE.fullmatch(code):
        raise ValueError("a code has 26 characters 0-9 and a-z")
    return code


def code_sha256(code: str) -> str:
    """SHA-256 of a normalized code: what is stored of a code that is a secret, 64 lower-case hex."""
    return hashlib.sha256(code.encode("ascii")).hexdigest()
