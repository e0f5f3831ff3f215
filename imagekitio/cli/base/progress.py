"""Progress of transfers: one bar for all of them, and a line for each file that takes long enough to be seen.

Without a terminal, or with ``--quiet`` or ``--json``, nothing is drawn, and everything else works as usual.
"""

from __future__ import annotations

import signal
from threading import Lock, Timer, current_thread, get_ident, main_thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType, TracebackType

    from rich.progress import Progress as Bars
    from rich.progress import TaskID
    from typing_extensions import Self

    from .output import Output

_SHOWN_FILES = 5  # lines for single files, so that a small window is not filled
_NAME_COLUMNS = 20  # so that 80 columns are enough for a line
_PATIENCE_SECONDS = 2.0  # after Ctrl-C, for requests that were sent and await their answers


class TransferStoppedError(Exception):
    """Ctrl-C stopped a transfer before it was complete."""


class Progress:
    """Shows the progress of a command's transfers. Its methods may be called from any thread.

    ::

        with Progress(output, "Uploading", files=2, size_bytes=300) as progress:
            client.upload_file(path, name, on_progress=progress.start(name, 100))
            progress.finish(name)

    Args:
        output: Where to draw it.
        title: What is done, such as ``Uploading``.
        files: Number of files; None if that is not known yet.
        size_bytes: Bytes of all of them; None if that is not known yet.
        counts_files: Whether the bar shows the files that `count` reports instead of bytes.
    Attributes:
        done_files: Number of files that are finished, whether or not they failed.
        done_bytes: Number of bytes that were transferred.
    """

    def __init__(
        self,
        output: Output,
        title: str,
        files: int | None = None,
        size_bytes: int | None = None,
        *,
        counts_files: bool = False,
    ) -> None:
        self._output = output
        self._title = title
        self._counts_files = counts_files
        self._files, self._size_bytes = files, size_bytes
        self._bars: Bars | None = None
        self._all: TaskID | None = None
        self._tasks: dict[str, TaskID] = {}
        self._sent: dict[str, int] = {}
        self._lock = Lock()
        self._is_stopped = False  # not an Event: a signal handler could wait in vain for its lock
        self._previous_handler: Any = None
        self._impatience: Timer | None = None
        self.done_files: int = 0
        self.done_bytes: int = 0

    def __enter__(self) -> Self:
        if current_thread() is main_thread():
            self._previous_handler = signal.signal(signal.SIGINT, self._interrupt)
        if self._output.shows_progress:
            self._bars = _make_bars(self._output, counts_files=self._counts_files)
            self._all = self._bars.add_task(self._title, total=self._find_total(), files=self._describe_files())
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()
        if self._impatience is not None:
            self._impatience.cancel()
        if self._previous_handler is not None:
            signal.signal(signal.SIGINT, self._previous_handler)

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        """End on Ctrl-C: running transfers stop at once; requests that await an answer get a moment to receive it."""
        self.stop()
        if self._impatience is None and hasattr(signal, "pthread_kill"):
            self._impatience = Timer(_PATIENCE_SECONDS, signal.pthread_kill, (get_ident(), signal.SIGINT))
            self._impatience.daemon = True
            self._impatience.start()
        raise KeyboardInterrupt

    def expect(self, files: int, size_bytes: int) -> None:
        """Add newly found files to the totals."""
        with self._lock:
            self._files = (self._files or 0) + files
            self._size_bytes = (self._size_bytes or 0) + size_bytes
        self._redraw()

    def count(self, files: int, total: int | None) -> None:
        """Set the number of finished files and their total, for work that reports neither names nor bytes."""
        with self._lock:
            self.done_files, self._files = files, total
        self._redraw()

    def start(self, name: str, size_bytes: int | None) -> Callable[[int, int | None], None]:
        """Show a file, and return the function to call with the bytes transferred so far and their total.

        Args:
            name: Name of the file, different from those of the others.
            size_bytes: Its size; None if unknown.
        """
        with self._lock:
            self._sent[name] = 0
            if self._bars is not None and len(self._tasks) < _SHOWN_FILES:
                self._tasks[name] = self._bars.add_task(_shorten(name), total=size_bytes, files="")

        def update(done: int, total: int | None) -> None:
            if self._is_stopped:
                raise TransferStoppedError(f"{name}: was stopped")
            # A request is larger than its file, and a failed attempt begins again.
            self._update(name, done if size_bytes is None else min(done, size_bytes), size_bytes or total)

        return update

    def finish(self, name: str, size_bytes: int | None = None) -> None:
        """Count a file as finished, whether it was transferred or failed.

        Args:
            name: Its name, as for `start`.
            size_bytes: Its size, if its progress was not reported.
        """
        if size_bytes is not None:
            self._update(name, size_bytes, size_bytes)
        with self._lock:
            self.done_files += 1
            self._sent.pop(name, None)
            task = self._tasks.pop(name, None)
            if task is not None and self._bars is not None:
                self._bars.remove_task(task)
        self._redraw()

    def stop(self) -> None:
        """Make running transfers end the next time they report progress."""
        self._is_stopped = True

    def _update(self, name: str, done: int, total: int | None) -> None:
        with self._lock:
            step = done - self._sent.get(name, 0)
            self._sent[name] = done
            self.done_bytes += step
            task = self._tasks.get(name)
        if self._bars is None:
            return
        if task is not None:
            self._bars.update(task, completed=done, total=total)
        self._redraw()

    def _redraw(self) -> None:
        if self._bars is not None and self._all is not None:
            done = self.done_files if self._counts_files else self.done_bytes
            self._bars.update(self._all, completed=done, total=self._find_total(), files=self._describe_files())

    def _find_total(self) -> int | None:
        if self._counts_files:
            return self._files
        # The sizes of some files are known only when they arrive.
        return self._size_bytes if self._size_bytes and self.done_bytes <= self._size_bytes else None

    def _describe_files(self) -> str:
        return f"{self.done_files:,}/{self._files:,} files" if self._files is not None else f"{self.done_files:,} files"


def _make_bars(output: Output, *, counts_files: bool) -> Bars:
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars
    from rich.table import Column, Table

    class Narrow(Bars):
        def make_tasks_table(self, tasks: Iterable[Any]) -> Table:
            table = super().make_tasks_table(tasks)
            # A terminal echoes Ctrl-C as "^C": in the last column it would begin a line that the bars do not know of.
            table.width = output.error_console.width - 3
            return table

    def keep() -> Column:
        return Column(no_wrap=True)

    size: list[Any] = [DownloadColumn(table_column=keep()), TransferSpeedColumn(table_column=keep())]
    columns: list[Any] = [
        TextColumn("{task.description}", markup=False, table_column=keep()),
        BarColumn(bar_width=None),
        *([] if counts_files else size),
        TimeRemainingColumn(compact=True, table_column=keep()),
        TextColumn("{task.fields[files]}", markup=False, table_column=keep()),
    ]
    # Otherwise Rich would print output for a file or a pipe above the bars, on stderr.
    return Narrow(*columns, console=output.error_console, transient=True, redirect_stdout=output.has_terminal)


def _shorten(name: str) -> str:
    from rich.cells import cell_len

    from .failures import escape_controls

    text = escape_controls(name)
    if cell_len(text) <= _NAME_COLUMNS:
        return text
    text = text[1 - _NAME_COLUMNS :]
    while cell_len(text) >= _NAME_COLUMNS:  # East Asian characters take two columns
        text = text[1:]
    return f"…{text}"
