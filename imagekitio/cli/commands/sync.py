"""``imagekit sync``: make a remote folder match a local one, or the reverse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...bulk.sync import clean_remote_folder
from ...models.moments import to_unix_time
from ..base.command import Command
from ..base.failures import REFUSED, USAGE, Failure
from ..base.options import REMOTE_FOLDER, at_once_option, dry_run_option, yes_option
from ..base.session import Session, pass_session
from ..base.texts import count_of, format_size
from ..transfers.comparing import show_comparison
from ..transfers.plans import describe_plan, format_change
from ..transfers.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...bulk.sync import Change

_SHOWN_LOSSES = 20  # before the question; the rest is counted


@click.command(
    "sync",
    cls=Command,
    examples=[
        ("imagekit sync site/img /img --dry-run", "see what would change"),
        ("imagekit sync site/img /img --delete", "upload what is new, delete what is gone; asks before it deletes"),
        ("imagekit sync site/img /img --exclude '*.psd' --exclude drafts", "leave out files and folders"),
        ("imagekit sync backup /img --pull", "download what is new"),
    ],
)
@click.argument("local_folder", metavar="LOCAL", type=click.Path(file_okay=False, path_type=Path))
@click.argument("remote", metavar="REMOTE", type=REMOTE_FOLDER)
@click.option("--pull", is_flag=True, help="Make LOCAL match REMOTE.")
@click.option("--delete", is_flag=True, help="Delete files that the other side does not have; asks first.")
@click.option(
    "--compare",
    type=click.Choice(["quick", "content"]),
    default="quick",
    show_default=True,
    help="How to compare files of the same size: 'content' downloads each, 'quick' only those that changed locally"
    " after their upload.",
)
@click.option(
    "--exclude",
    "patterns",
    multiple=True,
    metavar="PATTERN",
    help="Name of files and folders to leave out, or with a slash, their path below LOCAL; repeatable. They are"
    " neither uploaded nor deleted.",
)
@click.option("--include-hidden", is_flag=True, help="Include names that begin with a dot.")
@click.option("--follow-symlinks", is_flag=True, help="Follow symbolic links; by default they are left out.")
@click.option("--private", "is_private", is_flag=True, help="Deliver new files only by signed URLs.")
@at_once_option(16)
@dry_run_option
@yes_option
@pass_session
def command(
    session: Session,
    local_folder: Path,
    remote: str,
    pull: bool,
    delete: bool,
    compare: Any,
    patterns: tuple[str, ...],
    include_hidden: bool,
    follow_symlinks: bool,
    is_private: bool,
    at_once: int,
    is_dry_run: bool,
    is_confirmed: bool,
) -> None:
    """Make a remote folder match a local one, or with --pull, the reverse.

    LOCAL is a folder on this machine, and REMOTE one of the media library ('/' is all of it). Files that are the same
    are left alone, so you can run the same command again after an interruption. A file with other content becomes a new
    version, which keeps tags, metadata and privacy. With --pull, a local file that changed later than the remote one is
    replaced only after a question. Nothing is deleted without --delete, or if anything failed.

    What is left out locally (hidden, a link, a pipe, excluded) is not deleted remotely. Characters that the service
    does not accept in names become '_'; --pull finds such files under their local names.
    """
    if pull:
        for option, is_given in (
            ("--exclude", patterns),
            ("--follow-symlinks", follow_symlinks),
            ("--private", is_private),
        ):
            if is_given:
                raise click.UsageError(f"{option} cannot be used with --pull")
        _pull(session, local_folder, remote, delete, compare, include_hidden, at_once, is_dry_run, is_confirmed)
        return
    folder = clean_remote_folder(remote)
    if not local_folder.is_dir():
        raise Failure(f"there is no folder {str(local_folder)!r} on this machine", USAGE)
    report = Report(session, at_once, with_action=True, kept="unchanged")
    client = session.client
    with show_comparison(session.output, compare) as on_compare:
        outcomes = client.sync_folder(
            local_folder,
            folder or "/",
            dry_run=True,
            delete=delete,
            compare=compare,
            include_hidden=include_hidden,
            follow_symlinks=follow_symlinks,
            exclude=patterns,
            on_compare=on_compare,
            at_once=at_once,
        )
        plan = [done.item for done in outcomes]
    _check_not_empty(plan, local_folder, remote)
    uploads = ((change.path, change.local) for change in plan if change.action == "upload")
    given = {path: local.relative_to(local_folder).as_posix() for path, local in uploads if local is not None}
    report.note_names({path: name for path, name in given.items() if f"{folder}/{name}" != path})
    if is_dry_run:
        _preview(session, report, plan)
        return
    _confirm(session, plan, f"{remote} of {session.account.describe()}", is_confirmed)
    keywords: Any = {"is_private_file": True} if is_private else {}
    report.follow(
        "Uploading",
        plan,
        lambda start: client.apply_changes(plan, at_once=at_once, start_transfer=start, **keywords),
    )
    report.finish()


def _pull(
    session: Session,
    local: Path,
    remote: str,
    delete: bool,
    compare: Any,
    include_hidden: bool,
    at_once: int,
    is_dry_run: bool,
    is_confirmed: bool,
) -> None:
    report = Report(session, at_once, with_action=True, kept="unchanged", is_pull=True)
    client = session.client
    with show_comparison(session.output, compare) as on_compare:
        outcomes = client.pull_folder(
            remote,
            local,
            dry_run=True,
            delete=delete,
            compare=compare,
            include_hidden=include_hidden,
            on_compare=on_compare,
            at_once=at_once,
        )
        plan = [done.item for done in outcomes]
    if is_dry_run:
        report.preview(plan)
        return
    if delete and plan and all(change.action == "delete" for change in plan):
        raise Failure(
            f"{remote} is empty or does not exist: with --delete, {_count(plan)} in {str(local)!r} would be deleted;"
            " nothing was changed",
            REFUSED,
        )
    _confirm(session, plan, repr(str(local)), is_confirmed)
    report.follow(
        "Downloading",
        plan,
        lambda start: client.apply_changes(plan, at_once=at_once, start_transfer=start),
    )
    report.finish()


def _preview(session: Session, report: Report, plan: Sequence[Change]) -> None:
    if {"delete", "refuse"} <= {change.action for change in plan}:
        session.output.note("nothing would be deleted, since some files fail")
    report.preview(plan)


def _check_not_empty(plan: Sequence[Change], local: Path, remote: str) -> None:
    """Refuse to empty a remote folder if the local one is empty: its path may be wrong, or a disk not mounted."""
    deletions = [change for change in plan if change.action == "delete"]
    if deletions and all(change.action in ("delete", "skip") for change in plan):
        raise Failure(
            f"{str(local)!r} has no files: with --delete, {_count(deletions)} in {remote} would be deleted; if that is"
            f" what you want: imagekit rm --recursive {remote}",
            REFUSED,
        )


def _confirm(session: Session, plan: Sequence[Change], where: str, is_confirmed: bool) -> None:
    """Show files that would be lost, and ask: those to delete, and newer local ones to replace."""
    has_failures = any(change.action == "refuse" for change in plan)
    deletions = [change for change in plan if change.action == "delete" and not has_failures]  # failures prevent them
    newer = list(filter(_replaces_newer, plan))
    losses = deletions + newer
    if not losses:
        return
    if not is_confirmed:
        session.output.note(f"going to {describe_plan(plan)}")
        for change in losses[:_SHOWN_LOSSES]:
            session.output.note(format_change(change))
        if len(losses) > _SHOWN_LOSSES:
            session.output.note(f"… and {count_of(len(losses) - _SHOWN_LOSSES, 'more file')} (see --dry-run)")
    parts = [f"delete {_count(deletions)}"] if deletions else []
    parts += [f"replace {count_of(len(newer), 'file')}, changed later than the remote one,"] if newer else []
    question = f"{' and '.join(parts)} in {where}?"
    session.confirm(question[0].upper() + question[1:], is_confirmed=is_confirmed)


def _replaces_newer(change: Change) -> bool:
    """Return whether a change replaces a local file that changed later than the remote one; it may be the only copy."""
    return (
        change.action == "replace"
        and change.before is not None
        and change.remote is not None
        and change.before.changed_at > to_unix_time(change.remote.updated_at)
    )


def _count(changes: Sequence[Change]) -> str:
    size_bytes = sum(change.size_bytes or 0 for change in changes)
    return f"{count_of(len(changes), 'file')} ({format_size(size_bytes)})"
