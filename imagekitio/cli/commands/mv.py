"""``imagekit mv``: move or rename files and folders."""

from __future__ import annotations

import click

from ..base.command import Command
from ..base.options import REMOTE_ITEM, REMOTE_PATH, Sources, dry_run_option
from ..base.session import Session, pass_session
from ..media.placing import PlacingOptions, place_items


@click.command(
    "mv",
    cls=Command,
    examples=[
        ("imagekit mv /shop/shoe.jpg /shop/boot.jpg", "rename a file"),
        ("imagekit mv '/shop/*.jpg' /archive/2026/", "move what a pattern matches into a folder"),
        ("imagekit mv --dry-run /shop /archive", "show where a folder would be moved"),
    ],
)
@click.argument("sources", cls=Sources, nargs=-1, required=True, type=REMOTE_ITEM, metavar="SOURCE...")
@click.argument("destination", type=REMOTE_PATH)
@click.option("--overwrite", is_flag=True, help="Add files as new versions of existing files, and merge folders.")
@click.option("--no-wait", "no_wait", is_flag=True, help="Do not wait until the service has moved a folder.")
@dry_run_option
@pass_session
def command(
    session: Session, sources: tuple[str, ...], destination: str, overwrite: bool, no_wait: bool, is_dry_run: bool
) -> None:
    """Move or rename files and folders, with all versions.

    Each SOURCE is a file, a folder, a pattern such as '/shop/*.jpg', a URL or an id. If DESTINATION is an existing
    folder or ends with a slash, they are moved into it; otherwise it is the new path of a single SOURCE. Missing
    folders are created. Without --overwrite, nothing is overwritten. URLs change with the path; the CDN may deliver old
    ones for a while.
    """
    place_items(session, "move", sources, destination, PlacingOptions(overwrite, not no_wait, is_dry_run))
