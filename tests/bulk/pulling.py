"""Helpers to pull the folder ``/site`` and to read what is on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from imagekitio import ImageKit


def put(ik: ImageKit, path: str, text: str, **options: Any) -> None:
    folder, _, name = path.rpartition("/")
    ik.upload_file(text.encode(), name, folder=folder or "/", use_unique_file_name=False, **options)


def pull(ik: ImageKit, local: Path, remote: str = "/site", **options: Any) -> dict[str, str]:
    """Pull, and return the actions by path; nothing may fail."""
    outcomes = list(ik.pull_folder(remote, local, **options))
    assert [done.error for done in outcomes if done.error] == []
    return {done.item.path: done.item.action for done in outcomes}


def push(ik: ImageKit, local: Path) -> set[str]:
    return {done.item.action for done in ik.sync_folder(local, "/site", dry_run=True)}


def read(root: Path, *, all_files: bool = False) -> dict[str, str]:
    """Return the texts of the files below a folder, by their paths in the library."""
    return {
        f"/site/{path.relative_to(root).as_posix()}": path.read_text()
        for path in root.rglob("*")
        if path.is_file() and (all_files or not path.name.startswith("."))
    }


def write(root: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
