from __future__ import annotations

import uuid
import warnings
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from imagekitio.urls.tokens import get_authentication_parameters

NOW = 1_700_000_000


def parameters(token: Any = "", expire: Any = 0, key: str = "private_key_test") -> Any:
    return get_authentication_parameters(key, token, expire, now=NOW)


@pytest.mark.filterwarnings("ignore:the upload token")
@pytest.mark.parametrize(
    ("key", "token", "expire", "signature"),
    [
        ("private_key_test", "your_token", 1582269249, "e71bcd6031016b060d349d212e23e85c791decdd"),
        (
            "private_emulatorKey0000000000000000=",
            "5f9d8f0e-6a53-4c8e-9a64-0f5a2f1c7b3d",
            1893456000,
            "13242940b93414137e1724ac62d029a6f1404656",
        ),
    ],
)
def test_the_signatures_match_the_documentation(key: str, token: str, expire: int, signature: str) -> None:
    assert parameters(token, expire, key) == {"token": token, "expire": expire, "signature": signature}


@pytest.mark.parametrize("nothing", [(), ("", 0), (None, None)])
def test_without_arguments_a_new_token_is_valid_for_half_an_hour(nothing: tuple[Any, ...]) -> None:
    first, second = parameters(*nothing), parameters(*nothing)
    assert first["expire"] == NOW + 1800
    assert uuid.UUID(first["token"]).version == 4
    assert first["token"] != second["token"]


@pytest.mark.parametrize(
    "expire",
    [NOW + 60, float(NOW + 60), timedelta(minutes=1), datetime.fromtimestamp(NOW + 60, timezone.utc)],
)
def test_the_expiry_can_be_a_unix_time_a_timedelta_or_a_datetime(expire: Any) -> None:
    assert parameters("t", expire)["expire"] == NOW + 60


def test_a_number_of_seconds_passed_as_a_unix_time_is_refused_with_a_hint() -> None:
    with pytest.raises(ValueError, match=r"for a span, pass timedelta\(seconds=1800\)"):
        parameters("t", 1800)


@pytest.mark.parametrize("expire", [-5, NOW * 1000, float("nan"), float("inf")])
def test_a_number_that_is_not_a_time_in_seconds_is_refused(expire: Any) -> None:
    with pytest.raises(ValueError, match="expire must be a Unix time in seconds"):
        parameters("t", expire)


def test_a_datetime_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="expire must have a time zone"):
        parameters("t", datetime(2030, 1, 1))


@pytest.mark.parametrize(("token", "expire"), [(5, 0), ("t", "1893456000"), ("t", True)])
def test_wrong_types_are_refused(token: Any, expire: Any) -> None:
    with pytest.raises(TypeError, match="must be"):
        parameters(token, expire)


@pytest.mark.parametrize(("expire", "message"), [(NOW, "expired 0 s ago"), (NOW + 3600, "less than 3600 s")])
def test_a_time_that_the_service_would_refuse_gives_a_warning(expire: int, message: str) -> None:
    with pytest.warns(UserWarning, match=message):
        parameters("t", expire)


def test_a_time_that_the_service_accepts_gives_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parameters("t", NOW + 3599)
        parameters("t", NOW + 1)
