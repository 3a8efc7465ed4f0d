"""What a clock claims: off, or only late because there was no signal."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from plumbline.acts.transaction import Act, At
from plumbline.steps import clock

RECEIVED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def at(wall: str, skew_ms: int | None = 0, offset_min: int = 480) -> At:
    return At(wall, offset_min, 1000, skew_ms)


def act(said: At) -> Act:
    nobody = UUID(int=0)
    return Act(
        nobody, "step:record", nobody, nobody, nobody, nobody, 1, 0, said, None, (), (), None, received_at=RECEIVED
    )


@pytest.mark.parametrize("wall", ["2026-11-22T08:00:00.000Z", "2026-11-22T08:10:00Z", "2026-09-01T08:00:00Z"])
def test_being_offline_for_weeks_explains_a_clock_in_the_past(wall: str) -> None:
    assert not clock.is_off(at(wall), RECEIVED)


@pytest.mark.parametrize("wall", ["2026-11-22T08:10:01Z", "2028-11-22T08:00:00Z", "2024-11-22T08:00:00Z", "yesterday!"])
def test_nothing_explains_the_future_two_years_or_no_time_at_all(wall: str) -> None:
    assert clock.is_off(at(wall), RECEIVED)


def test_a_skew_that_the_phone_measured_itself_counts_in_both_directions() -> None:
    assert clock.is_off(at("2026-11-22T08:00:00Z", skew_ms=-600_001), RECEIVED)
    assert not clock.is_off(at("2026-11-22T08:00:00Z", skew_ms=600_000), RECEIVED)
    assert not clock.is_off(at("2026-11-22T08:00:00Z", skew_ms=None), RECEIVED)


def test_the_day_on_site_is_that_of_the_phone_s_own_offset() -> None:
    assert clock.day_on_site(act(at("2026-11-21T16:30:00Z"))) == date(2026, 11, 22)


def test_the_day_of_a_wrong_clock_is_the_day_of_receipt() -> None:
    assert clock.day_on_site(act(at("2028-01-01T00:00:00Z"))) == date(2026, 11, 22)
