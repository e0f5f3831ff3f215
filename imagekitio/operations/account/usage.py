"""Usage and analytics. Source: ImageKit docs, account API."""

from __future__ import annotations

import re
from datetime import date, datetime

from ...models.account.usage import UsageAnalyticsResult, UsageResult
from ..core import Operation, Request
from ..encoding import build_get
from ..responses import parse_as

_parse_usage = parse_as(UsageResult)
_parse_analytics = parse_as(UsageAnalyticsResult)

_MAX_DAYS = 90  # the difference must be less


def get_usage(start_date: date | str, end_date: date | str) -> Operation[UsageResult]:
    """Return the usage of the account from `start_date` until the day before `end_date`."""
    start, end = _read_day(start_date, "start_date"), _read_day(end_date, "end_date")
    if end <= start:
        raise ValueError(f"end_date must be later than start_date, because it is excluded (got {start} and {end})")
    return Operation(_build_request("/v1/accounts/usage", start, end), _parse_usage)


def get_usage_analytics(start_date: date | str, end_date: date | str) -> Operation[UsageAnalyticsResult]:
    """Return the traffic of the account from `start_date` to `end_date`, both included."""
    start, end = _read_day(start_date, "start_date"), _read_day(end_date, "end_date")
    if end < start:
        raise ValueError(f"end_date must not be before start_date (got {start} and {end})")
    return Operation(_build_request("/v1/accounts/usage-analytics", start, end), _parse_analytics)


def _build_request(path: str, start: date, end: date) -> Request:
    days = (end - start).days
    if days >= _MAX_DAYS:
        raise ValueError(f"end_date must be less than {_MAX_DAYS} days after start_date (got {days} days)")
    return build_get(path, {"startDate": start.isoformat(), "endDate": end.isoformat()})


def _read_day(value: object, name: str) -> date:
    if isinstance(value, datetime):
        # Its day depends on the time zone, and the service uses days in UTC.
        raise TypeError(f"{name} must be a day without a time: pass the date() of the datetime in UTC (got {value!r})")
    if isinstance(value, date):
        return value
    if value is None or not isinstance(value, str):
        raise TypeError(f"{name} must be a datetime.date or text such as '2024-03-01' (got {value!r})")
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):  # fromisoformat would accept other forms too
        try:
            return date.fromisoformat(value)
        except ValueError:  # no such day
            pass
    raise ValueError(f"{name} must be a day as YYYY-MM-DD (got {value!r})")
