"""Passwords and logins."""

import pytest

from plumbline.identity import passwords
from plumbline.identity.errors import WeakPassword


def test_a_password_fits_only_itself() -> None:
    stored = passwords.hash_password("long enough 长密码")

    assert stored.startswith("$argon2id$")
    assert passwords.is_right(stored, "long enough 长密码")
    assert not passwords.is_right(stored, "long enough")
    assert not passwords.needs_rehash(stored)


def test_nobodys_password_is_never_right() -> None:
    assert not passwords.is_right(None, "nobody has this password")
    assert not passwords.is_right("no hash at all", "long enough")


@pytest.mark.parametrize("weak", ["", "ninechars", "Li.Wei@site.example"])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.hash_password(weak, login="li.wei@site.example")


def test_a_login_has_one_spelling() -> None:
    assert passwords.clean_login(" Li.Wei＠Site ") == "li.wei@site"
