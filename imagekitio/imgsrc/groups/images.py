"""`imgsrc.images`: uploads, listings, searches, deletions, signed URLs and visibility."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, overload

from ...groups.call import Call, ModeT
from ...models.options import UNSET, encode_int, encode_option
from ...operations.paging import read_pages
from ..models.listings import AsyncImageListResponse
from ..operations import images, uploads
from ..sending.keywords import CALL_OPTIONS, check_keywords
from .calls import CallGroup, Twin, by_mode, expect, prepare_call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping

    from typing_extensions import Unpack

    from ...groups.modes import Async, Sync
    from ...models.options import Unset
    from ...operations.core import Operation
    from ...operations.paging import Step
    from ...operations.sources import Content, NamedContent
    from ..models.base import Visibility
    from ..models.images import (
        DeleteResponse,
        ImageListItem,
        MetadataResponse,
        PathDeleteResponse,
        SignedURLResponse,
        UpdateVisibilityResponse,
        UploadResponse,
    )
    from ..models.listings import ImageListResponse, SearchResponse
    from ..models.requests import (
        File,
        FileTypedDict,
        Transformation,
        TransformationTypedDict,
        UploadImageRequestBody,
        UploadImageRequestBodyTypedDict,
    )
    from ..operations.images import ExpiresIn, ImageId
    from .calls import CallKeywords


@Call
def upload_image(
    request: UploadImageRequestBody | UploadImageRequestBodyTypedDict | None = None,
    *,
    file: File | FileTypedDict | Content | NamedContent | Unset = UNSET,
    target_path: str | Unset | None = UNSET,
    visibility: Visibility | Unset | None = UNSET,
    on_progress: Callable[[int, int], object] | None = None,
    **options: Unpack[CallKeywords],
) -> Operation[UploadResponse]:
    """Upload an image.

    The content is streamed, so memory use does not grow with the size of the file. The service identifies content by
    its SHA-256, so an upload whose response was lost can safely be sent again.

    An upload to a path that is taken moves the path to the new image, and deletes an image that has no other path. The
    service does not document this; local img-src does it.

    ::

        with open("oslo.png", "rb") as file:
            print(imgsrc.images.upload_image(file=file, target_path="trips/oslo.png").url)

    Args:
        request: The arguments below as an `UploadImageRequestBody` or a dict; keywords take precedence.
        file: Bytes, a `pathlib.Path`, or a binary file object (Django's `File`, Werkzeug's `FileStorage` and
            Starlette's `UploadFile` too), which is read from its current position and not closed; or any of these with
            a name, as a `File`, a dict of `file_name`, `content` and `content_type`, or a tuple (name, content) or
            (name, content, MIME type). Without a name, the name of the path or file object is used, or else the last
            segment of `target_path`.
        target_path: Path for the image, such as ``photos/vacation.jpg``, or a folder, such as ``blog/2024`` (default:
            the root). The result has the path in `paths`.
        visibility: ``public`` (default) or ``private``, which needs the plan Pro. If the same bytes are already stored,
            ``private`` makes the image private under all its paths, but ``public`` does not make a private image
            public; use `update_visibility` for that. The service does not document this; local img-src does it.
        on_progress: Function to call with the number of bytes sent and the size of the whole request in bytes.
        options: Options of every call; see `CallKeywords`.
    Returns:
        The image: `id`, `url`, `paths`, `is_new`, …
    Raises:
        TypeError: `file` is missing, is text, or is open in text mode; or an option is unknown.
        EmptyFileError: The file is empty or has been read to its end; a ValueError.
        ValueError: The file has no name or is closed, or an option is not valid.
        FileNotFoundError, IsADirectoryError: The path is not that of a file.
        ImgsrcError: The upload failed.
    """
    given = {"file": file, "target_path": target_path, "visibility": visibility}
    keywords = {name: value for name, value in given.items() if value is not UNSET}
    return uploads.upload_image(request, keywords, on_progress)


@Call
def list_images(
    *,
    limit: int | None = 50,
    offset: int | None = 0,
    path: str | None = None,
    **options: Unpack[CallKeywords],
) -> Operation[ImageListResponse]:
    """List a page of images, the newest first, and the folders below a path.

    `iter_images` goes through all pages.

    Args:
        limit: Number of images, 1 to 100.
        offset: Number of images to skip.
        path: Folder or path; by default, all images.
        options: Options of every call; see `CallKeywords`.
    Returns:
        The page, which may be iterated over; its `next()` returns the next one.
    Raises:
        TypeError, ValueError: An argument is not valid.
        ImgsrcError: The request failed.
    """
    return images.list_images(limit, offset, path)


# If a call is awaited, so are its next pages.
_list_images_awaited = expect(list_images, AsyncImageListResponse)


@Call
def search_images(q: str, *, limit: int | None = 20, **options: Unpack[CallKeywords]) -> Operation[SearchResponse]:
    """Search images by file name.

    Args:
        q: What to search for, 1 to 100 characters.
        limit: Maximum number of results, 1 to 100.
        options: Options of every call; see `CallKeywords`.
    Returns:
        The images as `results`, and the `total` of those that match.
    Raises:
        TypeError, ValueError: An argument is not valid.
        ImgsrcError: The request failed.
    """
    return images.search_images(q, limit)


@Call
def get_image(id: ImageId, **options: Unpack[CallKeywords]) -> Operation[MetadataResponse]:
    """Return the details of an image.

    Args:
        id: Id of the image, 16 characters; or the image as returned by a call.
        options: Options of every call; see `CallKeywords`.
    Returns:
        The image: `metadata`, `urls`, `visibility`, …, but not its paths.
    Raises:
        TypeError, ValueError: `id` is not valid.
        NotFoundError: There is no such image.
        ImgsrcError: The request failed.
    """
    return images.get_image(id)


@Call
def delete_image(id: ImageId, **options: Unpack[CallKeywords]) -> Operation[DeleteResponse]:
    """Delete an image with all its paths. Its URLs stop working.

    Args:
        id: Id of the image, 16 characters; or the image as returned by a call.
        options: Options of every call; see `CallKeywords`.
    Raises:
        TypeError, ValueError: `id` is not valid.
        NotFoundError: There is no such image. If its `attempts` is above 1, an earlier attempt may have deleted it and
            its response was lost.
        ImgsrcError: The request failed.
    """
    return images.delete_image(id)


@Call
def create_signed_url(
    id: ImageId,
    *,
    expires_in_seconds: ExpiresIn | None = 3600,
    transformation: Transformation | TransformationTypedDict | Mapping[str, Any] | None = None,
    **options: Unpack[CallKeywords],
) -> Operation[SignedURLResponse]:
    """Create a URL that delivers a private image for a limited time. Needs the plan Pro.

    Args:
        id: Id of the image, 16 characters; or the image as returned by a call.
        expires_in_seconds: Seconds for which it works, 60 to 604800, or a timedelta. The service may allow less.
        transformation: A `Transformation` or a dict of `width`, `height`, `fit`, `quality` and `format`; by default,
            the picture as uploaded. The signature covers it, so nothing can be appended to the URL.
        options: Options of every call; see `CallKeywords`.
    Returns:
        `signed_url`, `expires_at` and `expires_in_seconds`.
    Raises:
        TypeError, ValueError: An argument is not valid.
        ForbiddenError: The plan does not include signed URLs.
        NotFoundError: There is no such image.
        ConflictError: No URL leads to the image in that format, because its paths lead to other images.
        ImgsrcError: The request failed.
    """
    return images.create_signed_url(id, expires_in_seconds, transformation)


@Call
def update_visibility(
    id: ImageId, visibility: Visibility, **options: Unpack[CallKeywords]
) -> Operation[UpdateVisibilityResponse]:
    """Make an image public or private, under all its paths.

    Args:
        id: Id of the image, 16 characters; or the image as returned by a call.
        visibility: ``public``, or ``private``, which needs the plan Pro.
        options: Options of every call; see `CallKeywords`.
    Raises:
        TypeError, ValueError: An argument is not valid.
        ForbiddenError: The plan does not include private images.
        NotFoundError: There is no such image.
        ImgsrcError: The request failed.
    """
    return images.update_visibility(id, visibility)


@Call
def delete_image_path(username: str, filepath: str, **options: Unpack[CallKeywords]) -> Operation[PathDeleteResponse]:
    """Delete one path of an image. Deleting the last path deletes the image.

    Args:
        username: Owner of the image.
        filepath: The path, such as ``trips/oslo.png``, not percent-encoded.
        options: Options of every call; see `CallKeywords`.
    Raises:
        TypeError, ValueError: An argument is not valid.
        NotFoundError: There is no such path; see also `delete_image`.
        ImgsrcError: The request failed.
    """
    return images.delete_image_path(username, filepath)


class ImagesGroup(CallGroup[ModeT]):
    """`imgsrc.images`: images."""

    upload_image = upload_image
    list_images: Final = by_mode(list_images, _list_images_awaited)
    search_images = search_images
    get_image = get_image
    delete_image = delete_image
    create_signed_url = create_signed_url
    update_visibility = update_visibility
    delete_image_path = delete_image_path

    upload_image_async: Final = Twin(upload_image)
    list_images_async: Final = Twin(_list_images_awaited)
    search_images_async: Final = Twin(search_images)
    get_image_async: Final = Twin(get_image)
    delete_image_async: Final = Twin(delete_image)
    create_signed_url_async: Final = Twin(create_signed_url)
    update_visibility_async: Final = Twin(update_visibility)
    delete_image_path_async: Final = Twin(delete_image_path)

    @overload
    def iter_images(
        self: ImagesGroup[Sync],
        *,
        path: str | None = ...,
        limit: int | None = ...,
        page_size: int = ...,
        **options: Unpack[CallKeywords],
    ) -> Iterator[ImageListItem]: ...
    @overload
    def iter_images(
        self: ImagesGroup[Async],
        *,
        path: str | None = ...,
        limit: int | None = ...,
        page_size: int = ...,
        **options: Unpack[CallKeywords],
    ) -> AsyncIterator[ImageListItem]: ...
    def iter_images(
        self,
        *,
        path: str | None = None,
        limit: int | None = None,
        page_size: int = images.MAX_PAGE_SIZE,
        **options: Unpack[CallKeywords],
    ) -> Any:
        """Iterate over all images, the newest first, requesting each page when it is needed.

        Images may be deleted or uploaded during the iteration without others being skipped or repeated.

        Args:
            path: Folder or path; by default, all images.
            limit: Maximum number of images (default: no limit).
            page_size: Number of images to request per page, 1 to 100.
            options: Options of every call; see `CallKeywords`.
        Returns:
            An iterator over the images. It sends nothing until its first item is requested.
        Raises:
            TypeError, ValueError: An argument is not valid; raised by the call itself.
            ImgsrcError: A request failed; raised by the iteration.
        """
        return self._iterate(self._mode, path, limit, page_size, options)

    def iter_images_async(
        self,
        *,
        path: str | None = None,
        limit: int | None = None,
        page_size: int = images.MAX_PAGE_SIZE,
        **options: Unpack[CallKeywords],
    ) -> AsyncIterator[ImageListItem]:
        """Iterate over all images in an event loop; see `iter_images`."""
        found: AsyncIterator[ImageListItem] = self._iterate(self._twins, path, limit, page_size, options)
        return found

    @staticmethod
    def _iterate(mode: Any, path: str | None, limit: int | None, page_size: int, options: Any) -> Any:
        sizes = partial(encode_int, minimum=1, maximum=images.MAX_PAGE_SIZE)
        check_keywords("iter_images()", options, ("path", "limit", "page_size", *CALL_OPTIONS))
        first = prepare_call(list_images.make, (), {"path": path, **options})
        pages: Generator[Step[ImageListItem, ImageListResponse], ImageListResponse, None] = read_pages(
            lambda offset, size: images.list_images(size, offset, path),
            _identify,
            first=0,
            left=None if limit is None else encode_option("limit", partial(encode_int, minimum=1), limit),
            page_size=encode_option("page_size", sizes, page_size),
            max_page_size=images.MAX_PAGE_SIZE,
            is_last=is_last_page,
        )
        return mode.iterate(pages, next(pages), first)


def _identify(image: ImageListItem) -> object:
    return image.id


def is_last_page(page: ImageListResponse, size: int | None) -> bool:
    """Return whether a page is the last one; `size` is the requested page size, None for the service's default."""
    has_more: bool | None = page.has_more  # None only if a service omits it
    return not page.images or (len(page) < (size or page.limit or 0) if has_more is None else not has_more)
