"""The settings of local img-src."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from imagekitio.local.imgsrc.settings import ApiKey, ImgsrcSettings, Limits


def test_limits_default_to_those_of_the_plan() -> None:
    assert ImgsrcSettings(Path(), plan="free").limits == Limits(100, 10 * 1024**3, 1000, None, None, 0, 100)
    settings = ImgsrcSettings(Path(), max_presets=None, max_uploads_per_month=3, requests_per_minute=7)
    assert settings.limits == Limits(3, 50 * 1024**3, 10_000, None, None, None, 7)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"api_keys": ()}, "at least one key"),
        ({"username": ""}, "username must consist of letters"),
        ({"username": "a/b"}, "username must consist of letters"),
        ({"username": "i"}, "must not be one of i, api, health, _local"),
        ({"email": "me"}, "email must be an address"),
        ({"plan": "gold"}, "plan must be one of free, pro"),
        ({"max_presets": -1}, "max_presets must be a number of at least 0, None for no limit, or 'plan'"),
        ({"max_storage_bytes": "free"}, "max_storage_bytes must be"),
        ({"requests_per_minute": 0}, "requests_per_minute must be a number of at least 1"),
        ({"max_upload_bytes": -1}, "max_upload_bytes must be a number"),
        ({"jpeg_background": "white"}, "jpeg_background must be RRGGBB"),
        ({"public_url": "ftp://x"}, "public_url must be a URL"),
    ],
)
def test_an_invalid_setting_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ImgsrcSettings(Path(), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"api_keys": ("imgsrc_secret",)}, r"api_keys must be a list such as .* \(got an item of type str\)"),
        ({"api_keys": None}, r"api_keys must be a list such as .* \(got NoneType\)"),
        ({"username": None}, "username must be a str"),
        ({"email": 5}, "email must be a str"),
        ({"plan": 3}, "plan must be one of free, pro"),
        ({"plan": ["pro"]}, "plan must be one of free, pro"),
        ({"max_uploads_per_month": 1.5}, "max_uploads_per_month must be a number of at least 0, None for no limit"),
        ({"max_presets": True}, "max_presets must be a number"),
        ({"render_timeout_seconds": "x"}, "render_timeout_seconds must be a number"),
    ],
)
def test_a_setting_of_the_wrong_type_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=f"^{message}"):
        ImgsrcSettings(Path(), **options)


@pytest.mark.parametrize("key", ["", "imgsrc_", "sk_live_1", "imgsrc_a b", "imgsrc_a\n", b"imgsrc_a"])
def test_a_key_must_have_the_format_of_the_service_and_an_invalid_key_is_not_shown(key: Any) -> None:
    with pytest.raises(ValueError, match="must be imgsrc_ followed by letters or digits") as caught:
        ApiKey(key)
    assert not key or str(key) not in str(caught.value).replace("imgsrc_ ", "")


def test_the_scopes_of_a_key_are_checked_and_its_value_is_hidden() -> None:
    for scopes in ((), ("admin",)):
        with pytest.raises(ValueError, match="scopes of an API key must be some of read, write"):
            ApiKey("imgsrc_a", scopes)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"must be a tuple such as \('read',\) \(got 'read'\)"):
        ApiKey("imgsrc_a", "read")  # type: ignore[arg-type]
    assert "imgsrc_secret" not in repr(ImgsrcSettings(Path(), api_keys=(ApiKey("imgsrc_secret"),)))


def test_urls_start_with_the_public_url_or_the_requested_address() -> None:
    settings = ImgsrcSettings(Path(), address="http://127.0.0.1:1/")
    assert settings.base_url() == "http://127.0.0.1:1"
    assert settings.delivery_url("http://other:2") == "http://other:2/i"
    assert ImgsrcSettings(Path(), public_url="https://a.test/x/").delivery_url("http://b") == "https://a.test/x/i"
