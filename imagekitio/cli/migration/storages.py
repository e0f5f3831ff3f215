"""Entries of a folder on this machine, or of a storage that fsspec can list: S3, Google Cloud, Azure, FTP …"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...disk import list_local_files
from ..base.failures import USAGE, Failure, describe
from .entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# Read at once from a storage: a request for each, and memory for each upload in progress.
_BLOCK_BYTES = 4 * 1024 * 1024
# Packages by the beginning of the URL, where the package is named otherwise.
_PACKAGES = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "http": "aiohttp"}


def is_storage(source: str) -> bool:
    """Return whether a source is the URL of a storage, and not a path."""
    return "://" in source


def list_folder_entries(root: Path, *, include_hidden: bool) -> Iterator[Entry]:
    """Yield the files in a folder and in those below it; symbolic links are not followed.

    Raises:
        OSError: A folder cannot be read.
    """
    for file in list_local_files(root, include_hidden, False):
        yield Entry(file.path.relative_to(root).as_posix(), str(file.path), file.path, file.size)


def list_storage_entries(url: str, options: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield the files below a URL such as ``s3://bucket/prefix``, or the one file that it is.

    Args:
        url: The URL; with a slash at its end, it is a folder.
        options: Options of fsspec's file system, such as ``endpoint_url`` or ``anon``.
    Raises:
        Failure: The storage is not known, a package for it is missing, nothing is there, or it cannot be listed.
    """
    scheme = url.partition("://")[0]
    try:
        from fsspec.core import url_to_fs

        # Listings are used once: kept, they would take memory for each file.
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
    """Return whether a URL holds a password."""
    return urlsplit(url).password is not None


def _list_files(system: Any, folder: str) -> Iterator[Mapping[str, Any]]:
    # Not system.walk(): below the first folder, it leaves out those that it cannot list, and says nothing.
    for info in system.ls(folder, detail=True):
        name = str(info["name"]).rstrip("/")
        if name == folder:
            continue  # the object of no bytes that stands for a folder itself
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
