"""Local ImageKit in a process that runs Django's own tests; for the adapters of `djangos_own`."""

from __future__ import annotations

from typing import Any

from imagekitio.local import LocalImageKit
from tests.contrib.django_settings import make_account

SERVER = LocalImageKit().start()
SETTINGS: dict[str, Any] = {"IMAGEKIT": make_account(SERVER)}


def after_test() -> None:
    """Empty the media library: Django's tests remove temporary folders instead."""
    SERVER.reset()
