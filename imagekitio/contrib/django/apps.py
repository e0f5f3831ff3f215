"""The Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class ImageKitConfig(AppConfig):
    name = "imagekitio.contrib.django"
    label = "imagekitio"
    verbose_name: str = "ImageKit"  # pyright: ignore[reportIncompatibleVariableOverride]

    def ready(self) -> None:
        from .checks.local import check_local_settings
        from .checks.system import register_checks

        register_checks()
        checks.register(check_local_settings)
