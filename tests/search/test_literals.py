"""Values as literals: what is written, what is refused, and that no value escapes from its literal."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.search.literals import moment, number
from imagekitio.local.search.parser import parse
from imagekitio.local.search.syntax import Condition, Value
from imagekitio.search.literals import (
    Writer,
    write_bool,
    write_custom,
    write_duration,
    write_folder,
    write_format,
    write_kilometres,
    write_moment,
    write_number,
    write_ordered_custom,
    write_place,
    write_size,
    write_text,
    write_type,
)

EAST = timezone(timedelta(hours=5, minutes=30))
WRITERS = (
    write_text, write_folder, write_number, write_size, write_duration, write_moment, write_bool, write_type,
    write_format, write_custom, write_ordered_custom,
)  # fmt: skip
NOW = datetime(2024, 3, 31, 12, tzinfo=timezone.utc)


def parse_literal(literal: str) -> Value:
    """Parse a literal with local ImageKit, between two conditions that it must not affect."""
    tree = parse(f"a = 1 AND x = {literal} AND b = 2")
    assert tree is not None
    assert not isinstance(tree, Condition)
    first, condition, last = tree.members
    assert isinstance(first, Condition)
    assert isinstance(condition, Condition)
    assert isinstance(last, Condition)
    assert (first.field, condition.field, condition.operator, last.field) == ("a", "x", "=", "b")
    return condition.values[0]


@pytest.mark.parametrize(
    ("write", "value", "literal"),
    [
        (write_text, "", '""'),
        (write_text, "red dress", '"red dress"'),
        (write_text, 'a"b', r'"a\"b"'),
        (write_text, "a'b", '"a\'b"'),
        (write_text, "a\\", r'"a\\"'),
        (write_text, '\\"', r'"\\\""'),
        (write_text, "é\n\t日😀", '"é\n\t日😀"'),
        (write_folder, "/shop/", '"/shop"'),
        (write_folder, "shop/sale", '"/shop/sale"'),
        (write_folder, "/", '"/"'),
        (write_number, 0, "0"),
        (write_number, -5, "-5"),
        (write_number, 2.5, "2.5"),
        (write_number, 1e-7, "0.0000001"),
        (write_number, 1e22, "10000000000000000000000"),
        (write_number, Decimal("9.90"), "9.90"),
        (write_number, Decimal("1E+3"), "1000"),
        (write_size, 2048, "2048"),
        (write_size, "2mb", '"2mb"'),
        (write_size, "1.5 MB", '"1.5mb"'),
        (write_duration, 90, "90"),
        (write_duration, "1.5min", '"1.5min"'),
        (write_duration, "90 s", '"90sec"'),
        (write_duration, "90sec", '"90sec"'),
        (write_duration, "2m", '"2min"'),
        (write_duration, "2h", '"2hr"'),
        (write_duration, timedelta(minutes=1, milliseconds=500), "60.5"),
        (write_moment, datetime(2024, 3, 5, 7, 8, 9, tzinfo=timezone.utc), '"2024-03-05T07:08:09"'),
        (write_moment, datetime(2024, 3, 5, 5, 30, tzinfo=EAST), '"2024-03-05T00:00:00"'),
        (write_moment, datetime(2024, 3, 5, 7, 8, 9, 123_000, timezone.utc), '"2024-03-05T07:08:09.123000"'),
        (write_moment, datetime(5, 1, 1, tzinfo=timezone.utc), '"0005-01-01T00:00:00"'),
        (write_moment, date(2024, 3, 5), '"2024-03-05"'),
        (write_moment, "2024-03-05", '"2024-03-05"'),
        (write_moment, "2024-03-05T07:08:09", '"2024-03-05T07:08:09"'),
        (write_moment, "2024-03-05T07:08:09.120Z", '"2024-03-05T07:08:09.120000"'),
        (write_moment, "2024-03-05T05:30:00+05:30", '"2024-03-05T00:00:00"'),
        (write_moment, "30d", '"30d"'),
        (write_moment, timedelta(days=7), '"7d"'),
        (write_moment, timedelta(hours=25), '"25h"'),
        (write_moment, timedelta(0), '"0d"'),
        (write_bool, True, "true"),
        (write_bool, False, "false"),
        (write_type, "file-version", '"file-version"'),
        (write_format, "png", '"png"'),
        (write_format, "jpeg", '"jpg"'),
        (write_custom, "7d", '"7d"'),
        (write_custom, 7, "7"),
        (write_custom, True, "true"),
        (write_custom, Decimal("0.1"), "0.1"),
        (write_custom, date(2024, 3, 5), '"2024-03-05"'),
        (write_custom, timedelta(days=1), '"1d"'),
        (write_ordered_custom, 7, "7"),
        (write_ordered_custom, "7d", '"7d"'),
        (write_ordered_custom, NOW, '"2024-03-31T12:00:00"'),
    ],
)
def test_a_value_is_written_as_a_literal(write: Writer, value: object, literal: str) -> None:
    assert write("Q.x", value) == literal
    parse_literal(literal)


@pytest.mark.parametrize(
    ("write", "value", "error", "message"),
    [
        (write_text, None, TypeError, "takes a str (got None)"),
        (write_text, b"a", TypeError, "takes a str (got bytes)"),
        (write_text, 5, TypeError, "takes a str (got int)"),
        (write_text, "a\0", ValueError, r"takes text without the character '\x00' (at index 1)"),
        (write_text, "\ud800", ValueError, r"takes text without the character '\ud800' (at index 0)"),
        (write_folder, None, TypeError, "takes a str (got None)"),
        (write_number, "5", TypeError, "takes a number (got str)"),
        (write_number, True, TypeError, "takes a number (got bool)"),
        (write_number, None, TypeError, "takes a number (got None)"),
        (write_number, float("nan"), ValueError, "takes a finite number (got nan)"),
        (write_number, float("-inf"), ValueError, "takes a finite number (got -inf)"),
        (write_number, Decimal("NaN"), ValueError, "takes a finite number (got NaN)"),
        (write_number, Decimal("1e999999"), ValueError, "takes a finite number (got 1E+999999)"),
        (write_number, Decimal("1e-999999"), ValueError, "takes a finite number (got 1E-999999)"),
        (
            write_size,
            "2tb",
            ValueError,
            """takes a number of bytes, or a size such as "10kb", "1.5mb" or "1gb" (got '2tb')""",
        ),
        (write_size, "-2mb", ValueError, "(got '-2mb')"),
        (write_size, "", ValueError, "(got '')"),
        (write_size, "2mb\n", ValueError, r"(got '2mb\n')"),
        (write_size, b"2mb", TypeError, 'takes a number of bytes, or a size such as "10kb", "1.5mb" or "1gb" (got'),
        (write_duration, "2sin", ValueError, 'such as "30sec", "1.5min" or "2hr" (got \'2sin\')'),
        (write_duration, "90", ValueError, "(got '90')"),
        (write_moment, datetime(2024, 3, 5), ValueError, "takes datetimes with a time zone, such as datetime.now("),
        (write_moment, datetime(1, 1, 1, tzinfo=EAST), ValueError, "takes moments between the years 1 and 9999 in UTC"),
        (write_moment, "yesterday", ValueError, "takes an aware datetime, a date, a timedelta before now, or text"),
        (write_moment, "2024-13-01", ValueError, "(got '2024-13-01': month must be in 1..12)"),
        (write_moment, "7 d", ValueError, "(got '7 d')"),
        (write_moment, "２d", ValueError, "(got '２d')"),
        (write_moment, timedelta(minutes=90), ValueError, "takes whole hours before now as a timedelta (got"),
        (write_moment, timedelta(days=-1), ValueError, "takes whole hours before now as a timedelta (got"),
        (write_moment, 1_700_000_000, TypeError, 'such as "7d" or "2024-03-05T07:08:09Z" (got int)'),
        (write_bool, 1, TypeError, "takes True or False (got int)"),
        (write_bool, "true", TypeError, "takes True or False (got str)"),
        (write_type, "fiel", ValueError, "cannot be 'fiel'; did you mean 'file'?"),
        (write_type, "all", ValueError, "cannot be 'all'; expected one of file, file-version, folder"),
        (write_format, "JPEG", ValueError, "cannot be 'JPEG'; did you mean 'jpeg'?"),
        (
            write_custom,
            None,
            TypeError,
            "takes a str, a bool, a number, an aware datetime, a date or a timedelta",
        ),
        (write_custom, ["a"], TypeError, "(got list)"),
        (write_custom, datetime(2024, 3, 5), ValueError, "takes datetimes with a time zone"),
        (write_ordered_custom, True, TypeError, "takes a bool with == and in_() only"),
        (write_ordered_custom, "abc", ValueError, "takes an aware datetime, a date, a timedelta before now, or text"),
        (write_ordered_custom, None, TypeError, "takes a number with <, <=, > and >=, an aware datetime, a date or"),
    ],
)
def test_an_invalid_value_is_refused(write: Writer, value: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)) as caught:
        write("Q.x", value)
    assert str(caught.value).startswith("Q.x ")


def test_a_long_invalid_value_is_truncated_in_the_message() -> None:
    for write in (write_size, write_duration, write_moment, write_type):
        with pytest.raises(ValueError, match="aaa") as caught:
            write("Q.x", "a" * 100_000)
        assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("latitude", "longitude", "literal"),
    [(40, 100, "40,100"), (-33.9, 18.4, "-33.9,18.4"), (1e-7, -180, "0.0000001,-180"), (10.0, 0.1 + 0.2, "10,0.3")],
)
def test_a_place_is_written_with_a_precision_of_a_tenth_of_a_millimetre(
    latitude: float, longitude: float, literal: str
) -> None:
    assert write_place("Q.x", latitude, longitude) == literal


@pytest.mark.parametrize(
    ("latitude", "longitude", "message"),
    [
        (90.1, 0, "latitude of Q.x must be from -90 to 90 (got 90.1)"),
        (0, -181, "longitude of Q.x must be from -180 to 180 (got -181)"),
        (float("nan"), 0, "latitude of Q.x takes a finite number (got nan)"),
    ],
)
def test_a_place_that_is_not_on_earth_is_refused(latitude: float, longitude: float, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        write_place("Q.x", latitude, longitude)


def test_a_radius_is_written_in_kilometres() -> None:
    assert write_kilometres("Q.x", 5) == "5km"
    assert write_kilometres("Q.x", 0.25) == "0.25km"
    with pytest.raises(ValueError, match=r"radius_km of Q\.x must be from 0 to 20040"):
        write_kilometres("Q.x", -1)
    wrong: Any = "5km"
    with pytest.raises(TypeError, match=r"radius_km of Q\.x takes a number \(got str\)"):
        write_kilometres("Q.x", wrong)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_str_is_one_literal_that_reads_back_as_itself(text: str) -> None:
    for literal in (write_text("Q.x", text), write_custom("Q.x", text)):
        value = parse_literal(literal)
        assert (value.text, value.quoted) == (text, True)


@given(st.sampled_from(WRITERS), st.text() | st.text("0123456789.kmgbhdwysecinr-:TZ\"'\\ ()", max_size=12))
def test_any_str_is_refused_or_stays_one_literal(write: Writer, text: str) -> None:
    try:
        literal = write("Q.x", text)
    except (TypeError, ValueError):
        return
    parse_literal(literal)


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.decimals(-1000, 1000, places=3))
def test_any_number_reads_back_as_itself(value: float | Decimal) -> None:
    assert float(number(parse_literal(write_number("Q.x", value)))) == float(value)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.timezones()))
def test_any_moment_reads_back_as_itself(value: datetime) -> None:
    assert moment(parse_literal(write_moment("Q.x", value)), NOW) == value.astimezone(timezone.utc).timestamp()


@given(st.integers(0, 100_000))
def test_a_timedelta_counts_back_from_now(hours: int) -> None:
    literal = write_moment("Q.x", timedelta(hours=hours))
    assert moment(parse_literal(literal), NOW) == (NOW - timedelta(hours=hours)).timestamp()


def test_subclasses_are_written_as_their_base_type() -> None:
    class Text(str):
        __slots__ = ()

        def __str__(self) -> str:
            return '" OR size > 0'

    class Count(int):
        def __repr__(self) -> str:
            return "1 OR size > 0"

    class Share(float):
        def __repr__(self) -> str:
            return "1 OR size > 0"

    assert write_text("Q.x", Text("a")) == '"a"'
    assert write_number("Q.x", Count(5)) == "5"
    assert write_number("Q.x", Share(0.5)) == "0.5"
