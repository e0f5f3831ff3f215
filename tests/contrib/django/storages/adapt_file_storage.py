"""Replaces Django's `FileSystemStorage` with `ImageKitStorage`, for Django's own tests of it.

Those look for the files on the local disk, too: there they find what is in the media library.
"""

from __future__ import annotations

import os
import shutil
from functools import partial
from tempfile import gettempdir
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

import django.core.files.storage
from django.utils.deconstruct import deconstructible

from imagekitio import NotFoundException
from imagekitio.contrib.django import ImageKitStorage
from tests.contrib.django.djangos_own_account import SERVER, SETTINGS, after_test

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SETTINGS", "after_test"]


@deconstructible(path="django.core.files.storage.FileSystemStorage")
class FileSystemStorage(ImageKitStorage):
    """`ImageKitStorage` with the arguments of Django's class; the path of the location is a folder in the library."""

    OS_OPEN_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL

    def __init__(self, location: Any = "", base_url: Any = None, *, allow_overwrite: bool = False) -> None:
        self._local: str = os.path.abspath(location)
        overwrites = allow_overwrite or not self.OS_OPEN_FLAGS & os.O_EXCL
        super().__init__(location=self._local, names="overwrite" if overwrites else "unique")

    @property
    def location(self) -> str:
        return self._local

    @property
    def base_url(self) -> str:
        return self.url("") + "/"

    def path(self, name: str) -> str:
        return os.path.join(self._local, name)


def _exists(path: Any, exists: Callable[[Any], bool] = os.path.exists) -> bool:
    if exists(path) or not _is_of_test(path):
        return exists(path)
    try:
        LIBRARY.get_file_by_path(str(path))
    except NotFoundException:
        return False
    return True


def _listdir(path: Any, listdir: Callable[[Any], list[str]] = os.listdir) -> list[str]:
    found = listdir(path) if os.path.isdir(path) else []
    if found or not _is_of_test(path):
        return found
    folders, files = FileSystemStorage(path).listdir("")
    return folders + files


def _mkdir(path: Any, mode: int = 0o777, mkdir: Callable[[Any, int], None] = os.mkdir) -> None:
    mkdir(path, mode)
    parent, name = os.path.split(path)
    if _is_of_test(parent):
        LIBRARY.create_folder(folder_name=name, parent_folder_path=parent)


def _is_of_test(path: Any) -> bool:
    # Local ImageKit has temporary files too, in other threads.
    return current_thread() is main_thread() and str(path).startswith(f"{gettempdir()}/")


LIBRARY = SERVER.client()
django.core.files.storage.FileSystemStorage = FileSystemStorage  # type: ignore[misc, assignment]
os.path.exists = _exists
shutil.rmtree = partial(shutil.rmtree, ignore_errors=True)  # type: ignore[assignment]
os.listdir = _listdir  # type: ignore[assignment]
os.mkdir = _mkdir  # type: ignore[assignment]
