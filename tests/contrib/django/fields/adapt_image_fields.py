"""Replaces Django's classes with `ImageKitImageField` and `ImageKitStorage`, for Django's own tests of them."""

from __future__ import annotations

import django.core.files.storage.filesystem
import django.db.models.fields.files
from django.db import models

from imagekitio.contrib.django import ImageKitImageField
from imagekitio.contrib.django.fields.model_fields import ImageKitFieldFile
from tests.contrib.django import djangos_own_account
from tests.contrib.django.djangos_own_account import after_test
from tests.contrib.django.storages import adapt_file_storage

__all__ = ["SETTINGS", "after_test"]

SETTINGS = {
    **djangos_own_account.SETTINGS,
    "INSTALLED_APPS": ["django.contrib.auth", "django.contrib.contenttypes", "model_fields"],
}

django.core.files.storage.filesystem.FileSystemStorage = adapt_file_storage.FileSystemStorage  # type: ignore[misc, assignment]
models.ImageField = ImageKitImageField  # type: ignore[misc]
django.db.models.fields.files.ImageFieldFile = ImageKitFieldFile  # type: ignore[misc]
