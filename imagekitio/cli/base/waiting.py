"""Shows that something takes a while, with a spinner or a count of items; without a terminal, shows nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .output import Output


@contextmanager
def show_spinner(output: Output, text: str) -> Iterator[None]:
    """Show a spinner with a text, such as ``counting …``, until the block ends. Only one display can run at a time."""
    if not output.shows_progress:
        yield
        return
    from rich.progress import SpinnerColumn, TextColumn

    from .failures import escape_controls

    with _show(output, escape_controls(text), None, SpinnerColumn(), TextColumn("{task.description}", markup=False)):
        yield


@contextmanager
def show_count(output: Output, title: str, total: int | None) -> Iterator[Callable[[], None]]:
    """Show how many items are done, and yield the function to call after each. Only one display can run at a time.

    Args:
        title: What is done, such as ``Deleting``.
        total: Number of all items; None if unknown.
    """
    if not output.shows_progress:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
    )
    with _show(output, title, total, *columns) as step:
        yield step


@contextmanager
def _show(output: Output, title: str, total: int | None, *columns: Any) -> Iterator[Callable[[], None]]:
    from rich.progress import Progress

    # Otherwise Rich would print output for a file or a pipe above the display, on stderr.
    is_seen = output.has_terminal
    bars = Progress(*columns, console=output.error_console, transient=True, expand=True, redirect_stdout=is_seen)
    with bars:
        task = bars.add_task(title, total=total)
        yield lambda: bars.advance(task)
