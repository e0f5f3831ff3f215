"""Settings of the wrong type are named in errors, and keys are never shown."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from imagekitio.local import ImgsrcSettings, KeyPair, Settings


@pytest.mark.parametrize("settings", [Settings, ImgsrcSettings])
def test_every_setting_of_the_wrong_type_is_refused_with_its_name(settings: type[Settings | ImgsrcSettings]) -> None:
    for each in fields(settings):
        options: dict[str, Any] = {"data": Path(), each.name: object()}
        with pytest.raises(TypeError, match=f"^{each.name} must be "):
            settings(**options)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data", "folder"),
        ("public_url", 5),
        ("imagekit_id", None),
        ("max_pixels", 1.5),
        ("max_pixels", True),
        ("max_pixels", None),
        ("max_storage_bytes", "5"),
        ("job_delay", "1"),
        ("trust_forwarded", "yes"),
        ("trust_forwarded", 1),
        ("webhook_retry_seconds", 5),
        ("webhook_retry_seconds", (5, "300")),
        ("webhook_retry_seconds", (True,)),
        ("rate_limits", "100/1"),
        ("remote_files", {"https://example.com/a.jpg": "a.jpg"}),
        ("keys", "public"),
        ("keys", [("public", "private")]),
        ("clock", 0),
    ],
)
def test_the_error_for_a_wrong_type_says_which_type_is_right(name: str, value: object) -> None:
    options: dict[str, Any] = {"data": Path(), name: value}
    with pytest.raises(TypeError, match=f"^{name} must be "):
        Settings(**options)


def test_a_key_that_is_not_a_pair_is_not_shown() -> None:
    keys: Any = ["private_secret"]
    with pytest.raises(
        TypeError, match=r"^keys must be a list such as \[KeyPair\(.*\(got an item of type str\)$"
    ) as caught:
        Settings(data=Path(), keys=keys)
    assert "secret" not in str(caught.value)


def test_a_pair_has_two_strings_and_a_known_access() -> None:
    wrong: Any = b"private_secret"
    with pytest.raises(TypeError, match=r"private_key of a KeyPair must be a str \(got bytes\)"):
        KeyPair("public_a", wrong)
    unknown: Any = "admin"
    with pytest.raises(ValueError, match=r"must be one of none, read, read-write, standard \(got 'admin'\)"):
        KeyPair("public_a", "private_a", unknown)
