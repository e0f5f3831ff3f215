"""The check of a development server that `imagekit_local` started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.checks import run_checks

from imagekitio.contrib.django.checks.local import MARKER

if TYPE_CHECKING:
    from pytest_django import Settings

    from imagekitio.local import LocalImageKit


@pytest.fixture(autouse=True)
def _started_by_the_command(account: LocalImageKit, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**account.environment, MARKER: "1"}.items():
        monkeypatch.setenv(name, value)


def find_problems() -> list[str]:
    return [message.msg for message in run_checks() if message.id == "imagekitio.E020"]


def test_settings_from_the_environment_pass() -> None:
    assert find_problems() == []


def test_other_keys_are_reported_without_their_values(settings: Settings) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, "private_key": "private_of_the_account"}
    backend = "imagekitio.contrib.django.ImageKitStorage"
    other = {"BACKEND": backend, "OPTIONS": {"url_endpoint": "https://ik.imagekit.io/acme"}}
    elsewhere = {"BACKEND": "django.core.files.storage.InMemoryStorage", "OPTIONS": {"location": "x"}}
    settings.STORAGES = {**settings.STORAGES, "photos": other, "memory": elsewhere}
    rest = " overrides the environment, so imagekit_local cannot point it at local ImageKit."
    assert find_problems() == [
        f'IMAGEKIT["private_key"]{rest}',
        f'STORAGES["photos"]["OPTIONS"]["url_endpoint"]{rest}',
    ]


def test_nothing_is_reported_elsewhere(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MARKER)
    settings.IMAGEKIT = {**settings.IMAGEKIT, "private_key": "private_of_the_account"}
    assert find_problems() == []
