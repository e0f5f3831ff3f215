"""Read a long listing page by page, even if files are deleted and uploaded in the meantime.

The service pages by position, without a cursor (ImageKit docs, "List and search assets"). Each deletion or upload moves
the items after it, so a page that starts right after the previous one could skip or repeat items. Instead, each page
starts with the last item of the previous page. If another item is there, files have been deleted: reading continues
from an earlier position, and items that were already yielded are left out.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..models.files import FileResult, FolderResult, ListAndSearchFileRequestOptions, ListFileResult
from ..models.options import UNSET, encode_int, encode_option
from .files import list_files

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from typing_extensions import Unpack

    from ..models.files import ListAndSearchFileKeywords
    from .core import Operation

T = TypeVar("T")
PageT = TypeVar("PageT", bound=Sequence[Any])

MAX_PAGE_SIZE = 1000
# The number of yielded items that are remembered: a few megabytes, and more items than bulk work has in progress.
REMEMBERED = 20_000


@dataclass(frozen=True)
class Step(Generic[T, PageT]):
    """One step: yield `files`, then run `operation` to get the next page. None means that there are no more pages."""

    files: list[T]
    operation: Operation[PageT] | None


def list_pages(
    options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None,
    *,
    page_size: int = MAX_PAGE_SIZE,
    **keywords: Unpack[ListAndSearchFileKeywords],
) -> Generator[Step[FileResult, ListFileResult], ListFileResult, None]:
    """List files page by page: yield the steps to take, and receive the page that the operation of each step returned.

    The option `limit` is the maximum total number of items (default: no limit), and `skip` the number of items to skip.
    """
    filters = ListAndSearchFileRequestOptions.of(options, keywords)
    page_size = encode_option("page_size", partial(encode_int, minimum=1, maximum=MAX_PAGE_SIZE), page_size)

    def list_page(skip: int, limit: int) -> Operation[ListFileResult]:
        return list_files(dataclasses.replace(filters, skip=skip, limit=limit))

    return read_pages(
        list_page,
        _identify,
        first=_read_number(filters, "skip", minimum=0) or 0,
        left=_read_number(filters, "limit", minimum=1),
        page_size=page_size,
        max_page_size=MAX_PAGE_SIZE,
        is_last=lambda page, size: len(page) < size,
    )


def read_pages(
    list_page: Callable[[int, int], Operation[PageT]],
    identify: Callable[[T], object],
    *,
    first: int,
    left: int | None,
    page_size: int,
    max_page_size: int,
    is_last: Callable[[PageT, int], bool],
) -> Generator[Step[T, PageT], PageT, None]:
    """List items page by page: yield the steps to take, and receive the page that the operation of each step returned.

    Args:
        list_page: Function that returns the operation for the page at a position and with a size.
        identify: Function that returns the identity of an item.
        first: Position of the first item.
        left: Maximum total number of items; None sets no limit.
        page_size: Number of items to request per page.
        max_page_size: Largest page of the service.
        is_last: Function that takes a page and its requested size, and returns whether it is the last page.
    """
    items: list[T] = []
    seen = _RecentItems(REMEMBERED)
    start, size, back = first, page_size if left is None else min(page_size, left), 0
    while True:
        page = yield Step(items, list_page(start, size))
        if start > first and not (page and identify(page[0]) in seen):
            back = 2 * back or max_page_size
            items, start, size = [], max(first, start - back), max_page_size
            continue
        items = [item for item in page if seen.add(identify(item))][:left]
        if left is not None:
            left -= len(items)
        if is_last(page, size) or left == 0:
            yield Step(items, None)
            return
        start += len(page) - 1
        if items:
            back = 0
            size = min((page_size if left is None else min(page_size, left)) + 1, max_page_size)


class _RecentItems:
    """A memory of the identities of the most recent items."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._order = deque[object]()
        self._known = set[object]()

    def __contains__(self, identity: object) -> bool:
        return identity in self._known

    def add(self, identity: object) -> bool:
        """Remember an item, and return whether it is new."""
        if identity in self._known:
            return False
        if len(self._order) == self._size:
            self._known.discard(self._order.popleft())
        self._order.append(identity)
        self._known.add(identity)
        return True


def _identify(item: FileResult) -> object:
    if isinstance(item, FolderResult):
        return item.folder_id or item.folder_path or item.name
    version_id = item.version_info.id if item.type == "file-version" else None
    return item.file_id or item.file_path or item.name, version_id


def _read_number(filters: ListAndSearchFileRequestOptions, name: str, minimum: int) -> int | None:
    value: object = getattr(filters, name)
    if value is UNSET or value is None:
        return None
    return encode_option(name, partial(encode_int, minimum=minimum), value)
