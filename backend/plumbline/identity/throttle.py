"""Throttling of failed sign-ins and guessed codes, counted in the database: all API processes see one count.

A code of an invitation or a link has 128 random bits, so a million guesses at a thousand open codes hit one with a
probability of 10^9 / 2^128 = 3e-30; throttling keeps the guessing from being a load. An address (IPv6: its /64) may
fail PER_ADDRESS times in the window. When the whole server is guessed at, each address has one failure only: a fixed
limit for everybody together would let a stranger with many addresses shut a whole site out.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.db import now
from plumbline.identity.address import household
from plumbline.identity.errors import TooManyTries
from plumbline.identity.models import FailedTry

WINDOW = timedelta(minutes=10)
# Clocks of several API hosts differ by less. Failures further ahead were noted before the clock was set back: counting
# them would lock people out until that time comes again.
SKEW = timedelta(minutes=1)
# Failures in the window after which the next try waits. A login alone allows more than a login from one address,
# or a stranger could lock a manager out; an address allows more, because a whole site may share one.
PER_LOGIN_AND_ADDRESS = 10
PER_LOGIN = 50
PER_ADDRESS = 50
# Failures of everybody together, from which on an address has PER_ADDRESS_UNDER_ATTACK.
EVERYBODY = 2000
PER_ADDRESS_UNDER_ATTACK = 1


@dataclass(frozen=True)
class Counted:
    """What a failure counts against: its sender, everybody together, and others with the limit of each."""

    sender: str
    everybody: str
    others: dict[str, int]


def sign_in_counts(login: str, address: str) -> Counted:
    """What a failed sign-in counts against."""
    sender = household(address)
    others = {f"sign-in {login} from {sender}": PER_LOGIN_AND_ADDRESS, f"sign-in {login}": PER_LOGIN}
    return Counted(f"sign-in from {sender}", "sign-in from everybody", others)


def code_counts(address: str) -> Counted:
    """What an unknown code of an invitation or a link counts against."""
    return Counted(f"code from {household(address)}", "code from everybody", {})


def _key(about: str) -> str:
    return hashlib.sha256(about.encode()).hexdigest()


def check(session: Session, counted: Counted) -> None:
    """Raises TooManyTries, with the seconds after which the oldest failure no longer counts."""
    moment = now()
    attacked = _failures(session, counted.everybody, EVERYBODY, moment)[0] >= EVERYBODY
    sender = {counted.sender: PER_ADDRESS_UNDER_ATTACK if attacked else PER_ADDRESS}
    for about, limit in (counted.others | sender).items():
        failures, oldest = _failures(session, about, limit, moment)
        if failures >= limit and oldest is not None:
            raise TooManyTries(retry_after_s=max(1, int((oldest + WINDOW - moment).total_seconds()) + 1))


def _failures(session: Session, about: str, limit: int, moment: datetime) -> tuple[int, datetime | None]:
    """How many failures count, at most `limit`, and the first of them."""
    recent = (
        select(FailedTry.at)
        .where(FailedTry.about == _key(about), FailedTry.at > moment - WINDOW, FailedTry.at <= moment + SKEW)
        .order_by(col(FailedTry.at).desc())
        .limit(limit)
        .subquery()
    )
    found, oldest = session.exec(select(func.count(), func.min(recent.c.at)).select_from(recent)).one()
    return found, oldest


def note_failure(session: Session, counted: Counted) -> None:
    """Count one failure, and sweep what is too old to count."""
    moment = now()
    session.exec(delete(FailedTry).where(col(FailedTry.at) <= moment - WINDOW))
    abouts = {counted.sender, counted.everybody, *counted.others}
    session.add_all(FailedTry(id=uuid7(), about=_key(about), at=moment) for about in sorted(abouts))


def count(session: Session, limits: dict[str, int]) -> None:
    """Count one use of something that everybody may do, so often in the window. Raises TooManyTries.

    What is over the limit is not counted, so that whoever goes on asking is let in again when the window has passed.
    """
    moment = now()
    for about, limit in limits.items():
        uses, oldest = _failures(session, about, limit, moment)
        if uses >= limit and oldest is not None:
            raise TooManyTries(retry_after_s=max(1, int((oldest + WINDOW - moment).total_seconds()) + 1))
    session.exec(delete(FailedTry).where(col(FailedTry.at) <= moment - WINDOW))
    session.add_all(FailedTry(id=uuid7(), about=_key(about), at=moment) for about in sorted(limits))
