"""Filling local ImageKit from a folder of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .names import clean_file_name, clean_folder_path
from .parameters import UploadParameters
from .sources import copy_into
from .uploads import keep_upload

if TYPE_CHECKING:
    from pathlib import Path

    from .store import Store


def seed(store: Store, folder: Path) -> list[str]:
    """Store all files below `folder` under the same paths; return these, sorted."""
    if not folder.is_dir():
        raise NotADirectoryError(f"seed needs a folder (got {folder})")
    paths: list[str] = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        parameters = UploadParameters(
            file_name=clean_file_name(file.name),
            folder=clean_folder_path(file.parent.relative_to(folder).as_posix().removeprefix(".")),
            use_unique_file_name=False,
        )
        with store.incoming() as content:
            copy_into(content, file)
            kept = keep_upload(store, content, parameters)
        paths.append(kept.row.full_path)
    return sorted(paths)
