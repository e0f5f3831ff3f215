"""A project of Django with packages of others that handle files, and local ImageKit as its storage."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from django.conf import settings

from imagekitio.contrib.django.testing import override_account, override_storages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio.local import LocalImageKit

APPLICATIONS = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "easy_thumbnails",
    "imagekitio.contrib.django",
    "modelcluster",
    "taggit",
    "tests.contrib.django_packages.gallery",
    "wagtail",
    "wagtail.admin",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.users",
    "django_cleanup.apps.CleanupConfig",  # at the end: it looks for the models of the others
)
BACKEND = "imagekitio.contrib.django.ImageKitStorage"


class NoMigrations:
    """Makes Django create the tables from the models, which takes a tenth of the time."""

    def __contains__(self, label: str) -> bool:
        return True

    def __getitem__(self, label: str) -> None:
        return None


def pytest_configure() -> None:
    # At the end, so that an installed package comes first.
    sys.path.append(str(Path(__file__).parents[3]))
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=APPLICATIONS,
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        MIGRATION_MODULES=NoMigrations(),
        ROOT_URLCONF="tests.contrib.django_packages.urls",
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
        THUMBNAIL_DEFAULT_STORAGE_ALIAS="easy_thumbnails",
        USE_TZ=True,
        WAGTAILADMIN_BASE_URL="http://127.0.0.1",
        WAGTAILIMAGES_IMAGE_MODEL="gallery.Picture",
        WAGTAIL_SITE_NAME="Gallery",
    )
    django.setup()


@pytest.fixture(autouse=True)
def account(server: LocalImageKit) -> Iterator[LocalImageKit]:
    """Local ImageKit, empty, as the account of the project."""
    storages = {
        "default": {"BACKEND": BACKEND, "OPTIONS": {"location": "media"}},
        "easy_thumbnails": {"BACKEND": BACKEND, "OPTIONS": {"location": "thumbnails", "names": "overwrite"}},
    }
    with override_storages(storages), override_account(server.environment):
        yield server
