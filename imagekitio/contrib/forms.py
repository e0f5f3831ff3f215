"""The names of files that forms send to the application."""

from __future__ import annotations

from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

from .errors import UploadRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_file_name(sent: str | None) -> str:
    """Return the name of a file sent with a form, without folders and surrounding spaces.

    Args:
        sent: The parameter `filename` of the form part; None if there is none.
    Raises:
        UploadRefusedError: The file has no name.
    Source: RFC 7578, section 4.2: "do not use directory path information".
    """
    name = PureWindowsPath(sent or "").name.strip()  # Windows paths are split at both kinds of slash
    if not name.strip("."):
        raise UploadRefusedError("The file has no name.")
    return name


def forbid_replacing(options: Mapping[str, object]) -> None:
    """Refuse options of `upload_file` that let visitors replace files by choosing their names, unless this is explicit.

    Raises:
        ValueError: `use_unique_file_name` is False, and `overwrite_file` is not given.
    """
    if options.get("use_unique_file_name") is False and options.get("overwrite_file") is None:
        raise ValueError(
            "use_unique_file_name=False lets visitors replace files: add overwrite_file=False, or pass file_name=…"
        )
