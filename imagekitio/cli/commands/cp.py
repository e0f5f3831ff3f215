"""``imagekit cp``: copy files and folders."""

from __future__ import annotations

import click

from ..base.command import Command
from ..base.options import REMOTE_ITEM, REMOTE_PATH, Sources, dry_run_option
from ..base.session import Session, pass_session
from ..media.placing import PlacingOptions, place_items


@click.command(
    "cp",
    cls=Command,
    examples=[
        ("imagekit cp /shop/shoe.jpg /archive/", "copy a file into a folder, which is created if needed"),
        ("imagekit cp /shop/shoe.jpg /shop/boot.jpg", "copy a file under a new name"),
        ("imagekit cp --recursive --versions /shop /archive", "copy a folder with all versions of its files"),
    ],
)
@click.argument("sources", cls=Sources, nargs=-1, required=True, type=REMOTE_ITEM, metavar="SOURCE...")
@click.argument("destination", type=REMOTE_PATH)
@click.option("-r", "--recursive", is_flag=True, help="Copy folders too, with everything below them.")
@click.option(
    "--versions", "with_versions", is_flag=True, help="Copy all versions of files, not only the current ones."
)
@click.option("--overwrite", is_flag=True, help="Add copies as new versions of existing files, and merge folders.")
@click.option("--no-wait", "no_wait", is_flag=True, help="Do not wait until the service has copied a folder.")
@dry_run_option
@pass_session
def command(
    session: Session,
    sources: tuple[str, ...],
    destination: str,
    recursive: bool,
    with_versions: bool,
    overwrite: bool,
    no_wait: bool,
    is_dry_run: bool,
) -> None:
    """Copy files and folders within the media library.

    Each SOURCE is a file, a folder, a pattern such as '/shop/*.jpg', a URL or an id. If DESTINATION is an existing
    folder or ends with a slash, they are copied into it; otherwise it is the path of the copy of a single SOURCE.
    Missing folders are created. Without --overwrite, nothing is overwritten. Tags and metadata are copied too.
    """
    options = PlacingOptions(
        overwrite, not no_wait, is_dry_run, include_versions=with_versions, takes_folders=recursive
    )
    place_items(session, "copy", sources, destination, options)
