"""Change names as the service does. Source: ImageKit docs, upload API, "File name" and "Folder"."""

from __future__ import annotations

import hashlib
import posixpath
import secrets
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIGEST_CHARACTERS = 8
UNIQUE_SUFFIX_LENGTH = 9  # characters: letters, digits, "_" and "-", as in base64 for URLs


def clean_file_name(name: str) -> str:
    """Return the name under which the service stores a file that is uploaded or renamed as `name`.

    Letters, marks and numbers of any script are kept, as are dots, underscores and hyphens; every other character
    becomes ``_``: ``my shoe (1).jpg`` becomes ``my_shoe__1_.jpg``. A slash is replaced too, since a file name has no
    folder: for a path, clean its folders with `clean_folder_name` and its last part with this function.

    Args:
        name: File name as it would be passed to `upload_file` or `rename_file`.
    Returns:
        A name of the same length. The random suffix of an upload with a unique name is not part of it.
    Raises:
        TypeError: `name` is not a str.
    Source: ImageKit docs, upload API, "File name".
    """
    return _replace(name, kept="._-")


def clean_folder_name(name: str) -> str:
    """Return the name under which the service stores a folder that an upload creates as `name`.

    Letters, marks and numbers of any script are kept, as are underscores and hyphens; every other character, including
    dots, becomes ``_``: ``v1.2 final`` becomes ``v1_2_final``. A slash is replaced too: split a path at its slashes
    first, and clean each part. The service refuses the parts ``.`` and ``..`` instead of cleaning them.

    Args:
        name: Name of one folder, without slashes.
    Returns:
        A name of the same length.
    Raises:
        TypeError: `name` is not a str.
    Source: ImageKit docs, upload API, "Folder".
    """
    return _replace(name, kept="_-")


def make_unique_name(name: str) -> str:
    """Return `name` with ``_`` and 9 random characters before its last dot: ``hero.jpg``, ``hero_k3Zx9_Qa1.jpg``."""
    suffix = "_" + secrets.token_urlsafe(UNIQUE_SUFFIX_LENGTH)[:UNIQUE_SUFFIX_LENGTH]
    stem, dot, extension = name.rpartition(".")
    return f"{stem}{suffix}.{extension}" if dot else name + suffix


def distinguish_names(stored: Mapping[str, str]) -> dict[str, str]:
    """Return names under which files can be stored without overwriting each other.

    A name that the service would change also gets a digest if the changed name is not unique. The digest is the same in
    each run, so an interrupted run can be repeated.

    Args:
        stored: Names or paths, each with the result of the service's changes.
    Returns:
        The name or path under which to store each.
    """
    counts = Counter(new for old, new in stored.items() if new != old)
    return {
        old: _add_digest(new, old) if new != old and (counts[new] > 1 or new in stored) else new
        for old, new in stored.items()
    }


def _add_digest(name: str, original: str) -> str:
    digest = hashlib.sha256(original.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_CHARACTERS]
    stem, extension = posixpath.splitext(name)
    return f"{stem}_{digest}{extension}"


def _replace(name: str, *, kept: str) -> str:
    if not isinstance(cast("object", name), str):
        raise TypeError(f"name must be a str (got {type(name).__name__})")
    return "".join(c if c in kept or unicodedata.category(c)[0] in "LMN" else "_" for c in name)
