"""Prints a plan for people and programs, before anything is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...bulk.sync import is_pull
from ..base.failures import escape_controls
from ..base.output import make_planned
from ..base.texts import count_of, format_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ...bulk.sync import Change
    from ..base.output import Output

# Signs of the actions at the beginning of a line.
_SIGNS = {"upload": "+", "download": "+", "replace": "~", "delete": "-"}
_ACTIONS = (*_SIGNS, "keep")


def describe_plan(plan: Iterable[Change]) -> str:
    """Return the counts and bytes of a plan: ``upload 3 files (1.2 MB), delete 1 file (20 bytes), keep 7 files``.

    It is empty if there is nothing to do or to keep.
    """
    files = dict.fromkeys(_ACTIONS, 0)
    size_bytes = dict.fromkeys(_ACTIONS, 0)
    for change in plan:
        if change.action in files:
            files[change.action] += 1
            size_bytes[change.action] += change.size_bytes or 0
    parts = [
        f"{action} {count_of(files[action], 'file')}"
        + (f" ({format_size(size_bytes[action])})" if action != "keep" and size_bytes[action] else "")
        for action in _ACTIONS
        if files[action]
    ]
    return ", ".join(parts)


def print_plan(
    output: Output,
    plan: Sequence[Change],
    find_source: Callable[[Change], str | None],
    members: Mapping[str, Mapping[str, Any]],
    failed: int,
) -> None:
    """Print what would be done: counts and bytes, then a line for each change; with ``--json``, an object for each.

    Args:
        output: Where to print it.
        plan: The changes.
        find_source: Function that returns the user's name for a file that is not local, or has another name there.
        members: Further members of the JSON objects, by path in the library.
        failed: Number of files that cannot be transferred.
    """
    output.note(_summarize_plan(plan, failed))
    for change in plan:
        if output.as_json and change.action in _ACTIONS:
            output.print_record({**make_plan_record(change, find_source(change)), **members.get(change.path, {})})
        elif change.action in _SIGNS:
            output.print_line(format_change(change, find_source(change)))


def _summarize_plan(plan: Iterable[Change], failed: int) -> str:
    if text := describe_plan(plan):
        return f"would {text}" + (f", {failed:,} failed" if failed else "")
    return f"nothing would be done, {count_of(failed, 'file')} failed" if failed else "nothing to do"


def format_change(change: Change, source: str | None = None) -> str:
    """Return a change as a line: ``+ /shop/shoe.jpg  1.2 MB  from shoe.jpg``, where the source is to be shown."""
    target = change.path
    if is_pull(change):
        target, source = str(change.local), None if change.action == "delete" else change.path
    size = f"  {format_size(change.size_bytes)}" if change.size_bytes is not None else ""
    where = f"  from {source}" if source is not None else ""
    return escape_controls(f"{_SIGNS[change.action]} {target}{size}{where}")


def make_plan_record(change: Change, source: str | None = None) -> Mapping[str, Any]:
    """Return a change as a JSON object."""
    record = {
        "path": change.path,
        "url": None if change.remote is None else change.remote.url.partition("?")[0],
        "fileId": change.file_id,
        "local": source if source is not None or change.local is None else str(change.local),
        "size": change.size_bytes,
    }
    return {"status": "kept", **record} if change.action == "keep" else make_planned(change.action, record)
