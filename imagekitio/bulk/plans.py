"""Carry out existing plans, in either direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ..operations.core import check_progress
from .pulls import carry_out_pulls
from .pushes import carry_out_pushes
from .sync import Change, is_pull, select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..flow.resuming import OnProgress
    from ..urls.builder import UrlBuilder
    from .work import Work


def apply_changes(
    builder: UrlBuilder,
    changes: Iterable[Change],
    keywords: Mapping[str, Any],
    start_transfer: Callable[[Change], OnProgress | None] | None = None,
) -> Work:
    """Carry out a plan; see `ImageKit.apply_changes`."""
    plan = list(changes)
    for change in plan:
        if not isinstance(cast("object", change), Change):
            raise TypeError(f"changes must be `Change` objects, from a dry run or plan_uploads (got {change!r})")
        if not _is_complete(change):
            raise ValueError(f"changes must come from a dry run or from plan_uploads (got {change!r})")
    pulls = [change for change in plan if is_pull(change)]
    if not pulls:
        return carry_out_pushes(builder, plan, keywords, start_transfer)
    pushes = [change for change in select(plan, "upload", "replace", "delete") if not is_pull(change)]
    if pushes:
        raise ValueError(f"changes must all go in one direction (got {pulls[0]!r} and {pushes[0]!r})")
    if keywords:
        raise TypeError(f"changes of local files do not accept upload options (got {', '.join(sorted(keywords))})")
    check_progress(start_transfer, "start_transfer")
    return carry_out_pulls(builder, plan, start_transfer)


def _is_complete(change: Change) -> bool:
    """Return whether a change has everything that is needed to carry it out."""
    if change.action == "download" or (change.action == "replace" and change.before is not None):
        return change.local is not None and (change.url is not None or change.remote is not None)
    if change.action == "delete":
        return change.file_id is not None or (change.local is not None and change.before is not None)
    needed = {"upload": change.local, "replace": change.local and change.remote}
    return change.action in ("keep", "skip", "refuse") or needed.get(change.action) is not None
