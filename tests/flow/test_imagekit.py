"""What ImageKit.io says about rate limits; time is a plain number here."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.flow.imagekit import ImageKitService
from imagekitio.flow.service import Pace
from imagekitio.models.response_metadata import Headers
from imagekitio.operations.core import Request, Response

NOW = 1_700_000_000.0
SERVICE = ImageKitService("private_fake", "https://api.example", "https://upload.example")


def answer(status: int, **headers: str) -> Response:
    return Response(status, Headers({name.replace("_", "-"): value for name, value in headers.items()}), b"")


def test_requests_go_to_the_api_host_or_the_upload_host() -> None:
    assert SERVICE.base_url(Request("GET", "/v1/files")) == "https://api.example"
    assert SERVICE.base_url(Request("POST", "/api/v1/files/upload", host="upload")) == "https://upload.example"


def test_the_key_is_never_shown() -> None:
    assert "private_fake" not in repr(SERVICE)


def test_requests_for_other_files_are_under_the_same_limit_and_other_endpoints_are_not() -> None:
    first, second = (Request("GET", f"/v1/files/65e6c5a9b7d1f2034a5b6c7{digit}/details") for digit in "01")
    assert SERVICE.rate_limit_of(first) == SERVICE.rate_limit_of(second)
    others = [Request("GET", "/v1/files"), Request("DELETE", first.path), Request("GET", first.path, host="upload")]
    assert all(SERVICE.rate_limit_of(other) != SERVICE.rate_limit_of(first) for other in others)
    assert SERVICE.rate_limit_of(first) == SERVICE.rate_limit_of(Request("GET", f"{first.path}?fields=name"))


def test_the_pace_is_what_the_limit_allows() -> None:
    pace = SERVICE.read_pace(answer(429, x_ratelimit_limit="10", x_ratelimit_interval="1000"))
    assert pace == Pace(spacing_seconds=0.1, interval_seconds=1.0)


@pytest.mark.parametrize("limit", ["", "0", "-1", "nan", "9" * 400, "٣"])
def test_invalid_headers_give_no_pace(limit: str) -> None:
    assert SERVICE.read_pace(answer(429, x_ratelimit_limit=limit, x_ratelimit_interval="1000")).spacing_seconds == 0.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Tue, 14 Nov 2023 22:13:30 GMT"}, 10.0),
        ({"Retry-After": "Tue, 14 Nov 2023 22:13:30 -0000"}, 10.0),
        ({"Retry-After": "Tue, 14 Nov 2023 22:13:00 GMT"}, 0.0),
        ({"Retry-After": "Tue, 14 Nov 99999 22:13:00 GMT"}, None),
        ({"X-RateLimit-Reset": "250"}, 0.25),
        ({"X-RateLimit-Reset": ""}, None),
        ({"X-RateLimit-Reset": "250", "Retry-After": "1"}, 1.0),
        ({"X-RateLimit-Reset": "2500", "Retry-After": "1"}, 2.5),
    ],
)
def test_the_requested_wait_is_read_from_the_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert SERVICE.read_wait(Response(429, Headers(headers), b""), NOW) == seconds


@pytest.mark.parametrize("status", [200, 404, 500, 503])
def test_the_state_of_the_rate_limit_on_other_answers_asks_for_no_wait(status: int) -> None:
    assert SERVICE.read_wait(answer(status, x_ratelimit_reset="1500"), NOW) is None


@given(st.text(), st.text())
def test_any_header_can_be_read(retry_after: str, reset: str) -> None:
    seconds = SERVICE.read_wait(answer(429, retry_after=retry_after, x_ratelimit_reset=reset), NOW)
    assert seconds is None or seconds >= 0


@given(st.integers(min_value=0, max_value=10**8))
def test_a_retry_after_date_gives_the_seconds_until_that_time(seconds: int) -> None:
    moment = datetime.fromtimestamp(NOW, timezone.utc) + timedelta(seconds=seconds)
    date = format_datetime(moment, usegmt=True)
    assert SERVICE.read_wait(answer(503, retry_after=date), NOW) == seconds
