"""Access tokens: what RFC 8725 asks a reader to check."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest

from plumbline.db import now
from plumbline.identity import tokens
from plumbline.settings import Settings, load

PERSON = UUID("019b0000-0000-7000-8000-000000000001")
DEVICE = UUID("019b0000-0000-7000-8000-000000000002")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(data_dir=tmp_path, database_url="")


def forged(
    settings: Settings,
    change: Callable[[dict[str, Any]], Any],
    key: bytes = b"",
    algorithm: str = "HS256",
    typ: str = "at+jwt",
) -> str:
    claims: dict[str, Any] = {
        "iss": "plumbline",
        "aud": "plumbline-api",
        "sub": str(PERSON),
        "did": str(DEVICE),
        "iat": now(),
        "exp": now() + timedelta(minutes=5),
        "jti": "1",
    }
    change(claims)
    return jwt.encode(claims, key or settings.secret("token"), algorithm=algorithm, headers={"typ": typ})


def same(claims: dict[str, Any]) -> None:
    """Change nothing."""


def test_an_issued_token_says_who_and_on_which_device(settings: Settings) -> None:
    token = tokens.issue_access(settings, PERSON, DEVICE)

    assert tokens.read_access(settings, token) == tokens.Claims(PERSON, DEVICE)
    assert tokens.read_access(settings, forged(settings, same)) == tokens.Claims(PERSON, DEVICE)


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "did", "iat", "exp", "jti"])
def test_a_token_that_lacks_a_claim_is_no_token(settings: Settings, claim: str) -> None:
    assert tokens.read_access(settings, forged(settings, lambda claims: claims.pop(claim))) is None


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "somebody"),
        ("aud", "another-api"),
        ("sub", "nobody"),
        ("did", 7),
        ("exp", now() - timedelta(minutes=1)),
        # A parameter is made when tests are gathered, and the run may last longer than minutes.
        ("iat", now() + timedelta(hours=5)),
    ],
)
def test_a_token_with_a_wrong_claim_is_no_token(settings: Settings, claim: str, value: Any) -> None:
    assert tokens.read_access(settings, forged(settings, lambda claims: claims.update({claim: value}))) is None


@pytest.mark.parametrize(
    "other",
    [
        {"key": b"another secret, 32 letters at least"},
        {"typ": "JWT"},
        {"algorithm": "HS512", "key": b"0123456789abcdef" * 4},
    ],
)
def test_another_key_type_or_algorithm_makes_no_token(settings: Settings, other: dict[str, Any]) -> None:
    assert tokens.read_access(settings, forged(settings, same, **other)) is None


def test_an_unsigned_token_is_no_token(settings: Settings) -> None:
    _, body, _ = forged(settings, same).split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "at+jwt"}).encode()).decode().rstrip("=")

    assert tokens.read_access(settings, f"{header}.{body}.") is None
    assert tokens.read_access(settings, "") is None
    assert tokens.read_access(settings, "\u2603.\u2603.\u2603") is None
