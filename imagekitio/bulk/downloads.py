"""Downloads of originals and transformations: streamed into a file that has its name only when it is whole."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Union
from urllib.parse import unquote, urlsplit

from ..models.files import FileResult
from ..models.uploads import UploadFileResult
from .workers import Shared

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterable, Iterator

    from ..client import ImageKit
    from ..urls.building import UrlBuilder
    from .window import Done
    from .workers import Workers

# A file of the media library, a path or URL of one, or the options of `url`.
DownloadSource = Union[str, FileResult, UploadFileResult, "Mapping[str, Any]"]
DownloadItem = Union[DownloadSource, "tuple[DownloadSource, str]"]

# Delivered as it was uploaded; else the service optimizes format and quality (ImageKit docs, "Get original image").
_ORIGINAL: list[dict[str, Any]] = [{"original": True}]


def download(
    client: ImageKit,
    source: DownloadSource,
    to: str | os.PathLike[str],
    options: Mapping[str, Any],
    on_progress: Callable[[int, int | None], object] | None = None,
) -> Path:
    """Download a file; see `ImageKit.download`."""
    url = source_url(client, source, options)
    with stored_whole(to, source) as (path, sink):
        client._fetch(url, sink, on_progress)
    return path


@contextmanager
def stored_whole(to: str | os.PathLike[str], source: DownloadSource) -> Generator[tuple[Path, BinaryIO], None, None]:
    """Open a file that gets its name when the block ends well, and is removed when it does not.

    Args:
        to: Its path; an existing folder is for the name of the source.
        source: What is downloaded.
    Raises:
        ValueError: The source has no name.
        OSError: The file cannot be written.
    """
    path = Path(to)
    if path.is_dir():
        path = inside(path, _path(source).rpartition("/")[2])
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as sink:
            yield path, sink
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def download_many(
    client: ImageKit,
    items: Iterable[DownloadItem],
    folder: str | os.PathLike[str],
    options: Mapping[str, Any],
    how: Workers,
    *,
    skip_existing: bool,
) -> Iterator[Done[DownloadItem, Path]]:
    """Download many files; see `ImageKit.download_many`."""
    return how.each(partial(_download_one, Shared(client), Path(folder), dict(options), skip_existing), items)


def _download_one(
    shared: Shared[ImageKit], folder: Path, options: Mapping[str, Any], skip_existing: bool, item: DownloadItem
) -> Path:
    source, target, is_there = destination(folder, item, skip_existing)
    return target if is_there else download(shared.client, source, target, options)


def destination(folder: Path, item: DownloadItem, skip_existing: bool) -> tuple[DownloadSource, Path, bool]:
    """Return what to download, where to, and whether it is there and is to be left alone."""
    source, name = item if isinstance(item, tuple) else (item, _path(item))
    target = inside(folder, name)
    return source, target, skip_existing and target.is_file()


def source_url(client: UrlBuilder, source: DownloadSource, options: Mapping[str, Any]) -> str:
    """Return where a source is delivered: as it was uploaded unless transformed, and signed where it is private."""
    given = {name: value for name, value in options.items() if value is not None}
    if isinstance(source, Mapping):
        return client.url({**source, **given})
    if isinstance(source, str):
        if _is_url(source):
            return client.url({"src": source, **given}) if given else source
        return client.url({"path": source, "transformation": _ORIGINAL, **given})
    defaults = {"src": source.url, "transformation": _ORIGINAL, "signed": bool(source.is_private_file)}
    return client.url({**defaults, **given})


def inside(folder: Path, name: str) -> Path:
    """Return the path of that name below the folder.

    Raises:
        ValueError: It is no name of a file, or it would lie elsewhere.
    """
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or any(part == ".." or "\0" in part or "\\" in part or Path(part).drive for part in parts):
        raise ValueError(f"a download needs the name of a file below {str(folder)!r} (got {name!r})")
    return folder.joinpath(*parts)


def _path(source: DownloadSource) -> str:
    if isinstance(source, str):
        return unquote(urlsplit(source).path).rpartition("/")[2] if _is_url(source) else source
    if isinstance(source, Mapping):
        return _path(str(source.get("path") or source.get("src") or ""))
    return source.file_path


def _is_url(text: str) -> bool:
    return text.startswith(("https://", "http://"))
