"""What the phone's clock claims, held against the moment of receipt. No act is refused for its clock.

A record made without a signal may arrive weeks later; that alone explains a wall clock in the past. What it does
not explain is a wall clock in the future, one more than 400 days back, or a skew that the phone itself measured.
"""

from datetime import UTC, date, datetime, timedelta

from plumbline.acts.transaction import Act, At

TOLERANCE = timedelta(minutes=10)
LONGEST_OFFLINE = timedelta(days=400)


def claimed(at: At) -> datetime | None:
    """The wall clock as an instant; None when it names no moment that the calendar has."""
    try:
        moment = datetime.fromisoformat(at.wall)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_off(at: At, received_at: datetime) -> bool:
    """Whether the clock was wrong by more than being offline explains."""
    wall = claimed(at)
    if wall is None or wall - received_at > TOLERANCE or received_at - wall > LONGEST_OFFLINE:
        return True
    return at.skew_ms is not None and timedelta(milliseconds=abs(at.skew_ms)) > TOLERANCE


def day_on_site(act: Act) -> date:
    """The calendar day of the act where the phone was; the day of receipt when its clock is off."""
    wall = claimed(act.at)
    moment = act.received_at if wall is None or is_off(act.at, act.received_at) else wall
    return (moment.astimezone(UTC) + timedelta(minutes=act.at.offset_min)).date()
