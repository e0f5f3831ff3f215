"""``imagekit rm``: delete files and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ...exceptions import ImageKitException, NotFoundException
from ..base.command import Command
from ..base.failures import REFUSED, USAGE, Failure
from ..base.options import REMOTE_ITEM, dry_run_option, yes_option
from ..base.session import Session, pass_session
from ..base.texts import MOST_NAMES, count_of, name_some
from ..base.waiting import show_count, show_spinner
from ..media.changes import Changes, iter_paths
from ..media.library import is_folder, list_all_below
from ..media.listing import Counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_AT_ONCE = 4  # requests, of up to a hundred files each


class _File(NamedTuple):
    """The fields of a file that are kept; there may be very many files."""

    path: str
    size_bytes: int


class _Plan(NamedTuple):
    """Items to delete: files by id, and folders by path with counts of what is below them."""

    files: dict[str, _File]
    folders: dict[str, Counts]

    def describe(self) -> str:
        """Return the totals, such as ``12 files and 1 folder (3.4 MB)``."""
        total = Counts()
        for counts in self.folders.values():
            total.files += counts.files
            total.folders += 1 + counts.folders
            total.size_bytes += counts.size_bytes
        total.files += len(self.files)
        total.size_bytes += sum(file.size_bytes for file in self.files.values())
        return total.describe()

    def name(self, typed: Sequence[str]) -> str:
        """Return the paths of the items if there are few, and otherwise what the user typed, such as patterns."""
        paths = [*(file.path for file in self.files.values()), *(f"{path}/" for path in self.folders)]
        return name_some(paths if len(paths) <= max(len(typed), MOST_NAMES) else typed)


@click.command(
    "rm",
    cls=Command,
    examples=[
        ("imagekit rm /shop/shoe.jpg", "delete a file; asks first"),
        ("imagekit rm --dry-run '/shop/*.tmp'", "show what a pattern would delete"),
        ("imagekit rm --recursive --yes /shop/old", "delete a folder and everything below it, without asking"),
    ],
)
@click.argument("paths", nargs=-1, required=True, type=REMOTE_ITEM, metavar="PATH...")
@click.option("-r", "--recursive", is_flag=True, help="Delete folders too, with everything below them.")
@yes_option
@dry_run_option
@pass_session
def command(session: Session, paths: tuple[str, ...], recursive: bool, is_confirmed: bool, is_dry_run: bool) -> None:
    """Delete files and folders, permanently and with all versions.

    Each PATH is a file, a folder, a pattern such as '/shop/*.tmp', a URL or an id. Before anything is deleted, you see
    how much it is and are asked. Copies in the CDN's cache stay until they expire or are purged (imagekit purge).
    """
    if any(path.strip("/") == "" for path in paths):
        raise Failure("/ is the whole media library, which cannot be deleted: name its contents, such as '/*'", USAGE)
    changes = Changes(session, "delete", is_dry_run=is_dry_run, at_once=_AT_ONCE)
    session.on_interrupt = lambda: "nothing was deleted"
    with show_spinner(session.output, "finding what to delete …"):
        plan = _make_plan(session, paths, changes, recursive=recursive)
    if is_dry_run:
        _report_plan(plan, changes)
    elif plan.files or plan.folders:
        question = f"Delete {plan.name(paths)}: {plan.describe()} in {session.account.describe()}?"
        session.confirm(question, is_confirmed=is_confirmed)
        _delete(session, plan, changes)
    changes.finish(plan.describe())


def _make_plan(session: Session, paths: tuple[str, ...], changes: Changes, *, recursive: bool) -> _Plan:
    plan = _Plan({}, {})
    for item in iter_paths(session, paths, changes.outcomes):
        if not is_folder(item):
            plan.files[item.file_id] = _File(item.file_path, item.size or 0)
        elif recursive:
            plan.folders[item.folder_path] = Counts()
        else:
            hint = Failure("is a folder: give --recursive to delete it and everything below it", REFUSED)
            changes.fail(item.folder_path, hint)
    inside = [path for path in plan.folders if _is_below(path, plan.folders)]
    for path in inside:
        del plan.folders[path]
    for file_id in [file_id for file_id, file in plan.files.items() if _is_below(file.path, plan.folders)]:
        del plan.files[file_id]
    for path, counts in plan.folders.items():
        for item in list_all_below(session.client, path):
            counts.add(item)
    return plan


def _is_below(path: str, folders: Mapping[str, object]) -> bool:
    """Return whether a path is below one of the folders."""
    while (path := path.rpartition("/")[0]) != "":
        if path in folders:
            return True
    return False


def _report_plan(plan: _Plan, changes: Changes) -> None:
    for file_id, file in plan.files.items():
        changes.report({"path": file.path, "fileId": file_id}, file.path)
    for path, counts in plan.folders.items():
        changes.report(_make_record(path, counts), f"{path}/ with {counts.describe()}")


def _make_record(path: str, counts: Counts) -> dict[str, Any]:
    return {"path": path, "files": counts.files, "folders": counts.folders, "sizeBytes": counts.size_bytes}


def _delete(session: Session, plan: _Plan, changes: Changes) -> None:
    """Delete files, a hundred per request, and then folders one by one."""
    total = len(plan.files) + len(plan.folders)
    session.on_interrupt = lambda: (
        f"{changes.outcomes.succeeded:,} of {count_of(total, 'item')} are certainly deleted;"
        " run the same command again to go on"
    )
    with show_count(session.output, "Deleting", total) as step:
        for done in session.client.delete_many(plan.files, at_once=_AT_ONCE):
            file_id = str(done.item)
            path = plan.files[file_id].path
            record: dict[str, Any] = {"path": path, "fileId": file_id}
            if done.error is not None:
                changes.fail(path, done.error)
            elif done.result == "missing":
                changes.report_as("missing", record, f"{path} no longer existed", total=total)
            else:
                changes.report(record, path, total=total)
            step()
        for path, counts in plan.folders.items():
            record = _make_record(path, counts)
            try:
                session.client.delete_folder(folder_path=path)
            except NotFoundException:  # an earlier attempt, whose response was lost, may have deleted it
                changes.report_as("missing", record, f"{path}/ no longer existed", total=total)
            except ImageKitException as exc:
                changes.fail(path, exc)
            else:
                changes.report(record, f"{path}/ with {counts.describe()}", total=total)
            step()
