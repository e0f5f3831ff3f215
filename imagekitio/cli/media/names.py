"""Refuses names that the service would change, and says which name it would store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.failures import USAGE, Failure

if TYPE_CHECKING:
    from collections.abc import Callable


def check_folder(path: str) -> None:
    """Raise `Failure` if the service would store a folder under another path."""
    from ... import clean_folder_name

    _check("/" + path.strip("/"), clean_folder_name)


def check_file(path: str) -> None:
    """Raise `Failure` if the service would store a file under another path."""
    from ... import clean_file_name

    folder, _, name = path.rpartition("/")
    check_folder(folder)
    _check(name, clean_file_name)


def _check(path: str, clean: Callable[[str], str]) -> None:
    stored = "/".join(map(clean, path.split("/")))
    if stored != path:
        raise Failure(f"the service would store {path!r} as {stored!r}: choose that name, or another one", USAGE)
