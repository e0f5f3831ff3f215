"""Puts `ImageKitImageField` and `ImageKitStorage` in the place of Django's classes, for Django's own tests of those."""

from __future__ import annotations

import django.core.files.storage.filesystem
import django.db.models.fields.files
from django.db import models

from imagekitio.contrib.django import ImageKitImageField
from imagekitio.contrib.django.fields.model_fields import ImageKitFieldFile
from tests.contrib.django.storages import adapt_file_storage
from tests.contrib.django.storages.adapt_file_storage import after_test

__all__ = ["SETTINGS", "after_test"]

SETTINGS = {
    **adapt_file_storage.SETTINGS,
    "INSTALLED_APPS": ["django.contrib.auth", "django.contrib.contenttypes", "model_fields"],
}

django.core.files.storage.filesystem.FileSystemStorage = adapt_file_storage.FileSystemStorage  # type: ignore[misc, assignment]
models.ImageField = ImageKitImageField  # type: ignore[misc]
django.db.models.fields.files.ImageFieldFile = ImageKitFieldFile  # type: ignore[misc]
