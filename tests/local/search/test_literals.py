from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.base.dates import parse_moment
from imagekitio.local.search import literals
from imagekitio.local.search.syntax import SearchSyntaxError, Value

NOW = datetime(2024, 3, 31, 12, 30, 15, 500_000, timezone.utc)


def bare_value(text: str) -> Value:
    return Value(text, False, 7)


def quoted_value(text: str) -> Value:
    return Value(text, True, 7)


@pytest.mark.parametrize(("text", "expected"), [("0", 0), ("-5", -5), ("2.50", 2.5), ("1" * 30, float("1" * 30))])
def test_a_number_is_read(text: str, expected: float) -> None:
    assert literals.number(bare_value(text)) == expected


@pytest.mark.parametrize(
    "value",
    [
        quoted_value("5"),
        bare_value("5px"),
        bare_value(".5"),
        bare_value("5."),
        bare_value("1e3"),
        bare_value("٣"),
        bare_value("--1"),
    ],
)
def test_an_invalid_number_is_refused(value: Value) -> None:
    with pytest.raises(SearchSyntaxError, match="expected a number without quotes") as caught:
        literals.number(value)
    assert caught.value.position == 7


def test_a_number_of_thousands_of_digits_is_read() -> None:
    assert literals.number(bare_value("9" * 60_000)) == float("inf")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (bare_value("true"), True),
        (bare_value("FALSE"), False),
        (quoted_value("True"), True),
        (quoted_value("false"), False),
    ],
)
def test_a_boolean_is_read_in_any_case_and_in_quotes(value: Value, expected: bool) -> None:
    assert literals.boolean(value) is expected


@pytest.mark.parametrize("text", ["1", "yes", ""])
def test_an_invalid_boolean_is_refused(text: str) -> None:
    with pytest.raises(SearchSyntaxError, match="expected true or false"):
        literals.boolean(bare_value(text))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (bare_value("1000"), 1000),
        (quoted_value("500b"), 500),
        (quoted_value("10kb"), 10_240),
        (quoted_value("1mb"), 1_048_576),
        (quoted_value("1.5MB"), 1_572_864),
        (quoted_value("2 Gb"), 2_147_483_648),
        (bare_value("0.5kb"), 512),
    ],
)
def test_a_size_is_read_in_powers_of_1024(value: Value, expected: float) -> None:
    assert literals.size_bytes(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        quoted_value("10"),
        quoted_value("10tb"),
        quoted_value("-1mb"),
        quoted_value("mb"),
        bare_value("1,5mb"),
        quoted_value(""),
    ],
)
def test_an_invalid_size_is_refused(value: Value) -> None:
    with pytest.raises(SearchSyntaxError, match="expected bytes as a number, or a size such as"):
        literals.size_bytes(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (bare_value("90"), 90),
        (bare_value("2.5"), 2.5),
        (quoted_value("30s"), 30),
        (quoted_value("30sec"), 30),
        (quoted_value("2m"), 120),
        (quoted_value("1.5min"), 90),
        (quoted_value("1h"), 3600),
        (quoted_value("2HR"), 7200),
    ],
)
def test_a_duration_is_read_in_seconds(value: Value, expected: float) -> None:
    assert literals.duration_seconds(value) == expected


@pytest.mark.parametrize("text", ["2d", "1kb", "", "sec"])
def test_an_invalid_duration_is_refused(text: str) -> None:
    with pytest.raises(SearchSyntaxError, match="expected seconds as a number, or a duration such as"):
        literals.duration_seconds(quoted_value(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05", "2024-03-05T00:00:00+00:00"),
        ("2024-03-05T07:08:09", "2024-03-05T07:08:09+00:00"),
        ("2024-03-05T07:08:09Z", "2024-03-05T07:08:09+00:00"),
        ("2024-03-05T07:08:09.123Z", "2024-03-05T07:08:09.123+00:00"),
        ("2024-03-05T07:08:09.1234567", "2024-03-05T07:08:09.123456+00:00"),
        ("2024-03-05T07:08:09+05:30", "2024-03-05T01:38:09+00:00"),
        ("2024-03-05T07:08:09.5-0130", "2024-03-05T08:38:09.500+00:00"),
        ("2024-02-29", "2024-02-29T00:00:00+00:00"),
    ],
)
def test_a_date_is_read_in_utc_unless_it_names_an_offset(text: str, expected: str) -> None:
    assert literals.moment(quoted_value(text), NOW) == datetime.fromisoformat(expected).timestamp()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0h", "2024-03-31T12:30:15.500+00:00"),
        ("36h", "2024-03-30T00:30:15.500+00:00"),
        ("7d", "2024-03-24T12:30:15.500+00:00"),
        ("2w", "2024-03-17T12:30:15.500+00:00"),
        ("1m", "2024-02-29T12:30:15.500+00:00"),
        ("3m", "2023-12-31T12:30:15.500+00:00"),
        ("4m", "2023-11-30T12:30:15.500+00:00"),
        ("13m", "2023-02-28T12:30:15.500+00:00"),
        ("1y", "2023-03-31T12:30:15.500+00:00"),
        ("2023y", "0001-03-31T12:30:15.500+00:00"),
    ],
)
def test_a_relative_time_counts_back_from_now_by_the_calendar(text: str, expected: str) -> None:
    assert literals.moment(bare_value(text), NOW) == datetime.fromisoformat(expected).timestamp()


def test_a_year_before_the_leap_day_is_the_28th_of_february() -> None:
    leap_day = datetime(2024, 2, 29, tzinfo=timezone.utc)
    assert literals.before(leap_day, 1, "y") == datetime(2023, 2, 28, tzinfo=timezone.utc)
    assert literals.before(leap_day, 4, "y") == datetime(2020, 2, 29, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "1709719200", "7D", "-7d", "1.5d", "7", "d", "2024-13-01", "2023-02-29", "2024-3-5",
        "0000-01-01", "2024-03-05T24:00:00", "2024-03-05T07:08", "2024-03-05 07:08:09",
        "2024-03-05T07:08:09+25:00", "2024-03-05Z",
        "2024-03-05T07:08:09+05:99", "2024y", "999999999h", "99999999999999d",
    ],
)  # fmt: skip
def test_a_date_outside_the_years_1_to_9999_is_refused(text: str) -> None:
    with pytest.raises(SearchSyntaxError, match='expected a date such as "2024-03-05"') as caught:
        literals.moment(quoted_value(text), NOW)
    assert caught.value.position == 7


@given(st.datetimes(timezones=st.just(timezone.utc)))
def test_every_datetime_is_read_from_its_iso_form(moment: datetime) -> None:
    assert parse_moment(moment.isoformat()) == moment.timestamp()


@given(st.datetimes(min_value=datetime(1950, 1, 1), timezones=st.just(timezone.utc)), st.integers(0, 1_000))
def test_calendar_months_never_skip_a_month(now: datetime, count: int) -> None:
    then = literals.before(now, count, "m")
    assert (now.year - then.year) * 12 + now.month - then.month == count
    assert then.day == now.day or (then + timedelta(days=1)).day == 1
