"""Account settings over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imagekitio.local.imgsrc.account import Defaults, read_defaults
from tests.local.imgsrc.conftest import NOW, make_picture

if TYPE_CHECKING:
    from tests.local.imgsrc.conftest import Api

INITIAL = {
    "id": "user_local",
    "username": "local",
    "email": "local@example.test",
    "plan": "pro",
    "delivery_formats": ["webp", "avif", "jpeg"],
    "default_quality": 80,
    "default_fit_mode": "contain",
    "theme": "light",
    "language": "en",
    "created_at": NOW,
    "updated_at": NOW,
    "total_uploads": 0,
    "storage_used_bytes": 0,
}


def test_a_new_account_has_the_default_settings_of_the_service(api: Api) -> None:
    assert api.json("GET", "/api/v1/settings") == {"settings": INITIAL}


def test_an_update_changes_only_the_settings_it_names_and_null_clears_bounds(api: Api) -> None:
    api.settings.clock.advance(5)
    changes = {
        "delivery_formats": ["jxl", "png"],
        "default_quality": 90,
        "default_fit_mode": "cover",
        "default_max_width": 1920,
        "default_max_height": 1080,
        "theme": "dark",
        "language": "ko",
    }
    answer = api.json("PUT", "/api/v1/settings", json={**changes, "username": "me", "unknown": 1})
    changed = {**INITIAL, **changes, "updated_at": NOW + 5}
    assert answer == {"settings": changed, "message": "Settings updated successfully"}
    with api.store.read() as connection:
        assert read_defaults(connection) == Defaults(90, "cover", 1920, 1080)
    del changed["default_max_width"]
    assert api.json("PUT", "/api/v1/settings", json={"default_max_width": None})["settings"] == changed
    assert api.json("GET", "/api/v1/settings")["settings"] == changed


def test_an_empty_update_does_not_change_the_date(api: Api) -> None:
    api.settings.clock.advance(5)
    assert api.json("PUT", "/api/v1/settings")["settings"] == INITIAL


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"delivery_formats": "webp"}, "delivery_formats must be a list of webp"),
        ({"delivery_formats": ["gif"]}, "delivery_formats must"),
        ({"delivery_formats": [1]}, "delivery_formats must"),
        ({"default_quality": 0}, "default_quality must be a whole number from 1 to 100"),
        ({"default_quality": "80"}, "default_quality must"),
        ({"default_quality": None}, "default_quality must"),
        ({"default_fit_mode": "crop"}, "default_fit_mode must be one of cover"),
        ({"default_max_width": 0}, "default_max_width must be a whole number of at least 1"),
        ({"default_max_height": True}, "default_max_height must"),
        ({"theme": ""}, "theme must be text of 1 to 50 characters"),
        ({"language": None}, "language must"),
    ],
)
def test_an_invalid_value_is_refused_and_nothing_changes(api: Api, body: dict[str, object], message: str) -> None:
    assert message in api.error("PUT", "/api/v1/settings", 400, json={"default_quality": 1, **body})
    assert api.json("GET", "/api/v1/settings")["settings"] == INITIAL


def test_uploads_and_storage_are_counted(api: Api) -> None:
    api.upload(make_picture(1), "a.png")
    api.upload(make_picture(1), "b.png")
    size = api.upload(make_picture(2), "a.png")["size"]
    settings = api.json("GET", "/api/v1/settings")["settings"]
    assert (settings["total_uploads"], settings["storage_used_bytes"]) == (3, 2 * size)
