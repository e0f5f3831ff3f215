"""The application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class ImageKitConfig(AppConfig):
    name = "imagekitio.contrib.django"
    label = "imagekitio"
    verbose_name = "ImageKit"

    def ready(self) -> None:
        from .checks import register_checks

        register_checks()
