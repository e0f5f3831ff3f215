"""A project of Django with packages of others that handle files, and local ImageKit as its storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imagekitio.contrib.django.testing import override_account, override_storages

from ..django_settings import set_up_project

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
    set_up_project(
        INSTALLED_APPS=APPLICATIONS,
        MIGRATION_MODULES=NoMigrations(),
        ROOT_URLCONF="tests.contrib.django_packages.urls",
        THUMBNAIL_DEFAULT_STORAGE_ALIAS="easy_thumbnails",
        WAGTAILADMIN_BASE_URL="http://127.0.0.1",
        WAGTAILIMAGES_IMAGE_MODEL="gallery.Picture",
        WAGTAIL_SITE_NAME="Gallery",
    )


@pytest.fixture(autouse=True)
def account(server: LocalImageKit) -> Iterator[LocalImageKit]:
    """Local ImageKit, empty, as the account of the project."""
    storages = {
        "default": {"BACKEND": BACKEND, "OPTIONS": {"location": "media"}},
        "easy_thumbnails": {"BACKEND": BACKEND, "OPTIONS": {"location": "thumbnails", "names": "overwrite"}},
    }
    with override_storages(storages), override_account(server.environment):
        yield server
