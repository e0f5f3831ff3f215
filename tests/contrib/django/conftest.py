"""Django for the tests: settings, an application (`shop`), and local ImageKit as its storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..django_settings import make_account, set_up_project

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from imagekitio.local import LocalImageKit


def pytest_configure() -> None:
    set_up_project(
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.messages",
            "django.contrib.sessions",
            "django.contrib.staticfiles",
            "imagekitio.contrib.django",
            "tests.contrib.django.shop",
            "tests.contrib.django.archive",
        ],
        ROOT_URLCONF="tests.contrib.django.urls",
    )


@pytest.fixture(autouse=True)
def account(server: LocalImageKit, settings: Settings) -> LocalImageKit:
    """Local ImageKit, empty, as the account of the project."""
    settings.IMAGEKIT = make_account(server)
    return server


@pytest.fixture(scope="session")
def djangos_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Django's folder ``tests``; fetched once and kept beside the temporary folders of pytest."""
    # Imported here: it needs Django's settings.
    from .djangos_own import fetch_tests

    return fetch_tests(tmp_path_factory.getbasetemp().parent)
