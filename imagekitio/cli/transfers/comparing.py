"""Shows the progress of a comparison, and explains why it takes long if it does."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..base.progress import Progress
from ..base.texts import count_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..base.output import Output

_MANY = 100  # files whose contents are compared: each is downloaded, which takes a while


@contextmanager
def show_comparison(output: Output, compare: str) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar until the block ends, and yield the function for the client's ``on_compare``.

    Args:
        output: Where to show it.
        compare: How files of the same size are compared: ``quick`` or ``content``.
    """
    with Progress(output, "Comparing", counts_files=True) as progress:

        def report(done: int, total: int | None) -> None:
            if not done and total is not None and total >= _MANY and output.shows_progress:
                reason = " changed here since their upload" if compare == "quick" else ""
                output.note(f"comparing contents: {count_of(total, 'file')}{reason}")
            progress.count(done, total)

        yield report
