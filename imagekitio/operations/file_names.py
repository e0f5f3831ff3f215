"""What the service makes of the names that it is given. ImageKit docs, "File name" and "Folder" of the upload API."""

from __future__ import annotations

import unicodedata
from base64 import urlsafe_b64encode

from .draws import token

UNIQUE_SUFFIX_LENGTH = 9  # of letters, digits, "_" and "-", the alphabet of base64 in URLs: 6 bits each


def clean_file_name(name: str) -> str:
    """Return `name` with everything but letters, marks, numbers and ``._-`` replaced by ``_``, one for one."""
    return _replace(name, kept="._-")


def clean_folder_name(name: str) -> str:
    """Return `name` cleaned like that of a file, but the dot goes too."""
    return _replace(name, kept="_-")


def unique_name(name: str) -> str:
    """Return `name` with ``_`` and 9 random characters before its last dot: ``hero.jpg``, ``hero_k3Zx9_Qa1.jpg``."""
    suffix = "_" + urlsafe_b64encode(token()).decode()[:UNIQUE_SUFFIX_LENGTH]
    stem, dot, extension = name.rpartition(".")
    return f"{stem}{suffix}.{extension}" if dot else name + suffix


def _replace(name: str, *, kept: str) -> str:
    return "".join(c if c in kept or unicodedata.category(c)[0] in "LMN" else "_" for c in name)
