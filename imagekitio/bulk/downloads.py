"""Downloads of originals and transformations, streamed into a file that gets its name only when it is complete."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Union
from urllib.parse import unquote, urlsplit

from ..disk import PartialFile, open_sink, remove_leftovers, resolve_name
from ..exceptions import UnknownException
from ..flow.resuming import Progress, read_delivery
from ..models.files import FileResult
from ..models.uploads import UploadFileResult
from .work import Blocking, Claims, Fetch, do_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Iterable

    from ..disk import Sink, Writable
    from ..flow.resuming import OnProgress
    from ..urls.builder import UrlBuilder
    from .work import Job, Work

# A file of the media library, a path or URL of one, or the options of `url`.
DownloadSource = Union[str, FileResult, UploadFileResult, "Mapping[str, Any]"]
DownloadItem = Union[DownloadSource, "tuple[DownloadSource, str]"]

# A URL; or, if the service may have to be asked, a picklable function that starts the job that finds one. It is called
# with None, and again with the exception if that URL fails; it then returns another URL, or None.
FoundUrl = Union[str, "Callable[[Exception | None], Job[str | None]]"]

# Delivers the file as uploaded; otherwise it is optimized (ImageKit docs, "Get original image").
_ORIGINAL: list[dict[str, Any]] = [{"original": True}]


def download(
    builder: UrlBuilder,
    source: DownloadSource,
    to: str | os.PathLike[str] | Writable,
    options: Mapping[str, Any],
    on_progress: OnProgress | None = None,
) -> Job[Path | None]:
    """Download a file; see `ImageKit.download`."""
    return (yield from save(source_url(builder, source, options), path_of(source), to, on_progress))


def save(
    url: FoundUrl, name: str, to: str | os.PathLike[str] | Writable, on_progress: OnProgress | None = None
) -> Job[Path | None]:
    """Write the content of a URL to a path or into a file object.

    Args:
        url: URL to download.
        name: Name of the file if `to` is an existing folder.
        to: Path to write to, or a binary file object.
        on_progress: Function to call with the number of bytes written and the total, which is None if unknown.
    Returns:
        The path of the file; None if `to` is a file object.
    """
    if isinstance(to, (str, os.PathLike)):
        path = yield from store_file(Target(url, Path(to), name), on_progress)
        yield from Sweep().clean(path.parent)
        return path
    yield from fetch_file(url, (yield Blocking(partial(open_sink, to))), on_progress)
    return None


def fetch_file(url: FoundUrl, sink: Sink, on_progress: OnProgress | None = None, size: int | None = None) -> Job[None]:
    """Write the content of a URL.

    Args:
        url: URL to download.
        sink: Destination of the content.
        on_progress: Function to call with the number of bytes written and the total, which is None if unknown.
        size: Size in bytes that the content must have; None if unknown.
    Raises:
        ValueError: `url` is not an absolute HTTP URL.
        UnknownException: A different number of bytes arrived.
    """
    if not isinstance(url, str):
        yield from _find_and_fetch(url, sink, on_progress)
        return
    delivery = read_delivery(url)
    progress = Progress(delivery.what, on_progress, can_rewind=sink.can_rewind)
    yield Fetch(delivery, progress, sink)
    if size is not None and progress.written_bytes != size:
        raise UnknownException(
            f"{delivery.what}: received {progress.written_bytes} bytes instead of {size}: the file was"
            " replaced in the meantime, or is not delivered as uploaded; try again"
        )


def _find_and_fetch(
    find: Callable[[Exception | None], Job[str | None]], sink: Sink, on_progress: OnProgress | None
) -> Job[None]:
    url = yield from find(None)
    try:
        assert url is not None
        yield from fetch_file(url, sink, on_progress)
    except Exception as exc:
        other = yield from find(exc)
        if other is None:
            raise
        yield from fetch_file(other, sink, on_progress)


class Sweep:
    """A cleaner that removes the leftovers of killed downloads, once per folder."""

    def __init__(self) -> None:
        self._cleaned: set[Path] = set()

    def clean(self, *folders: Path) -> Job[None]:
        """Clean folders that have not been cleaned yet; missing folders are skipped."""
        for folder in folders:
            if folder not in self._cleaned:
                self._cleaned.add(folder)
                yield Blocking(partial(remove_leftovers, folder))


def download_many(
    builder: UrlBuilder,
    items: Iterable[DownloadItem] | AsyncIterable[DownloadItem],
    folder: str | os.PathLike[str],
    options: Mapping[str, Any],
    *,
    skip_existing: bool,
) -> Work:
    """Download many files; see `ImageKit.download_many`."""
    return download_each(items, folder, LibrarySources(builder, options), skip_existing=skip_existing)


def download_each(
    items: Iterable[Any] | AsyncIterable[Any],
    folder: str | os.PathLike[str],
    sources: Sources,
    *,
    skip_existing: bool,
) -> Work:
    """Download many files of a service; the items are sources, or pairs of a source and a name below the folder."""
    targets = Targets(Path(folder), sources)
    return do_each(items, partial(_download_item, skip_existing, Sweep()), prepare=targets.choose)


def _download_item(skip_existing: bool, sweep: Sweep, target: Target | Exception) -> Job[Path]:
    if isinstance(target, Exception):
        raise target
    is_there = skip_existing and (yield Blocking(target.path.is_file))
    path = target.path if is_there else (yield from store_file(target))
    yield from sweep.clean(path.parent)
    return path


class Target(NamedTuple):
    """A URL and the destination of its content: `path`, or `name` below it if it is an existing folder.

    Attributes:
        size: Size in bytes that the file must have; None if unknown.
        changed_at: Modification time to set, as a Unix time; None leaves the current time.
        overwrite: Whether to replace an existing file.
    """

    url: FoundUrl
    path: Path
    name: str
    size: int | None = None
    changed_at: float | None = None
    overwrite: bool = True


class Targets:
    """The choice of a path for each item below a folder; a path that another source already has is refused."""

    def __init__(self, folder: Path, sources: Sources) -> None:
        self._folder, self._sources = folder, sources
        self._claims = Claims("give a name, (source, name)")

    def choose(self, item: Any) -> Target | Exception:
        """Return the target of an item, or the reason why it has none."""
        source, name = item if isinstance(item, tuple) else (item, None)
        try:
            own_name = self._sources.find_path(source)
            path = resolve_name(self._folder, own_name if name is None else name)
            self._claims.claim(path, self._sources.identify(source))
            return Target(self._sources.find_url(source), path, own_name)
        except Exception as exc:
            return exc


class Sources(Protocol):
    """What downloads need to know about the files of a service; an invalid source raises a TypeError or ValueError."""

    def identify(self, source: Any) -> str:
        """Return the path or URL that identifies a source."""
        ...

    def find_path(self, source: Any) -> str:
        """Return the path of a source in the account; for a URL, its last part."""
        ...

    def find_url(self, source: Any) -> FoundUrl:
        """Return the URL of a source."""
        ...


class LibrarySources(NamedTuple):
    """The sources of ImageKit, for which no request is needed to find a URL."""

    builder: UrlBuilder
    options: Mapping[str, Any]

    def identify(self, source: DownloadSource) -> str:
        return _get_text(source)

    def find_path(self, source: DownloadSource) -> str:
        return path_of(source)

    def find_url(self, source: DownloadSource) -> str:
        return source_url(self.builder, source, self.options)


def store_file(
    target: Target, on_progress: OnProgress | None = None, check: Callable[[], object] | None = None
) -> Job[Path]:
    """Download into a file that gets its name when it is complete, and is removed on failure; return its path.

    Args:
        target: URL and destination.
        on_progress: Function to call with the number of bytes written and the total, which is None if unknown.
        check: Function to call before the file gets its name; if it raises, the file is removed.
    """
    file = PartialFile(target.path, target.name)
    try:
        yield Blocking(file.open)
        yield from fetch_file(target.url, file.sink, on_progress, target.size)
        if check is not None:
            yield Blocking(check)
        yield Blocking(partial(file.keep, target.changed_at, overwrite=target.overwrite))
    except GeneratorExit:  # no more steps are carried out
        file.discard()
        raise
    except BaseException:
        yield Blocking(file.discard)
        raise
    return file.path


def source_url(builder: UrlBuilder, source: DownloadSource, options: Mapping[str, Any]) -> str:
    """Return the URL of a source: of the original unless transformed, and signed if the source is a path.

    A signature is harmless for a public file, and the account may restrict unsigned URLs. A URL is used unchanged.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if isinstance(source, Mapping):
        return builder.url({**source, **given})
    if isinstance(source, str):
        if is_url(source):
            return builder.url({"src": source, **given}) if given else source
        return builder.url({"path": source, "transformation": _ORIGINAL, "signed": True, **given})
    url = _get_text(source)
    is_ours = url.startswith(builder.endpoint.prefix)
    return builder.url({"src": url, "transformation": _ORIGINAL, "signed": is_ours, **given})


def path_of(source: DownloadSource) -> str:
    """Return the path of a source in the media library; for a URL, its last part."""
    text = _get_text(source)
    if isinstance(source, (FileResult, UploadFileResult)):
        return source.file_path
    return name_of(text) if is_url(text) else text


def _get_text(source: DownloadSource) -> str:
    """Return the path or URL of a source."""
    if isinstance(source, str):
        return source
    if isinstance(source, Mapping):
        return str(source.get("path") or source.get("src") or "")
    if isinstance(source, (FileResult, UploadFileResult)) and source.url:
        return source.url
    wanted = "a path or URL, a file from a list or an upload, or the options of url() as a dict"
    raise TypeError(f"a download must be {wanted} (got {type(source).__name__})")


def name_of(url: str) -> str:
    """Return the file name at the end of a URL."""
    return unquote(urlsplit(url).path).rpartition("/")[2]


def is_url(text: str) -> bool:
    """Return whether text is a URL rather than a path."""
    return text.startswith(("https://", "http://"))
