"""Reads the arguments of ``imagekit download``: files of the media library, URLs, and where each goes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ...disk import resolve_name
from ...models.files import FileResult
from ..base.failures import USAGE, Failure
from ..base.options import is_url
from ..media.library import has_wildcards, is_folder, iter_path, list_files_below, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...client import ImageKit

STANDARD_OUTPUT = "-"

DownloadedFile = FileResult | str  # or the URL of one


@dataclass(frozen=True)
class RemoteSource:
    """An argument that names what to download.

    Attributes:
        path: Path, pattern, id or URL.
        only_contents: Whether a folder stands for its contents, and does not keep its name.
    """

    path: str
    only_contents: bool = False


def split_target(arguments: Sequence[str], to: str | None) -> tuple[Sequence[str], str]:
    """Return the sources, and their destination as a local path.

    Args:
        arguments: The arguments; the last of several is the target.
        to: Value of the option ``--to``; then all arguments are sources.
    Raises:
        Failure: The target looks like another source; exit code 2.
    """
    if to is not None or len(arguments) == 1:
        return arguments, to or "."
    *sources, target = arguments
    parent = os.path.dirname(target.rstrip("/")) or "."
    if is_url(target) or (
        target.startswith("/") and not os.path.exists(target) and (parent == "/" or not os.path.isdir(parent))
    ):
        raise Failure(
            f"the last of several arguments is the destination on this machine, but {target!r} does not exist; if it is"
            " another source, give --to . or another folder",
            USAGE,
        )
    return sources, target


def find_downloads(
    client: ImageKit,
    sources: Sequence[RemoteSource],
    target: str,
    refuse: Callable[[str, Exception], None],
) -> Iterator[tuple[DownloadedFile, Path]]:
    """Yield the files of the sources, and where each goes; folders are listed when their turn comes.

    Args:
        client: The client of the account.
        sources: What to download.
        target: Local folder; for a single file, also its local path if no folder has that path.
        refuse: Function to call with the path of a file that cannot be stored on this machine, and the reason.
    Raises:
        Failure: A source matches nothing, or the target is a file but would have to be a folder.
    """
    root = Path(target)
    is_name = not root.is_dir() and not target.endswith(("/", os.sep))
    for source in sources:
        for file, name in _list_source(client, source):
            is_one_file = len(sources) == 1 and not has_wildcards(source.path) and "/" not in name
            if is_one_file and is_name and not source.only_contents:
                yield file, root
                continue
            if root.exists() and not root.is_dir():
                raise Failure(f"{target!r} is a file, but {source.path} needs a folder", USAGE)
            try:
                path = resolve_name(root, name)
            except ValueError as exc:
                refuse(file if isinstance(file, str) else file.file_path, exc)
            else:
                yield file, path


def find_one_download(client: ImageKit, source: RemoteSource) -> DownloadedFile:
    """Return the only file that a source matches.

    Raises:
        Failure: It is a folder, or a pattern that more than one file matches; exit code 2.
    """
    found = _list_source(client, source)
    first = next(found, None)
    if first is None or "/" in first[1] or source.only_contents or next(found, None) is not None:
        raise Failure(f"only one file can go to standard output, but {source.path} is not a single file", USAGE)
    return first[0]


def _list_source(client: ImageKit, source: RemoteSource) -> Iterator[tuple[DownloadedFile, str]]:
    """Yield the files that a source matches, and their paths below the target; paths below a folder have a slash."""
    if is_url(source.path):
        yield source.path, _read_url_name(source.path)
        return
    if source.path == "/":
        for file in list_files_below(client, "/"):
            yield file, file.file_path.lstrip("/")
        return
    for item in iter_path(client, source.path):
        if not is_folder(item):
            yield item, item.name
            continue
        folder = path_of(item)
        # As with cp -r: "shop" keeps its name, "shop/." stands for its contents.
        above = folder if source.only_contents else folder.rpartition("/")[0]
        for file in list_files_below(client, folder):
            yield file, file.file_path[len(above) + 1 :]


def _read_url_name(url: str) -> str:
    name = unquote(urlsplit(url).path).rpartition("/")[2]
    if not name:
        raise Failure(f"{url} does not end with a file name", USAGE)
    return name
