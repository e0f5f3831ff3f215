"""``imagekit ls``: list files and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...exceptions import ImageKitException
from ..base.command import Command
from ..base.failures import Failure
from ..base.options import REMOTE_PATH
from ..base.session import Session, pass_session
from ..media.kinds import is_of_kind, kind_option, select_kind
from ..media.library import BY_NAME, has_wildcards, is_folder, iter_path, list_files_below, list_folder
from ..media.listing import limit_option, long_option, print_listing, sort_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...client import ImageKit
    from ...models.files import FileResult, FolderResult
    from ..base.outcomes import Outcomes


@click.command(
    "ls",
    cls=Command,
    examples=[
        ("imagekit ls", "list the folders and files at the top"),
        ("imagekit ls --long --sort -size /shop", "list a folder with ids and tags, the largest files first"),
        ("imagekit ls '/shop/*.jpg'", "list what a pattern matches"),
        ("imagekit ls --recursive /shop --json", "list all files below a folder, with all details, as JSON"),
    ],
)
@click.argument("paths", nargs=-1, type=REMOTE_PATH, metavar="[PATH]...")
@click.option("-r", "--recursive", is_flag=True, help="List all files below the folders, by their full paths.")
@long_option
@kind_option("Type of the items to list; videos are non-image.")
@sort_option
@limit_option
@pass_session
def command(
    session: Session,
    paths: tuple[str, ...],
    recursive: bool,
    is_long: bool,
    kind: str | None,
    sort: str | None,
    limit: int | None,
) -> None:
    """List files and folders.

    Each PATH is a folder, a file or a pattern such as '/shop/*.jpg'; by default, the top of the library is listed.
    Folders come first. Several paths are listed one after the other, each sorted by itself.
    """
    paths = paths or ("/",)
    outcomes = session.make_outcomes()
    items = _list_paths(session.client, paths, outcomes, recursive=recursive, kind=kind, sort=sort or BY_NAME)
    with_paths = recursive or len(paths) > 1 or any(map(has_wildcards, paths))
    print_listing(session, items, with_paths=with_paths, is_long=is_long, limit=limit)
    outcomes.finish()


def _list_paths(
    client: ImageKit, paths: tuple[str, ...], outcomes: Outcomes, *, recursive: bool, kind: str | None, sort: str
) -> Iterator[FileResult | FolderResult]:
    for path in paths:
        try:
            for item in _list_path(client, path, recursive=recursive, kind=kind, sort=sort):
                if kind is None or is_of_kind(item, kind):
                    yield item
            outcomes.add_success()
        except (Failure, ImageKitException) as exc:
            if len(paths) == 1:
                raise
            outcomes.add_failure(path, exc)


def _list_path(
    client: ImageKit, path: str, *, recursive: bool, kind: str | None, sort: str
) -> Iterator[FileResult | FolderResult]:
    if has_wildcards(path):
        for item in iter_path(client, path, sort=sort):
            if recursive and is_folder(item):
                yield from _list_below(client, item.folder_path, kind, sort)
            else:
                yield item
        return
    is_empty = True
    for item in _list_below(client, path, kind, sort) if recursive else list_folder(client, path, sort=sort):
        is_empty = False
        yield item
    if is_empty and path != "/":  # it may be a file; an empty folder has nothing to list
        yield from (item for item in iter_path(client, path) if not is_folder(item))


def _list_below(client: ImageKit, folder: str, kind: str | None, sort: str) -> Iterator[FileResult | FolderResult]:
    if kind != "folder":
        return list_files_below(client, folder, sort=sort)
    from ...search import Q

    return client.iter_files(search_query=Q.path.is_under(folder) & select_kind(kind).condition, sort=sort)  # type: ignore[arg-type]
