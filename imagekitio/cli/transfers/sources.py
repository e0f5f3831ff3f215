"""Reads the arguments of ``imagekit upload``: files, folders, patterns, URLs, standard input, and where they go."""

from __future__ import annotations

import glob
import os
import shlex
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ...bulk.pushes import describe_left_out, refuse_file
from ...bulk.sync import clean_remote_folder, remote_path
from ...disk import LeftOut, walk_folder
from ..base.arguments import STANDARD_INPUT
from ..base.failures import USAGE, Failure, hide_credentials
from ..base.options import is_url
from ..media.library import has_wildcards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...bulk.sync import Change


@dataclass(frozen=True)
class Source:
    """One file to upload.

    Attributes:
        shown: Its name for the user: a local path, a URL without its password, or ``-``.
        path: Path in the media library.
        name: Its path below the destination as it was given, before characters are replaced.
        local: The local file; None for a URL.
        url: The URL as it was given; None for a local file.
    """

    shown: str
    path: str
    name: str
    local: Path | None = None
    url: str | None = None

    @property
    def rank(self) -> tuple[bool, bool]:
        """Order in which sources with the same path get it: files before URLs, then unchanged names."""
        return self.local is None, not self.path.endswith(f"/{self.name}")


def split_destination(arguments: Sequence[str], to: str | None) -> tuple[Sequence[str], str]:
    """Return the sources, and their destination as a canonical folder of the library.

    Args:
        arguments: The arguments; the last of several may be the destination.
        to: Value of the option ``--to``.
    Raises:
        Failure: The last argument is ambiguous, or is not a folder that the service could have; exit code 2.
    """
    *others, last = arguments
    if to is not None:
        return arguments, _read_destination(to, arguments)
    if not others or is_url(last) or last == STANDARD_INPUT or os.path.isfile(last):
        return arguments, ""
    if os.path.isdir(last) and last != "/":
        raise Failure(
            f"{last!r} is a folder on this machine: give --to {last} if it is the destination, or --to / if it is not",
            USAGE,
        )
    if last.startswith("/"):
        return others, _read_destination(last, others)
    if has_wildcards(last):
        return arguments, ""
    raise Failure(f"there is no file {last!r}; if it is the destination, write /{last}", USAGE)


def _read_destination(folder: str, sources: Sequence[str]) -> str:
    try:
        return clean_remote_folder(folder)
    except ValueError as exc:
        above, _, name = folder.rpartition("/")
        hint = ""
        if len(sources) == 1 and PurePosixPath(name).suffix:
            hint = f"; to store a file under that name: --to {shlex.quote(above or '/')} --name {shlex.quote(name)}"
        raise Failure(f"{exc}{hint}", USAGE) from exc


def find_sources(
    arguments: Sequence[str],
    folder: str,
    *,
    name: str | None,
    include_hidden: bool,
    follow_symlinks: bool,
    store_input: Callable[[], Path],
    leave_out: Callable[[Change], None],
) -> list[Source]:
    """Return the files that arguments mean; of several with the same path, the first is to be uploaded.

    Args:
        arguments: Files, folders, patterns, URLs and ``-``.
        folder: Canonical folder of the library.
        name: Name to store the only file under.
        include_hidden: Whether to include files and folders in folders whose names begin with a dot.
        follow_symlinks: Whether to follow symbolic links in folders.
        store_input: Function that stores standard input in a file and returns its path.
        leave_out: Function to call with each item of a folder that is left out, and with folders that cannot be read.
    Raises:
        Failure: An argument matches nothing, or a name is missing; exit code 2.
    """
    if arguments.count(STANDARD_INPUT) > 1:
        raise Failure("standard input can be given only once", USAGE)
    found: list[Source] = []
    for argument in arguments:
        for path in _expand(argument):
            if is_url(path):
                found.append(_make_url_source(path, folder, name))
            elif path == STANDARD_INPUT:
                if name is None:
                    raise Failure("standard input has no name: give --name", USAGE)
                found.append(_make_source(path, folder, Path(name), store_input()))
            elif os.path.isdir(path):
                if name is not None:
                    raise Failure(f"--name is for one file, but {path!r} is a folder", USAGE)
                for one in _list_folder(path, folder, include_hidden, follow_symlinks):
                    if isinstance(one, Source):
                        found.append(one)
                    else:
                        leave_out(one)
            else:
                found.append(_make_source(path, folder, Path(name or Path(path).name), Path(path)))
    if name is not None and len(found) != 1:
        raise Failure(f"--name is for one file (got {len(found)})", USAGE)
    return sorted(found, key=lambda source: source.rank)


def _expand(argument: str) -> list[str]:
    """Return what an argument names; expand patterns that the shell has left, with ``**`` for any number of folders."""
    if is_url(argument) or argument == STANDARD_INPUT or os.path.exists(argument):
        return [argument]
    if not has_wildcards(argument):
        raise Failure(f"there is no file or folder {argument!r}", USAGE)
    found = sorted(glob.glob(argument, recursive=True))
    if not found:
        raise Failure(f"no file or folder matches {argument!r}", USAGE)
    return found


def _list_folder(source: str, folder: str, include_hidden: bool, follow_symlinks: bool) -> Iterator[Source | Change]:
    root = Path(source)
    # As with cp -r: "photos" keeps its name, "photos/." and "." stand for their contents.
    own_name = os.path.basename(source.rstrip("/" + os.sep))
    above = root.parent if own_name not in ("", ".", "..") else root
    try:
        for one in walk_folder(root, include_hidden=include_hidden, follow_symlinks=follow_symlinks):
            name = one.path.relative_to(above)
            if isinstance(one, LeftOut):
                yield describe_left_out(one, remote_path(folder, name))
            else:
                yield _make_source(str(one.path), folder, name, one.path)
    except OSError as exc:
        yield refuse_file(root, folder or "/" if above == root else remote_path(folder, Path(own_name)), exc)


def _make_url_source(url: str, folder: str, name: str | None) -> Source:
    name = name or unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    if not name:
        raise Failure(f"{hide_credentials(url)} does not end with a file name: give --name", USAGE)
    return _make_source(hide_credentials(url), folder, Path(name), url=url)


def _make_source(shown: str, folder: str, name: Path, local: Path | None = None, *, url: str | None = None) -> Source:
    return Source(shown, remote_path(folder, name), name.as_posix(), local, url)
