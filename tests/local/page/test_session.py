"""Who may use the page."""

from __future__ import annotations

import pytest

from imagekitio.local.base.errors import ApiError
from imagekitio.local.page.session import TOKEN_HEADER, PageSession

ENDPOINT = "http://images.internal:8080/local"


def status_of(headers: dict[str, str]) -> int:
    """What a request with the right token is answered; `headers` are added, and win."""
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
def test_addresses_loopback_names_and_the_host_of_the_endpoint_are_served(host: str) -> None:
    assert status_of({"host": host}) == 200


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
def test_names_that_a_strangers_dns_can_point_here_are_refused(host: str) -> None:
    assert status_of({"host": host}) == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://127.0.0.1:8080"}, 200),
        ({"origin": "https://127.0.0.1:8080"}, 200),  # behind a proxy that ends TLS
        ({"origin": "http://127.0.0.1:8081"}, 403),
        ({"origin": "http://127.0.0.1"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),  # a sandboxed upload
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),  # another port of this machine
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),  # typed into the address bar
    ],
)
def test_only_the_pages_own_origin_may_ask(headers: dict[str, str], status: int) -> None:
    assert status_of(headers) == status


@pytest.mark.parametrize(
    "token", ["", "guess", "ünïcode", PageSession(ENDPOINT).token], ids=["none", "guess", "unicode", "of another start"]
)
def test_without_the_token_of_this_start_nothing_is_answered(token: str) -> None:
    assert status_of({TOKEN_HEADER: token}) == 401
