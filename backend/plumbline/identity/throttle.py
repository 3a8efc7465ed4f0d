"""Throttling of failed sign-ins and guessed codes, counted in the database: all API processes see one count."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from plumbline.db import now
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

Counted = dict[str, int]


def sign_in_counts(login: str, address: str) -> Counted:
    """What a failed sign-in counts against, with the limit of each."""
    return {
        f"sign-in {login} from {address}": PER_LOGIN_AND_ADDRESS,
        f"sign-in {login}": PER_LOGIN,
        f"sign-in from {address}": PER_ADDRESS,
    }


def join_counts(address: str) -> Counted:
    """What an unknown invitation code counts against."""
    return {f"join from {address}": PER_ADDRESS}


def _key(about: str) -> str:
    return hashlib.sha256(about.encode()).hexdigest()


def check(session: Session, counted: Counted) -> None:
    """Raises TooManyTries, with the seconds after which the oldest failure no longer counts."""
    moment = now()
    for about, limit in counted.items():
        seen = select(func.count(), func.min(FailedTry.at)).where(
            FailedTry.about == _key(about), FailedTry.at > moment - WINDOW, FailedTry.at <= moment + SKEW
        )
        failures, oldest = session.exec(seen).one()
        if failures >= limit:
            raise TooManyTries(retry_after_s=max(1, int((oldest + WINDOW - moment).total_seconds()) + 1))


def note_failure(session: Session, counted: Counted) -> None:
    """Count one failure, and sweep what is too old to count."""
    moment = now()
    session.exec(delete(FailedTry).where(col(FailedTry.at) <= moment - WINDOW))
    session.add_all(FailedTry(id=uuid7(), about=_key(about), at=moment) for about in counted)
