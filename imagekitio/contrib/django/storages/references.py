"""References from one static file to another, in style sheets and scripts."""

from __future__ import annotations

import posixpath

from ....operations.file_names import clean_file_name, clean_folder_name


def split_reference(reference: str) -> tuple[str, str]:
    """Return the path of a relative URL and the rest: query and fragment, with their delimiters."""
    end = next((position for position, mark in enumerate(reference) if mark in "?#"), len(reference))
    return reference[:end], reference[end:]


def clean_reference(reference: str) -> str:
    """Return a relative URL with the names in its path as the service stores them."""
    path, rest = split_reference(reference)
    *folders, file_name = path.split("/")
    folders = [part if part in (".", "..") else clean_folder_name(part) for part in folders]
    return "/".join([*folders, clean_file_name(file_name)]) + rest


def make_relative(reference: str, source: str) -> str:
    """Return the reference from one stored file to another.

    Args:
        reference: URL of the other file, relative to the folder of all files.
        source: Name of the file that contains the reference.
    """
    path, rest = split_reference(clean_reference(reference))
    relative = posixpath.relpath(path or ".", posixpath.dirname(clean_reference(source)) or ".")
    # A script can import a module only from a path that begins with ``./`` or ``../``.
    relative = relative if f"{relative}/".startswith("../") else f"./{relative}"
    return relative + ("" if posixpath.basename(path) else "/") + rest
