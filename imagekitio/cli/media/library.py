"""Finds the items that paths and patterns match in the media library, with as few requests as possible."""

from __future__ import annotations

import fnmatch
import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from ...exceptions import NotFoundException
from ..base.failures import REFUSED, Failure
from ..base.options import is_id, is_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeGuard

    from ...client import ImageKit
    from ...models.files import FileResult, FolderResult

_WILDCARDS = re.compile(r"[*?\[]")
_PAGE_SIZE = 1000  # maximum of the service's listings
BY_NAME = "ASC_NAME"


def has_wildcards(path: str) -> bool:
    """Return whether a path is a pattern: ``*``, ``?`` and ``[…]`` stand for characters of one name.

    No file or folder of the service has these characters in its name. A URL is never a pattern.
    """
    return not is_url(path) and _WILDCARDS.search(path) is not None


def list_folder(client: ImageKit, folder: str, *, sort: str = BY_NAME) -> Iterator[FileResult | FolderResult]:
    """Yield the direct contents of a folder: its folders, then its files.

    Fewer than 1000 items take one request. More are requested page by page, and not held in memory.

    Args:
        folder: Path of the folder; if it does not exist, nothing is yielded.
        sort: Order of the folders, and of the files, in the words of the service.
    """
    common: Any = {"path": folder.rstrip("/") or "/", "sort": sort}
    page = client.list_files(type="all", limit=_PAGE_SIZE, **common)
    if len(page) < _PAGE_SIZE:
        yield from sorted(page, key=lambda item: not is_folder(item))
        return
    yield from client.iter_files(type="folder", **common)
    yield from client.iter_files(type="file", **common)


def list_files_below(client: ImageKit, folder: str, *, sort: str | None = None) -> Iterator[FileResult]:
    """Yield the files in a folder and its subfolders, at any depth; by default, in the order of their uploads."""
    from ...search import Q

    common: Any = {} if sort is None else {"sort": sort}
    if folder.strip("/"):
        return client.iter_files(search_query=Q.path.is_under(folder), **common)
    return client.iter_files(type="file", **common)


def list_all_below(client: ImageKit, folder: str) -> Iterator[FileResult | FolderResult]:
    """Yield the files and folders in a folder and its subfolders, at any depth."""
    from ...search import Q

    return client.iter_files(search_query=Q.path.is_under(folder) & Q.type.in_(["file", "folder"]))


def path_of(item: FileResult | FolderResult) -> str:
    """Return the path of a file or folder, without a trailing slash."""
    return getattr(item, "folder_path", None) or item.file_path


def is_folder(item: FileResult | FolderResult) -> TypeGuard[FolderResult]:
    """Return whether a listed item is a folder."""
    return item.type == "folder"


def iter_path(client: ImageKit, path: str, *, sort: str = BY_NAME) -> Iterator[FileResult | FolderResult]:
    """Yield the files and folders that a path or pattern matches.

    A path without wildcards is one file or folder; with a trailing slash, only a folder. It takes one request.
    Wildcards stand for characters of one name, as in a shell: ``/shop/*/front.jpg``.

    Args:
        path: Path or id as `options.RemotePath` returns it, or a URL of a file under the client's endpoint.
        sort: Order of the matches in one folder, in the words of the service.
    Raises:
        Failure: Nothing matches; exit code 3.
    """
    if is_url(path):
        yield find_file(client, path)
        return
    if path.strip("/") == "":
        raise Failure("/ is the whole media library: name its contents, such as '/*'", REFUSED)
    if is_id(path):
        found = _find_id(client, path)
    else:
        parts = [part for part in path.split("/") if part]
        found = _match(client, "", parts, only_folders=path.endswith("/"), sort=sort)
    first = next(found, None)
    if first is None:
        raise Failure(_explain_miss(path), REFUSED)
    yield from chain((first,), found)


def find_item(client: ImageKit, path: str) -> FileResult | FolderResult | None:
    """Return the file or folder at a path without wildcards; None if there is none."""
    return next(_look_up(client, path, only_folders=path.endswith("/")), None)


def find_file(client: ImageKit, path: str) -> FileResult:
    """Return the file at a path or URL.

    Raises:
        Failure: There is none; exit code 3.
    """
    try:
        return client.get_file_by_path(path)
    except NotFoundException as exc:
        raise Failure(f"{exc.message} (see imagekit ls)", REFUSED) from exc


def split_path(path: str) -> tuple[str, str]:
    """Return the folder and the name of a path; the folder of ``/shop`` is ``/``."""
    folder, _, name = path.rstrip("/").rpartition("/")
    return folder or "/", name


def join_path(folder: str, name: str) -> str:
    """Return the path of a name in a folder."""
    return f"{folder.rstrip('/')}/{name}"


def _explain_miss(path: str) -> str:
    if is_id(path):
        return f"no file or folder has the id {path}"
    miss = "nothing matches" if has_wildcards(path) else "there is no file or folder"
    return f"{miss} {path} (see imagekit ls {path.rstrip('/').rpartition('/')[0] or '/'})"


def _find_id(client: ImageKit, item_id: str) -> Iterator[FileResult | FolderResult]:
    from ...search import Q

    return iter(client.list_files(search_query=(Q.id == item_id) & Q.type.in_(["file", "folder"])))


def _look_up(client: ImageKit, path: str, *, only_folders: bool) -> Iterator[FileResult | FolderResult]:
    folder, name = split_path(path)
    listed = client.list_files(path=folder, name=name, type="folder" if only_folders else "all")
    # Compared again, in case the service lists items that only resemble the name.
    return (item for item in listed if item.name == name)


def _match(
    client: ImageKit, folder: str, parts: list[str], *, only_folders: bool, sort: str
) -> Iterator[FileResult | FolderResult]:
    name, *rest = parts
    if not has_wildcards(name):
        if rest:
            yield from _match(client, f"{folder}/{name}", rest, only_folders=only_folders, sort=sort)
        else:
            yield from _look_up(client, f"{folder}/{name}", only_folders=only_folders)
        return
    for item in _list_matches(client, folder or "/", name, only_folders=bool(rest) or only_folders, sort=sort):
        if rest:
            yield from _match(client, path_of(item), rest, only_folders=only_folders, sort=sort)
        else:
            yield item


def _list_matches(
    client: ImageKit, folder: str, pattern: str, *, only_folders: bool, sort: str
) -> Iterator[FileResult | FolderResult]:
    from ...search import Q

    # The text before the first wildcard narrows the listing of a large folder.
    prefix = _WILDCARDS.split(pattern, maxsplit=1)[0]
    common: Any = {"sort": sort}
    listed: Iterator[FileResult | FolderResult]
    if prefix:
        kinds = ["folder"] if only_folders else ["file", "folder"]
        query = (Q.path == folder) & Q.name.startswith(prefix) & Q.type.in_(kinds)  # type: ignore[arg-type]
        listed = client.iter_files(search_query=query, **common)
    elif only_folders:
        listed = client.iter_files(path=folder, type="folder", **common)
    else:
        listed = list_folder(client, folder, sort=sort)
    return (item for item in listed if fnmatch.fnmatchcase(item.name, pattern))
