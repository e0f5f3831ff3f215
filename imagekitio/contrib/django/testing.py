"""Helpers for the tests of projects; `imagekitio.testing.plugin` has the pytest fixture."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from django.conf import settings
from django.core.files.storage import storages
from django.core.signals import setting_changed
from django.test import override_settings
from django.utils.module_loading import import_string

from .storages.storage import ImageKitStorage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.core.files.storage.handler import StorageHandler


@contextmanager
def override_account(environment: Mapping[str, str]) -> Iterator[StorageHandler]:
    """Temporarily point the setting ``IMAGEKIT`` and each `ImageKitStorage` in ``STORAGES`` at another account.

    They keep their other options. For `unittest`, without the fixture::

        with LocalImageKit() as server, override_account(server.environment) as storages:
            storages["default"].save("a.jpg", picture)

    Args:
        environment: The environment variables that name the account, such as `LocalImageKit.environment`.
    Returns:
        Django's ``storages``.
    """
    account = {name.removeprefix("IMAGEKIT_").lower(): value for name, value in environment.items()}
    overrides = {
        alias: {**storage, "OPTIONS": {**storage.get("OPTIONS", {}), **account}}
        for alias, storage in settings.STORAGES.items()
        if issubclass(import_string(storage["BACKEND"]), ImageKitStorage)
    }
    general = {**(getattr(settings, "IMAGEKIT", None) or {}), **account}
    with override_settings(IMAGEKIT=general), override_storages(overrides):
        yield storages


@contextmanager
def override_storages(changes: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Temporarily add or replace aliases in the setting ``STORAGES``; the others stay.

    ``override_settings(STORAGES=…)`` would work too, but in Django 4.2 it loses the ``OPTIONS`` of ``default``.
    """
    try:
        with mock.patch.dict(settings.STORAGES, changes):
            _announce(enter=True)
            yield
    finally:
        _announce(enter=False)


def _announce(*, enter: bool) -> None:
    setting_changed.send(sender=type(settings), setting="STORAGES", value=settings.STORAGES, enter=enter)
