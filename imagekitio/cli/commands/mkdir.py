"""``imagekit mkdir``: create folders."""

from __future__ import annotations

import click

from ...exceptions import ImageKitException
from ..base.command import Command
from ..base.failures import REFUSED, Failure
from ..base.options import REMOTE_FOLDER, dry_run_option
from ..base.session import Session, pass_session
from ..media.changes import Changes
from ..media.library import find_item, is_folder, split_path
from ..media.names import check_folder


@click.command(
    "mkdir",
    cls=Command,
    examples=[
        ("imagekit mkdir /shop/shoes/winter", "create a folder and the missing ones above it"),
        ("imagekit mkdir --dry-run /shop /blog", "show which of two folders would be created"),
    ],
)
@click.argument("paths", nargs=-1, required=True, type=REMOTE_FOLDER, metavar="PATH...")
@dry_run_option
@pass_session
def command(session: Session, paths: tuple[str, ...], is_dry_run: bool) -> None:
    """Create folders, including missing folders above them.

    Each PATH is a folder of the media library. Existing folders are left alone. Names consist of letters, digits, - and
    _. Other characters are refused, since the service would replace them.
    """
    for path in paths:
        check_folder(path)
    changes = Changes(session, "create", noun="folder", is_dry_run=is_dry_run)
    for path in dict.fromkeys(path.rstrip("/") or "/" for path in paths):
        try:
            found = None if path == "/" else find_item(session.client, path)
            if found is not None and not is_folder(found):
                raise Failure("is a file: a folder needs another name", REFUSED)
            exists = path == "/" or found is not None
            if not exists and not is_dry_run:
                folder, name = split_path(path)
                session.client.create_folder(folder_name=name, parent_folder_path=folder)
        except (Failure, ImageKitException) as exc:
            changes.fail(path, exc)
            continue
        if exists:
            changes.keep({"path": path}, f"{path} exists")
        else:
            changes.report({"path": path}, path, total=len(paths))
    changes.finish()
