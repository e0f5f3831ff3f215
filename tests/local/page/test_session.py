"""Access to the page."""

from __future__ import annotations

import pytest

from imagekitio.local.base.errors import ApiError
from imagekitio.local.page.session import TOKEN_HEADER, PageSession

ENDPOINT = "http://images.internal:8080/local"


def check_request(headers: dict[str, str]) -> int:
    """Return the status of a request with the right token; `headers` are added and take precedence."""
    session = PageSession(ENDPOINT)
    try:
        session.check({"host": "127.0.0.1:8080", TOKEN_HEADER: session.token, **headers})
    except ApiError as exc:
        return exc.status
    return 200


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8080",
        "127.0.0.1",
        "192.168.1.5:8080",
        "[::1]:8080",
        "localhost:8080",
        "LOCALHOST",
        "shop.localhost:8080",
        "images.internal:8080",
    ],
)
def test_ip_addresses_loopback_names_and_the_host_of_the_endpoint_are_allowed(host: str) -> None:
    assert check_request({"host": host}) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "notlocalhost",
        "127.0.0.1@evil.example",
        "2130706433",
        "[::1",
        "",
        ".",
    ],
)
def test_names_that_could_be_used_for_dns_rebinding_are_refused(host: str) -> None:
    assert check_request({"host": host}) == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://127.0.0.1:8080"}, 200),
        ({"origin": "https://127.0.0.1:8080"}, 200),  # behind a TLS proxy
        ({"origin": "http://127.0.0.1:8081"}, 403),
        ({"origin": "http://127.0.0.1"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),  # an upload in a sandbox
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),  # another port of this machine
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),  # typed into the address bar
    ],
)
def test_only_the_origin_of_the_page_may_send_requests(headers: dict[str, str], status: int) -> None:
    assert check_request(headers) == status


@pytest.mark.parametrize(
    "token", ["", "guess", "ünïcode", PageSession(ENDPOINT).token], ids=["none", "guess", "unicode", "of another start"]
)
def test_requests_without_the_token_of_this_start_are_refused(token: str) -> None:
    assert check_request({TOKEN_HEADER: token}) == 401
