"""Going through a list page by page while what it lists changes.

The service lists by position, without a cursor (ImageKit docs, "List and search assets"). So a file that is deleted or
uploaded meanwhile moves all behind it, and a page that begins where the last one ended leaves some out or has some
twice. Each page begins with the last item of the one before instead: where that has moved, what was deleted is looked
for further ahead, and what was given out before is left out.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from ..models.files import FileResult, FolderResult, ListAndSearchFileRequestOptions, ListFileResult, whole_number
from ..models.options import UNSET
from .files import list_files

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from typing_extensions import Unpack

    from ..models.files import ListAndSearchFileKeywords
    from .core import Operation

MAX_PAGE_SIZE = 1000
# Of so many items given out last it is known that they were: a few megabytes, and more than bulk work has under way.
REMEMBERED = 20_000


class Step(NamedTuple):
    """Give out `files`, then ask for the next page; None means that there is none."""

    files: list[FileResult]
    operation: Operation[ListFileResult] | None


def pages(
    options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None,
    *,
    page_size: int = MAX_PAGE_SIZE,
    **keywords: Unpack[ListAndSearchFileKeywords],
) -> Generator[Step, ListFileResult, None]:
    """List files page by page: yields what to do, and is sent the page that was asked for.

    The option `limit` is the number of all items then (default: no limit), and `skip` where to begin.
    """
    filters = ListAndSearchFileRequestOptions.of(options, keywords)
    first = _number(filters, "skip", 0) or 0
    left = _number(filters, "limit", 1)
    files: list[FileResult] = []
    given = _Recent(REMEMBERED)
    start, size, back = first, page_size if left is None else min(page_size, left), 0
    while True:
        page = yield Step(files, list_files(dataclasses.replace(filters, skip=start, limit=size)))
        if start > first and not (page and _identity(page[0]) in given):
            back = 2 * back or MAX_PAGE_SIZE
            files, start, size = [], max(first, start - back), MAX_PAGE_SIZE
            continue
        files = [file for file in page if given.add(_identity(file))][:left]
        if left is not None:
            left -= len(files)
        if len(page) < size or left == 0:
            yield Step(files, None)
            return
        start += len(page) - 1
        if files:
            back = 0
            size = min((page_size if left is None else min(page_size, left)) + 1, MAX_PAGE_SIZE)


class _Recent:
    """The identities that came last."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._order = deque[object]()
        self._known = set[object]()

    def __contains__(self, identity: object) -> bool:
        return identity in self._known

    def add(self, identity: object) -> bool:
        """Return whether it is new."""
        if identity in self._known:
            return False
        if len(self._order) == self._size:
            self._known.discard(self._order.popleft())
        self._order.append(identity)
        self._known.add(identity)
        return True


def _identity(item: FileResult) -> object:
    if isinstance(item, FolderResult):
        return item.folder_id or item.folder_path or item.name
    version_id = item.version_info.id if item.type == "file-version" else None
    return item.file_id or item.file_path or item.name, version_id


def _number(filters: ListAndSearchFileRequestOptions, name: str, minimum: int) -> int | None:
    value: object = getattr(filters, name)
    if value is UNSET or value is None:
        return None
    try:
        return whole_number(minimum)(value)
    except (TypeError, ValueError) as exc:
        raise type(exc)(f"{name} {exc}") from exc
