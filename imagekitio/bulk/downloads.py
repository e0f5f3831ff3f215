"""Downloads of originals and transformations: streamed into a file that has its name only when it is whole."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Union
from urllib.parse import unquote, urlsplit

from ..models.files import FileResult
from ..models.uploads import UploadFileResult
from .window import Counter, Done, refuse_text
from .workers import Shared

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterable, Iterator

    from ..client import ImageKit
    from ..urls.building import UrlBuilder
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
    call = partial(_download_one, Shared(client), dict(options), skip_existing)
    placed = map(Places(Path(folder)).of, refuse_text(items))
    return _without_places(how.without_progress().each(call, placed), Counter(items, how.on_progress))


def _without_places(outcomes: Iterator[Done[Place, Path]], progress: Counter) -> Iterator[Done[DownloadItem, Path]]:
    for done in outcomes:
        progress.one_more()
        yield Done(done.item.item, done.result, done.error)


def _download_one(shared: Shared[ImageKit], options: Mapping[str, Any], skip_existing: bool, place: Place) -> Path:
    path = place.checked()
    if skip_existing and path.is_file():
        return path
    return download(shared.client, place.source, path, options)


class Place(NamedTuple):
    """Where an item goes, or why it goes nowhere."""

    item: DownloadItem
    source: DownloadSource
    path: Path | Exception

    def checked(self) -> Path:
        """Return the path, or raise the error."""
        if isinstance(self.path, Exception):
            raise self.path
        return self.path


class Places:
    """Gives each item its place below the folder; a place that another source has is refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[int, int] = {}  # by path, both as hashes: items may be many

    def of(self, item: DownloadItem) -> Place:
        source, name = item if isinstance(item, tuple) else (item, None)
        try:
            path = inside(self._folder, _path(source) if name is None else name)
            if self._sources.setdefault(hash(path), (own := hash(_text(source)))) != own:
                raise ValueError(f"{str(path)!r} is where another file of this call goes: give a name, (source, name)")
        except (TypeError, ValueError) as exc:
            return Place(item, source, exc)
        return Place(item, source, path)


def source_url(client: UrlBuilder, source: DownloadSource, options: Mapping[str, Any]) -> str:
    """Return where a source is delivered: as it was uploaded unless transformed, and signed where it is private."""
    given = {name: value for name, value in options.items() if value is not None}
    if isinstance(source, Mapping):
        return client.url({**source, **given})
    if isinstance(source, str):
        if _is_url(source):
            return client.url({"src": source, **given}) if given else source
        return client.url({"path": source, "transformation": _ORIGINAL, **given})
    url = _text(source)
    is_private = source.is_private_file
    if is_private is None:  # the answer to an upload says it only when asked; a signature does a public file no harm
        is_private = url.startswith(client.url_endpoint)
    return client.url({"src": url, "transformation": _ORIGINAL, "signed": is_private, **given})


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
    text = _text(source)
    if isinstance(source, (FileResult, UploadFileResult)):
        return source.file_path
    return unquote(urlsplit(text).path).rpartition("/")[2] if _is_url(text) else text


def _text(source: DownloadSource) -> str:
    """Return the path or URL of a source."""
    if isinstance(source, str):
        return source
    if isinstance(source, Mapping):
        return str(source.get("path") or source.get("src") or "")
    if isinstance(source, (FileResult, UploadFileResult)) and source.url:
        return source.url
    wanted = "a path or URL, a file as it was listed or uploaded, or the options of url() as a dict"
    raise TypeError(f"a download must be {wanted} (got {type(source).__name__})")


def _is_url(text: str) -> bool:
    return text.startswith(("https://", "http://"))
