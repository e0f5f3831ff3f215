"""Django for the tests: settings, an application (`shop`), and local ImageKit as its storage."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from django.conf import settings as django_settings

if TYPE_CHECKING:
    from pytest_django import Settings

    from imagekitio.local import LocalImageKit


def pytest_configure() -> None:
    # At the end, so that an installed package comes first.
    sys.path.append(str(Path(__file__).parents[3]))
    django_settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
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
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        ROOT_URLCONF="tests.contrib.django.urls",
        SECRET_KEY="of the tests",
        STATIC_URL="/static/",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        USE_TZ=True,
    )
    django.setup()


@pytest.fixture(autouse=True)
def account(server: LocalImageKit, settings: Settings) -> LocalImageKit:
    """Local ImageKit, empty, as the account of the project."""
    prefix = "IMAGEKIT_"
    settings.IMAGEKIT = {name.removeprefix(prefix).lower(): text for name, text in server.environment.items()}
    return server


@pytest.fixture(scope="session")
def djangos_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Django's folder ``tests``; fetched once and kept beside the temporary folders of pytest."""
    # Imported here: it needs Django's settings.
    from .djangos_own import fetch_tests

    return fetch_tests(tmp_path_factory.getbasetemp().parent)
