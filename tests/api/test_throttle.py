"""Guessing codes and passwords: what a million guesses are worth, and when they are slowed down."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from uuid_utils.compat import uuid7

from plumbline.codes import ALPHABET, LENGTH, make_code
from plumbline.db import now, reading, writing
from plumbline.identity import throttle
from plumbline.identity.errors import TooManyTries
from plumbline.identity.models import FailedTry


def fail(engine: Engine, counted: throttle.Counted) -> None:
    """A try that is let through, and is wrong. Raises TooManyTries."""
    with reading(engine) as session:
        throttle.check(session, counted)
    with writing(engine) as session:
        throttle.note_failure(session, counted)


def flood(engine: Engine, about: str, failures: int) -> None:
    """Failures that other processes counted."""
    with writing(engine) as session:
        key = throttle._key(about)
        session.add_all(FailedTry(id=uuid7(), about=key, at=now() - timedelta(seconds=5)) for _ in range(failures))


def test_a_million_guesses_at_a_thousand_codes_hit_none() -> None:
    space = len(ALPHABET) ** LENGTH

    assert space >= 2**128
    assert 10**6 * 10**3 / 2**128 < 1e-28
    assert len({make_code() for _ in range(10_000)}) == 10_000
    # The first letter holds the two bits that 26 letters have over 128.
    assert {make_code()[0] for _ in range(500)} <= set(ALPHABET[:8])


def test_a_million_guesses_from_one_address_would_take_months(engine: Engine) -> None:
    counted = throttle.code_counts("203.0.113.7")
    for _ in range(throttle.PER_ADDRESS):
        fail(engine, counted)

    with pytest.raises(TooManyTries) as refused:
        fail(engine, counted)
    assert timedelta(days=100) < throttle.WINDOW * 10**6 / throttle.PER_ADDRESS
    assert 0 < float(str(refused.value.extra["retry_after_s"])) <= throttle.WINDOW.total_seconds() + 1


def test_what_one_process_counted_holds_in_every_other(engine: Engine) -> None:
    flood(engine, throttle.code_counts("203.0.113.7").sender, throttle.PER_ADDRESS)

    with pytest.raises(TooManyTries):
        fail(engine, throttle.code_counts("203.0.113.7"))
    fail(engine, throttle.code_counts("203.0.113.8"))


def test_one_household_cannot_hop_through_its_ipv6_addresses(engine: Engine) -> None:
    for n in range(throttle.PER_ADDRESS):
        fail(engine, throttle.code_counts(f"2001:db8:1:1::{n:x}"))

    with pytest.raises(TooManyTries):
        fail(engine, throttle.code_counts("2001:db8:1:1:ffff::1"))
    fail(engine, throttle.code_counts("2001:db8:1:2::1"))


def test_when_the_whole_server_is_guessed_at_each_address_has_one_failure_and_a_new_one_is_let_in(
    engine: Engine,
) -> None:
    flood(engine, "code from everybody", throttle.EVERYBODY)

    fail(engine, throttle.code_counts("198.51.100.1"))
    with pytest.raises(TooManyTries):
        fail(engine, throttle.code_counts("198.51.100.1"))
    fail(engine, throttle.code_counts("198.51.100.2"))


def test_guessed_passwords_of_one_login_are_slowed_down_also_from_many_addresses(engine: Engine) -> None:
    for n in range(throttle.PER_LOGIN):
        fail(engine, throttle.sign_in_counts("li.wei", f"198.51.100.{n}"))

    with pytest.raises(TooManyTries):
        fail(engine, throttle.sign_in_counts("li.wei", "198.51.100.200"))
    fail(engine, throttle.sign_in_counts("chen.jing", "198.51.100.200"))


def test_addresses_and_logins_are_kept_as_hashes(engine: Engine) -> None:
    fail(engine, throttle.sign_in_counts("li.wei", "198.51.100.1"))

    with reading(engine) as session:
        kept = session.exec(select(FailedTry.about)).all()
    assert len(kept) == 4
    assert all(len(about) == 64 for about in kept)
