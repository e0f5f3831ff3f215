"""Upload and download many images, or download one; signed URLs for private images are created when needed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Union, cast

from ..bulk.downloads import download_each, is_url, name_of, save
from ..bulk.work import Call, Claims, advise_path, do_each
from ..models.spelling import to_snake_case
from ..operations.core import check_progress
from . import parameters
from .errors import ImgsrcError
from .models.images import MetadataResponse, SearchResult, UploadResponse
from .models.requests import UploadImageRequestBody
from .operations.images import create_signed_url, get_image, list_images
from .operations.uploads import find_place, upload_image
from .sending.keywords import CALL_OPTIONS, check_keywords
from .urls import UrlOptions as DownloadKeywords
from .urls import build_url, replace_extension, write_prefix

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Iterable

    from ..bulk.downloads import FoundUrl
    from ..bulk.uploads import StartTransfer
    from ..bulk.work import Job, Work
    from ..disk import Writable
    from ..flow.resuming import OnProgress
    from ..operations.sources import Content, NamedContent
    from .models.requests import UploadImageRequestBodyTypedDict
    from .sending.configuration import Configuration

# One of many uploads: a path, a file and its target path, or the arguments of `upload_image` as a dict or an object.
UploadItem = Union[
    "os.PathLike[str]",
    "tuple[Content | NamedContent, str]",
    "UploadImageRequestBody",
    "UploadImageRequestBodyTypedDict",
    "Mapping[str, Any]",
]
# An image, its path in the account, a URL, or the options of `url` as a dict.
DownloadSource = Union[str, SearchResult, UploadResponse, MetadataResponse, "Mapping[str, Any]"]
DownloadItem = Union[DownloadSource, "tuple[DownloadSource, str]"]

# Options for the location of an image, which the service already knows when it signs a URL.
_OF_PUBLIC_URLS = ("username", "delivery_url", "deliveryUrl")
# With these, a delivery URL may be refused because the image is private.
_MAY_BE_PRIVATE = (401, 403, 404)
_PAGE_SIZE = 100

__all__ = ["DownloadItem", "DownloadKeywords", "DownloadSource", "UploadItem"]


def upload_many(
    items: Iterable[UploadItem] | AsyncIterable[UploadItem],
    common: Mapping[str, Any],
    start_transfer: StartTransfer | None = None,
) -> Work:
    """Upload many images; see `Imgsrc.upload_many`.

    Raises:
        TypeError, ValueError: An option of all uploads is not valid.
    """
    check_progress(start_transfer, "start_transfer")
    options = UploadImageRequestBody.of(common)
    options.to_json()
    folder = options.target_path
    if isinstance(folder, str) and parameters.split_extension(folder)[1]:
        raise ValueError(f"target_path of many uploads must be a folder, not the path of an image (got {folder!r})")
    return do_each(items, partial(_upload_item, start_transfer), prepare=_Uploads(options).choose)


class _Upload(NamedTuple):
    item: UploadItem
    options: UploadImageRequestBody


class _Uploads:
    """Reads the upload of each item, and refuses a path that another content of the same call already has."""

    def __init__(self, common: UploadImageRequestBody) -> None:
        self._common = common
        self._claims = Claims("give another target_path, (file, target_path)")

    def choose(self, item: UploadItem) -> _Upload | Exception:
        """Return the upload of an item, or the reason why there is none."""
        try:
            options = self._common.merge_with(_read_upload(item))
            place, content = find_place(options)
            self._claims.claim_for_upload(place, content)
            return _Upload(item, options)
        except Exception as exc:
            return exc


def _upload_item(start_transfer: StartTransfer | None, upload: _Upload | Exception) -> Job[UploadResponse]:
    if isinstance(upload, Exception):
        raise upload
    on_progress = None if start_transfer is None else start_transfer(upload.item)
    result: UploadResponse = yield Call(upload_image(upload.options, None, on_progress))
    return result


def _read_upload(item: UploadItem) -> UploadImageRequestBody:
    given: object = item
    if isinstance(item, os.PathLike):
        return UploadImageRequestBody(file=Path(item))
    if isinstance(item, tuple) and len(item) == 2:
        return UploadImageRequestBody(file=item[0], target_path=item[1])
    if isinstance(given, (Mapping, UploadImageRequestBody)):
        return UploadImageRequestBody.of(item)
    wanted = "a path, (file, target_path) or a dict"
    raise TypeError(f"an upload must be {wanted} (got {type(given).__name__}){advise_path(given)}")


def download(
    configuration: Configuration,
    source: DownloadSource,
    to: str | os.PathLike[str] | Writable,
    options: Mapping[str, Any],
    on_progress: OnProgress | None = None,
) -> Job[Path | None]:
    """Download an image; see `Imgsrc.download`."""
    sources = AccountSources(configuration, _check_options(options))
    return (yield from save(sources.find_url(source), sources.find_path(source), to, on_progress))


def download_many(
    configuration: Configuration,
    items: Iterable[DownloadItem] | AsyncIterable[DownloadItem],
    folder: str | os.PathLike[str],
    options: Mapping[str, Any],
    *,
    skip_existing: bool,
) -> Work:
    """Download many images; see `Imgsrc.download_many`."""
    sources = AccountSources(configuration, _check_options(options))
    return download_each(items, folder, sources, skip_existing=skip_existing)


def _check_options(options: Mapping[str, Any]) -> dict[str, Any]:
    if options.get("path") is not None:
        raise TypeError("path is not an option of a download: pass it as the source")
    check_keywords("a download", options.keys() & CALL_OPTIONS.keys(), ())
    build_url({"path": "a"}, options, username="a")  # reports a wrong option once, not for each item
    return {name: value for name, value in options.items() if value is not None}


class AccountSources(NamedTuple):
    """The sources of downloads from img-src.io; see `bulk.downloads.Sources`.

    Attributes:
        configuration: Configuration of the client.
        options: Options of `url` for all of them.
    """

    configuration: Configuration
    options: Mapping[str, Any]

    def identify(self, source: DownloadSource) -> str:
        """Return what identifies a source: its path, id or URL."""
        given: object = source
        if isinstance(source, str):
            return source
        if isinstance(source, Mapping):
            return repr(sorted((to_snake_case(str(name)), repr(value)) for name, value in source.items()))
        if isinstance(given, (SearchResult, UploadResponse, MetadataResponse)):
            return given.id
        wanted = "the path of an image, a URL, an image as returned by a call, or the options of url() as a dict"
        raise TypeError(f"a download must be {wanted} (got {type(given).__name__})")

    def find_path(self, source: DownloadSource) -> str:
        """Return the path of a source in the account; for a URL, or an image without paths, a file name."""
        self.identify(source)
        if isinstance(source, str):
            path = name_of(source) if is_url(source) else source.lstrip("/")
        elif isinstance(source, Mapping):
            path = str(source.get("path") or "").lstrip("/")
        elif isinstance(source, MetadataResponse):
            path = source.metadata.original_filename
        else:
            path = source.paths[0] if source.paths else name_of(_find_public_url(source))
        given = {**source, **self.options} if isinstance(source, Mapping) else self.options
        wanted = given.get("format")
        return path if wanted is None else _change_format(path, wanted)

    def find_url(self, source: DownloadSource) -> FoundUrl:
        """Return the delivery URL of a source."""
        self.identify(source)
        if isinstance(source, str) and is_url(source):
            if self.options:
                raise TypeError("a URL is downloaded unchanged: pass the path of the image to use options")
            return source
        if isinstance(source, (str, Mapping)):
            given = source if isinstance(source, Mapping) else {"path": source}
            options = {name: value for name, value in {**given, **self.options}.items() if name != "path"}
            path = str(given.get("path") or "").lstrip("/")
            url = self._build(path, options)
            if not url:
                raise ValueError("a download needs the path of an image, such as 'trips/oslo.png' (got an empty one)")
            return partial(_find_public, url, partial(_find_private_by_path, path), options)
        if source.visibility == "private":
            return partial(_find_signed, source.id, dict(self.options))
        url = self._build(self._path_for_options(source), self.options) if self.options else _find_public_url(source)
        return partial(_find_public, url, partial(_find_private_by_id, source.id), dict(self.options))

    def _build(self, path: str, options: Mapping[str, Any]) -> str:
        delivery_url, username = self.configuration.delivery_url, self.configuration.username
        return build_url({"path": path}, options, delivery_url=delivery_url, username=username)

    def _path_for_options(self, source: SearchResult | UploadResponse | MetadataResponse) -> str:
        if not isinstance(source, MetadataResponse):
            return source.paths[0]
        # Listings contain the paths of an image, but get_image does not: take one from its URL.
        from urllib.parse import unquote

        prefix = write_prefix(self.configuration.delivery_url, self.configuration.username)
        url = source.urls.original
        if not url.startswith(prefix):
            raise ValueError(
                f"the path of this image is unknown, because its URL is elsewhere: pass a path (got {url!r})"
            )
        return unquote(url.removeprefix(prefix).partition("?")[0])


def _change_format(path: str, wanted: object) -> str:
    return replace_extension(path, parameters.EXTENSION_OF_FORMAT[parameters.read_format(wanted)])


def _find_public_url(source: SearchResult | UploadResponse | MetadataResponse) -> str:
    if isinstance(source, MetadataResponse):
        return source.urls.original
    url = source.url if isinstance(source, UploadResponse) else source.cdn_url
    if not url:
        raise ValueError("this image has no delivery URL: pass its path")
    return url


def _find_public(
    url: str, find_private: Callable[[], Job[str | None]], options: Mapping[str, Any], failure: Exception | None
) -> Job[str | None]:
    """Return the public URL of an image; if it was refused and the image is private, a signed one.

    Args:
        url: The public URL.
        find_private: Job that returns the id of the image, if it is private.
        options: Options of the URL.
        failure: Error with which the URL was refused; None before it was requested.
    """
    if failure is None:
        return url
    if not isinstance(failure, ImgsrcError) or failure.status_code not in _MAY_BE_PRIVATE:
        return None
    try:
        image_id = yield from find_private()
    except (ImgsrcError, ValueError):  # without a key, nothing private can be downloaded
        return None
    return None if image_id is None else (yield from _find_signed(image_id, options, None))


def _find_private_by_path(path: str) -> Job[str | None]:
    page = yield Call(list_images(_PAGE_SIZE, 0, path))
    return next((image.id for image in page if path in image.paths and image.visibility == "private"), None)


def _find_private_by_id(image_id: str) -> Job[str | None]:
    image = yield Call(get_image(image_id))
    return image_id if image.visibility == "private" else None


def _find_signed(image_id: str, options: Mapping[str, Any], failure: Exception | None) -> Job[str | None]:
    if failure is not None:
        return None
    wanted = {name: value for name, value in options.items() if name not in _OF_PUBLIC_URLS}
    wanted |= wanted.pop("transformation", {})
    try:
        signing = create_signed_url(image_id, transformation=wanted or None)
    except TypeError as exc:
        raise TypeError(f"this image is private, and {exc}") from None
    response = yield Call(signing)
    return cast("str", response.signed_url)
