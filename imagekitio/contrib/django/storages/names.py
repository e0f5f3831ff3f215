"""Names of files in a storage, as the service stores them and inside the storage's location."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.core.exceptions import SuspiciousFileOperation

from ....operations.file_names import clean_file_name, clean_folder_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    Name = str | os.PathLike[str]


def clean_name(name: Name) -> str:
    """Return the name with folders that the service gives a file: ``v1.2/a@2x.png`` becomes ``v1_2/a_2x.png``.

    Raises:
        SuspiciousFileOperation: The name points outside the location.
    """
    parts = _split(name)
    return "/".join([*map(clean_folder_name, parts[:-1]), *map(clean_file_name, parts[-1:])])


def clean_folder(folder: Name) -> str:
    """Return the name that the service gives a folder; empty for ``""`` and ``"."``.

    Raises:
        SuspiciousFileOperation: The name points outside the location.
    """
    return "/".join(map(clean_folder_name, _split(folder)))


def _split(name: Name) -> Sequence[str]:
    text = os.fspath(name).replace("\\", "/")
    parts = text.split("/")
    if text.startswith("/") or ".." in parts:
        raise SuspiciousFileOperation(f"Detected path traversal attempt in '{text}'")
    return [part for part in parts if part not in ("", ".")]
