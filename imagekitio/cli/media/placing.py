"""Plans, carries out and reports the work of ``mv`` and ``cp``."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

from ...exceptions import ImageKitException
from ..base.failures import REFUSED, USAGE, Failure
from ..base.waiting import show_count
from .changes import Changes, iter_paths
from .library import has_wildcards, is_folder, path_of
from .placements import Placement, Source, plan_placements
from .transfers import Transfers, Verb, takes_one_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..base.session import Session

_DONE: dict[str, str] = {"move": "moved", "copy": "copied"}


class PlacingOptions(NamedTuple):
    """The options of ``mv`` and ``cp``."""

    overwrite: bool
    waits: bool
    is_dry_run: bool
    include_versions: bool = False
    takes_folders: bool = True


def place_items(session: Session, verb: Verb, paths: Sequence[str], destination: str, options: PlacingOptions) -> None:
    """Move or copy the items that paths and patterns match, and end with the exit code of the failures.

    Raises:
        Failure: The destination or the options are not valid; nothing was changed.
    """
    changes = Changes(session, verb, is_dry_run=options.is_dry_run)
    sources = _read_sources(session, paths, changes, takes_folders=options.takes_folders)
    if sources:
        may_rename = len(sources) == len(paths) == 1 and not has_wildcards(paths[0])
        placements = plan_placements(
            session.client, changes, sources, destination, may_rename=may_rename, overwrite=options.overwrite
        )
        if not options.waits:
            _check_single_job(placements, verb)
        _carry_out(session, verb, placements, changes, options)
    changes.finish()


def _read_sources(session: Session, paths: Sequence[str], changes: Changes, *, takes_folders: bool) -> list[Source]:
    sources: list[Source] = []
    for item in iter_paths(session, paths, changes.outcomes):
        if is_folder(item) and not takes_folders:
            changes.fail(path_of(item), Failure("is a folder: give --recursive to copy it", REFUSED))
        else:
            sources.append(Source(path_of(item), is_folder(item)))
    return sources


def _check_single_job(placements: Sequence[Placement], verb: Verb) -> None:
    folders = [placement for placement in placements if placement.source.is_folder]
    if len(folders) > 1:
        raise Failure("--no-wait takes one folder: the destination is locked until its job is done", USAGE)
    if folders and not takes_one_step(folders[0], verb):
        raise Failure("moving or copying a folder under a new name takes several jobs: leave out --no-wait", USAGE)


def _carry_out(
    session: Session, verb: Verb, placements: Sequence[Placement], changes: Changes, options: PlacingOptions
) -> None:
    transfers = Transfers(
        session.client, session.output, verb, include_versions=options.include_versions, waits=options.waits
    )
    total, done = len(placements), 0

    def describe_state() -> str:
        hint = "run the same command again for the rest" + (" (items that exist are refused)" if verb == "copy" else "")
        return "; ".join(filter(None, (f"{done:,} of {total:,} {_DONE[verb]}", transfers.under_way, hint)))

    session.on_interrupt = describe_state
    # Files go one by one: the service takes about five changes per second, and after Ctrl-C it is clear what was done.
    # Jobs for folders have their own displays.
    has_folders = any(placement.source.is_folder for placement in placements)
    title = "Moving" if verb == "move" else "Copying"
    with nullcontext(_do_nothing) if has_folders else show_count(session.output, title, total) as step:
        for placement in placements:
            source, target = placement.source.path, placement.target
            record = {"path": source, "to": target, "overwrites": placement.exists}
            try:
                job_id = None if options.is_dry_run else transfers.place(placement)
            except (Failure, ImageKitException) as exc:
                changes.fail(source, exc)
            else:
                done += 1
                if job_id is None:
                    changes.report(record, f"{source} to {target}{_describe_overwriting(placement)}", total=total)
                else:
                    line = f"started: {source} will be {_DONE[verb]} to {target} (job {job_id})"
                    changes.report_as("started", {**record, "jobId": job_id}, line, total=total)
            step()


def _describe_overwriting(placement: Placement) -> str:
    if not placement.exists:
        return ""
    return ", merged with the folder there" if placement.source.is_folder else ", a new version of the file there"


def _do_nothing() -> None:
    """Stand in for the step of a display."""
