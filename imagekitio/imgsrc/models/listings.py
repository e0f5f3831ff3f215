"""The results of listings and searches, which can be used like lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from ...models.result import ALWAYS, Items, list_of
from .base import HttpRequest, Model, Result
from .images import ImageListItem, SearchResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

PageT = TypeVar("PageT", bound="ImageListResponse")


@dataclass(frozen=True, kw_only=True, repr=False)
class FolderItem(Model):
    """A folder in a listing.

    Attributes:
        name: One segment of a path.
        image_count: Number of images in it and in the folders below it.
    """

    name: str = ALWAYS
    image_count: int = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class ImageListResponse(Result, Items[ImageListItem]):
    """A page of images: iterate over it, index it, slice it, or pass it to `len()`.

    Attributes:
        images: The images.
        folders: The folders below the path.
        total: Number of all images that match.
        limit, offset: The page that was requested.
        has_more: Whether there are more images.
        path_filter: The path that was requested.
    """

    images: list[ImageListItem] = field(default_factory=list, metadata=list_of(ImageListItem))
    folders: list[FolderItem] = field(default_factory=list, metadata=list_of(FolderItem))
    total: int = ALWAYS
    limit: int = ALWAYS
    offset: int = ALWAYS
    has_more: bool = ALWAYS
    path_filter: str | None = None

    def next(self) -> ImageListResponse | None:
        """Return the next page, or None if this is the last one.

        The next page is requested with the arguments of the call that returned this one, including `retries`,
        `server_url`, `timeout_ms` and `http_headers`. Unlike the released package, this sends no request after a page
        whose `has_more` is False.

        Raises:
            RuntimeError: The page does not come from a call in this process: it was unpickled, or made by hand.
        """
        following: ImageListResponse | None = self._request_next()
        return following

    def _request_next(self) -> Any:
        find_next: Callable[[ImageListResponse], Any] | None = vars(self).get("_find_next")
        if find_next is None:
            raise RuntimeError("next() needs the client: request the page again with list_images(offset=…)")
        return find_next(self)

    def with_next(self, find_next: Callable[[ImageListResponse], Any], kind: type[PageT]) -> PageT:
        """Return the page as an object of the class `kind` that calls `find_next` for the next page; for clients."""
        page = object.__new__(kind)
        page.__dict__.update(vars(self), _find_next=find_next)
        return page

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_find_next"}

    @property
    def image_list_response(self) -> Self:
        """The result itself."""
        return self

    def complete(self, request: HttpRequest, delivery_url: str) -> None:
        super().complete(request, delivery_url)
        _complete_each(self.images, delivery_url)

    @property
    def _items(self) -> list[ImageListItem]:
        return self.images


class AsyncImageListResponse(ImageListResponse):
    """A page of images whose next page is awaited."""

    async def next(self) -> AsyncImageListResponse | None:  # type: ignore[override]  # as in the released package
        """Return the next page, or None if this is the last one; see `ImageListResponse.next`."""
        following: AsyncImageListResponse | None = await self._request_next()
        return following


@dataclass(frozen=True, kw_only=True, repr=False)
class SearchResponse(Result, Items[SearchResult]):
    """The images that a search found: iterate over them, index them, or pass the result to `len()`.

    Attributes:
        results: The images.
        total: Number of all images that match.
        query: The search term.
    """

    results: list[SearchResult] = field(default_factory=list, metadata=list_of(SearchResult))
    total: int = ALWAYS
    query: str = ALWAYS

    @property
    def _items(self) -> list[SearchResult]:
        return self.results

    @property
    def search_response(self) -> Self:
        """The result itself."""
        return self

    def complete(self, request: HttpRequest, delivery_url: str) -> None:
        super().complete(request, delivery_url)
        _complete_each(self.results, delivery_url)


def _complete_each(images: object, delivery_url: str) -> None:
    for image in images if isinstance(images, list) else ():
        if isinstance(image, SearchResult):
            image.complete(delivery_url)
