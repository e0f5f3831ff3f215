"""The clock of a local server, frozen and moved."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from imagekitio.local import Clock

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize("moment", [NOON, NOON.timestamp(), int(NOON.timestamp())])
def test_a_clock_can_be_frozen_and_moved_by_seconds_or_a_timedelta(moment: datetime | float) -> None:
    clock = Clock()
    clock.freeze(moment)
    assert clock.now() == NOON
    clock.advance(1.5)
    clock.advance(timedelta(days=1))
    assert clock.now() == NOON + timedelta(days=1, seconds=1.5)
    clock.freeze()
    assert clock.now() == NOON + timedelta(days=1, seconds=1.5)


@pytest.mark.parametrize("moment", ["2026-01-01", date(2026, 1, 1), timedelta(1), True, b"1"])
def test_freezing_a_clock_needs_a_datetime_or_a_number(moment: Any) -> None:
    clock = Clock()
    with pytest.raises(
        TypeError, match=r"^moment must be a datetime such as datetime\(2026, 1, 1, tzinfo=timezone.utc\)"
    ):
        clock.freeze(moment)
    assert clock.time() > NOON.timestamp() / 2


@pytest.mark.parametrize("by", ["5", None, True, NOON])
def test_moving_a_clock_needs_a_timedelta_or_a_number(by: Any) -> None:
    clock = Clock()
    clock.freeze(NOON)
    with pytest.raises(TypeError, match=r"^by must be a timedelta or a number of seconds"):
        clock.advance(by)
    assert clock.now() == NOON


@pytest.mark.parametrize("far", [1e300, -1e11, math.nan, math.inf, NOON.timestamp() * 1000])
def test_a_clock_stays_within_the_years_1_to_9999(far: float) -> None:
    clock = Clock()
    clock.freeze(NOON)
    for change in (clock.freeze, clock.advance):
        with pytest.raises(ValueError, match=r"^a clock must be in the years 1 to 9999"):
            change(far)
    assert clock.now() == NOON
    clock.reset()
    with pytest.raises(ValueError, match=r"^a clock must be in the years 1 to 9999"):
        clock.advance(far)
    assert clock.time() > NOON.timestamp() / 2


def test_a_moment_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="must be an aware datetime"):
        Clock().freeze(datetime(2026, 1, 1))
