"""Listings of files and folders: which items, in which order, with which columns."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from ...suggestions import find_nearest
from ..base.tables import Column
from ..base.texts import count_of, format_moment, format_size
from .library import is_folder, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ...models.files import FileResult, FolderResult
    from ..base.session import Session

    Item = FileResult | FolderResult
    Function = TypeVar("Function", bound=Callable[..., Any])

# Names of orders, and the service's names for them.
SORTS: Mapping[str, str] = {
    "name": "NAME",
    "size": "SIZE",
    "changed": "UPDATED",
    "created": "CREATED",
    "width": "WIDTH",
    "height": "HEIGHT",
    "duration": "DURATION",
    "relevance": "RELEVANCE",
}


def _read_sort(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    name = value.removeprefix("-")
    if name not in SORTS:
        nearest = find_nearest(name, SORTS)
        hint = f"; did you mean {nearest!r}?" if nearest else ""
        raise click.BadParameter(f"{name!r} is not one of {', '.join(SORTS)}{hint}")
    return f"{'DESC' if value.startswith('-') else 'ASC'}_{SORTS[name]}"


def _complete_sort(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    sign = "-" if incomplete.startswith("-") else ""
    return [CompletionItem(f"{sign}{name}") for name in SORTS if f"{sign}{name}".startswith(incomplete)]


def sort_option(function: Function) -> Function:
    """Add ``--sort`` to a command that lists; the parameter is the order in the words of the service, or None."""
    return click.option(
        "--sort",
        metavar="[-]ORDER",
        callback=_read_sort,
        shell_complete=_complete_sort,
        help=f"Order: {', '.join(SORTS)}; a leading - puts the largest or newest first, as in --sort -size.",
    )(function)


def limit_option(function: Function) -> Function:
    """Add ``--limit`` to a command that lists."""
    return click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Maximum number of items.")(function)


def long_option(function: Function) -> Function:
    """Add ``--long`` to a command that lists; the parameter is `is_long`."""
    return click.option("-l", "--long", "is_long", is_flag=True, help="Also show ids, types, tags and privacy.")(
        function
    )


def print_listing(
    session: Session, items: Iterable[Item], *, with_paths: bool, is_long: bool, limit: int | None
) -> None:
    """Print items as they arrive and, on a terminal, their number and total size.

    Args:
        with_paths: Whether to show items by their paths rather than by their names.
        is_long: Whether to show ids, types, tags and privacy.
        limit: Maximum number of items; None for all.
    """
    counts = Counts()
    columns = [Column("path", path_of, keep=True) if with_paths else _NAME, _SIZE]
    if not is_long or not session.output.has_terminal or session.output.console.width >= _WIDE_COLUMNS:
        columns += _MORE
    if is_long:
        columns += _LONG
    shown = session.output.print_rows(counts.watch(islice(items, limit)), columns)
    if session.output.has_terminal:
        cut = f", limited by --limit {limit}" if shown == limit else ""
        session.output.note(f"{counts.describe()}{cut}" if shown else "nothing there")


class Counts:
    """Counts files, folders and bytes.

    Attributes:
        files: Number of files.
        folders: Number of folders.
        size_bytes: Bytes of the files.
    """

    def __init__(self) -> None:
        self.files: int = 0
        self.folders: int = 0
        self.size_bytes: int = 0

    def add(self, item: Item) -> None:
        """Count an item."""
        if is_folder(item):
            self.folders += 1
        else:
            self.files += 1
            self.size_bytes += item.size or 0

    def watch(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield items, and count them."""
        for item in items:
            self.add(item)
            yield item

    def describe(self) -> str:
        """Return the counts: ``12 files and 1 folder (3.4 MB)``."""
        counted = [(self.files, "file"), (self.folders, "folder")]
        texts = [count_of(number, noun) for number, noun in counted if number]
        size = f" ({format_size(self.size_bytes)})" if self.files else ""
        return (" and ".join(texts) or "no files") + size


def describe_type(item: Item) -> str:
    """Return the MIME type of a file, or ``folder``."""
    return "folder" if is_folder(item) else item.mime or item.file_type


def describe_pixels(item: Item) -> str:
    """Return ``1200×800`` for a picture or video; empty for other items."""
    return f"{item.width}×{item.height}" if not is_folder(item) and item.width else ""


_NAME = Column("name", lambda item: f"{item.name}/" if is_folder(item) else item.name, keep=True)
_SIZE = Column("size", lambda item: "" if is_folder(item) else format_size(item.size), align="right")
_MORE = (
    Column("pixels", describe_pixels),
    Column("changed", lambda item: format_moment(item.updated)),
)
_LONG = (
    Column("id", lambda item: item.folder_id if is_folder(item) else item.file_id, keep=True),
    Column("type", describe_type),
    Column("tags", lambda item: ", ".join(item.tags or ()), wraps=True),
    Column("private", lambda item: "private" if item.is_private_file else ""),
)
_WIDE_COLUMNS = 110  # of a terminal: long lines with pixels and times would not fit into a narrower one
