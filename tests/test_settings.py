from __future__ import annotations

from typing import Any

import pytest

from imagekitio.policies import Timeout
from imagekitio.settings import check_base_url, check_timeout
from imagekitio.transports.transport import user_agent


@pytest.mark.parametrize(
    ("given", "timeout"), [(3, Timeout(3, 3)), ((1, 2.5), Timeout(1, 2.5)), (Timeout(), Timeout(5, 60))]
)
def test_a_timeout_is_one_number_or_a_pair(given: Any, timeout: Timeout) -> None:
    assert check_timeout("timeout", given) == timeout


@pytest.mark.parametrize("given", [0, -1, float("inf"), float("nan"), (5, 0)])
def test_an_infinite_or_zero_timeout_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="timeout must be a number of seconds above 0"):
        check_timeout("timeout", given)


@pytest.mark.parametrize("given", [None, "5", (5, None), (1, 2, 3), True])
def test_a_timeout_that_is_not_a_number_is_a_type_error(given: Any) -> None:
    with pytest.raises(TypeError, match="timeout must be"):
        check_timeout("timeout", given)


def test_the_slash_at_the_end_of_a_base_url_is_dropped() -> None:
    assert check_base_url("api_base_url", "http://127.0.0.1:8000/imagekit/") == "http://127.0.0.1:8000/imagekit"


@pytest.mark.parametrize(
    "url", ["", "api.imagekit.io", "ftp://a.example", "https://", "//a.example", "https://[", "https://a:99999"]
)
def test_a_base_url_that_is_not_an_http_url_is_refused_with_the_name_of_the_option(url: str) -> None:
    with pytest.raises(ValueError, match="upload_base_url must start with https://"):
        check_base_url("upload_base_url", url)


@pytest.mark.parametrize("url", ["https://private_key:@a.example", "https://a.example/?x=1", "https://a.example/#x"])
def test_a_base_url_with_credentials_query_or_fragment_is_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(ValueError, match="no credentials, query or fragment") as error:
        check_base_url("api_base_url", url)
    assert "private_key" not in str(error.value)


def test_the_user_agent_names_the_library() -> None:
    assert user_agent().startswith("imagekitio")
