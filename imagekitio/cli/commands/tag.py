"""``imagekit tag``: add, remove and show the tags of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ...bulk import Succeeded
from ..base.command import Command
from ..base.failures import REFUSED, Failure
from ..base.options import REMOTE_ITEM, at_once_option, dry_run_option, yes_option
from ..base.session import Session, pass_session
from ..base.tables import Column
from ..base.texts import count_of, name_some
from ..base.waiting import show_count
from ..media.changes import Changes, iter_paths
from ..media.library import has_wildcards, is_folder, list_files_below
from ..media.tags import read_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...client import ImageKit
    from ...models.files import FileResult

_TAGS = (
    Column("path", lambda file: file.file_path, keep=True),
    Column("tags", lambda file: ",".join(file.tags or ()), keep=True),
)


def _read(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> list[str]:
    return read_tags(value, are_of_one_file=parameter.name == "add")


@click.command(
    "tag",
    cls=Command,
    examples=[
        ("imagekit tag --add sale,summer '/shop/*.jpg'", "add two tags to what a pattern matches"),
        ("imagekit tag --remove sale --add sold --recursive /shop", "change the tags of all files below a folder"),
        ("imagekit tag --clear --add new /shop/shoe.jpg", "replace all tags"),
        ("imagekit tag /shop/shoe.jpg", "show the tags"),
    ],
)
@click.argument("paths", nargs=-1, required=True, type=REMOTE_ITEM, metavar="PATH...")
@click.option("--add", multiple=True, callback=_read, metavar="TAG[,TAG]", help="Add tags; repeatable.")
@click.option("--remove", multiple=True, callback=_read, metavar="TAG[,TAG]", help="Remove tags; repeatable.")
@click.option("--clear", is_flag=True, help="Remove all tags first, except AI tags; needs a request per file.")
@click.option("-r", "--recursive", is_flag=True, help="Include all files below folders.")
@at_once_option(4)
@yes_option
@dry_run_option
@pass_session
def command(
    session: Session,
    paths: tuple[str, ...],
    add: list[str],
    remove: list[str],
    clear: bool,
    recursive: bool,
    at_once: int,
    is_confirmed: bool,
    is_dry_run: bool,
) -> None:
    """Add tags to files, remove them, or show them.

    Each PATH is a file, a pattern such as '/shop/*.jpg', a URL, an id or, with --recursive, a folder. Without --add,
    --remove and --clear, the tags are shown. Files that already have the right tags are left alone. --clear asks before
    it changes the files of a pattern or a folder.
    """
    if both := sorted({*add} & {*remove}):
        raise click.UsageError(f"--add and --remove must not share tags (got {', '.join(both)} in both)")
    if clear and remove:
        raise click.UsageError("--clear removes every tag: leave out --remove")
    changes = Changes(
        session, "tag", noun="file", kept="already had these tags", is_dry_run=is_dry_run, at_once=at_once
    )
    files = _find_files(session.client, iter_paths(session, paths, changes.outcomes), changes, recursive=recursive)
    if not (add or remove or clear):
        session.output.print_rows(files, _TAGS)
        changes.outcomes.finish()
        return
    if clear and not is_dry_run and (recursive or any(map(has_wildcards, paths))):
        session.confirm(_ask(session, paths, add), is_confirmed=is_confirmed)
    _change(session, files, changes, {"add": add, "remove": remove, "clear": clear}, at_once, is_dry_run=is_dry_run)
    changes.finish()


def _ask(session: Session, paths: tuple[str, ...], add: list[str]) -> str:
    """Return the question to ask before the tags of a folder's or a pattern's files are removed."""
    verb, new = ("Replace", f" by {name_some(add)}") if add else ("Remove", "")
    return f"{verb} all tags of {name_some(paths)}{new} in {session.account.describe()}?"


def _find_files(client: ImageKit, items: Iterator[Any], changes: Changes, *, recursive: bool) -> Iterator[FileResult]:
    for item in items:
        if not is_folder(item):
            yield item
        elif recursive:
            yield from list_files_below(client, item.folder_path)
        else:
            changes.fail(item.folder_path, Failure("is a folder: give --recursive for the files below it", REFUSED))


def _change(
    session: Session,
    files: Iterator[FileResult],
    changes: Changes,
    wanted: Mapping[str, Any],
    at_once: int,
    *,
    is_dry_run: bool,
) -> None:
    changed = 0

    def leave_out_kept() -> Iterator[FileResult]:
        for file in files:
            if set(_apply(file, **wanted)) != set(file.tags or ()):
                yield file
            else:
                changes.keep(_describe(file, file.tags or []))

    session.on_interrupt = lambda: f"{count_of(changed, 'file')} changed; run the same command again to go on"
    outcomes: Iterator[Any] = (
        (Succeeded(file, "changed") for file in leave_out_kept())
        if is_dry_run
        else session.client.tag_many(leave_out_kept(), at_once=at_once, **wanted)
    )
    with show_count(session.output, "Tagging", None) as step:
        for done in outcomes:
            step()
            if done.error is not None:
                changes.fail(done.item.file_path, done.error)
            elif done.result == "missing":
                changes.fail(done.item.file_path, Failure("was deleted in the meantime", REFUSED))
            else:
                changed += 1
                tags = _apply(done.item, **wanted)
                text = f"{done.item.file_path}: {', '.join(tags) or 'no tags'}"
                changes.report(_describe(done.item, tags), text, total=None)


def _apply(file: FileResult, *, add: list[str], remove: list[str], clear: bool) -> list[str]:
    """Return the tags that a file will have."""
    left = [] if clear else [tag for tag in file.tags or () if tag not in remove]
    return [*left, *(tag for tag in add if tag not in left)]


def _describe(file: FileResult, tags: list[str]) -> dict[str, Any]:
    return {"path": file.file_path, "fileId": file.file_id, "tags": tags}
