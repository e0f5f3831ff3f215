"""Images: the results of uploads, deletions and signed URLs, and the images in listings and searches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...models.result import ALWAYS, as_lazy_time, as_sent, as_time, lazy_object_of, object_of, rename_in_json
from .base import HttpRequest, Model, Result, Visibility, complete_url

if TYPE_CHECKING:
    from datetime import datetime

    from typing_extensions import Self


@dataclass(frozen=True, kw_only=True, repr=False)
class Dimensions(Model):
    """The size of a picture.

    Attributes:
        width, height: Pixels.
    """

    width: int = ALWAYS
    height: int = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class AvailableFormats(Model):
    """The delivery URLs of a picture, by format."""

    webp: str = ALWAYS
    avif: str = ALWAYS
    jpeg: str = ALWAYS
    png: str | None = None
    jxl: str | None = None

    def complete(self, delivery_url: str) -> None:
        """Complete the URLs that have no host; see `complete_url`."""
        urls = vars(self)
        for name in [name for name, url in urls.items() if type(url) is str and url.startswith("/")]:
            urls[name] = complete_url(urls[name], delivery_url)


@dataclass(frozen=True, kw_only=True, repr=False)
class CdnUrls(AvailableFormats):
    """The delivery URLs of a picture, by format, and that of the picture as uploaded."""

    original: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class Links(Model):
    """Paths of the API for an image.

    Attributes:
        self_: Path of the image (JSON name: ``self``).
        delete: Path to delete it.
    """

    self_: str = field(default=ALWAYS, metadata=rename_in_json("self"))
    delete: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class ActiveSignedURL(Model):
    """A signed URL that is still valid.

    Attributes:
        signed_url: The URL; not in `repr`, because anyone who has it can read the image.
        expires_at: Unix time in seconds.
    """

    signed_url: str = field(default=ALWAYS, repr=False)
    expires_at: int = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class UploadResponse(Result):
    """The image that an upload stored, or that already had the same bytes.

    Attributes:
        id: First 16 hex digits of the content's SHA-256.
        hash: The SHA-256 in hex.
        url: Delivery URL.
        paths: All paths of the image, without a leading slash.
        is_new: False if the content was already stored.
        size: Bytes.
        format_: Format that the service detected: ``png``, ``jpeg``, … (JSON name: ``format``).
        dimensions: Width and height; None if the service does not know them.
        available_formats: Delivery URLs by format.
        uploaded_at: When it was uploaded; aware.
        visibility: ``public`` or ``private``.
        links: Paths of the API (JSON name: ``_links``).
    """

    id: str = ALWAYS
    hash: str = ALWAYS
    url: str = ALWAYS
    paths: list[str] = field(default_factory=list, metadata=as_sent())
    is_new: bool | None = None
    size: int = ALWAYS
    format_: str = field(default=ALWAYS, metadata=rename_in_json("format"))
    dimensions: Dimensions | None = field(default=None, metadata=object_of(Dimensions))
    available_formats: AvailableFormats = field(default=ALWAYS, metadata=object_of(AvailableFormats))
    uploaded_at: datetime = field(default=ALWAYS, metadata=as_time())
    visibility: Visibility = ALWAYS
    links: Links = field(default=ALWAYS, metadata=rename_in_json("_links", lazy_object_of(Links)))

    @property
    def upload_response(self) -> Self:
        """The result itself."""
        return self

    def complete(self, request: HttpRequest, delivery_url: str) -> None:
        super().complete(request, delivery_url)
        self.__dict__["url"] = complete_url(self.url, delivery_url)
        if isinstance(self.available_formats, AvailableFormats):
            self.available_formats.complete(delivery_url)


@dataclass(frozen=True, kw_only=True, repr=False)
class SearchResult(Model):
    """An image that a search found.

    Attributes:
        id: Id of the image.
        original_filename: Name of the uploaded file.
        sanitized_filename: The same, made safe for URLs.
        size: Bytes.
        uploaded_at: When it was uploaded; aware.
        url: Path of the API, not a picture.
        cdn_url: Delivery URL.
        paths: All paths of the image, without a leading slash.
        visibility: ``public`` or ``private``.
    """

    id: str = ALWAYS
    original_filename: str = ALWAYS
    sanitized_filename: str | None = None
    size: int = ALWAYS
    uploaded_at: datetime = field(default=ALWAYS, metadata=as_lazy_time())
    url: str = ALWAYS
    cdn_url: str | None = None
    paths: list[str] = field(default_factory=list, metadata=as_sent())
    visibility: Visibility = ALWAYS

    def complete(self, delivery_url: str) -> None:
        """Complete the delivery URL; see `complete_url`."""
        url = self.cdn_url
        if isinstance(url, str) and url.startswith("/"):
            self.__dict__["cdn_url"] = delivery_url + url


@dataclass(frozen=True, kw_only=True, repr=False)
class ImageListItem(SearchResult):
    """An image in a listing; see `SearchResult`.

    Attributes:
        active_signed_url: The latest signed URL of a private image, while it is valid.
    """

    active_signed_url: ActiveSignedURL | None = field(default=None, metadata=object_of(ActiveSignedURL))


@dataclass(frozen=True, kw_only=True, repr=False)
class ImageMetadata(Model):
    """The metadata of an image.

    Attributes:
        hash: SHA-256 of the content in hex.
        original_filename: Name of the uploaded file.
        size: Bytes.
        uploaded_at: When it was uploaded; aware.
        mime_type: MIME type.
        width, height: Pixels; None if the service does not know them.
        dominant_color: Six hex digits, without ``#``.
    """

    hash: str = ALWAYS
    original_filename: str = ALWAYS
    size: int = ALWAYS
    uploaded_at: datetime = field(default=ALWAYS, metadata=as_time())
    mime_type: str = ALWAYS
    width: int | None = None
    height: int | None = None
    dominant_color: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class MetadataResponse(Result):
    """An image without its paths, which are in listings and searches.

    Attributes:
        id: Id of the image.
        metadata: Metadata of the image.
        urls: Delivery URLs by format.
        visibility: ``public`` or ``private``.
        links: Paths of the API (JSON name: ``_links``).
    """

    id: str = ALWAYS
    metadata: ImageMetadata = field(default=ALWAYS, metadata=lazy_object_of(ImageMetadata))
    urls: CdnUrls = field(default=ALWAYS, metadata=object_of(CdnUrls))
    visibility: Visibility = ALWAYS
    links: Links = field(default=ALWAYS, metadata=rename_in_json("_links", lazy_object_of(Links)))

    @property
    def metadata_response(self) -> Self:
        """The result itself."""
        return self

    def complete(self, request: HttpRequest, delivery_url: str) -> None:
        super().complete(request, delivery_url)
        if isinstance(self.urls, CdnUrls):
            self.urls.complete(delivery_url)


@dataclass(frozen=True, kw_only=True, repr=False)
class DeleteResponse(Result):
    """The result of deleting an image.

    Attributes:
        success: Whether it was deleted.
        message: Message from the service.
        deleted_at: When it was deleted; aware.
        deleted_paths: The paths that it had.
    """

    success: bool = ALWAYS
    message: str = ALWAYS
    deleted_at: datetime = field(default=ALWAYS, metadata=as_time())
    deleted_paths: list[str] | None = None

    @property
    def delete_response(self) -> Self:
        """The result itself."""
        return self


@dataclass(frozen=True, kw_only=True, repr=False)
class PathDeleteResponse(Result):
    """The result of deleting a path.

    Attributes:
        success: Whether it was deleted.
        message: Message from the service.
        remaining_paths: The paths that the image still has.
        image_deleted: Whether that was its last path, so that the image is deleted too.
        deleted_at: When it was deleted; aware.
    """

    success: bool = ALWAYS
    message: str = ALWAYS
    remaining_paths: list[str] = field(default_factory=list, metadata=as_sent())
    image_deleted: bool = ALWAYS
    deleted_at: datetime = field(default=ALWAYS, metadata=as_time())

    @property
    def path_delete_response(self) -> Self:
        """The result itself."""
        return self


@dataclass(frozen=True, kw_only=True, repr=False)
class SignedURLResponse(Result):
    """A URL that delivers a private image for a limited time.

    Attributes:
        signed_url: The URL; not in `repr`, because anyone who has it can read the image. Use it unchanged: its
            signature covers all of it.
        expires_at: Unix time in seconds.
        expires_in_seconds: Seconds from the request to `expires_at`.
    """

    signed_url: str = field(default=ALWAYS, repr=False)
    expires_at: int = ALWAYS
    expires_in_seconds: int = ALWAYS

    @property
    def signed_url_response(self) -> Self:
        """The result itself."""
        return self


@dataclass(frozen=True, kw_only=True, repr=False)
class UpdateVisibilityResponse(Result):
    """The new visibility of an image.

    Attributes:
        id: Id of the image.
        visibility: ``public`` or ``private``.
        message: Message from the service.
    """

    id: str = ALWAYS
    visibility: Visibility = ALWAYS
    message: str = ALWAYS

    @property
    def update_visibility_response(self) -> Self:
        """The result itself."""
        return self
