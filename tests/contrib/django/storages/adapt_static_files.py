"""Replaces Django's `ManifestStaticFilesStorage` with `ImageKitStaticStorage`, for Django's own tests of it.

Those expect URLs that begin with ``STATIC_URL``: there the URL of the service is replaced by it, and references in
style sheets that begin so are kept.
"""

from __future__ import annotations

import django.contrib.staticfiles.storage
from django.conf import settings

import imagekitio.contrib.django.storages.static_files
from imagekitio.contrib.django import ImageKitStaticStorage
from tests.contrib.django import djangos_own_account
from tests.contrib.django.djangos_own_account import SERVER, after_test

__all__ = ["SETTINGS", "after_test"]

SETTINGS = {
    **djangos_own_account.SETTINGS,
    "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
}


class ManifestStaticFilesStorage(ImageKitStaticStorage):
    """`ImageKitStaticStorage` with the URLs of Django's class."""

    def url(self, name: str | None, force: bool = False) -> str:
        return super().url(name, force).replace(f"{SERVER.url_endpoint}/static/", settings.STATIC_URL)


def keep_absolute(reference: str, source: str) -> str:
    """Take the place of `make_relative`."""
    return f"{settings.STATIC_URL}{reference}"


imagekitio.contrib.django.storages.static_files.make_relative = keep_absolute  # type: ignore[attr-defined]
django.contrib.staticfiles.storage.ManifestStaticFilesStorage = ManifestStaticFilesStorage  # type: ignore[misc, assignment]
