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
FAMILY = UUID("019b0000-0000-7000-8000-000000000003")
GRANT = UUID("019b0000-0000-7000-8000-000000000004")


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
        "fam": str(FAMILY),
        "iat": now(),
        "exp": now() + timedelta(minutes=5),
        "jti": "1",
    }
    change(claims)
    return jwt.encode(claims, key or settings.secret("token"), algorithm=algorithm, headers={"typ": typ})


def same(claims: dict[str, Any]) -> None:
    """Change nothing."""


def test_an_issued_token_says_who_and_on_which_device(settings: Settings) -> None:
    token = tokens.issue_access(settings, PERSON, DEVICE, FAMILY)

    assert tokens.read_access(settings, token) == tokens.Claims(PERSON, DEVICE, FAMILY)
    assert tokens.read_access(settings, forged(settings, same)) == tokens.Claims(PERSON, DEVICE, FAMILY)


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "did", "fam", "iat", "exp", "jti"])
def test_a_token_that_lacks_a_claim_is_no_token(settings: Settings, claim: str) -> None:
    assert tokens.read_access(settings, forged(settings, lambda claims: claims.pop(claim))) is None


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "somebody"),
        ("aud", "another-api"),
        ("sub", "nobody"),
        ("did", 7),
        ("fam", "none"),
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


def test_the_token_of_a_link_is_no_access_token_and_the_other_way_round(settings: Settings) -> None:
    visit = tokens.issue_visit(settings, GRANT, 2, now() + timedelta(minutes=5))
    access = tokens.issue_access(settings, PERSON, DEVICE, FAMILY)

    assert tokens.read_visit(settings, visit) == tokens.Visit(GRANT, 2)
    assert tokens.read_access(settings, visit) is None
    assert tokens.read_visit(settings, access) is None


def test_a_visit_ends_with_its_grant(settings: Settings) -> None:
    ended = tokens.issue_visit(settings, GRANT, 1, now() - timedelta(seconds=tokens.LEEWAY_S + 1))

    assert tokens.read_visit(settings, ended) is None


def test_each_refresh_token_has_one_successor_that_only_the_server_can_compute(
    settings: Settings, tmp_path: Path
) -> None:
    elsewhere = load(data_dir=tmp_path / "other", database_url="")

    assert tokens.successor(settings, "one") == tokens.successor(settings, "one")
    others = {tokens.successor(settings, "two"), tokens.successor(elsewhere, "one"), "one"}
    assert tokens.successor(settings, "one") not in others
