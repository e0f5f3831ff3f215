"""Entries of a local folder, or of a storage that fsspec can list: S3, Google Cloud, Azure, FTP …"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...bulk.pushes import describe_left_out
from ...bulk.sync import remote_path
from ...disk import LeftOut, walk_folder
from ..base.failures import USAGE, Failure, describe
from .entries import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from ...bulk.sync import Change

# Read from a storage in one request, and held in memory for each upload in progress.
_BLOCK_BYTES = 4 * 1024 * 1024
# Packages by URL scheme, where the name differs from the scheme.
_PACKAGES = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "http": "aiohttp"}


def is_storage(source: str) -> bool:
    """Return whether a source is the URL of a storage rather than a path."""
    return "://" in source


def list_folder_entries(
    root: Path, folder: str, leave_out: Callable[[Change], None], *, include_hidden: bool, follow_symlinks: bool
) -> Iterator[Entry]:
    """Yield the files in a local folder and its subfolders.

    Args:
        root: The folder.
        folder: Canonical folder of the media library where they go.
        leave_out: Function to call with each item that is left out or cannot be read.
        include_hidden: Whether to include names that begin with a dot.
        follow_symlinks: Whether to follow symbolic links.
    Raises:
        OSError: The folder itself cannot be read.
    """
    for one in walk_folder(root, include_hidden=include_hidden, follow_symlinks=follow_symlinks):
        name = one.path.relative_to(root)
        if isinstance(one, LeftOut):
            leave_out(describe_left_out(one, remote_path(folder, name)))
        else:
            yield Entry(name.as_posix(), str(one.path), one.path, one.size)


def list_storage_entries(url: str, options: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield the files below a URL such as ``s3://bucket/prefix``, or the one file at that URL.

    Args:
        url: The URL; with a trailing slash, it is a folder.
        options: Options of fsspec's file system, such as ``endpoint_url`` or ``anon``.
    Raises:
        Failure: The storage is unknown or cannot be listed, a package for it is missing, or the URL does not exist.
    """
    scheme = url.partition("://")[0]
    try:
        from fsspec.core import url_to_fs

        # Listings are used only once; a cache would take memory for each file.
        system, root = url_to_fs(url, use_listings_cache=False, skip_instance_cache=True, **options)
    except ImportError as exc:
        package = _PACKAGES.get(scheme.removesuffix("s"), _PACKAGES.get(scheme, ""))
        wanted = f'"fsspec" {package}'.rstrip()
        raise Failure(
            f"{scheme}:// needs packages that are not installed ({exc}): pip install {wanted}", USAGE
        ) from exc
    except (TypeError, ValueError) as exc:
        raise Failure(f"{_hide_password(url)}: {exc}", USAGE) from exc
    root = str(root).rstrip("/")
    try:
        # On the web, a page of links is a file too.
        if not url.endswith("/") and system.isfile(root):
            yield _make_entry(system, system.info(root), root.rpartition("/")[0])
            return
        for info in _list_files(system, root):
            yield _make_entry(system, info, root)
    except FileNotFoundError as exc:
        raise Failure(f"there is nothing at {_hide_password(url)}", USAGE) from exc
    except Exception as exc:  # whatever a storage raises
        raise Failure(f"{_hide_password(url)} cannot be listed: {describe(exc)}") from exc


def has_password(url: str) -> bool:
    """Return whether a URL contains a password."""
    return urlsplit(url).password is not None


def _list_files(system: Any, folder: str) -> Iterator[Mapping[str, Any]]:
    # Not system.walk(): below the first folder, it silently leaves out folders that it cannot list.
    for info in system.ls(folder, detail=True):
        name = str(info["name"]).rstrip("/")
        if name == folder:
            continue  # an empty object that stands for the folder itself
        if info["type"] == "directory":
            yield from _list_files(system, name)
        else:
            yield info


def _make_entry(system: Any, info: Mapping[str, Any], root: str) -> Entry:
    name = str(info["name"])
    size = info.get("size")
    open_file = partial(system.open, name, "rb", block_size=_BLOCK_BYTES)
    relative = name[len(root) :].lstrip("/")
    return Entry(relative, system.unstrip_protocol(name), open_file, None if size is None else int(size))


def _hide_password(url: str) -> str:
    password = urlsplit(url).password
    return url if password is None else url.replace(f":{password}@", ":…@", 1)
