"""``imagekit info``: show all details of files and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ...exceptions import ImageKitException
from ..base.command import Command
from ..base.options import REMOTE_ITEM
from ..base.output import make_record
from ..base.session import Session, pass_session
from ..base.tables import Column
from ..base.texts import count_of, format_moment, format_size
from ..base.waiting import show_spinner
from ..media.changes import iter_paths
from ..media.library import is_folder, list_files_below, path_of
from ..media.listing import Counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models.files import FileResult
    from ..base.outcomes import Outcomes

_VERSIONS = (
    Column("version", lambda version: version.version_info.name if version.version_info else ""),
    Column("id", lambda version: version.version_info.id if version.version_info else "", keep=True),
    Column("size", lambda version: format_size(version.size), align="right"),
    Column("created", lambda version: format_moment(version.created)),
    Column("current", lambda version: "current" if version.type == "file" else ""),
)


@click.command(
    "info",
    cls=Command,
    examples=[
        ("imagekit info /shop/shoe.jpg", "show all details of a file"),
        ("imagekit info --metadata --versions https://ik.imagekit.io/demo/shoe.jpg", "show EXIF and the versions too"),
        ("imagekit info /shop /", "count the files and bytes of a folder, and of the whole library"),
    ],
)
@click.argument("paths", nargs=-1, required=True, type=REMOTE_ITEM, metavar="PATH...")
@click.option(
    "--metadata", "with_metadata", is_flag=True, help="Show EXIF and other metadata of pictures and videos too."
)
@click.option("--versions", "with_versions", is_flag=True, help="Show the versions of files too.")
@pass_session
def command(session: Session, paths: tuple[str, ...], with_metadata: bool, with_versions: bool) -> None:
    """Show all details of files and folders.

    Each PATH is a file, a folder, a pattern such as '/shop/*.jpg', a URL or an id. For a folder, and for / (the whole
    library), the files and bytes below it are counted, without older versions.
    """
    outcomes = session.make_outcomes()
    is_first = True

    def separate() -> None:
        nonlocal is_first
        if not is_first and not session.output.as_json:
            session.output.print_line("")
        is_first = False

    if "/" in paths:
        separate()
        _show_folder(session, {"type": "folder", "folderPath": "/"}, "/")
        outcomes.add_success()
    for item in iter_paths(session, [path for path in paths if path != "/"], outcomes):
        separate()
        try:
            if is_folder(item):
                _show_folder(session, make_record(item), item.folder_path)
            else:
                _show_file(session, item, outcomes, with_metadata=with_metadata, with_versions=with_versions)
        except ImageKitException as exc:
            outcomes.add_failure(path_of(item), exc)
        else:
            outcomes.add_success()
    outcomes.finish()


def _show_folder(session: Session, record: Mapping[str, Any], path: str) -> None:
    below = Counts()
    with show_spinner(session.output, f"counting the files below {path} …"):
        for file in list_files_below(session.client, path):
            below.add(file)
    if session.output.as_json:
        session.output.print_record({**record, "files": below.files, "sizeBytes": below.size_bytes})
    else:
        contents = f"{count_of(below.files, 'file')} ({_describe_size(below.size_bytes)})"
        session.output.print_details({**record, "contents": contents})


def _show_file(
    session: Session, file: FileResult, outcomes: Outcomes, *, with_metadata: bool, with_versions: bool
) -> None:
    """Show a file; if its metadata cannot be read, report a failure and show the rest."""
    record: dict[str, Any] = {**make_record(file)}
    if with_metadata:
        try:
            record["metadata"] = make_record(session.client.get_file_metadata(file))
        except ImageKitException as exc:
            outcomes.add_failure(file.file_path, exc)
    versions = session.client.get_file_versions(file).list if with_versions else []
    if session.output.as_json:
        listed = {"versions": [*map(make_record, versions)]} if with_versions else {}
        session.output.print_record({**record, **listed})
        return
    if file.size is not None:
        record["size"] = _describe_size(file.size)
    session.output.print_details(record)
    if versions:
        session.output.print_line("")
        session.output.print_rows(versions, _VERSIONS)


def _describe_size(size_bytes: int) -> str:
    text = format_size(size_bytes)
    return text if text.endswith(("bytes", "byte")) else f"{text}, {size_bytes:,} bytes"
