"""How the service changes the names that it is given. Source: ImageKit docs, upload API, "File name" and "Folder"."""

from __future__ import annotations

import secrets
import unicodedata

UNIQUE_SUFFIX_LENGTH = 9  # characters: letters, digits, "_" and "-", as in base64 for URLs


def clean_file_name(name: str) -> str:
    """Return `name` with each character replaced by ``_`` that is not a letter, mark, number or one of ``._-``."""
    return _replace(name, kept="._-")


def clean_folder_name(name: str) -> str:
    """Return `name` cleaned like a file name, with dots replaced too."""
    return _replace(name, kept="_-")


def make_unique_name(name: str) -> str:
    """Return `name` with ``_`` and 9 random characters before its last dot: ``hero.jpg``, ``hero_k3Zx9_Qa1.jpg``."""
    suffix = "_" + secrets.token_urlsafe(UNIQUE_SUFFIX_LENGTH)[:UNIQUE_SUFFIX_LENGTH]
    stem, dot, extension = name.rpartition(".")
    return f"{stem}{suffix}.{extension}" if dot else name + suffix


def _replace(name: str, *, kept: str) -> str:
    return "".join(c if c in kept or unicodedata.category(c)[0] in "LMN" else "_" for c in name)
