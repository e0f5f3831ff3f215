"""System check for the development server that ``manage.py imagekit_local`` starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MARKER = "IMAGEKIT_LOCAL"  # environment variable that `imagekit_local` sets for the processes it starts
_NAMES = ("public_key", "private_key", "url_endpoint", "api_base_url", "upload_base_url")


def check_local_settings(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Report settings that stop a development server started by `imagekit_local` from using local ImageKit.

    Local ImageKit accepts only its own keys, so uploads would fail with an error about keys.
    """
    if not os.environ.get(MARKER):
        return []
    return [
        Error(
            f'{where}["{name}"] overrides the environment, so imagekit_local cannot point it at local ImageKit.',
            hint=f'Leave it out, or read it from the environment: os.environ["IMAGEKIT_{name.upper()}"].',
            id="imagekitio.E020",
        )
        for where, given in _list_options()
        for name in _NAMES
        if given.get(name) and given[name] != os.environ.get(f"IMAGEKIT_{name.upper()}")
    ]


def _list_options() -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "IMAGEKIT", getattr(settings, "IMAGEKIT", {})
    for alias, storage in settings.STORAGES.items():
        if storage.get("BACKEND", "").startswith("imagekitio."):
            yield f'STORAGES["{alias}"]["OPTIONS"]', storage.get("OPTIONS", {})
