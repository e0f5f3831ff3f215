from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.operations.account.usage import get_usage, get_usage_analytics

BOTH = (get_usage, get_usage_analytics)
PATHS = {get_usage: "/v1/accounts/usage", get_usage_analytics: "/v1/accounts/usage-analytics"}


@pytest.mark.parametrize("call", BOTH)
@pytest.mark.parametrize("start", ["2024-03-01", date(2024, 3, 1)])
@pytest.mark.parametrize("end", ["2024-05-29", date(2024, 5, 29)])  # 89 days later
def test_days_can_be_dates_or_str(call: Any, start: Any, end: Any) -> None:
    assert call(start, end).request.path == f"{PATHS[call]}?startDate=2024-03-01&endDate=2024-05-29"


@pytest.mark.parametrize("call", BOTH)
@pytest.mark.parametrize(
    ("day", "error", "message"),
    [
        *((day, ValueError, "must be a day as YYYY-MM-DD") for day in ("", "2024-3-1", "20240301", "2024-W09-5")),
        *((day, ValueError, "must be a day as YYYY-MM-DD") for day in ("2024-02-30", "2024-03-01T00:00", "٢٠٢٤-03-01")),
        (datetime(2024, 3, 1, tzinfo=timezone.utc), TypeError, "must be a day without a time: pass the date"),
        (None, TypeError, "must be a datetime.date or text such as '2024-03-01' .got None."),
        (1709251200, TypeError, "must be a datetime.date or text"),
        (b"2024-03-01", TypeError, "must be a datetime.date or text"),
    ],
)
def test_any_other_day_is_refused_by_name(call: Any, day: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^start_date {message}"):
        call(day, "2024-04-01")
    with pytest.raises(error, match=f"^end_date {message}"):
        call("2024-03-01", day)


def test_usage_needs_an_end_after_the_start_and_analytics_accept_a_single_day() -> None:
    day = date(2024, 3, 1)
    with pytest.raises(ValueError, match=r"^end_date must be later than start_date, because it is excluded \(got 20"):
        get_usage(day, day)
    assert get_usage_analytics(day, day).request.path.endswith("?startDate=2024-03-01&endDate=2024-03-01")
    with pytest.raises(ValueError, match=r"^end_date must not be before start_date \(got 2024-03-01 and 2024-02-29\)"):
        get_usage_analytics(day, "2024-02-29")


@given(start=st.dates(date(2000, 1, 1), date(2100, 1, 1)), days=st.integers(-200, 200))
def test_a_period_ends_after_it_begins_and_is_shorter_than_90_days(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    for call, shortest in ((get_usage, 1), (get_usage_analytics, 0)):
        if shortest <= days < 90:
            assert call(start, end).request.path == f"{PATHS[call]}?startDate={start}&endDate={end}"
        else:
            with pytest.raises(ValueError, match=r"^end_date must .* \(got "):
                call(start, end)
