"""Which URLs lead to this server."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from imagekitio.local.base.addresses import UrlEndpoints
from imagekitio.local.base.settings import KeyPair, Settings

ENDPOINTS = UrlEndpoints(
    "https://images.example.test/shop", ("http://127.0.0.1:8080/local", "http://[::1]:8080/local", "https://ik.test")
)


@pytest.mark.parametrize(
    ("url", "rest"),
    [
        ("https://images.example.test/shop/a.jpg", "/a.jpg"),
        ("https://images.example.test/shop/a%20b.jpg?tr=w-300&v=1", "/a%20b.jpg?tr=w-300&v=1"),
        ("https://IMAGES.example.test:443/shop/a.jpg", "/a.jpg"),
        ("http://images.example.test/shop/a.jpg", "/a.jpg"),  # TLS ends at a proxy
        ("https://images.example.test/shop/", "/"),
        ("http://localhost:8080/local/tr:w-3/a.jpg", "/tr:w-3/a.jpg"),
        ("http://[::1]:8080/local/a.jpg", "/a.jpg"),
        ("https://ik.test/local/a.jpg", "/local/a.jpg"),
        ("https://images.example.test/shop", None),
        ("https://images.example.test/shopping/a.jpg", None),
        ("https://images.example.test:8443/shop/a.jpg", None),
        ("https://images.example.test.evil.test/shop/a.jpg", None),
        ("https://images.example.test@evil.test/shop/a.jpg", None),
        ("http://127.0.0.1/local/a.jpg", None),
        ("http://127.0.0.1:80800/local/a.jpg", None),
        ("http://[::1/local/a.jpg", None),
        ("ftp://127.0.0.1:8080/local/a.jpg", None),
        ("/local/a.jpg", None),
        ("http:///local/a.jpg", None),
        ("", None),
        ("ü", None),
    ],
)
def test_a_url_under_any_endpoint_is_split(url: str, rest: str | None) -> None:
    assert ENDPOINTS.remove_prefix(url) == rest


def test_without_endpoints_no_url_leads_here() -> None:
    assert UrlEndpoints("").remove_prefix("http:///a.jpg") is None
    assert UrlEndpoints("").remove_prefix("http://127.0.0.1/a.jpg") is None


@pytest.mark.parametrize(
    ("configured", "asked", "base_url", "endpoint"),
    [
        ({}, None, "http://127.0.0.1:1", "http://127.0.0.1:1/local"),
        ({}, "http://ik:80", "http://ik:80", "http://ik:80/local"),
        ({"public_url": "https://p.test/ik/"}, None, "https://p.test/ik", "https://p.test/ik/local"),
        ({"public_url": "https://p.test"}, "http://ik:80", "https://p.test", "https://p.test/local"),
        ({"url_endpoint": "https://cdn.test/"}, "http://ik:80", "http://ik:80", "https://cdn.test"),
        (
            {"url_endpoint": "https://cdn.test", "public_url": "https://p.test"},
            None,
            "https://p.test",
            "https://cdn.test",
        ),
    ],
)
def test_configured_urls_take_precedence_over_the_requested_host_and_the_address(
    configured: dict[str, Any], asked: str | None, base_url: str, endpoint: str
) -> None:
    settings = Settings(data=Path(), address="http://127.0.0.1:1", **configured)
    assert settings.base_url(asked) == base_url
    endpoints = settings.url_endpoints(asked)
    assert endpoints.primary == endpoint
    for known in filter(None, (configured.get("public_url"), asked, "http://127.0.0.1:1")):
        assert endpoints.remove_prefix(f"{known.rstrip('/')}/local/a.jpg") == "/a.jpg"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("imagekit_id", "a b"),
        ("imagekit_id", ""),
        ("imagekit_id", "a/b"),
        ("imagekit_id", "ü"),
        ("imagekit_id", ".."),
        ("imagekit_id", "v1"),
        ("imagekit_id", "_local"),
        ("public_url", "images.example.test"),
        ("public_url", ""),
        ("public_url", "ftp://images.example.test"),
        ("public_url", "https://"),
        ("public_url", "https://a b.test"),
        ("public_url", "https://user:secret@images.example.test"),
        ("public_url", "https://images.example.test?x"),
        ("public_url", "https://images.example.test:99999"),
        ("url_endpoint", "https://images.example.test/#a"),
        ("url_endpoint", "https://bücher.test"),
        ("keys", ()),
        ("keys", (KeyPair("public", ""),)),
        ("keys", (KeyPair("", "private"),)),
        ("max_pixels", -1),
        ("job_delay", math.nan),
    ],
)
def test_an_invalid_setting_is_refused_with_its_name(name: str, value: object) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"^{name} must "):
        Settings(data=Path(), **options)


def test_unusual_but_valid_settings_are_accepted() -> None:
    options: dict[str, Any] = {
        "imagekit_id": "Shop_2-b",
        "job_delay": math.inf,
        "max_storage_bytes": None,
        "purge_quota": 0,
    }
    assert Settings(data=Path(), public_url="http://localhost:8080/", **options).imagekit_id == "Shop_2-b"
