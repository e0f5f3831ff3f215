"""Shows people that something takes a while: a spinner, or how many items are done; nothing without a terminal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .output import Output


@contextmanager
def show_spinner(output: Output, text: str) -> Iterator[None]:
    """Show a spinner with a text, such as ``counting …``, until the block ends."""
    if not output.shows_progress:
        yield
        return
    from rich.text import Text

    from .failures import escape_controls

    with output.error_console.status(Text(escape_controls(text))):
        yield


@contextmanager
def show_count(output: Output, title: str, total: int | None) -> Iterator[Callable[[], None]]:
    """Show how many items are done, and return the function to call after each.

    Args:
        title: What is done, such as ``Deleting``.
        total: Number of all items; None if that is not known.
    """
    if not output.shows_progress:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=output.error_console, transient=True, expand=True) as bars:
        task = bars.add_task(title, total=total)
        yield lambda: bars.advance(task)
