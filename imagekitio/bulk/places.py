"""Find the local paths of the files of a remote folder."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ..disk import LocalFile, find_local_file, resolve_name
from ..operations.file_names import clean_folder_name
from .sync import remote_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Places:
    """A finder for the local counterparts of remote files.

    The counterpart of a remote file is the local file with the same path. If there is none, it is the first one that
    the service would store under that path: ``v1.0/my shoe.jpg`` for ``v1_0/my_shoe.jpg``. Folders are found in the
    same way.

    Args:
        root: The local folder.
        here: All local files below it by their paths.
        there: Paths of all remote files, relative to the remote folder.
    """

    def __init__(self, root: Path, here: Mapping[Path, LocalFile], there: Iterable[str]) -> None:
        self._root = root
        self._here = here
        self._checked = {root}
        self._renamed_files: dict[str, LocalFile] = {}
        self._renamed_folders: dict[str, Path] = {}
        files_there = set(there)
        files_here = {path.relative_to(root).as_posix(): file for path, file in here.items()}
        for name, file in files_here.items():
            if name not in files_there:  # otherwise it is the counterpart of another remote file
                self._renamed_files.setdefault(remote_path("", PurePath(name))[1:], file)
        self._folders_here = _list_folders(files_here)
        for name in sorted(self._folders_here - _list_folders(files_there)):
            stored = "/".join(map(clean_folder_name, name.split("/")))
            self._renamed_folders.setdefault(stored, root / name)

    def find(self, name: str) -> tuple[Path, LocalFile | None]:
        """Return the local path of a remote file, and the file at this path, or None.

        Args:
            name: Path of the remote file, relative to the remote folder.
        Raises:
            ValueError: The path is not valid here, is not that of a file, or leads through a symbolic link.
            OSError: No file can have this path; see `find_local_file`.
        """
        local = resolve_name(self._root, name)
        before = self._here.get(local) or self._renamed_files.get(name)
        if before is not None:
            return before.path, before
        folder, _, _ = local.relative_to(self._root).as_posix().rpartition("/")
        local = self._find_folder(folder) / local.name
        self._check_folder(local.parent)
        return local, find_local_file(local)

    def _find_folder(self, name: str) -> Path:
        if not name:
            return self._root
        if name in self._renamed_folders and name not in self._folders_here:
            return self._renamed_folders[name]
        parent, _, last = name.rpartition("/")
        return self._find_folder(parent) / last

    def _check_folder(self, folder: Path) -> None:
        if folder in self._checked:
            return
        self._check_folder(folder.parent)
        if folder.is_symlink():
            raise ValueError(
                f"its folder {str(folder)!r} is a symbolic link, so the file would be stored elsewhere: "
                "remove the link, or download to another folder"
            )
        self._checked.add(folder)


def _list_folders(names: Iterable[str]) -> set[str]:
    """Return the relative paths of all folders that contain files."""
    found: set[str] = set()
    for name in names:
        folder = name.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found
