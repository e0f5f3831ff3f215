"""Finds what paths and patterns of a command line mean in the media library."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING

from ...exceptions import NotFoundException
from .failures import REFUSED, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...client import ImageKit
    from ...models.files import FileResult, FolderResult

_WILDCARDS = re.compile(r"[*?\[]")


def has_wildcards(path: str) -> bool:
    """Return whether a path is a pattern: ``*``, ``?`` and ``[…]`` stand for characters of one name."""
    return _WILDCARDS.search(path) is not None


def list_folder(client: ImageKit, folder: str) -> Iterator[FileResult | FolderResult]:
    """Yield what is in a folder itself: its folders, then its files."""
    path = folder.rstrip("/") or "/"
    yield from client.iter_files(path=path, type="folder")
    yield from client.iter_files(path=path, type="file")


def list_files_below(client: ImageKit, folder: str) -> Iterator[FileResult]:
    """Yield the files in a folder and in those below it, at any depth."""
    path = folder.strip("/")
    return client.iter_files(search_query=f'path : "/{path}"') if path else client.iter_files(type="file")


def path_of(item: FileResult | FolderResult) -> str:
    """Return the path of a file or of a folder, the latter without a slash at its end."""
    return getattr(item, "folder_path", None) or item.file_path


def is_folder(item: FileResult | FolderResult) -> bool:
    """Return whether a listed item is a folder."""
    return item.type == "folder"


def expand_path(client: ImageKit, path: str) -> list[FileResult | FolderResult]:
    """Return the files and folders that a path or pattern means.

    A path without wildcards is one file or folder: with a slash at its end, only a folder. The wildcards stand for
    characters of one name, as in a shell: ``/shop/*/front.jpg``.

    Args:
        path: Path as `options.RemotePath` gives it, or a URL of a file under the client's endpoint.
    Raises:
        Failure: There is nothing of that name; exit code 3.
    """
    if path.startswith(("https://", "http://")):
        return [client.get_file_by_path(path)]
    if path.strip("/") == "":
        raise Failure("/ is the whole media library: name what is in it, such as '/*'", REFUSED)
    found = list(_match(client, "", [part for part in path.split("/") if part], only_folders=path.endswith("/")))
    if not found:
        kind = "matches" if has_wildcards(path) else "is there under the name of"
        raise Failure(f"nothing {kind} {path} (look: imagekit ls {path.rpartition('/')[0] or '/'})", REFUSED)
    return found


def find_file(client: ImageKit, path: str) -> FileResult:
    """Return the file at a path or URL.

    Raises:
        Failure: There is none; exit code 3.
    """
    try:
        return client.get_file_by_path(path)
    except NotFoundException as exc:
        raise Failure(f"{exc.message} (look: imagekit ls)", REFUSED) from exc


def _match(
    client: ImageKit, folder: str, parts: list[str], *, only_folders: bool
) -> Iterator[FileResult | FolderResult]:
    name, *rest = parts
    if rest and not has_wildcards(name):
        yield from _match(client, f"{folder}/{name}", rest, only_folders=only_folders)
        return
    for item in list_folder(client, folder or "/"):
        if not fnmatch.fnmatchcase(item.name, name) or ((rest or only_folders) and not is_folder(item)):
            continue
        if rest:
            yield from _match(client, path_of(item), rest, only_folders=only_folders)
        else:
            yield item
