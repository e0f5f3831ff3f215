"""Seeding: filling local ImageKit from a folder on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.names import clean_file_name, clean_folder_path
from ..delivery.sources import copy_into
from .accept import keep_upload
from .parameters import UploadParameters

if TYPE_CHECKING:
    from pathlib import Path

    from ..library.store import Store


def seed(store: Store, folder: Path) -> list[str]:
    """Store all files in `folder` and its subfolders, except hidden ones, under the same paths; return them, sorted.

    Raises:
        NotADirectoryError: `folder` is not a folder.
        ValueError: A file is empty; nothing was stored.
        ApiError: An upload would refuse one of the files.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"seed needs a folder (got {folder})")
    files = {file: _parameters(file, folder) for file in sorted(folder.rglob("*")) if _is_seed(file, folder)}
    empty = next((file for file in files if not file.stat().st_size), None)
    if empty is not None:
        raise ValueError(f"files must not be empty (got {empty})")
    paths: list[str] = []
    for file, parameters in files.items():
        with store.incoming() as content:
            copy_into(content, file)
            kept = keep_upload(store, content, parameters)
        paths.append(kept.row.full_path)
    return sorted(paths)


def _is_seed(path: Path, folder: Path) -> bool:
    # Hidden files belong to other tools: a .gitkeep is empty, and a .git is not a fixture.
    return path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)


def _parameters(file: Path, folder: Path) -> UploadParameters:
    return UploadParameters(
        file_name=clean_file_name(file.name),
        folder=clean_folder_path(file.parent.relative_to(folder).as_posix().removeprefix(".")),
        use_unique_file_name=False,
    )
