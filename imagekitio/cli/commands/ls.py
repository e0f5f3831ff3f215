"""``imagekit ls``: the files and folders of a folder."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import click

from ...exceptions import NotFoundException
from ..base.command import Command
from ..base.failures import REFUSED, Failure
from ..base.library import expand_path, has_wildcards, is_folder, list_files_below, list_folder, path_of
from ..base.options import REMOTE_PATH
from ..base.output import Column
from ..base.session import Session, pass_session
from ..base.texts import format_moment, format_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...client import ImageKit
    from ...models.files import FileResult, FolderResult

LISTING = (
    Column("name", lambda item: f"{item.name}/" if is_folder(item) else item.name, keep=True),
    Column("size", lambda item: "" if is_folder(item) else format_size(item.size), align="right"),
    Column("pixels", lambda item: "" if is_folder(item) or not item.width else f"{item.width}×{item.height}"),
    Column("changed", lambda item: format_moment(item.updated)),
)


@click.command(
    "ls",
    cls=Command,
    examples=[
        ("imagekit ls", "the folders and files at the top"),
        ("imagekit ls /shop", "those of a folder"),
        ("imagekit ls --recursive /shop --json", "all files below it, with everything that is known, as JSON"),
    ],
)
@click.argument("paths", nargs=-1, type=REMOTE_PATH)
@click.option("-r", "--recursive", is_flag=True, help="All files below the folders, by their whole paths.")
@pass_session
def command(session: Session, paths: tuple[str, ...], recursive: bool) -> None:
    """List files and folders.

    Each PATH is a folder, a file or a pattern such as '/shop/*.jpg'; without one, the top of the library is listed.
    """
    rows = chain.from_iterable(_list_path(session.client, path, recursive=recursive) for path in paths or ("/",))
    path_column = Column("path", path_of, keep=True)
    columns = (path_column, *LISTING[1:]) if recursive or len(paths) > 1 else LISTING
    count = session.output.print_rows(rows, columns)
    if count == 0 and session.output.has_terminal:
        session.output.note("nothing there")


def _list_path(client: ImageKit, path: str, *, recursive: bool) -> Iterator[FileResult | FolderResult]:
    if has_wildcards(path):
        yield from expand_path(client, path)
        return
    listed = list_files_below(client, path) if recursive else list_folder(client, path)
    is_empty = True
    for item in listed:
        is_empty = False
        yield item
    if is_empty and path != "/":
        try:
            found = expand_path(client, path)
        except NotFoundException as exc:
            raise Failure(exc.message, REFUSED) from exc
        yield from (item for item in found if not is_folder(item))  # an empty folder has nothing to list
